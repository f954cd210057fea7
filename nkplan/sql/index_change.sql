-- Keep what can be searched for of the rows that the change :change brought. A row that comes back after it was
-- undone has left `texts` in between; ON CONFLICT holds where it has not.
INSERT INTO texts (list, id, title, text, spellings)
SELECT list, id, title, text, spellings FROM searched WHERE change_id = :change
ON CONFLICT (list, id) DO UPDATE
SET title = excluded.title, text = excluded.text, spellings = excluded.spellings;
