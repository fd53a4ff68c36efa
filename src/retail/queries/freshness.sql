-- How long ago each dataset was last brought up to date.
-- :event_log is the full name of the pipeline's published event log.
SELECT
  origin.dataset_name AS dataset,
  max(timestamp) AS refreshed_at,
  round((double(current_timestamp()) - double(max(timestamp))) / 3600, 2) AS hours_ago
FROM IDENTIFIER(:event_log)
WHERE event_type = 'flow_progress'
  AND details:flow_progress.status = 'COMPLETED'
GROUP BY origin.dataset_name
ORDER BY refreshed_at, dataset;
