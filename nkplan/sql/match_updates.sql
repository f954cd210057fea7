-- The updates that a person can mean by :part of an id.
SELECT updates.id, updates.project, updates.event_date, updates.change_id, updates.retracted_in
FROM updates
WHERE instr(updates.id, :part) > 0
ORDER BY updates.id
LIMIT 21;
