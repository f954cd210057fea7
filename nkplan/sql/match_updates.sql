-- The updates that a person can mean by :part of an id, those that stand first.
SELECT updates.id, updates.project, updates.event_date, updates.change_id, updates.retracted_in
FROM updates
WHERE instr(updates.id, :part) > 0
ORDER BY updates.retracted_in IS NOT NULL, updates.id
LIMIT 21;
