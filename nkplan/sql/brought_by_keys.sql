-- The rows of the list :list that a long file brings under the keys among :keys, a JSON list.
SELECT line, key, content
FROM brought
WHERE list = :list AND key IN (SELECT value FROM json_each(:keys)) AND line NOT IN (SELECT line FROM repeated);
