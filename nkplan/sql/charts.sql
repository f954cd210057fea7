-- name: list_effective_days
-- The days on which anything was announced or had surely happened, also after the day asked for: between two of them
-- nothing that is judged changes.
SELECT effective_day AS day FROM main.updates WHERE effective_day IS NOT NULL
UNION
SELECT effective_day FROM main.announcements WHERE effective_day IS NOT NULL
ORDER BY day;

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
