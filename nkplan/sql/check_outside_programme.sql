-- Projects whose place does not lie in the place of the cohort or programme that they belong to, where that has
-- a place.
WITH RECURSIVE above (project, member) AS (
    SELECT id, parent FROM projects WHERE parent IS NOT NULL AND place IS NOT NULL AND retracted_in IS NULL
    UNION
    SELECT above.project, projects.parent
    FROM above
    JOIN projects ON projects.id = above.member
    WHERE projects.parent IS NOT NULL
)
SELECT project.id AS id,
       json_array(owner.id, project.place, owner.place) AS others,
       'it is in ' || project.place || ', which does not lie in ' || owner.place || ', the place of ' || owner.id
           || '; look at the place of both' AS what
FROM above
JOIN projects AS project ON project.id = above.project
JOIN projects AS owner ON owner.id = above.member
WHERE owner.place IS NOT NULL AND owner.retracted_in IS NULL
  AND owner.place NOT IN (
      WITH RECURSIVE around (place) AS (
          SELECT project.place
          UNION
          SELECT places.parent FROM around JOIN places ON places.id = around.place WHERE places.parent IS NOT NULL
      )
      SELECT place FROM around)
ORDER BY project.id, owner.id;
