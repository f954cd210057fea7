-- How many texts there are to search in: FTS5 keeps a row for each, which is the smallest that can be counted.
SELECT count(*) AS texts FROM words_docsize;
