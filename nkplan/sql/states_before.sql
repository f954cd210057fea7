-- The states that the projects among :projects, a JSON list of ids, had before they were judged again.
SELECT * FROM states_before WHERE project IN (SELECT value FROM json_each(:projects));
