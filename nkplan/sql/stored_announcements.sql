-- The announcements among :keys, a JSON list of ids. The value of a figure is a text of all its digits, of
-- which JSON would keep fifteen; with fewer than 26 SQLite rounds very large ones wrong.
SELECT announcements.id, announcements.title, announcements.announced, announcements.speaker,
       announcements.occasion, announcements.said, announcements.source,
       (SELECT json_group_array(text) FROM (
            SELECT text FROM announcement_details
            WHERE announcement = announcements.id AND part = 'term' ORDER BY position)) AS terms,
       (SELECT json_group_array(text) FROM (
            SELECT text FROM announcement_details
            WHERE announcement = announcements.id AND part = 'context' ORDER BY position)) AS context,
       (SELECT json_group_array(json_object('item', item, 'value', printf('%!.26g', value), 'unit', unit,
                                            'year', year, 'source', source, 'note', note))
        FROM (SELECT * FROM announcement_figures
              WHERE announcement = announcements.id ORDER BY position)) AS figures,
       CASE WHEN announcements.retracted_in IS NULL THEN 'active'
            WHEN announcements.retracted_in = changes.undone_in THEN 'undone' ELSE 'retracted' END AS row_state
FROM announcements
JOIN changes ON changes.id = announcements.change_id
WHERE announcements.id IN (SELECT value FROM json_each(:keys));
