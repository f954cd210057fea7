-- The standing announcements; their figures are asked for one announcement at a time.
SELECT id, title, announced, said, speaker, occasion, source,
       nullif((SELECT json_group_array(text)
               FROM (SELECT text FROM announcement_details
                     WHERE announcement = announcements.id AND part = 'term' ORDER BY position)), '[]') AS terms,
       nullif((SELECT json_group_array(text)
               FROM (SELECT text FROM announcement_details
                     WHERE announcement = announcements.id AND part = 'context' ORDER BY position)),
              '[]') AS context
FROM announcements
WHERE retracted_in IS NULL
ORDER BY id;
