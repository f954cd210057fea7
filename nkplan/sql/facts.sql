-- What is judged: the standing updates of the projects among :projects, a JSON list of ids.
SELECT updates.id, updates.project, updates.event_date, sources.published, updates.status, updates.percent,
       updates.promised, updates.evidence
FROM updates
LEFT JOIN sources ON sources.id = updates.source
WHERE updates.project IN (SELECT value FROM json_each(:projects))
  AND updates.retracted_in IS NULL
ORDER BY updates.project;
