CREATE TEMPORARY VIEW standard_orders AS
SELECT * EXCEPT (country), upper(country) AS country FROM STREAM(bronze_orders);

CREATE OR REFRESH STREAMING TABLE silver_orders (
  CONSTRAINT known_customer EXPECT (customer IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT positive_amount EXPECT (amount > 0) ON VIOLATION DROP ROW,
  CONSTRAINT recent EXPECT (ordered_at >= '2020-01-01')
)
COMMENT 'Valid orders'
AS SELECT * FROM STREAM(standard_orders);

CREATE OR REFRESH STREAMING TABLE quarantine_orders (
  CONSTRAINT not_valid EXPECT (NOT coalesce(customer IS NOT NULL AND amount > 0, false))
    ON VIOLATION DROP ROW
)
COMMENT 'Orders that are not valid, and when that was found'
AS SELECT *, current_timestamp() AS quarantined_at FROM STREAM(standard_orders);
