-- The numbers of the first updates of a long file that have the ids among :keys, a JSON list.
SELECT id, number FROM incoming_ids WHERE id IN (SELECT value FROM json_each(:keys));
