-- The standing sources.
SELECT id, title, publisher, published, url, evidence, archive, note
FROM sources
WHERE retracted_in IS NULL
ORDER BY id;
