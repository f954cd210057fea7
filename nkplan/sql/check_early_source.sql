-- Updates and announcements whose source was published before what they tell of can have begun. `known` is the
-- end of the source's date, or of the event's where the source has none, which is never before the event.
WITH early AS MATERIALIZED (
    SELECT rowid AS number
    FROM updates
    WHERE retracted_in IS NULL
      AND known < replace(replace(replace(replace(event_date, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10')
)
SELECT updates.project AS id,
       json_array(updates.id, updates.source) AS others,
       updates.source || ' was published ' || sources.published || ', before what it is cited for ('
           || coalesce(updates.status || ', ', '') || updates.event_date || '); look at both dates' AS what
FROM early
JOIN updates ON updates.rowid = early.number
JOIN sources ON sources.id = updates.source
UNION ALL
SELECT announcements.id,
       json_array(announcements.source),
       announcements.source || ' was published ' || sources.published || ', before the announcement ('
           || announcements.announced || '); look at both dates'
FROM announcements
JOIN sources ON sources.id = announcements.source
WHERE announcements.retracted_in IS NULL
  AND announcements.known < replace(replace(replace(replace(
          announcements.announced, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10')
ORDER BY 1, 2;
