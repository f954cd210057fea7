-- The nkplan database, version 2.
--
-- It separates what was promised (announcements, quotas, promised dates) from what is claimed and what is
-- verified (updates with their evidence class). To explore it, start with the view `sites`.
--
-- * Dates are stored as their source writes them: 2024, 2024-Q3, 2024-03 or 2024-03-15.
-- * Nothing is deleted. `change_id` is the change that recorded a row; `retracted_in` is the change that undid
--   or retracted it, and NULL while the row is active.
-- * Vocabularies and dates are checked here as well as by the program, so that someone who uses `sqlite3`
--   cannot break them either.

PRAGMA application_id = 1852534892;  -- the letters nkpl
PRAGMA user_version = 2;

-- The upgrades applied to this database, or not needed because it was created later; sqlite-utils keeps it.
CREATE TABLE _sqlite_migrations (
    id            INTEGER PRIMARY KEY,
    migration_set TEXT NOT NULL,
    name          TEXT NOT NULL,
    applied_at    TEXT NOT NULL,
    UNIQUE (migration_set, name)
) STRICT;

-- The journal: one row for each command that wrote. `undone_in` is the change that undid all of it.
CREATE TABLE changes (
    id          INTEGER PRIMARY KEY,
    command     TEXT NOT NULL CHECK (command IN ('first run', 'add', 'update', 'load', 'undo')),
    recorded    TEXT NOT NULL CHECK (datetime(recorded, '+0 days') || 'Z' IS replace(recorded, 'T', ' ')),
    recorded_by TEXT NOT NULL,
    summary     TEXT NOT NULL,
    undone_in   INTEGER REFERENCES changes (id)
) STRICT;

-- What a project can be: factory, hospital, ... Kinds are data; a file or `nkplan add --new-kind` adds more.
CREATE TABLE kinds (
    id           TEXT PRIMARY KEY NOT NULL,
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id)
) STRICT;

-- A province, city, county or district. `province` is the outermost place around it, derived from `parent`; a
-- province is its own.
CREATE TABLE places (
    id              TEXT PRIMARY KEY NOT NULL,
    name            TEXT NOT NULL,
    full_name       TEXT,
    local_name      TEXT,
    type            TEXT,
    parent          TEXT REFERENCES places (id),
    province        TEXT NOT NULL REFERENCES places (id),
    latitude        REAL CHECK (latitude BETWEEN -90 AND 90),
    longitude       REAL CHECK (longitude BETWEEN -180 AND 180),
    population      INTEGER CHECK (population >= 0),
    population_year INTEGER CHECK (population_year BETWEEN 1000 AND 2999),
    note            TEXT,
    change_id       INTEGER NOT NULL REFERENCES changes (id),
    retracted_in    INTEGER REFERENCES changes (id)
) STRICT;

-- Every spelling of a place's name, including its own names; `folded` is the lookup key: the spelling without
-- case, diacritics, apostrophes, spaces and hyphens.
CREATE TABLE place_names (
    place  TEXT NOT NULL REFERENCES places (id),
    name   TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (place, name)
) STRICT;
CREATE INDEX place_names_by_folded ON place_names (folded);

-- A document. `evidence` is its usual class; each update has its own.
CREATE TABLE sources (
    id           TEXT PRIMARY KEY NOT NULL,
    title        TEXT,
    publisher    TEXT,
    published    TEXT CHECK (
                     published GLOB '[12]*' AND (
                     published GLOB '[12][0-9][0-9][0-9]' OR published GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                     OR date(published || '-01', '+0 days') IS published || '-01'
                     OR date(published, '+0 days') IS published)),
    url          TEXT CHECK (url GLOB 'http://*' OR url GLOB 'https://*'),
    evidence     TEXT CHECK (evidence IN ('state-media', 'satellite-imagery', 'ground-source', 'government',
                                          'foreign-media', 'expert')),
    archive      TEXT CHECK (archive GLOB 'http://*' OR archive GLOB 'https://*'),
    note         TEXT,
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id)
) STRICT;
CREATE INDEX sources_by_url ON sources (url);

