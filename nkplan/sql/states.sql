-- The names and present states of the projects among :projects, a JSON list of ids.
SELECT projects.id, projects.name, states.*
FROM projects
LEFT JOIN states ON states.project = projects.id
WHERE projects.id IN (SELECT value FROM json_each(:projects))
ORDER BY projects.id;
