-- Renew the days that follow from the dates of an update and its source.
UPDATE updates SET settled = :settled, known = :known WHERE id = :id;