-- A statement in which something is promised. `settled` and `known` are as in updates.
CREATE TABLE announcements (
    id           TEXT PRIMARY KEY NOT NULL,
    title        TEXT NOT NULL,
    announced    TEXT NOT NULL CHECK (
                     announced GLOB '[12]*' AND (
                     announced GLOB '[12][0-9][0-9][0-9]' OR announced GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                     OR date(announced || '-01', '+0 days') IS announced || '-01'
                     OR date(announced, '+0 days') IS announced)),
    speaker      TEXT,
    occasion     TEXT,
    said         TEXT NOT NULL,
    source       TEXT REFERENCES sources (id),
    settled      TEXT NOT NULL CHECK (date(settled, '+0 days') IS settled),
    known        TEXT NOT NULL CHECK (date(known, '+0 days') IS known),
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id)
) STRICT;
CREATE INDEX announcements_by_source ON announcements (source);

-- The terms that a speaker set and the background given, one sentence in each row.
CREATE TABLE announcement_details (
    announcement TEXT NOT NULL REFERENCES announcements (id),
    part         TEXT NOT NULL CHECK (part IN ('term', 'context')),
    position     INTEGER NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (announcement, part, position)
) STRICT;

-- The numbers that an announcement states; `source` is set if it is not the announcement's.
CREATE TABLE announcement_figures (
    announcement TEXT NOT NULL REFERENCES announcements (id),
    position     INTEGER NOT NULL,
    item         TEXT NOT NULL,
    value        REAL NOT NULL,
    unit         TEXT NOT NULL,
    year         INTEGER CHECK (year BETWEEN 1000 AND 2999),
    source       TEXT REFERENCES sources (id),
    note         TEXT,
    PRIMARY KEY (announcement, position)
) STRICT;
CREATE INDEX announcement_figures_by_source ON announcement_figures (source);

-- Something announced. A programme has cohorts (one a year), a cohort has sites; only sites are counted.
CREATE TABLE projects (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    type         TEXT NOT NULL CHECK (type IN ('programme', 'cohort', 'site')),
    kind         TEXT NOT NULL REFERENCES kinds (id),
    parent       TEXT REFERENCES projects (id),
    model        TEXT REFERENCES projects (id),
    place        TEXT REFERENCES places (id),
    year         INTEGER CHECK (year BETWEEN 1000 AND 2999),
    note         TEXT,
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id),
    CHECK (type <> 'programme' OR parent IS NULL),
    CHECK (type <> 'cohort' OR (parent IS NOT NULL AND year IS NOT NULL))
) STRICT;
CREATE INDEX projects_by_parent ON projects (parent);
CREATE INDEX standing_sites ON projects (id) WHERE type = 'site' AND retracted_in IS NULL;
CREATE INDEX projects_by_model ON projects (model);
CREATE UNIQUE INDEX cohorts_are_one_a_year ON projects (parent, year)
WHERE type = 'cohort' AND retracted_in IS NULL;
CREATE INDEX projects_by_place ON projects (place);

-- A number promised, for each of its years or for all of them together. If two quotas are for the same
-- project, kind and years, the one announced later applies, and the earlier one remains visible.
CREATE TABLE quotas (
    id           INTEGER PRIMARY KEY,
    project      TEXT NOT NULL REFERENCES projects (id),
    kind         TEXT NOT NULL REFERENCES kinds (id),
    quantity     INTEGER NOT NULL CHECK (quantity > 0),
    per          TEXT NOT NULL CHECK (per IN ('year', 'total')),
    unit         TEXT,
    first_year   INTEGER CHECK (first_year BETWEEN 1000 AND 2999),
    last_year    INTEGER CHECK (last_year BETWEEN 1000 AND 2999),
    announcement TEXT REFERENCES announcements (id),
    note         TEXT,
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id),
    CHECK (first_year <= last_year)
) STRICT;
CREATE UNIQUE INDEX quotas_are_distinct ON quotas (
    project, kind, per, coalesce(first_year, 0), coalesce(last_year, 0), coalesce(announcement, ''));
