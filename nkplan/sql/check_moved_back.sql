-- An update with a status that shows less than the status before it, in the order of judgement, and without a
-- note that says why. A halt, an end and an idle site are news, not a way back; what follows a halt or an end
-- starts anew.
WITH ordered AS (
    SELECT rowid AS later, rank, lag(rowid) OVER judged AS earlier, lag(rank) OVER judged AS rank_before
    FROM updates
    WHERE rank IS NOT NULL AND retracted_in IS NULL
    WINDOW judged AS (PARTITION BY project ORDER BY settled, rank, percent, promised, event_date)
)
SELECT later.project AS id,
       json_array(later.id, earlier.id) AS others,
       later.status || ' (' || later.event_date || ') comes after ' || earlier.status || ' ('
           || earlier.event_date || ') and has no note; look at both dates, or say in a note why it went back'
           AS what
FROM ordered
JOIN updates AS later ON later.rowid = ordered.later
JOIN updates AS earlier ON earlier.rowid = ordered.earlier
-- An idle site (6) has opened, so it shows as much as completed (4); a halt (7) or an end (8) shows nothing.
WHERE ordered.rank <= 5
  AND ordered.rank < CASE rank_before WHEN 6 THEN 4 WHEN 7 THEN 0 WHEN 8 THEN 0 ELSE rank_before END
  AND later.note IS NULL
ORDER BY later.project, later.settled, later.id;
