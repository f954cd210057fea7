-- Find the projects whose states the change :change can move: those that it has updates of, and those with updates
-- that cite a source of it, for the order of these may be another.
CREATE TEMP TABLE touched AS
SELECT project FROM updates WHERE change_id = :change
UNION
SELECT updates.project
FROM sources
JOIN updates ON updates.source = sources.id
WHERE sources.change_id = :change;
