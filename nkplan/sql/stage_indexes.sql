-- Find what was put aside by its id, and the cohorts among it by their year, once all of it is there.
CREATE INDEX temp.coming_by_id ON coming (id);
CREATE INDEX temp.brought_in_order ON brought (list, line);
CREATE INDEX temp.brought_by_key ON brought (list, key);
CREATE INDEX temp.brought_cohorts
ON brought (json_extract(content, '$.parent'), json_extract(content, '$.year'))
WHERE list = 'projects' AND json_extract(content, '$.type') = 'cohort';