CREATE INDEX quotas_by_announcement ON quotas (announcement);

-- One dated claim about a project. `event_date` is when the event happened, `promised` a date by which
-- completion was promised, `evidence` how the claim is known, `announcement` the promise that it records, if
-- any. `rank` is the position of the status in the usual order, `settled` the day by which the event had
-- surely happened, `known` the day by which it was known: the end of the source's date or, if the source has
-- none, of the event's. These three follow from the status and the dates, and are stored because every
-- judgement uses them.
CREATE TABLE updates (
    id           TEXT PRIMARY KEY NOT NULL,
    project      TEXT NOT NULL REFERENCES projects (id),
    event_date   TEXT NOT NULL CHECK (
                     event_date GLOB '[12]*' AND (
                     event_date GLOB '[12][0-9][0-9][0-9]' OR event_date GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                     OR date(event_date || '-01', '+0 days') IS event_date || '-01'
                     OR date(event_date, '+0 days') IS event_date)),
    status       TEXT CHECK (status IN ('announced', 'preparing', 'groundbroken', 'building', 'completed',
                                        'operating', 'idle', 'paused', 'cancelled')),
    percent      REAL CHECK (percent BETWEEN 0 AND 100),
    promised     TEXT CHECK (
                     promised GLOB '[12]*' AND (
                     promised GLOB '[12][0-9][0-9][0-9]' OR promised GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                     OR date(promised || '-01', '+0 days') IS promised || '-01'
                     OR date(promised, '+0 days') IS promised)),
    evidence     TEXT CHECK (evidence IN ('state-media', 'satellite-imagery', 'ground-source', 'government',
                                          'foreign-media', 'expert')),
    confidence   TEXT CHECK (confidence IN ('high', 'medium', 'low')),
    source       TEXT REFERENCES sources (id),
    announcement TEXT REFERENCES announcements (id),
    note         TEXT,
    rank         INTEGER CHECK (rank IS CASE status WHEN 'announced' THEN 0 WHEN 'preparing' THEN 1
                     WHEN 'groundbroken' THEN 2 WHEN 'building' THEN 3 WHEN 'completed' THEN 4
                     WHEN 'operating' THEN 5 WHEN 'idle' THEN 6 WHEN 'paused' THEN 7
                     WHEN 'cancelled' THEN 8 END),
    settled      TEXT NOT NULL CHECK (date(settled, '+0 days') IS settled),
    known        TEXT NOT NULL CHECK (date(known, '+0 days') IS known),
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id),
    CHECK (coalesce(status, percent, promised, note) IS NOT NULL)
) STRICT;
-- All that a judgement needs from an update, in the order of judgement: `judged` reads only this index.
CREATE INDEX updates_in_order ON updates (
    project, settled, rank, percent, promised, event_date, status, evidence, known, retracted_in);
CREATE INDEX updates_by_known ON updates (known);
CREATE INDEX updates_promising ON updates (project, settled, rank, percent, promised) WHERE promised IS NOT NULL;
CREATE INDEX updates_by_source ON updates (source);
CREATE INDEX updates_by_announcement ON updates (announcement);
CREATE INDEX updates_by_change ON updates (change_id);
CREATE INDEX quotas_by_change ON quotas (change_id);
CREATE INDEX projects_by_change ON projects (change_id);
CREATE INDEX announcements_by_change ON announcements (change_id);
CREATE INDEX sources_by_change ON sources (change_id);
CREATE INDEX places_by_change ON places (change_id);
CREATE INDEX kinds_by_change ON kinds (change_id);

