-- Keep the text of each row that stands as it is. The index of the words has to fit the texts before this.
DELETE FROM texts
WHERE (list, id) IN (SELECT list, id FROM (
    SELECT list, id, title, text, spellings FROM texts
    EXCEPT
    SELECT list, id, title, text, spellings FROM searched));
INSERT INTO texts (list, id, title, text, spellings)
SELECT list, id, title, text, spellings FROM searched
WHERE (list, id) NOT IN (SELECT list, id FROM texts);
