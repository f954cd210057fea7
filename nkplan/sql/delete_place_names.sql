-- Delete the spellings of the place :place.
DELETE FROM place_names WHERE place = :place;
