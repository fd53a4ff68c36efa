CREATE OR REFRESH STREAMING TABLE bronze_orders (
  CONSTRAINT has_id EXPECT (id IS NOT NULL)
)
COMMENT 'Orders as they arrived in the landing volume'
AS SELECT *
FROM STREAM read_files(
  '${landing}/orders',
  format => 'json',
  inferColumnTypes => true,
  schemaHints => 'id BIGINT, amount DOUBLE, ordered_at TIMESTAMP'
);
