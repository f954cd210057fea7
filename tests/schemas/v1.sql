-- The nkplan database, version 1.
--
-- It keeps apart what was promised (announcements, quotas, promised dates), what is claimed and what is
-- verified (updates with their evidence class). To look around, start at the view `sites`.
--
-- * Dates are kept as their source writes them: 2024, 2024-Q3, 2024-03 or 2024-03-15.
-- * Nothing is deleted. `change_id` is the change that brought a row; `retracted_in` the change that took it
--   back, and NULL while the row stands.
-- * Vocabularies and dates are checked here as well as by the program, so that a hand at `sqlite3` can not
--   break them either.

PRAGMA application_id = 1852534892;  -- the letters nkpl
PRAGMA user_version = 1;

-- One row for each command that wrote: the journal. `undone_in` is the change that took all of it back.
CREATE TABLE changes (
    id          INTEGER PRIMARY KEY,
    command     TEXT NOT NULL CHECK (command IN ('first run', 'add', 'update', 'load', 'undo')),
    recorded    TEXT NOT NULL CHECK (datetime(recorded, '+0 days') || 'Z' IS replace(recorded, 'T', ' ')),
    recorded_by TEXT NOT NULL,
    summary     TEXT NOT NULL,
    undone_in   INTEGER REFERENCES changes (id)
) STRICT;

-- What a project can be: factory, hospital, ... Kinds are data; a file or `nkplan add --new-kind` brings more.
CREATE TABLE kinds (
    id           TEXT PRIMARY KEY NOT NULL,
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id)
) STRICT;

-- A province, city, county or district. `province` is the outermost place it lies in, worked out from
-- `parent`; a province is its own.
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

-- Every spelling of a place's name, its own included; `folded` is the spelling without case, diacritics,
-- apostrophes, spaces and hyphens, as looked up.
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

-- A statement in which something is promised.
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
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id)
) STRICT;
CREATE INDEX announcements_by_source ON announcements (source);

-- The terms a speaker set and the background given, one sentence a row.
CREATE TABLE announcement_details (
    announcement TEXT NOT NULL REFERENCES announcements (id),
    part         TEXT NOT NULL CHECK (part IN ('term', 'context')),
    position     INTEGER NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (announcement, part, position)
) STRICT;

-- The numbers an announcement states.
CREATE TABLE announcement_figures (
    announcement TEXT NOT NULL REFERENCES announcements (id),
    position     INTEGER NOT NULL,
    item         TEXT NOT NULL,
    value        REAL NOT NULL,
    unit         TEXT NOT NULL,
    year         INTEGER CHECK (year BETWEEN 1000 AND 2999),
    note         TEXT,
    PRIMARY KEY (announcement, position)
) STRICT;

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
CREATE INDEX projects_by_model ON projects (model);
CREATE UNIQUE INDEX cohorts_are_one_a_year ON projects (parent, year)
WHERE type = 'cohort' AND retracted_in IS NULL;
CREATE INDEX projects_by_place ON projects (place);

-- A number promised, for each of its years or for all of them together. Where two quotas speak of the same
-- project, kind and years, the one announced later holds, and the earlier one stays to be seen.
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

-- One dated claim about a project. `event_date` is when what it tells of happened, `promised` a date by which
-- completion was promised, `evidence` how it is known, `announcement` the promise it records, if it does.
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
    change_id    INTEGER NOT NULL REFERENCES changes (id),
    retracted_in INTEGER REFERENCES changes (id),
    CHECK (coalesce(status, percent, promised, note) IS NOT NULL)
) STRICT;
CREATE INDEX updates_by_project ON updates (project, event_date);
CREATE INDEX updates_by_source ON updates (source);
CREATE INDEX updates_by_announcement ON updates (announcement);
CREATE INDEX updates_by_change ON updates (change_id);
CREATE INDEX quotas_by_change ON quotas (change_id);
CREATE INDEX projects_by_change ON projects (change_id);
CREATE INDEX announcements_by_change ON announcements (change_id);
CREATE INDEX sources_by_change ON sources (change_id);
CREATE INDEX places_by_change ON places (change_id);
CREATE INDEX kinds_by_change ON kinds (change_id);

-- What a row said whose change was undone and whose id was then recorded again with other content. `content`
-- is the row as JSON, in the fields of the file format.
CREATE TABLE replaced_rows (
    list        TEXT NOT NULL,
    id          TEXT NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content)),
    replaced_in INTEGER NOT NULL REFERENCES changes (id)
) STRICT;

-- The present state of each project that has updates, as judged from them at every write. `status` is the
-- latest of any evidence class, `claimed` the latest of state media, `verified` the latest of a class that
-- verifies; `last_day` the day by which the latest event, `last_date`, had surely happened.
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
    updates   INTEGER NOT NULL CHECK (updates > 0)
) STRICT;

-- Each site that stands, where it is, what it belongs to and its present state: the place to start looking.
-- `promised` is the site's own latest promised date, or its cohort's where it has none.
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
       coalesce(state.promised, cohort_state.promised) AS promised,
       coalesce(state.updates, 0) AS updates
FROM projects AS site
LEFT JOIN places AS place ON place.id = site.place
LEFT JOIN places AS province ON province.id = place.province
LEFT JOIN projects AS cohort ON cohort.id = site.parent AND cohort.type = 'cohort'
LEFT JOIN projects AS programme
       ON programme.id = coalesce(cohort.parent, site.parent) AND programme.type = 'programme'
LEFT JOIN states AS state ON state.project = site.id
LEFT JOIN states AS cohort_state ON cohort_state.project = cohort.id
WHERE site.type = 'site' AND site.retracted_in IS NULL;
