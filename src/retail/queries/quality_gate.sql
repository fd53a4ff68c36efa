-- The score of each quality dimension over all transactions that were read, kept or put in
-- quarantine. Fails if one is below its threshold, or if nothing was read.
-- :kept and :quarantine are the full names of the two tables.
WITH checked AS (
  SELECT is_complete, is_valid, is_consistent
  FROM IDENTIFIER(:kept)
  UNION ALL
  SELECT is_complete, is_valid, is_consistent
  FROM IDENTIFIER(:quarantine)
),
measured AS (
  SELECT
    avg(if(is_complete, 1, 0)) AS completeness,
    avg(if(is_valid, 1, 0)) AS validity,
    avg(if(is_consistent, 1, 0)) AS consistency
  FROM checked
),
scores AS (
  SELECT
    inline(array(
      named_struct('dimension', 'completeness', 'score', completeness, 'threshold', double(:completeness)),
      named_struct('dimension', 'validity', 'score', validity, 'threshold', double(:validity)),
      named_struct('dimension', 'consistency', 'score', consistency, 'threshold', double(:consistency))
    ))
  FROM measured
)
SELECT
  dimension,
  score,
  threshold,
  CASE
    WHEN score >= threshold THEN 'passed'
    ELSE raise_error(concat(
      dimension, ' is ', coalesce(string(round(score, 4)), 'unknown, as nothing was read'),
      ', below ', threshold
    ))
  END AS result
FROM scores;
