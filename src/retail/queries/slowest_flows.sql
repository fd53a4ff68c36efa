-- The flows of the latest update, the slowest first.
-- :event_log is the full name of the pipeline's published event log.
WITH latest AS (
  SELECT max_by(origin.update_id, timestamp) AS update_id
  FROM IDENTIFIER(:event_log)
  WHERE event_type = 'create_update'
),
progress AS (
  SELECT
    origin.flow_name AS flow,
    timestamp,
    details:flow_progress.status AS status,
    bigint(details:flow_progress.metrics.num_output_rows) AS num_output_rows
  FROM IDENTIFIER(:event_log)
  JOIN latest ON origin.update_id = latest.update_id
  WHERE event_type = 'flow_progress'
    AND origin.flow_name <> 'pipelines.flowTimeMetrics.missingFlowName'
)
SELECT
  flow,
  max_by(status, timestamp) AS status,
  round(double(max(timestamp))
    - double(min(if(status IN ('STARTING', 'RUNNING'), timestamp, NULL))), 1) AS seconds,
  coalesce(sum(num_output_rows), 0) AS output_rows
FROM progress
GROUP BY flow
HAVING max_by(status, timestamp) IN ('COMPLETED', 'FAILED', 'STOPPED')
ORDER BY seconds DESC, flow;
