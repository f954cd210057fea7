-- Make the index of words anew from the texts that it is of.
INSERT INTO words (words) VALUES ('rebuild');
