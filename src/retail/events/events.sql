-- The feed of clicks, views, purchases and sign-ups: bronze, silver, quarantine and statistics.

CREATE OR REFRESH STREAMING TABLE ${bronze_schema}.bronze_events (
  CONSTRAINT readable EXPECT (_corrupt_record IS NULL),
  CONSTRAINT of_the_expected_types EXPECT (_rescued_data IS NULL)
)
COMMENT 'Events as they arrived in the landing volume.'
TBLPROPERTIES ('quality' = 'bronze')
AS SELECT
  *,
  _metadata.file_path AS source_file,
  current_timestamp() AS ingestion_timestamp
FROM STREAM read_files(
  '${landing_path}/events',
  format => 'json',
  schemaHints => 'event_id STRING, event_type STRING, user_id STRING, event_timestamp STRING, page STRING, amount DOUBLE, _corrupt_record STRING',
  schemaEvolutionMode => 'rescue'
);

-- The rules, once: the expectations of silver_events and the quarantine both read failed_rules.
CREATE TEMPORARY VIEW events_checked
COMMENT 'Every event, standardised, with the names of the rules it fails.'
AS
WITH standardised AS (
  SELECT
    nullif(upper(trim(event_id)), '') AS event_id,
    nullif(lower(trim(event_type)), '') AS event_type,
    nullif(upper(trim(user_id)), '') AS user_id,
    try_to_timestamp(event_timestamp) AS event_timestamp,
    page,
    try_cast(amount AS DECIMAL(12, 2)) AS amount,
    ingestion_timestamp,
    source_file,
    _corrupt_record,
    _rescued_data
  FROM STREAM(${bronze_schema}.bronze_events)
)
SELECT
  *,
  array_compact(array(
    CASE WHEN _corrupt_record IS NULL THEN NULL ELSE 'readable' END,
    CASE WHEN event_id IS NOT NULL THEN NULL ELSE 'event_id_present' END,
    CASE WHEN user_id IS NOT NULL THEN NULL ELSE 'user_id_present' END,
    CASE WHEN event_timestamp IS NOT NULL THEN NULL ELSE 'event_timestamp_valid' END,
    CASE
      WHEN event_type IN ('click', 'view', 'purchase', 'signup') THEN NULL ELSE 'event_type_known'
    END,
    CASE
      WHEN event_type IS NULL OR event_type <> 'purchase' OR amount > 0 THEN NULL
      ELSE 'purchase_has_amount'
    END
  )) AS failed_rules
FROM standardised;

CREATE OR REFRESH STREAMING TABLE ${silver_schema}.silver_events (
  CONSTRAINT readable EXPECT (NOT array_contains(failed_rules, 'readable')) ON VIOLATION DROP ROW,
  CONSTRAINT event_id_present EXPECT (NOT array_contains(failed_rules, 'event_id_present')) ON VIOLATION DROP ROW,
  CONSTRAINT user_id_present EXPECT (NOT array_contains(failed_rules, 'user_id_present')) ON VIOLATION DROP ROW,
  CONSTRAINT event_timestamp_valid EXPECT (NOT array_contains(failed_rules, 'event_timestamp_valid')) ON VIOLATION DROP ROW,
  CONSTRAINT event_type_known EXPECT (NOT array_contains(failed_rules, 'event_type_known')) ON VIOLATION DROP ROW,
  CONSTRAINT purchase_has_amount EXPECT (NOT array_contains(failed_rules, 'purchase_has_amount')) ON VIOLATION DROP ROW,
  CONSTRAINT page_present EXPECT (page IS NOT NULL)
)
COMMENT 'Events that pass every rule.'
TBLPROPERTIES ('quality' = 'silver')
AS SELECT
  event_id, event_type, user_id, event_timestamp, page, amount, failed_rules, ingestion_timestamp
FROM STREAM(events_checked);

CREATE OR REFRESH STREAMING TABLE ${silver_schema}.quarantine_events (
  CONSTRAINT has_a_reason EXPECT (size(failed_rules) > 0) ON VIOLATION FAIL UPDATE
)
COMMENT 'Events that fail a rule, with the names of the rules.'
TBLPROPERTIES ('quality' = 'quarantine')
AS SELECT *, current_timestamp() AS quarantined_at
FROM STREAM(events_checked)
WHERE size(failed_rules) > 0;

CREATE OR REFRESH MATERIALIZED VIEW ${gold_schema}.gold_hourly_events (
  CONSTRAINT events_counted EXPECT (events > 0) ON VIOLATION FAIL UPDATE
)
COMMENT 'Events, users and purchases of each hour and kind of event.'
TBLPROPERTIES ('quality' = 'gold')
AS SELECT
  date_trunc('HOUR', event_timestamp) AS hour,
  event_type,
  count(*) AS events,
  count(DISTINCT user_id) AS unique_users,
  sum(amount) AS amount
FROM ${silver_schema}.silver_events
GROUP BY date_trunc('HOUR', event_timestamp), event_type;
