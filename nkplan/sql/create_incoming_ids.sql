-- The ids of the updates of a long file, each with the number of the first update that has it.
CREATE TEMP TABLE incoming_ids (id TEXT PRIMARY KEY NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
