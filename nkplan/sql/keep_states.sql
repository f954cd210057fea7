-- Renew the kept states of the projects among :projects, a JSON list of ids.
DELETE FROM states WHERE project IN (SELECT value FROM json_each(:projects));
INSERT INTO states (project, status, claimed, verified, started, progress, last_date, last_day, promised,
                    updates, groundbroken, groundbroken_day, opened, opened_day)
SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates,
       groundbroken, groundbroken_day, opened, opened_day
FROM judged
WHERE project IN (SELECT value FROM json_each(:projects));
