-- On how many sources the present status of each site rests.
SELECT sites.id, count(DISTINCT updates.source) AS sources
FROM sites
JOIN updates ON updates.project = sites.id AND updates.status = sites.status AND updates.retracted_in IS NULL
GROUP BY sites.id;
