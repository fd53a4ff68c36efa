-- The pass rate of each expectation, day by day.
-- :event_log is the full name of the pipeline's published event log.
WITH counted AS (
  SELECT
    date(timestamp) AS day,
    explode(from_json(
      details:flow_progress.data_quality.expectations,
      'array<struct<name string, dataset string, passed_records bigint, failed_records bigint>>'
    )) AS expectation
  FROM IDENTIFIER(:event_log)
  WHERE event_type = 'flow_progress'
)
SELECT
  day,
  expectation.dataset AS dataset,
  expectation.name AS expectation,
  sum(expectation.passed_records) AS passed,
  sum(expectation.failed_records) AS failed,
  round(sum(expectation.passed_records)
    / nullif(sum(expectation.passed_records + expectation.failed_records), 0), 4) AS pass_rate
FROM counted
GROUP BY ALL
ORDER BY day DESC, pass_rate, dataset, expectation;
