-- Silver: customers as they are and as they were, from the change feed.
-- Changes come late, twice and out of order: AUTO CDC applies them in the order of their times.

-- The rules, once: the quarantine and the two tables of customers all read failed_rules.
CREATE TEMPORARY VIEW customer_changes_checked
COMMENT 'Every change of a customer, standardised, with the names of the rules it fails.'
AS
WITH standardised AS (
  SELECT
    nullif(upper(trim(primary_key)), '') AS customer_id,
    nullif(upper(trim(operation)), '') AS operation,
    `table` AS source_table,
    try_to_timestamp(`timestamp`) AS changed_at,
    before,
    after,
    ingestion_timestamp,
    source_file,
    _corrupt_record,
    _rescued_data
  FROM STREAM(${bronze_schema}.bronze_customer_changes)
)
SELECT
  *,
  array_compact(array(
    CASE WHEN _corrupt_record IS NULL THEN NULL ELSE 'readable' END,
    CASE WHEN customer_id IS NOT NULL THEN NULL ELSE 'customer_id_present' END,
    CASE WHEN source_table = 'customers' THEN NULL ELSE 'about_customers' END,
    CASE WHEN operation IN ('INSERT', 'UPDATE', 'DELETE') THEN NULL ELSE 'operation_known' END,
    CASE WHEN changed_at IS NOT NULL THEN NULL ELSE 'changed_at_valid' END,
    CASE WHEN operation = 'DELETE' OR after IS NOT NULL THEN NULL ELSE 'state_present' END
  )) AS failed_rules
FROM standardised;

CREATE OR REFRESH STREAMING TABLE ${silver_schema}.quarantine_customer_changes (
  CONSTRAINT has_a_reason EXPECT (size(failed_rules) > 0) ON VIOLATION FAIL UPDATE
)
COMMENT 'Changes of customers that fail a rule, with the names of the rules.'
TBLPROPERTIES ('quality' = 'quarantine')
AS SELECT *, current_timestamp() AS quarantined_at
FROM STREAM(customer_changes_checked)
WHERE size(failed_rules) > 0;

CREATE TEMPORARY VIEW customer_changes
COMMENT 'The changes of customers that pass every rule, with the state that each leaves.'
AS SELECT
  customer_id,
  after.age_band,
  after.income_band,
  after.household_size,
  after.home_store,
  operation,
  changed_at
FROM STREAM(customer_changes_checked)
WHERE size(failed_rules) = 0;

CREATE OR REFRESH STREAMING TABLE ${silver_schema}.dim_customers (
  CONSTRAINT customer_id_present EXPECT (customer_id IS NOT NULL) ON VIOLATION FAIL UPDATE,
  CONSTRAINT home_store_present EXPECT (home_store IS NOT NULL)
)
COMMENT 'Customers as they are now; who asked to be forgotten is not among them.'
TBLPROPERTIES ('quality' = 'silver');

CREATE FLOW current_customers AS AUTO CDC INTO ${silver_schema}.dim_customers
FROM STREAM(customer_changes)
KEYS (customer_id)
APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY changed_at
COLUMNS * EXCEPT (operation, changed_at)
STORED AS SCD TYPE 1;

CREATE OR REFRESH STREAMING TABLE ${silver_schema}.dim_customers_history (
  CONSTRAINT customer_id_present EXPECT (customer_id IS NOT NULL) ON VIOLATION FAIL UPDATE,
  CONSTRAINT home_store_present EXPECT (home_store IS NOT NULL)
)
COMMENT 'Customers as they were, from when to when.'
TBLPROPERTIES ('quality' = 'silver');

CREATE FLOW customers_over_time AS AUTO CDC INTO ${silver_schema}.dim_customers_history
FROM STREAM(customer_changes)
KEYS (customer_id)
APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY changed_at
COLUMNS * EXCEPT (operation, changed_at)
STORED AS SCD TYPE 2;
