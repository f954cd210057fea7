-- The standing quotas, or those of the programme :programme and its cohorts, or those of :announcement; with
-- the date of the announcement and, for a cohort's quota, the cohort's year. Of several that were announced on one
-- day the one for the narrower years is behind, and holds for them.
SELECT quotas.project, quotas.kind, quotas.quantity, quotas.per, quotas.unit, quotas.first_year,
       quotas.last_year, quotas.announcement, quotas.note,
       announcements.announced,
       CASE WHEN holder.type = 'cohort' THEN holder.year END AS cohort_year,
       coalesce(holder.parent, holder.id) AS programme
FROM quotas
JOIN projects AS holder ON holder.id = quotas.project
LEFT JOIN announcements ON announcements.id = quotas.announcement
WHERE quotas.retracted_in IS NULL
  AND (:programme IS NULL OR coalesce(holder.parent, holder.id) = :programme)
  AND (:announcement IS NULL OR quotas.announcement = :announcement)
ORDER BY announcements.announced, quotas.kind, quotas.first_year, quotas.per DESC,
         coalesce(quotas.last_year, 9999) DESC, quotas.project, quotas.announcement;
