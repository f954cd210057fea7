-- Find the rows whose key stands on an earlier line of the same list. A kind that comes again says nothing new.
DELETE FROM brought
WHERE list = 'kinds'
  AND line > (SELECT min(line) FROM brought AS first WHERE first.list = 'kinds' AND first.key = brought.key);
INSERT INTO repeated (line)
SELECT coming.line
FROM (SELECT id, min(line) AS first FROM coming GROUP BY id HAVING count(*) > 1) AS twice
JOIN coming ON coming.id = twice.id AND coming.line > twice.first
UNION ALL
SELECT brought.line
FROM (SELECT list, key, min(line) AS first FROM brought GROUP BY list, key HAVING count(*) > 1) AS twice
JOIN brought ON brought.list = twice.list AND brought.key = twice.key AND brought.line > twice.first;
