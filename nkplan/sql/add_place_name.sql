-- A spelling of a place's name, with the letters that it is looked up by.
INSERT INTO place_names (place, name, folded) VALUES (:place, :name, :folded);
