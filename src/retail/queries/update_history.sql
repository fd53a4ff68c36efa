-- Every update of the pipeline: when it began, how long it took, and how it ended.
-- :event_log is the full name of the pipeline's published event log.
WITH created AS (
  SELECT
    origin.update_id AS update_id,
    timestamp AS started_at,
    details:create_update.cause AS cause,
    boolean(details:create_update.full_refresh) AS full_refresh
  FROM IDENTIFIER(:event_log)
  WHERE event_type = 'create_update'
),
ended AS (
  SELECT
    origin.update_id AS update_id,
    max(timestamp) AS ended_at,
    max_by(details:update_progress.state, timestamp) AS state
  FROM IDENTIFIER(:event_log)
  WHERE event_type = 'update_progress'
    AND details:update_progress.state IN ('COMPLETED', 'FAILED', 'CANCELED')
  GROUP BY origin.update_id
)
SELECT
  created.update_id,
  started_at,
  cause,
  full_refresh,
  coalesce(state, 'RUNNING') AS state,
  round(double(coalesce(ended_at, current_timestamp())) - double(started_at), 1) AS seconds
FROM created
LEFT JOIN ended ON created.update_id = ended.update_id
ORDER BY started_at DESC;
