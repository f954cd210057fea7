-- The promised dates given for projects, for those among :projects, a JSON list of ids, or for all where that is
-- NULL, each with the day on which it was given, in the order in which they were given.
SELECT updates.project, projects.name, projects.type, updates.promised, updates.event_date, updates.settled,
       updates.source, updates.evidence, states.status,
       -- A cohort has opened when all its sites have, whatever is said of it; a programme never has.
       CASE projects.type WHEN 'site' THEN states.opened WHEN 'cohort' THEN (
           SELECT own.opened FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.retracted_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC, length(own.opened) DESC, own.opened LIMIT 1
           ) END AS opened,
       CASE projects.type WHEN 'site' THEN states.opened_day WHEN 'cohort' THEN (
           SELECT own.opened_day FROM projects AS site LEFT JOIN states AS own ON own.project = site.id
           WHERE site.parent = projects.id AND site.retracted_in IS NULL
           ORDER BY own.opened_day IS NOT NULL, own.opened_day DESC LIMIT 1) END AS opened_day
FROM updates
JOIN projects ON projects.id = updates.project
JOIN states ON states.project = updates.project
WHERE updates.promised IS NOT NULL AND updates.retracted_in IS NULL
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.project, updates.settled, updates.rank, updates.percent, updates.promised;
