-- Everything that a table is made from, the nearest first.
-- :table is the full name of the table.
WITH RECURSIVE edges AS (
  SELECT DISTINCT source_table_full_name AS source, target_table_full_name AS target
  FROM system.access.table_lineage
  WHERE source_table_full_name IS NOT NULL AND entity_type = 'PIPELINE'
),
upstream (name, distance) AS (
  SELECT source, 1 FROM edges WHERE target = :table
  UNION ALL
  SELECT edges.source, upstream.distance + 1
  FROM edges JOIN upstream ON edges.target = upstream.name
)
SELECT name, min(distance) AS distance
FROM upstream
GROUP BY name
ORDER BY distance, name;
