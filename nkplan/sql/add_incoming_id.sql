-- The id of an update of a long file; nothing where an earlier one has it.
INSERT OR IGNORE INTO incoming_ids (id, number) VALUES (?, ?);
