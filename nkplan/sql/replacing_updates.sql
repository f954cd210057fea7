-- The next :most updates after the line :after that take the id of an undone one, with the evidence class that they get.
SELECT coming.line, coming.id, coming.project, coming.event_date, coming.status, coming.percent, coming.promised,
       coalesce(coming.evidence, sources.evidence) AS evidence, coming.confidence, coming.source,
       coming.announcement, coming.note
FROM replacing
JOIN coming ON coming.line = replacing.line
LEFT JOIN sources ON sources.id = coming.source
WHERE replacing.line > :after
ORDER BY replacing.line
LIMIT :most;
