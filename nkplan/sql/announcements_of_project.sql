-- The ids of the announcements that the standing updates or quotas of the projects among :projects come from:
-- a site was promised with its cohort and programme.
SELECT announcement AS id FROM updates
WHERE project IN (SELECT value FROM json_each(:projects)) AND announcement IS NOT NULL AND retracted_in IS NULL
UNION
SELECT announcement FROM quotas
WHERE project IN (SELECT value FROM json_each(:projects)) AND announcement IS NOT NULL AND retracted_in IS NULL;
