-- The projects in `touched`, where :changed is 1 only those whose states have changed since `states_before` was kept,
-- with the number of all in each row; at most :most.
SELECT project, count(*) OVER () AS moved
FROM touched
WHERE NOT :changed
   OR project IN (
       SELECT project
       FROM (SELECT * FROM states WHERE project IN (SELECT project FROM touched)
             EXCEPT SELECT * FROM states_before)
       UNION ALL
       SELECT project
       FROM (SELECT * FROM states_before
             EXCEPT SELECT * FROM states WHERE project IN (SELECT project FROM touched)))
ORDER BY project
LIMIT :most;
