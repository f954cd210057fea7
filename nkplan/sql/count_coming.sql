-- How many updates are coming, and on which line the last one stands.
SELECT count(*) AS updates, max(line) AS last FROM coming;
