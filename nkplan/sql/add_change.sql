-- A row of the journal.
INSERT INTO changes (command, recorded, recorded_by, summary)
VALUES (:command, :recorded, :who, :summary);
