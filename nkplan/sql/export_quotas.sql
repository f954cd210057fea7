-- The standing quotas, by what they promise.
SELECT project, kind, quantity, per, unit, first_year, last_year, announcement, note
FROM quotas
WHERE retracted_in IS NULL
ORDER BY project, kind, first_year, per DESC, coalesce(last_year, 9999) DESC, announcement;
