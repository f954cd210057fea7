-- The id of a row that was left out for a fault of its own.
INSERT OR IGNORE INTO faulty (id) VALUES (?);
