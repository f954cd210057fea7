-- Keep the letters :folded that the spelling :name of the place :place is looked up by.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded)
ON CONFLICT (place, name) DO UPDATE SET folded = excluded.folded;
