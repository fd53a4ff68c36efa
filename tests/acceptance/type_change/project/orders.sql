CREATE OR REFRESH STREAMING TABLE orders AS
SELECT CAST(order_id AS ${type}) AS order_id
FROM STREAM read_files(
  '/Volumes/main/shop/landing', format => 'json', schema => 'order_id STRING'
);
