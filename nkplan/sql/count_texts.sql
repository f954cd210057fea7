-- How many texts there are to search in, of the list :list or of all.
SELECT count(*) AS texts FROM texts WHERE :list IS NULL OR list = :list;
