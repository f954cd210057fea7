-- The standing source with exactly the id :id.
SELECT id, coalesce(title, url, id) AS name FROM sources WHERE id = :id AND retracted_in IS NULL;
