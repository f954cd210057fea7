-- How many texts match the FTS5 expression :match, of the list :list or of all.
SELECT count(*) AS texts
FROM words
JOIN texts ON texts.number = words.rowid
WHERE words MATCH :match AND (:list IS NULL OR texts.list = :list);
