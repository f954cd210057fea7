-- Dates of events, announcements and publications that begin after the day :today. A date compares with a day
-- as text, once a quarter is written as the month that it begins with.
WITH coming AS MATERIALIZED (
    SELECT rowid AS number
    FROM updates
    WHERE retracted_in IS NULL
      AND replace(replace(replace(replace(event_date, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10') > :today
)
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       'it tells of ' || event_date || ', which is still to come, as of something that happened; look at the date'
           AS what
FROM coming
JOIN updates ON updates.rowid = coming.number
UNION ALL
SELECT id, json_array(), 'it is dated ' || announced || ', which is still to come; look at the date'
FROM announcements
WHERE retracted_in IS NULL
  AND replace(replace(replace(replace(announced, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10') > :today
UNION ALL
SELECT id, json_array(), 'it was published on ' || published || ', which is still to come; look at the date'
FROM sources
WHERE retracted_in IS NULL
  AND replace(replace(replace(replace(published, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10') > :today
ORDER BY 1, 2;
