-- The projects of which something came to be known after the day :since, and how many updates: those among
-- :projects, a JSON list of ids, or all where that is NULL.
SELECT updates.project, projects.name, projects.type, count(*) AS updates
FROM updates
JOIN projects ON projects.id = updates.project
WHERE updates.known > :since AND updates.retracted_in IS NULL
  AND (:projects IS NULL OR projects.id IN (SELECT value FROM json_each(:projects)))
GROUP BY +updates.project  -- The plus keeps to the index by known day: few came to be known since.
ORDER BY +updates.project;
