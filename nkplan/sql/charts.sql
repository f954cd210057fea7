-- name: list_effective_days
-- The days on which anything was announced or had surely happened, also after the day asked for: between two of them
-- nothing that is judged changes. With :projects, a JSON list of ids, those of their updates and numbers promised alone.
SELECT effective_day AS day
FROM main.updates
WHERE effective_day IS NOT NULL AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
UNION
SELECT effective_day
FROM main.announcements
WHERE effective_day IS NOT NULL
  AND (:projects IS NULL
       OR id IN (SELECT announcement FROM main.quotas WHERE project IN (SELECT value FROM json_each(:projects))))
ORDER BY day;

-- name: find_first_number
-- The first day on which a number can have been promised; NULL if one has no announcement, and so always counts.
SELECT CASE WHEN count(quotas.announcement) = count(*) THEN min(announcements.effective_day) END AS day
FROM main.quotas
LEFT JOIN main.announcements ON announcements.id = quotas.announcement;

-- name: find_first_day
-- The first day on which one of the projects among :projects, a JSON list of ids, can have been on record: that of an
-- update, or of a number promised for it; NULL if such a number has no announcement.
SELECT CASE WHEN count(day) = count(*) THEN min(day) END AS day
FROM (SELECT effective_day AS day FROM main.updates WHERE project IN (SELECT value FROM json_each(:projects))
      UNION ALL
      SELECT announcements.effective_day
      FROM main.quotas
      LEFT JOIN main.announcements ON announcements.id = quotas.announcement
      WHERE quotas.project IN (SELECT value FROM json_each(:projects)));

-- name: list_marks_of_sites
-- How far each of the filtered sites has come.
SELECT id, claimed, verified, started FROM filtered_sites;

-- name: count_evidence
-- How many active updates of each class of evidence there are of one day, of the projects among :projects, a JSON list of
-- ids, or of all if that is NULL.
SELECT effective_day AS day, evidence, count(*) AS number
FROM updates
WHERE undone_in IS NULL AND (:projects IS NULL OR project IN (SELECT value FROM json_each(:projects)))
GROUP BY effective_day, evidence
ORDER BY effective_day, evidence;
