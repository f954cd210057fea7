-- Take in the updates that stand on the lines :first to :last, in the change :change. One that takes the id of an
-- undone one replaces it.
INSERT OR REPLACE INTO updates (id, project, event_date, status, percent, promised, evidence, confidence, source,
                                announcement, note, rank, settled, known, change_id)
SELECT coming.id, coming.project, coming.event_date, coming.status, coming.percent, coming.promised,
       coalesce(coming.evidence, sources.evidence), coming.confidence, coming.source, coming.announcement,
       coming.note, coming.rank, days.settled, days.known, :change
FROM coming
LEFT JOIN sources ON sources.id = coming.source
JOIN days ON days.event_date = coming.event_date AND days.published = coalesce(sources.published, '')
WHERE coming.line BETWEEN :first AND :last
ORDER BY coming.line;
