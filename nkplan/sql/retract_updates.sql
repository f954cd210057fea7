-- Take back the updates among :updates, a JSON list of ids, in the change :undo, out of the search as well.
UPDATE updates SET retracted_in = :undo
WHERE id IN (SELECT value FROM json_each(:updates)) AND retracted_in IS NULL;
DELETE FROM texts
WHERE list = 'update'
  AND id IN (SELECT id FROM updates
             WHERE id IN (SELECT value FROM json_each(:updates)) AND retracted_in = :undo);
