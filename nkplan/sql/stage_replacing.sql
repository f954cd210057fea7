-- The line of a row that takes the key of an undone one.
INSERT INTO replacing (line) VALUES (?);
