-- Leave out the rows on the lines among :lines, a JSON list: they are there already.
DELETE FROM coming WHERE line IN (SELECT value FROM json_each(:lines));
DELETE FROM brought WHERE line IN (SELECT value FROM json_each(:lines));
