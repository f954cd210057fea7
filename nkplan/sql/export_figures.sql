-- The figures of the announcement :announcement. (SQLite's JSON would not keep every digit of their values.)
SELECT item, value, unit, year, source, note
FROM announcement_figures
WHERE announcement = :announcement
ORDER BY position;