-- The former content of a row whose change was undone and whose id was then recorded again with other
-- content. `content` is the row as JSON, in the fields of the file format.
CREATE TABLE replaced_rows (
    list        TEXT NOT NULL,
    id          TEXT NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content)),
    replaced_in INTEGER NOT NULL REFERENCES changes (id)
) STRICT;

-- The active updates.
CREATE VIEW standing AS
SELECT * FROM updates WHERE retracted_in IS NULL;

-- What `settled`, `known` and `rank` have to be in each update and announcement, derived from the dates and
-- the status. A source published before an event begins cannot report what happens in it, and does not change
-- `settled`.
CREATE VIEW dated AS
WITH spans (date, first, last) AS MATERIALIZED (
    SELECT date,
           CASE WHEN length(date) = 4 THEN date || '-01-01'
                WHEN date GLOB '*Q*' THEN substr(date, 1, 5) || substr('01040710', 2 * substr(date, 7) - 1, 2) || '-01'
                WHEN length(date) = 7 THEN date || '-01'
                ELSE date END,
           CASE WHEN length(date) = 4 THEN date || '-12-31'
                WHEN date GLOB '*Q*' THEN substr(date, 1, 5) || substr('03-3106-3009-3012-31', 5 * substr(date, 7) - 4, 5)
                WHEN length(date) = 7 THEN date(date || '-01', '+1 month', '-1 day')
                ELSE date END
    FROM (SELECT event_date AS date FROM updates
          UNION
          SELECT announced FROM announcements
          UNION
          SELECT published FROM sources WHERE published IS NOT NULL)
)
SELECT 'update' AS list,
       updates.id AS id,
       CASE WHEN told.last BETWEEN happened.first AND happened.last THEN told.last ELSE happened.last END AS settled,
       coalesce(told.last, happened.last) AS known,
       CASE updates.status WHEN 'announced' THEN 0 WHEN 'preparing' THEN 1 WHEN 'groundbroken' THEN 2
                           WHEN 'building' THEN 3 WHEN 'completed' THEN 4 WHEN 'operating' THEN 5
                           WHEN 'idle' THEN 6 WHEN 'paused' THEN 7 WHEN 'cancelled' THEN 8 END AS rank
FROM updates
JOIN spans AS happened ON happened.date = updates.event_date
LEFT JOIN sources ON sources.id = updates.source
LEFT JOIN spans AS told ON told.date = sources.published
UNION ALL
SELECT 'announcement',
       announcements.id,
       CASE WHEN told.last BETWEEN happened.first AND happened.last THEN told.last ELSE happened.last END,
       coalesce(told.last, happened.last),
       NULL
FROM announcements
JOIN spans AS happened ON happened.date = announcements.announced
LEFT JOIN sources ON sources.id = announcements.source
LEFT JOIN spans AS told ON told.date = sources.published;

