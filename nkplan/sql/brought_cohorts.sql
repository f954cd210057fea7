-- The first cohort that a long file brings for each pair of a programme and a year among :years, a JSON list.
SELECT min(line) AS line, key, content
FROM (SELECT DISTINCT json_extract(value, '$[0]') AS parent, json_extract(value, '$[1]') AS year
      FROM json_each(:years)) AS wanted
JOIN brought ON json_extract(content, '$.parent') = wanted.parent AND json_extract(content, '$.year') = wanted.year
WHERE list = 'projects' AND json_extract(content, '$.type') = 'cohort'
  AND line NOT IN (SELECT line FROM repeated)
GROUP BY wanted.parent, wanted.year;
