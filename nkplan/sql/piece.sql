-- The next :most rows of the list :list after the line :after, and the rows that repeat one of them, as the file runs.
SELECT line, key, content
FROM brought
WHERE list = :list
  AND key IN (SELECT key FROM brought
              WHERE list = :list AND line > :after AND line NOT IN (SELECT line FROM repeated)
              ORDER BY line
              LIMIT :most)
ORDER BY line;
