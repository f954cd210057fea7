-- What SQLite finds wrong with the file, as it comes: an error may end it. Whether the index of words is whole is
-- told by another check.
SELECT 'database' AS id,
       json_array() AS others,
       integrity_check || '; '
           || CASE WHEN integrity_check LIKE '%missing from index %' OR integrity_check LIKE 'wrong # of entries in index %'
              THEN 'run nkplan check --repair'
              WHEN integrity_check LIKE 'CHECK constraint failed in %'
              THEN 'if no other check tells which row, bring back a backup with nkplan restore'
              ELSE 'bring back a backup with nkplan restore' END AS what
FROM pragma_integrity_check
WHERE integrity_check <> 'ok' AND integrity_check NOT LIKE '%FTS5%';
