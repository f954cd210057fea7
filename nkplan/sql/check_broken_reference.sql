-- Rows that name a row which is not there.
SELECT coalesce(updates.project, broken."table") AS id,
       CASE WHEN updates.id IS NULL THEN json_array() ELSE json_array(updates.id) END AS others,
       'row ' || broken.rowid || ' of ' || broken."table" || ' names a row of ' || broken.parent
           || ' that is not there; bring back a backup with nkplan restore' AS what
FROM pragma_foreign_key_check AS broken
LEFT JOIN updates ON broken."table" = 'updates' AND updates.rowid = broken.rowid
ORDER BY 1, 3;
