-- Silver: one row for each product, customer and country, so that a join with them never adds rows.

CREATE OR REFRESH MATERIALIZED VIEW ${silver_schema}.silver_products (
  CONSTRAINT product_id_present EXPECT (product_id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT category_present EXPECT (product_category IS NOT NULL)
)
COMMENT 'Products, the latest version of each.'
TBLPROPERTIES ('quality' = 'silver')
AS
WITH standardised AS (
  SELECT
    nullif(upper(trim(product_id)), '') AS product_id,
    department, brand, product_category, product_type, package_size,
    file_modification_time, source_file
  FROM ${bronze_schema}.bronze_products
),
versions AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY product_id ORDER BY file_modification_time DESC, source_file DESC
    ) AS age
  FROM standardised
)
SELECT product_id, department, brand, product_category, product_type, package_size
FROM versions
WHERE age = 1;

CREATE OR REFRESH MATERIALIZED VIEW ${silver_schema}.silver_customers (
  CONSTRAINT customer_id_present EXPECT (customer_id IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT income_present EXPECT (income_band IS NOT NULL)
)
COMMENT 'Customers who told us about themselves, the latest version of each.'
TBLPROPERTIES ('quality' = 'silver')
AS
WITH standardised AS (
  SELECT
    nullif(upper(trim(customer_id)), '') AS customer_id,
    age_band, income_band, home_ownership, marital_status,
    household_size, household_composition, kids_count,
    file_modification_time, source_file
  FROM ${bronze_schema}.bronze_customers
),
versions AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY customer_id ORDER BY file_modification_time DESC, source_file DESC
    ) AS age
  FROM standardised
)
SELECT
  customer_id, age_band, income_band, home_ownership, marital_status,
  household_size, household_composition, kids_count
FROM versions
WHERE age = 1;

CREATE OR REFRESH MATERIALIZED VIEW ${silver_schema}.silver_countries (
  CONSTRAINT country_has_a_name EXPECT (country_name IS NOT NULL) ON VIOLATION FAIL UPDATE
)
COMMENT 'The countries in which there are stores.'
TBLPROPERTIES ('quality' = 'silver')
AS SELECT
  upper(trim(country)) AS country,
  max(country_name) AS country_name,
  max(region) AS region,
  max(currency) AS currency,
  count(DISTINCT store_id) AS stores
FROM ${bronze_schema}.bronze_stores
WHERE country IS NOT NULL
GROUP BY upper(trim(country));
