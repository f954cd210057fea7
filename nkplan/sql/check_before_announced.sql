-- Projects at which work or an opening had surely happened before anything announced them: an announcement
-- that they, their cohort or their programme are linked with, or an update with the status `announced`.
--
-- It is no fault where a site had opened before the programme that later took it in was announced. A site of
-- a cohort can not: a cohort is what was promised for its year.
--
-- A date written as 2024, 2024-03 or 2024-03-15 is, as text, after every day before its first and before all
-- days in it but the first, so it compares with a day as it is; only a quarter has to be written as the month
-- that it begins with.
WITH RECURSIVE family (project, member, distance, in_cohort) AS (
    SELECT id, id, 0, 0 FROM projects WHERE retracted_in IS NULL
    UNION ALL
    SELECT family.project, parent.id, family.distance + 1, family.in_cohort OR parent.type = 'cohort'
    FROM family
    JOIN projects AS child ON child.id = family.member
    JOIN projects AS parent ON parent.id = child.parent
    -- Deeper than a site in a cohort in a programme is a circle.
    WHERE parent.retracted_in IS NULL AND family.distance < 9
),
said (project, day, id) AS (
    SELECT updates.project, announcements.announced, announcements.id
    FROM announcements
    JOIN updates ON updates.announcement = announcements.id AND updates.retracted_in IS NULL
    WHERE announcements.retracted_in IS NULL
    UNION
    SELECT quotas.project, announcements.announced, announcements.id
    FROM announcements
    JOIN quotas ON quotas.announcement = announcements.id AND quotas.retracted_in IS NULL
    WHERE announcements.retracted_in IS NULL
    UNION
    SELECT project, event_date, id
    FROM updates
    WHERE rank = 0 AND retracted_in IS NULL
),
announced AS (
    SELECT family.project, said.day AS written, said.id, family.distance = 0 AS is_own,
           max(family.in_cohort) OVER (PARTITION BY family.project) AS in_cohort,
           replace(replace(replace(replace(said.day, 'Q1', '01'), 'Q2', '04'), 'Q3', '07'), 'Q4', '10') AS day
    FROM said
    JOIN family ON family.member = said.project
),
first AS (
    SELECT *, row_number() OVER (PARTITION BY project ORDER BY day, is_own DESC, id) AS place,
           max(is_own) OVER (PARTITION BY project) AS has_own
    FROM announced
)
SELECT first.project AS id,
       json_insert(json_group_array(updates.id), '$[#]', first.id) AS others,
       -- Of all that goes into one row the columns are those of the earliest.
       updates.status || ' (' || updates.event_date || ') is before it was first announced (' || first.written
           || CASE WHEN first.is_own THEN '' ELSE ', with what it belongs to' END
           || '); look at the date of the update, or record the announcement that came before it' AS what,
       min(updates.settled) AS settled
FROM first
JOIN updates ON updates.project = first.project AND updates.settled < first.day
            AND updates.rank BETWEEN 2 AND 6 AND updates.retracted_in IS NULL
LEFT JOIN states ON states.project = first.project
WHERE first.place = 1
  AND NOT (NOT first.has_own AND NOT first.in_cohort AND coalesce(states.opened_day < first.day, 0))
GROUP BY first.project
ORDER BY first.project;
