-- Those of the lines among :lines, a JSON list, whose rows take the key of an undone one.
SELECT line FROM replacing WHERE line IN (SELECT value FROM json_each(:lines));
