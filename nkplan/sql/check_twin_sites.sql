-- Two sites of one kind and one year in one place. An outermost place, such as a capital that is a province of
-- its own, has room for more than one, and sites without a year may be of different ones.
SELECT site.id AS id,
       json_array(twin.id, site.place) AS others,
       'it and ' || twin.id || ' are both a ' || site.kind || ' of ' || site.year || ' in ' || site.place_name
           || '; look whether one project was recorded twice' AS what
FROM sites AS site
JOIN projects AS same_place ON same_place.place = site.place AND same_place.id > site.id
JOIN sites AS twin ON twin.id = same_place.id
JOIN places ON places.id = site.place
WHERE twin.kind = site.kind AND twin.year = site.year AND places.parent IS NOT NULL
ORDER BY site.id, twin.id;
