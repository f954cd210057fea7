-- Projects of which no update that stands tells. A programme or cohort is told of by what belongs to it.
WITH RECURSIVE told (id) AS (
    SELECT id FROM projects
    WHERE retracted_in IS NULL
      AND EXISTS (SELECT 1 FROM updates WHERE project = projects.id AND retracted_in IS NULL)
    UNION
    SELECT projects.parent FROM told JOIN projects ON projects.id = told.id WHERE projects.parent IS NOT NULL
)
SELECT projects.id AS id,
       json_array() AS others,
       'no update that stands tells of this ' || type || '; record what is known of it, with its source' AS what
FROM projects
WHERE retracted_in IS NULL AND id NOT IN (SELECT id FROM told)
ORDER BY projects.id;
