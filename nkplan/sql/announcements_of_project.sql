-- The ids of the announcements that a project's standing updates record or its standing quotas come from.
SELECT announcement AS id FROM updates
WHERE project = :project AND announcement IS NOT NULL AND retracted_in IS NULL
UNION
SELECT announcement FROM quotas
WHERE project = :project AND announcement IS NOT NULL AND retracted_in IS NULL;
