-- Bronze: the stores and the country of each, as they arrived.
CREATE OR REFRESH STREAMING TABLE ${bronze_schema}.bronze_stores (
  CONSTRAINT key_present EXPECT (store_id IS NOT NULL),
  CONSTRAINT country_present EXPECT (country IS NOT NULL)
)
COMMENT 'Rows of the stores feed as they arrived.'
TBLPROPERTIES ('quality' = 'bronze')
AS SELECT
  *,
  _metadata.file_path AS source_file,
  _metadata.file_modification_time AS file_modification_time,
  current_timestamp() AS ingestion_timestamp
FROM STREAM read_files(
  '${landing_path}/stores',
  format => 'csv',
  header => true
);
