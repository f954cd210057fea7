-- The updates of the projects among :projects, a JSON list of ids, or those that cite a source or record an
-- announcement, the retracted ones too, each with its source, its project's name, and when and by whom it was
-- recorded; in the order in which they are judged, the latest last.
SELECT updates.*, projects.name AS project_name,
       sources.id AS source_id, sources.title, sources.publisher, sources.published, sources.url,
       sources.evidence AS usual_evidence, sources.archive, sources.note AS source_note,
       changes.recorded, changes.recorded_by, undoing.recorded AS retracted
FROM updates
JOIN projects ON projects.id = updates.project
JOIN changes ON changes.id = updates.change_id
LEFT JOIN changes AS undoing ON undoing.id = updates.retracted_in
LEFT JOIN sources ON sources.id = updates.source
WHERE updates.project IN (SELECT value FROM json_each(:projects))
   OR updates.source = :source
   OR updates.announcement = :announcement
ORDER BY updates.settled, updates.rank, updates.percent, updates.promised, updates.event_date, updates.project,
         updates.id;
