-- How many rows stand earlier in the file.
SELECT count(*) AS number FROM repeated;
