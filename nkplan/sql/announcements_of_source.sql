-- The ids of the standing announcements that cite the source :source.
SELECT id FROM announcements WHERE source = :source AND retracted_in IS NULL ORDER BY id;
