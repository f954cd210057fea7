-- The projects whose states have changed since `was` was kept (see stage.sql), with the number of all in each row; at
-- most :most.
SELECT project, count(*) OVER () AS moved
FROM (SELECT * FROM states WHERE project IN (SELECT project FROM moving)
      EXCEPT SELECT * FROM was)
ORDER BY project
LIMIT :most;
