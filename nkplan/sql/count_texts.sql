-- How many texts of the list :list there are to search in.
SELECT count(*) AS texts FROM texts WHERE list = :list;