-- The state of each project that has updates, judged from the active ones. An update counts from the day by
-- which its event had surely happened; on one day the status later in the order wins, then the higher percentage, the
-- later promised date, and the later event. The manual's topic judging says the same.
--
-- `status` is the latest of any evidence class, `claimed` the latest of state media, `verified` the latest of
-- a class that verifies. `groundbroken` and `opened` are the first such events, as written, and `_day` the
-- day by which they had surely happened; of several on one day the most precise date is taken.
CREATE VIEW judged AS
SELECT id AS project,
       (SELECT status FROM standing WHERE project = projects.id AND status IS NOT NULL
        ORDER BY settled DESC, rank DESC LIMIT 1) AS status,
       (SELECT status FROM standing WHERE project = projects.id AND status IS NOT NULL
           AND evidence = 'state-media'
        ORDER BY settled DESC, rank DESC LIMIT 1) AS claimed,
       (SELECT status FROM standing WHERE project = projects.id AND status IS NOT NULL
           AND evidence IN ('satellite-imagery', 'ground-source', 'government', 'foreign-media')
        ORDER BY settled DESC, rank DESC LIMIT 1) AS verified,
       EXISTS (SELECT 1 FROM standing WHERE project = projects.id AND rank BETWEEN 2 AND 6) AS started,
       -- What was said last, in percent or by a status: 100 once opened, 0 before work. Where only "work" or
       -- "halt" was said after a 0 or 100, that is a percentage of something else, and nothing is known.
       CASE (SELECT percent IS NULL AND rank IN (2, 3, 7, 8) FROM standing
             WHERE project = projects.id AND (percent IS NOT NULL OR rank IS NOT NULL)
             ORDER BY settled DESC, rank DESC, percent DESC LIMIT 1)
       WHEN 1 THEN (SELECT nullif(nullif(coalesce(percent, CASE WHEN rank > 1 THEN 100.0 ELSE 0.0 END), 0), 100)
                    FROM standing
                    WHERE project = projects.id AND (percent IS NOT NULL OR rank IN (0, 1, 4, 5, 6))
                    ORDER BY settled DESC, rank DESC, percent DESC LIMIT 1)
       WHEN 0 THEN (SELECT coalesce(percent, CASE WHEN rank > 1 THEN 100.0 ELSE 0.0 END) FROM standing
                    WHERE project = projects.id AND (percent IS NOT NULL OR rank IN (0, 1, 4, 5, 6))
                    ORDER BY settled DESC, rank DESC, percent DESC LIMIT 1)
       END AS progress,
       (SELECT event_date FROM standing WHERE project = projects.id
        ORDER BY settled DESC, rank DESC, percent DESC, promised DESC, event_date DESC LIMIT 1) AS last_date,
       (SELECT max(settled) FROM standing WHERE project = projects.id) AS last_day,
       (SELECT promised FROM standing WHERE project = projects.id AND promised IS NOT NULL
        ORDER BY settled DESC, rank DESC, percent DESC, promised DESC LIMIT 1) AS promised,
       (SELECT count(*) FROM standing WHERE project = projects.id) AS updates,
       (SELECT event_date FROM standing WHERE project = projects.id AND rank = 2
        ORDER BY settled, length(event_date) DESC, event_date LIMIT 1) AS groundbroken,
       (SELECT min(settled) FROM standing WHERE project = projects.id AND rank = 2) AS groundbroken_day,
       (SELECT event_date FROM standing WHERE project = projects.id AND rank IN (4, 5)
        ORDER BY settled, length(event_date) DESC, event_date LIMIT 1) AS opened,
       (SELECT min(settled) FROM standing WHERE project = projects.id AND rank IN (4, 5)) AS opened_day
FROM main.projects
WHERE EXISTS (SELECT 1 FROM standing WHERE project = projects.id);

-- The present states, stored so that no reader has to judge: the rows of `judged`, updated at every write.
CREATE TABLE states (
    project   TEXT PRIMARY KEY NOT NULL REFERENCES projects (id),
    status    TEXT CHECK (status IN ('announced', 'preparing', 'groundbroken', 'building', 'completed',
                                     'operating', 'idle', 'paused', 'cancelled')),
    claimed   TEXT CHECK (claimed IN ('announced', 'preparing', 'groundbroken', 'building', 'completed',
                                      'operating', 'idle', 'paused', 'cancelled')),
    verified  TEXT CHECK (verified IN ('announced', 'preparing', 'groundbroken', 'building', 'completed',
                                       'operating', 'idle', 'paused', 'cancelled')),
    started   INTEGER NOT NULL CHECK (started IN (0, 1)),
    progress  REAL CHECK (progress BETWEEN 0 AND 100),
    last_date TEXT CHECK (
                 last_date GLOB '[12]*' AND (
                 last_date GLOB '[12][0-9][0-9][0-9]' OR last_date GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                 OR date(last_date || '-01', '+0 days') IS last_date || '-01'
                 OR date(last_date, '+0 days') IS last_date)),
    last_day  TEXT CHECK (date(last_day, '+0 days') IS last_day),
    promised  TEXT CHECK (
                 promised GLOB '[12]*' AND (
                 promised GLOB '[12][0-9][0-9][0-9]' OR promised GLOB '[12][0-9][0-9][0-9]-Q[1-4]'
                 OR date(promised || '-01', '+0 days') IS promised || '-01'
                 OR date(promised, '+0 days') IS promised)),
    updates   INTEGER NOT NULL CHECK (updates > 0),
    groundbroken     TEXT,
    groundbroken_day TEXT,
    opened           TEXT,
    opened_day       TEXT
) STRICT;

