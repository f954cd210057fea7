-- The ids of the updates of a long file, each with the number of the first update that has it.
DROP TABLE IF EXISTS temp.incoming_ids;
CREATE TEMP TABLE incoming_ids (id TEXT PRIMARY KEY NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
