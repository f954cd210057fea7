-- Take back the updates among :updates, a JSON list of ids, in the change :undo.
UPDATE updates SET retracted_in = :undo
WHERE id IN (SELECT value FROM json_each(:updates)) AND retracted_in IS NULL;
