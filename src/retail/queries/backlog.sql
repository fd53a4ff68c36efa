-- What each streaming flow had still to read when it last said so.
-- :event_log is the full name of the pipeline's published event log.
SELECT
  origin.flow_name AS flow,
  max(timestamp) AS measured_at,
  max_by(bigint(details:flow_progress.metrics.backlog_bytes), timestamp) AS backlog_bytes,
  max_by(bigint(details:flow_progress.metrics.backlog_files), timestamp) AS backlog_files,
  max_by(bigint(details:flow_progress.metrics.backlog_records), timestamp) AS backlog_records
FROM IDENTIFIER(:event_log)
WHERE event_type = 'flow_progress'
  AND coalesce(
    details:flow_progress.metrics.backlog_bytes,
    details:flow_progress.metrics.backlog_files,
    details:flow_progress.metrics.backlog_records
  ) IS NOT NULL
GROUP BY origin.flow_name
ORDER BY backlog_bytes DESC, flow;
