-- Find the projects of the updates among :updates, a JSON list of ids.
CREATE TEMP TABLE touched AS
SELECT DISTINCT project FROM updates WHERE id IN (SELECT value FROM json_each(:updates));
