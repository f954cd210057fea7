-- The sources among :keys, a JSON list of ids.
SELECT sources.id, sources.title, sources.publisher, sources.published, sources.url, sources.evidence,
       sources.archive, sources.note,
       CASE WHEN sources.retracted_in IS NULL THEN 'active'
            WHEN sources.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM sources
JOIN changes ON changes.id = sources.change_id
WHERE sources.id IN (SELECT value FROM json_each(:keys));
