-- The quotas of the projects among :keys, a JSON list of project ids.
SELECT quotas.project, quotas.kind, quotas.quantity, quotas.per, quotas.unit, quotas.first_year,
       quotas.last_year, quotas.announcement, quotas.note,
       CASE WHEN quotas.retracted_in IS NULL THEN 'active'
            WHEN quotas.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM quotas
JOIN changes ON changes.id = quotas.change_id
WHERE quotas.project IN (SELECT value FROM json_each(:keys));
