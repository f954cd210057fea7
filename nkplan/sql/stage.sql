-- Where one writer keeps the rows of a long file until all of them are known to be right, by their line: `coming`
-- has the updates; `brought` the rows of the other lists, as JSON in the fields of the file format, with what tells
-- them apart as `key`; `faulty` the ids of rows left out for a fault of their own; `repeated` the lines whose row
-- stands earlier in the file; `replacing` those whose row takes the key of an undone one; `suspects` the updates
-- that have to be looked at one by one; `days` what follows from each pair of an event's and its source's date (''
-- without one); `moving` the projects whose states may change, and `was` their states before. They lie in a file
-- that SQLite removes.
CREATE TEMP TABLE coming (
    line         INTEGER PRIMARY KEY,
    id           TEXT NOT NULL,
    project      TEXT NOT NULL,
    event_date   TEXT NOT NULL,
    status       TEXT,
    percent      REAL,
    promised     TEXT,
    evidence     TEXT,
    confidence   TEXT,
    source       TEXT,
    announcement TEXT,
    note         TEXT,
    rank         INTEGER
);
CREATE TEMP TABLE brought (
    line    INTEGER PRIMARY KEY,
    list    TEXT NOT NULL,
    key     TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE TEMP TABLE faulty (id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE repeated (line INTEGER PRIMARY KEY);
CREATE TEMP TABLE replacing (line INTEGER PRIMARY KEY);
CREATE TEMP TABLE suspects (id TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (id, line)) WITHOUT ROWID;
CREATE TEMP TABLE days (
    event_date TEXT NOT NULL,
    published  TEXT NOT NULL,
    settled    TEXT NOT NULL,
    known      TEXT NOT NULL,
    PRIMARY KEY (event_date, published)
) WITHOUT ROWID;
CREATE TEMP TABLE moving (project TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE was (
    project   TEXT PRIMARY KEY NOT NULL,
    status    TEXT,
    claimed   TEXT,
    verified  TEXT,
    started   INTEGER,
    progress  REAL,
    last_date TEXT,
    last_day  TEXT,
    promised  TEXT,
    updates   INTEGER,
    groundbroken     TEXT,
    groundbroken_day TEXT,
    opened           TEXT,
    opened_day       TEXT
);
