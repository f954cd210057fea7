-- Judge anew the projects whose kept state is not the one that their updates give.
DELETE FROM states
WHERE project IN (SELECT project FROM (
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM states
    EXCEPT
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM judged));
INSERT INTO states (
           project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day)
SELECT     project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
FROM judged
WHERE project NOT IN (SELECT project FROM states);
