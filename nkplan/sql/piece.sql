-- The next :most rows of the list :list after the line :after, and the rows that repeat one of them, as the file runs.
-- Few rows repeat another: the CROSS JOIN has SQLite begin with them.
WITH next AS MATERIALIZED (
    SELECT line, key, content
    FROM brought
    WHERE list = :list AND line > :after AND line NOT IN (SELECT line FROM repeated)
    ORDER BY line
    LIMIT :most
)
SELECT line, key, content FROM next
UNION ALL
SELECT brought.line, brought.key, brought.content
FROM repeated
CROSS JOIN brought ON brought.line = repeated.line
WHERE brought.list = :list AND brought.key IN (SELECT key FROM next)
ORDER BY line;
