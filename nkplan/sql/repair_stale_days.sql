-- Renew what follows from the dates and the status of each update and announcement, where it is otherwise.
UPDATE updates SET settled = dated.settled, known = dated.known, rank = dated.rank
FROM dated
WHERE dated.list = 'update' AND dated.id = updates.id
  AND (updates.settled, updates.known, updates.rank) IS NOT (dated.settled, dated.known, dated.rank);
UPDATE announcements SET settled = dated.settled, known = dated.known
FROM dated
WHERE dated.list = 'announcement' AND dated.id = announcements.id
  AND (announcements.settled, announcements.known) IS NOT (dated.settled, dated.known);
