-- The standing updates, project by project, in the order of judgement.
SELECT project, event_date, status, percent, promised, note, evidence, confidence, source, announcement, id
FROM updates
WHERE retracted_in IS NULL
ORDER BY project, settled, rank, percent, promised, event_date, id;
