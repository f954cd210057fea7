-- The cohorts that stand for the pairs of a programme and a year among :years, a JSON list.
SELECT projects.id
FROM json_each(:years)
JOIN projects ON projects.parent = json_extract(value, '$[0]') AND projects.year = json_extract(value, '$[1]')
WHERE projects.type = 'cohort' AND projects.retracted_in IS NULL;
