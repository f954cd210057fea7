-- How many rows of each list a long file brings beside its updates.
SELECT list, count(*) AS number FROM brought GROUP BY list;
