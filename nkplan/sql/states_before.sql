-- The states that the projects among :projects, a JSON list of ids, had before (see stage.sql).
SELECT projects.id, projects.name, was.*
FROM projects
LEFT JOIN was ON was.project = projects.id
WHERE projects.id IN (SELECT value FROM json_each(:projects))
ORDER BY projects.id;
