-- The names that a project can be found by: its own, and every spelling of its place's, folded.
SELECT projects.id, projects.name, projects.type,
       (SELECT group_concat(folded, ' ') FROM place_names WHERE place_names.place = projects.place) AS folded
FROM projects
WHERE projects.retracted_in IS NULL
ORDER BY projects.id;
