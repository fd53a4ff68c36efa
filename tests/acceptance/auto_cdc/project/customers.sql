CREATE OR REFRESH STREAMING TABLE customers;

CREATE FLOW customers_cdc AS AUTO CDC INTO customers
FROM STREAM read_files('/Volumes/main/shop/changes', format => 'json')
KEYS (id)
APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY at
COLUMNS * EXCEPT (operation, at, _rescued_data)
STORED AS SCD TYPE 1;

CREATE OR REFRESH STREAMING TABLE customer_history (
  CONSTRAINT named EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW
);

CREATE FLOW history_cdc AS AUTO CDC INTO customer_history
FROM STREAM read_files('/Volumes/main/shop/changes', format => 'json')
KEYS (id)
APPLY AS DELETE WHEN operation = 'DELETE'
SEQUENCE BY at
COLUMNS * EXCEPT (operation, at, _rescued_data)
STORED AS SCD TYPE 2;
