-- The pairs of an event's date and its source's of the updates that are coming; '' where a source has none.
SELECT DISTINCT coming.event_date, coalesce(sources.published, '') AS published
FROM coming
LEFT JOIN sources ON sources.id = coming.source;
