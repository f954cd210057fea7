-- What follows from a pair of dates (see stage.sql).
INSERT INTO days (event_date, published, settled, known) VALUES (?, ?, ?, ?);
