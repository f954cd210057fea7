-- The standing source with the link :url.
SELECT id FROM sources WHERE url = :url AND retracted_in IS NULL ORDER BY id LIMIT 1;
