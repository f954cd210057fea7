-- The updates among :keys, a JSON list of ids.
SELECT updates.id, updates.project, updates.event_date, updates.status, updates.percent, updates.promised,
       updates.evidence, updates.confidence, updates.source, updates.announcement, updates.note,
       CASE WHEN updates.retracted_in IS NULL THEN 'active'
            WHEN updates.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM updates
JOIN changes ON changes.id = updates.change_id
WHERE updates.id IN (SELECT value FROM json_each(:keys));
