-- A row that a long file brings beside its updates, put aside (see stage.sql).
INSERT INTO brought (line, list, key, content) VALUES (?, ?, ?, ?);
