-- Everything that is made from a table, the nearest first.
-- :table is the full name of the table.
WITH RECURSIVE edges AS (
  SELECT DISTINCT source_table_full_name AS source, target_table_full_name AS target
  FROM system.access.table_lineage
  WHERE source_table_full_name IS NOT NULL AND entity_type = 'PIPELINE'
),
downstream (name, distance) AS (
  SELECT target, 1 FROM edges WHERE source = :table
  UNION ALL
  SELECT edges.target, downstream.distance + 1
  FROM edges JOIN downstream ON edges.source = downstream.name
)
SELECT name, min(distance) AS distance
FROM downstream
GROUP BY name
ORDER BY distance, name;
