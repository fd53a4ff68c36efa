CREATE OR REFRESH MATERIALIZED VIEW fares AS
SELECT t.*, z.zone
FROM trips t JOIN ref.`geo data`.zones z ON t.zone_id = z.id;
