-- Take back all that the change :change brought and that still stands, in the change :undo.
UPDATE kinds SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE places SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE sources SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE announcements SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE projects SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE quotas SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE updates SET retracted_in = :undo WHERE change_id = :change AND retracted_in IS NULL;
UPDATE changes SET undone_in = :undo WHERE id = :change;