-- Each active site, where it is, what it belongs to and its present state: the view to start with. `promised`
-- is the site's own latest promised date, or its cohort's if it has none.
CREATE VIEW sites AS
SELECT site.id,
       site.name,
       site.kind,
       site.place,
       coalesce(place.full_name, place.name) AS place_name,
       place.province,
       province.name AS province_name,
       programme.id AS programme,
       programme.name AS programme_name,
       cohort.id AS cohort,
       coalesce(site.year, cohort.year) AS year,
       state.status,
       state.claimed,
       state.verified,
       coalesce(state.started, 0) AS started,
       state.progress,
       state.last_date,
       state.last_day,
       coalesce(state.promised, (SELECT promised FROM states WHERE project = cohort.id)) AS promised,
       coalesce(state.updates, 0) AS updates,
       state.groundbroken,
       state.groundbroken_day,
       state.opened,
       state.opened_day
FROM projects AS site
LEFT JOIN places AS place ON place.id = site.place
LEFT JOIN places AS province ON province.id = place.province
LEFT JOIN main.projects AS cohort ON cohort.id = site.parent AND cohort.type = 'cohort'
LEFT JOIN main.projects AS programme
       ON programme.id = coalesce(cohort.parent, site.parent) AND programme.type = 'programme'
LEFT JOIN states AS state ON state.project = site.id
WHERE site.type = 'site' AND site.retracted_in IS NULL;

