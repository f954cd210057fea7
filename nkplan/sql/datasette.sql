-- name: unverified
-- Claimed and not verified. The sites for which the promiser claims more than anybody independent has seen, the
-- widest gap first.
SELECT sites.id, sites.name, sites.kind, sites.place_name, sites.region_name, sites.programme,
       sites.claimed, sites.verified, sites.progress, sites.opened, sites.last_date,
       claim.reach - CASE WHEN seen.phase = 'halted' THEN (SELECT min(reach) FROM statuses WHERE reach > 0)
                          ELSE coalesce(seen.reach, 0) END AS gap
FROM sites
JOIN statuses AS claim ON claim.status = sites.claimed
LEFT JOIN statuses AS seen ON seen.status = sites.verified
WHERE gap > 0
  AND claim.phase NOT IN ('halted', 'ended')
  AND (claim.phase <> 'open' OR claim.event IS NOT NULL)
ORDER BY gap DESC, sites.id;

-- name: map
-- Sites on a map. The sites whose place has coordinates, marked as verified or claimed to be complete, started or only
-- promised. With the plugin datasette-cluster-map they are on a map.
SELECT sites.id, sites.name, sites.kind, sites.programme, sites.year, sites.place_name, sites.region_name,
       CASE WHEN sites.verified IN (SELECT status FROM statuses WHERE reach >= complete.reach) THEN 'verified'
            WHEN sites.claimed IN (SELECT status FROM statuses WHERE reach >= complete.reach) THEN 'claimed'
            WHEN sites.started THEN 'started'
            ELSE 'promised' END AS mark,
       sites.status, sites.claimed, sites.verified, sites.opened, places.latitude, places.longitude
FROM sites
JOIN places ON places.id = sites.place
JOIN (SELECT min(reach) AS reach FROM statuses WHERE phase = 'open') AS complete
WHERE places.latitude IS NOT NULL AND places.longitude IS NOT NULL
ORDER BY sites.id;

-- name: history
-- History of a project. What was claimed and seen of one site, cohort or programme, the latest first, also what its
-- source took back. Type an id of the table projects.
SELECT updates.event_date, updates.status, updates.evidence, updates.confidence, updates.note, sources.title,
       sources.publisher, sources.published, sources.url, updates.percent, updates.promised, updates.promised_status,
       updates.count, updates.of, updates.unit, updates.bound, updates.speaker, updates.withdrawn, updates.id
FROM updates
LEFT JOIN sources ON sources.id = updates.source
WHERE updates.undone_in IS NULL AND updates.project = :project
ORDER BY updates.effective_day DESC, updates.rank DESC, updates.percent DESC, updates.promised DESC,
         updates.event_date DESC, updates.id DESC;

-- name: progress
-- Progress by programme and year. How many sites are named, and how many of them have started, are complete and are in
-- use: by anybody's word, as the promiser claims, and as somebody independent has seen.
SELECT programme, programme_name, year, count(*) AS named,
       sum(started) AS started,
       sum(started_seen) AS started_seen,
       sum(coalesce(claim.reach >= complete.reach, 0)) AS complete_claimed,
       sum(coalesce(seen.reach >= complete.reach, 0)) AS complete_verified,
       sum(coalesce(claim.event IS 'use', 0)) AS in_use_claimed,
       sum(coalesce(seen.event IS 'use', 0)) AS in_use_verified
FROM sites
JOIN (SELECT min(reach) AS reach FROM statuses WHERE phase = 'open') AS complete
LEFT JOIN statuses AS claim ON claim.status = sites.claimed
LEFT JOIN statuses AS seen ON seen.status = sites.verified
GROUP BY programme, year
ORDER BY programme IS NULL, programme, year;

-- name: opened
-- Opened, and in use or not. The sites that have opened, those shown to be idle first.
SELECT sites.id, sites.name, sites.kind, sites.place_name, sites.status, statuses.meaning, sites.claimed,
       sites.verified, sites.opened, sites.last_date
FROM sites
JOIN statuses ON statuses.status = sites.status
WHERE statuses.phase = 'open'
ORDER BY statuses.event IS NOT NULL, statuses.rank, sites.id;

-- name: promised
-- What was promised. The numbers promised, each with the announcement in which it was and who made it, the latest
-- first.
SELECT quotas.project, projects.name, quotas.kind, quotas.quantity, quotas.unit, quotas.label, quotas.per,
       quotas.first_year, quotas.last_year, quotas.promised_status, announcements.announced, announcements.speaker,
       announcements.title AS announcement, announcements.said, quotas.note, quotas.id
FROM quotas
JOIN projects ON projects.id = quotas.project
LEFT JOIN announcements ON announcements.id = quotas.announcement
WHERE quotas.undone_in IS NULL
ORDER BY announcements.effective_day DESC, quotas.project, quotas.id;
