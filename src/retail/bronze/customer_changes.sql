-- Bronze: what the shops' system says has changed about its customers, as it arrived.
CREATE OR REFRESH STREAMING TABLE ${bronze_schema}.bronze_customer_changes (
  CONSTRAINT readable EXPECT (_corrupt_record IS NULL),
  CONSTRAINT of_the_expected_types EXPECT (_rescued_data IS NULL)
)
COMMENT 'Changes of customers as they arrived: operation, table, timestamp, before, after, primary key.'
TBLPROPERTIES ('quality' = 'bronze')
AS SELECT
  *,
  _metadata.file_path AS source_file,
  current_timestamp() AS ingestion_timestamp
FROM STREAM read_files(
  '${landing_path}/customer_changes',
  format => 'json',
  schemaHints => 'operation STRING, table STRING, timestamp STRING, primary_key STRING, before STRUCT<customer_id: STRING, age_band: STRING, income_band: STRING, household_size: STRING, home_store: STRING>, after STRUCT<customer_id: STRING, age_band: STRING, income_band: STRING, household_size: STRING, home_store: STRING>, _corrupt_record STRING',
  schemaEvolutionMode => 'rescue'
);
