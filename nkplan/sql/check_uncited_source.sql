-- Sources that no update, announcement or figure of an announcement cites, of those that stand.
SELECT sources.id AS id,
       json_array() AS others,
       'nothing that stands cites it; record what it says, or leave it out' AS what
FROM sources
WHERE retracted_in IS NULL
  AND NOT EXISTS (SELECT 1 FROM updates WHERE source = sources.id AND retracted_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM announcements WHERE source = sources.id AND retracted_in IS NULL)
  AND NOT EXISTS (SELECT 1 FROM announcement_figures AS figures
                  JOIN announcements ON announcements.id = figures.announcement
                  WHERE figures.source = sources.id AND announcements.retracted_in IS NULL)
ORDER BY sources.id;
