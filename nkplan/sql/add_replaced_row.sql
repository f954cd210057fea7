-- What an undone row said whose key the change :change gave to other content.
INSERT INTO replaced_rows (list, id, content, replaced_in) VALUES (:list, :id, :content, :change);
