-- The standing quotas, as they were recorded: of several that were announced on one day, reports go by that.
SELECT project, kind, quantity, per, unit, first_year, last_year, announcement, note
FROM quotas
WHERE retracted_in IS NULL
ORDER BY id;
