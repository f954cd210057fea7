-- Rows whose kept text, which is what a search looks in, is not what they say.
SELECT coalesce((SELECT project FROM updates WHERE list = 'update' AND updates.id = differing.id), id) AS id,
       CASE list WHEN 'update' THEN json_array(id) ELSE json_array() END AS others,
       'a search looks for this ' || list || ' in a text that is not its own, or not at all; run nkplan check --repair'
           AS what
FROM (SELECT list, id FROM (
    SELECT list, id, title, text, spellings FROM searched
    EXCEPT
    SELECT list, id, title, text, spellings FROM texts)
UNION
SELECT list, id FROM (
    SELECT list, id, title, text, spellings FROM texts
    EXCEPT
    SELECT list, id, title, text, spellings FROM searched)) AS differing
ORDER BY 1, 2;
