-- A row that a long file brings beside its updates.
INSERT INTO brought (list, id) VALUES (?, ?);
