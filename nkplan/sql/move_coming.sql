-- Renew the states of the projects that updates are coming for, and of those in `moving` already, and keep what
-- they were.
INSERT OR IGNORE INTO moving (project) SELECT DISTINCT project FROM coming;
INSERT INTO was SELECT * FROM states WHERE project IN (SELECT project FROM moving);
DELETE FROM states WHERE project IN (SELECT project FROM moving);
INSERT INTO states (project, status, claimed, verified, started, progress, last_date, last_day, promised,
                    updates, groundbroken, groundbroken_day, opened, opened_day)
SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates,
       groundbroken, groundbroken_day, opened, opened_day
FROM judged
WHERE project IN (SELECT project FROM moving);
