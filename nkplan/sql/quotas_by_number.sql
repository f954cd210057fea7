-- The quotas among :numbers, a JSON list of their numbers.
SELECT project, kind, quantity, per, unit, first_year, last_year, announcement, note
FROM quotas
WHERE id IN (SELECT value FROM json_each(:numbers));
