-- Hold the index of words to the texts that it is of; it is an error where it does not fit. This writes nothing,
-- but SQLite takes it for writing.
INSERT INTO words (words, rank) VALUES ('integrity-check', 1);
