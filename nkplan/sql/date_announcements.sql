-- Renew the days that follow from the dates of an announcement and its source.
UPDATE announcements SET settled = :settled, known = :known WHERE id = :id;
