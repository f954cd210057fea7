-- Updates and announcements whose `settled`, `known` or `rank` is not what their dates and status give, taken back
-- or not.
SELECT updates.project AS id,
       json_array(updates.id) AS others,
       'its settled, known and rank are ' || updates.settled || ', ' || updates.known || ' and '
           || coalesce(updates.rank, 'none') || ', where its dates and status give ' || dated.settled || ', '
           || dated.known || ' and ' || coalesce(dated.rank, 'none') || '; run nkplan check --repair' AS what
FROM updates
JOIN dated ON dated.list = 'update' AND dated.id = updates.id
WHERE (updates.settled, updates.known, updates.rank) IS NOT (dated.settled, dated.known, dated.rank)
UNION ALL
SELECT announcements.id, json_array(),
       'its settled and known are ' || announcements.settled || ' and ' || announcements.known
           || ', where its dates give ' || dated.settled || ' and ' || dated.known || '; run nkplan check --repair'
FROM announcements
JOIN dated ON dated.list = 'announcement' AND dated.id = announcements.id
WHERE (announcements.settled, announcements.known) IS NOT (dated.settled, dated.known)
ORDER BY 1, 2;
