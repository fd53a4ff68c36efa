-- The updates that failed, with the first error that each of them had.
-- :event_log is the full name of the pipeline's published event log.
WITH failed AS (
  SELECT origin.update_id AS update_id, max(timestamp) AS failed_at
  FROM IDENTIFIER(:event_log)
  WHERE event_type = 'update_progress' AND details:update_progress.state = 'FAILED'
  GROUP BY origin.update_id
)
SELECT
  failed.update_id,
  failed_at,
  min_by(coalesce(origin.flow_name, 'the update'), timestamp) AS flow,
  min_by(error.exceptions[0].class_name, timestamp) AS class_name,
  min_by(coalesce(error.exceptions[0].message, message), timestamp) AS cause
FROM failed
JOIN IDENTIFIER(:event_log) ON origin.update_id = failed.update_id
WHERE level = 'ERROR' AND error IS NOT NULL
GROUP BY failed.update_id, failed_at
ORDER BY failed_at DESC;