-- The searchable text of each active row; `change_id` is the change that recorded it. `spellings` repeats its
-- words in the other forms in which they are searched for: without the apostrophes and hyphens of romanised
-- names, with x for ×, and with a space on each side of every Han character and kana, because those scripts
-- put none between words (for the first 10,000 characters only, because a very long text would take too
-- long).
CREATE VIEW searched AS
SELECT list, id, title, text,
       nullif(trim(
           coalesce(folded, '')
           || CASE WHEN instr(whole, '''') OR instr(whole, '-') OR instr(whole, '`')
                        OR beyond_ascii AND whole GLOB '*[’‘ʼʻ´′‐‑×]*'
              THEN ' ' || replace(replace(replace(replace(replace(replace(
                   replace(replace(replace(replace(replace(replace(
                   whole, '''', ''), '’', ''), '‘', ''), 'ʼ', ''), 'ʻ', ''), '`', ''), '´', ''), '′', ''),
                   '‐', ''), '‑', ''), '-', ''), '×', 'x')
              ELSE '' END
           || CASE WHEN beyond_ascii AND whole GLOB '*[々-〇぀-ヿ㐀-鿿𠀀-𳎯]*'
              THEN ' ' || (WITH RECURSIVE letters (at) AS (
                               SELECT 1
                               UNION ALL
                               SELECT at + 1 FROM letters WHERE at < min(length(whole), 10000))
                           SELECT group_concat(CASE WHEN letter GLOB '[々-〇぀-ヿ㐀-鿿𠀀-𳎯]'
                                               THEN ' ' || letter || ' ' ELSE letter END, '')
                           FROM (SELECT substr(whole, at, 1) AS letter FROM letters))
              ELSE '' END), '') AS spellings,
       change_id
FROM (
    -- To look for a letter of another script takes long, so that most texts, which have none, are spared it.
    SELECT list, id, title, text, folded, change_id, coalesce(title, '') || ' ' || coalesce(text, '') AS whole,
           length(coalesce(title, '')) <> length(CAST(coalesce(title, '') AS BLOB))
           OR length(coalesce(text, '')) <> length(CAST(coalesce(text, '') AS BLOB)) AS beyond_ascii
    FROM (
        SELECT 'project' AS list, id, name AS title, note AS text, NULL AS folded, change_id
        FROM projects
        WHERE retracted_in IS NULL
        UNION ALL
        SELECT 'place', id, coalesce(full_name, name),
               (SELECT group_concat(name, ' · ') FROM (
                    SELECT name FROM place_names WHERE place = places.id ORDER BY name))
               || coalesce(' · ' || note, ''),
               (SELECT group_concat(folded, ' ') FROM (
                    SELECT DISTINCT folded FROM place_names WHERE place = places.id ORDER BY folded)),
               change_id
        FROM places
        WHERE retracted_in IS NULL
        UNION ALL
        SELECT 'source', id, title,
               CASE WHEN publisher IS NULL THEN note ELSE publisher || coalesce(' · ' || note, '') END,
               NULL, change_id
        FROM sources
        WHERE retracted_in IS NULL AND coalesce(title, publisher, note) IS NOT NULL
        UNION ALL
        SELECT 'announcement', id, title,
               said || coalesce(' · ' || speaker, '') || coalesce(' · ' || occasion, '')
               || coalesce(' · ' || (SELECT group_concat(text, ' · ') FROM (
                    SELECT text FROM announcement_details
                    WHERE announcement = announcements.id ORDER BY part DESC, position)), '')
               || coalesce(' · ' || (SELECT group_concat(item || coalesce(', ' || note, ''), ' · ') FROM (
                    SELECT item, note FROM announcement_figures
                    WHERE announcement = announcements.id ORDER BY position)), ''),
               NULL, change_id
        FROM announcements
        WHERE retracted_in IS NULL
        UNION ALL
        SELECT 'update', id, NULL, note, NULL, change_id
        FROM updates
        WHERE retracted_in IS NULL AND note IS NOT NULL));

-- The rows of `searched`, stored and updated at every write like `states`; the index of words refers to them.
CREATE TABLE texts (
    number    INTEGER PRIMARY KEY,
    list      TEXT NOT NULL CHECK (list IN ('project', 'update', 'source', 'announcement', 'place')),
    id        TEXT NOT NULL,
    title     TEXT,
    text      TEXT,
    spellings TEXT,
    UNIQUE (list, id)
) STRICT;

-- The index of the words in `texts`, without case and diacritics; words of a title weigh most. It stores no
-- text of its own, so every change in `texts` has to be made here too; a row must not be replaced there by
-- INSERT OR REPLACE, which runs no trigger for the row that it deletes.
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, spellings, content = 'texts', content_rowid = 'number',
    tokenize = "unicode61 remove_diacritics 2");
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 1.0, 0.5)');
CREATE TRIGGER texts_come AFTER INSERT ON texts BEGIN
    INSERT INTO words (rowid, title, text, spellings) VALUES (new.number, new.title, new.text, new.spellings);
END;
CREATE TRIGGER texts_go AFTER DELETE ON texts BEGIN
    INSERT INTO words (words, rowid, title, text, spellings)
    VALUES ('delete', old.number, old.title, old.text, old.spellings);
END;
CREATE TRIGGER texts_change AFTER UPDATE ON texts BEGIN
    INSERT INTO words (words, rowid, title, text, spellings)
    VALUES ('delete', old.number, old.title, old.text, old.spellings);
    INSERT INTO words (rowid, title, text, spellings) VALUES (new.number, new.title, new.text, new.spellings);
END;
