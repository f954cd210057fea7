-- The kinds among :keys, a JSON list. (Every stored_*.sql tells in `row_state` whether a row counts.)
SELECT kinds.id,
       CASE WHEN retracted_in IS NULL THEN 'active'
            WHEN retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM kinds
JOIN changes ON changes.id = kinds.change_id
WHERE kinds.id IN (SELECT value FROM json_each(:keys));
