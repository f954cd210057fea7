-- An update of a long file, put aside (see stage.sql).
INSERT INTO coming (line, id, project, event_date, status, percent, promised, evidence, confidence, source,
                    announcement, note, rank)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
