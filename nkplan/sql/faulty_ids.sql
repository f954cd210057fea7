-- Those of the ids among :ids, a JSON list, whose rows were left out for a fault of their own.
SELECT id FROM faulty WHERE id IN (SELECT value FROM json_each(:ids));
