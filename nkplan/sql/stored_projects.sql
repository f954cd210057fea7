-- The projects among :keys, a JSON list of ids.
SELECT projects.id, projects.name, projects.type, projects.kind, projects.parent, projects.model,
       projects.place, projects.year, projects.note,
       CASE WHEN projects.retracted_in IS NULL THEN 'active'
            WHEN projects.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM projects
JOIN changes ON changes.id = projects.change_id
WHERE projects.id IN (SELECT value FROM json_each(:keys));
