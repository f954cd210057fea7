-- What is claimed of the status of projects, of those among :projects, a JSON list of ids, or of all where that is
-- NULL, in the order of judgement.
SELECT updates.project, projects.name, projects.type, updates.id, updates.event_date, updates.settled,
       updates.status, updates.evidence, updates.source, updates.note
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.status IS NOT NULL AND updates.retracted_in IS NULL
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
ORDER BY updates.project, updates.settled, updates.rank, updates.id;
