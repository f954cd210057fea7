-- Leave out the updates on the lines among :lines, a JSON list: they are there already.
DELETE FROM coming WHERE line IN (SELECT value FROM json_each(:lines));
