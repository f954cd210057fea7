-- What a site belongs to by its parent: the programme, its name, and the cohort's year; as in the view `sites`.
SELECT parent.id, programme.id AS programme, programme.name AS programme_name,
       CASE parent.type WHEN 'cohort' THEN parent.year END AS year
FROM main.projects AS parent
LEFT JOIN main.projects AS programme
       ON programme.type = 'programme'
      AND programme.id = CASE parent.type WHEN 'cohort' THEN coalesce(parent.parent, parent.id) ELSE parent.id END
WHERE parent.type <> 'site';
