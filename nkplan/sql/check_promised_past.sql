-- Updates whose promised date had passed whole when the promise was made. Both dates compare as text up to the
-- precision of the promised one, once a quarter is written as a month: the promised one as its last, the
-- event's as its first.
WITH promises AS MATERIALIZED (
    SELECT rowid AS number,
           replace(replace(replace(replace(promised, 'Q1', '03'), 'Q2', '06'), 'Q3', '09'), 'Q4', '12') AS until,
           replace(replace(replace(replace(event_date, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10') AS day
    FROM updates
    WHERE promised IS NOT NULL AND retracted_in IS NULL
)
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       updates.promised || ' was past when it was promised (' || updates.event_date || '); look at both dates'
           AS what
FROM promises
JOIN updates ON updates.rowid = promises.number
WHERE substr(promises.day, 1, length(promises.until)) > promises.until
ORDER BY updates.project, updates.settled, updates.id;
