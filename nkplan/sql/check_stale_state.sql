-- Projects whose kept state is not the one that their updates give.
SELECT project AS id,
       json_array() AS others,
       'its present state is kept as ' || coalesce((SELECT status FROM states WHERE project = differing.project), 'none')
           || ', and what its updates give (' || coalesce((SELECT status FROM judged WHERE project = differing.project),
           'none') || ') differs in this or in dates, progress or numbers; run nkplan check --repair' AS what
FROM (SELECT project FROM (
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM judged
    EXCEPT
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM states)
UNION
SELECT project FROM (
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM states
    EXCEPT
    SELECT project, status, claimed, verified, started, progress, last_date, last_day, promised, updates, groundbroken,
           groundbroken_day, opened, opened_day
    FROM judged)) AS differing
ORDER BY 1;
