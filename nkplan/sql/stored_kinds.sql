-- The kinds among :keys, a JSON list. (Every stored_*.sql tells in `standing` whether a row counts.)
SELECT kinds.id,
       CASE WHEN retracted_in IS NULL THEN 'stands'
            WHEN retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS standing
FROM kinds
JOIN changes ON changes.id = kinds.change_id
WHERE kinds.id IN (SELECT value FROM json_each(:keys));
