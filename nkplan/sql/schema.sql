-- The nkplan database, version 3.
--
-- It separates what was promised (announcements, quotas, promised dates) from what is claimed and what is
-- verified (updates with their evidence class). To explore it, start with the view `sites`.
--
-- * Dates are stored as their source writes them; the table `dates` has each once, with the days it covers.
-- * Nothing is deleted. `change_id` is the change that recorded a row; `undone_in` is the change that undid it,
--   and NULL while the row is active.
-- * `folded` is an id without case and in one Unicode form: two ids that differ in nothing else are the same.
-- * Vocabularies and dates are checked here as well as by the program. To someone who uses `sqlite3` they are
--   references: say PRAGMA foreign_keys = ON, and add a new date to `dates` first.

PRAGMA application_id = 1852534892;  -- the letters nkpl
PRAGMA user_version = 3;

-- The upgrades applied to this database, or not needed because it was created later; sqlite-utils keeps it.
CREATE TABLE _sqlite_migrations (
    id            INTEGER PRIMARY KEY,
    migration_set TEXT NOT NULL,
    name          TEXT NOT NULL,
    applied_at    TEXT NOT NULL,
    UNIQUE (migration_set, name)
) STRICT;

-- What a status means, the same in every database of this version: `rank` is its position in the usual order,
-- `phase` what it says about the work, `reach` how far it shows a project to have come, `event` what happens
-- on its day (the start of work, an opening, the first use), `percent` the progress that it implies; then its
-- codes in OC4IDS 0.9.5, in IATI 2.03 and in the trackers of the Global Energy Monitor.
CREATE TABLE statuses (
    status  TEXT PRIMARY KEY NOT NULL,
    rank    INTEGER NOT NULL UNIQUE,
    phase   TEXT NOT NULL CHECK (phase IN ('before', 'work', 'open', 'halted', 'ended')),
    reach   INTEGER NOT NULL,
    event   TEXT CHECK (event IN ('start', 'opening', 'use')),
    percent REAL CHECK (percent BETWEEN 0 AND 100),
    meaning TEXT NOT NULL,
    oc4ids  TEXT NOT NULL,
    iati    TEXT NOT NULL,
    gem     TEXT NOT NULL
) STRICT;

-- How a claim is known, the same in every database of this version: the promiser's claim, an observation that
-- verifies, or neither; what counts as nothing is shown, and sets no status.
CREATE TABLE evidence_classes (
    evidence  TEXT PRIMARY KEY NOT NULL,
    counts_as TEXT NOT NULL CHECK (counts_as IN ('claim', 'observation', 'neither', 'nothing')),
    meaning   TEXT NOT NULL
) STRICT;

-- Every date that a row has, with the days that it stands for. A column that refers to this table can hold only
-- what the program reads as a date, in the form in which it writes it. A date is 2024, 2024-H1, 2024-Q3,
-- 2024-03 or 2024-03-15, or an interval of two of these: 2024-03/2024-06; one end can be open: ../2024-06 is
-- at some time up to 2024-06, 2024-03/.. from 2024-03 on.
--
-- `first` and `last` are the first and the last day, 0001-01-01 and 9999-12-31 at an open end. `effective` is
-- the day by which an event of that date had surely happened or begun, if nothing else is known: the last day,
-- or for 2024-03/.. the last of 2024-03. The hidden columns are the two parts of an interval, which are equal
-- for any other date, the last day of the one and the first of the other.
CREATE TABLE dates (
    date       TEXT PRIMARY KEY NOT NULL,
    from_part  TEXT AS (CASE WHEN date GLOB '*/*' THEN substr(date, 1, instr(date, '/') - 1) ELSE date END),
    to_part    TEXT AS (substr(date, instr(date, '/') + 1)),
    first      TEXT NOT NULL AS (
                   CASE WHEN from_part = '..' THEN '0001-01-01'
                        ELSE substr(from_part, 1, 4) || CASE substr(from_part, 5)
                             WHEN '' THEN '-01-01' WHEN '-H1' THEN '-01-01' WHEN '-H2' THEN '-07-01'
                             WHEN '-Q1' THEN '-01-01' WHEN '-Q2' THEN '-04-01'
                             WHEN '-Q3' THEN '-07-01' WHEN '-Q4' THEN '-10-01'
                             ELSE substr(substr(from_part, 5) || '-01', 1, 6) END END) STORED,
    from_last  TEXT AS (
                   CASE WHEN from_part = '..' THEN '0001-01-01'
                        WHEN length(from_part) = 10 THEN first
                        ELSE date(first, CASE WHEN length(from_part) = 4 THEN '+12 months'
                                              WHEN from_part GLOB '*H*' THEN '+6 months'
                                              WHEN from_part GLOB '*Q*' THEN '+3 months'
                                              ELSE '+1 month' END, '-1 day') END),
    to_first   TEXT AS (
                   CASE WHEN to_part = '..' THEN '9999-12-31'
                        ELSE substr(to_part, 1, 4) || CASE substr(to_part, 5)
                             WHEN '' THEN '-01-01' WHEN '-H1' THEN '-01-01' WHEN '-H2' THEN '-07-01'
                             WHEN '-Q1' THEN '-01-01' WHEN '-Q2' THEN '-04-01'
                             WHEN '-Q3' THEN '-07-01' WHEN '-Q4' THEN '-10-01'
                             ELSE substr(substr(to_part, 5) || '-01', 1, 6) END END),
    last       TEXT NOT NULL AS (
                   CASE WHEN to_part = '..' THEN '9999-12-31'
                        WHEN length(to_part) = 10 THEN to_first
                        ELSE date(to_first, CASE WHEN length(to_part) = 4 THEN '+12 months'
                                                 WHEN to_part GLOB '*H*' THEN '+6 months'
                                                 WHEN to_part GLOB '*Q*' THEN '+3 months'
                                                 ELSE '+1 month' END, '-1 day') END) STORED,
    effective  TEXT NOT NULL AS (CASE WHEN to_part = '..' THEN from_last ELSE last END) STORED,
    -- Each part has four digits for its year, at most ten characters, and the form that makes a real day.
    -- date() without '+0 days' would accept 30 February.
    CHECK (from_part = '..' OR (from_part GLOB '[12]*' AND length(from_part) <= 10
                                AND date(first, '+0 days') IS first)),
    CHECK (to_part = '..' OR (to_part GLOB '[12]*' AND length(to_part) <= 10
                              AND date(to_first, '+0 days') IS to_first)),
    CHECK ((date GLOB '*/*') = (from_part <> to_part) AND from_part || to_part <> '....'),
    CHECK (first <= to_first AND from_last <= last),
    -- No character beyond ASCII, and nothing behind a NUL, at which length() and GLOB stop.
    CHECK (length(CAST(date AS BLOB)) = length(date))
) STRICT, WITHOUT ROWID;

-- The journal: one row for each command that wrote. `uuid` is the same in every copy of the database, `command`
-- what was done, in the words of its writer, and `data_set` the data set that the file of the command belongs
-- to. `undone_in` is the change that undid all of it, `undoes` the change that this one undid, and `redoes` the
-- change that it recorded again; if it did that to several changes, they are in `reversed_changes` only.
CREATE TABLE changes (
    id          INTEGER PRIMARY KEY,
    uuid        TEXT NOT NULL UNIQUE,
    command     TEXT NOT NULL,
    recorded    TEXT NOT NULL CHECK (datetime(recorded, '+0 days') || 'Z' IS replace(recorded, 'T', ' ')),
    recorded_by TEXT NOT NULL,
    summary     TEXT NOT NULL,
    data_set    TEXT,
    undone_in   INTEGER REFERENCES changes (id),
    undoes      INTEGER REFERENCES changes (id),
    redoes      INTEGER REFERENCES changes (id)
) STRICT;

-- The changes that an undo undid, and those that a redo recorded again, each as a whole and in that order.
CREATE TABLE reversed_changes (
    reversal  INTEGER NOT NULL REFERENCES changes (id),
    position  INTEGER NOT NULL,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    PRIMARY KEY (reversal, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reversed_changes_by_change ON reversed_changes (change_id);

-- What a row said before a change gave it other content. `content` is the row as JSON, in the fields of the
-- file format; `id` is its key in the table `list`. If the change is an undo or a redo, `reversed` is the one
-- whose content it took back or gave again.
CREATE TABLE former_rows (
    list      TEXT NOT NULL,
    id        TEXT NOT NULL,
    content   TEXT NOT NULL CHECK (json_valid(content)),
    change_id INTEGER NOT NULL REFERENCES changes (id),
    reversed  INTEGER REFERENCES changes (id)
) STRICT;
CREATE INDEX former_rows_by_id ON former_rows (list, id);

-- The rows that were undone and that a change recorded again, in place of what they were: the change that had
-- recorded each, and the one that had undone it, or taken it away if it is a setting. Of a setting, `before` is
-- the value that it had, and `after` that which it got, once it has been given back its own.
CREATE TABLE recorded_again (
    list        TEXT NOT NULL,
    id          TEXT NOT NULL,
    change_id   INTEGER NOT NULL REFERENCES changes (id),
    recorded_in INTEGER NOT NULL REFERENCES changes (id),
    undone_in   INTEGER NOT NULL REFERENCES changes (id),
    before      TEXT,
    after       TEXT,
    PRIMARY KEY (list, id, change_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_again_by_undo ON recorded_again (undone_in);

-- The ids that a row had before it was renamed.
CREATE TABLE former_ids (
    list      TEXT NOT NULL,
    former    TEXT NOT NULL,
    id        TEXT NOT NULL,
    change_id INTEGER REFERENCES changes (id),
    PRIMARY KEY (list, former)
) STRICT;

-- What the record says about itself: its title, what it is about, the licence of its data and whom to credit for
-- them, which level of places its regions are (1 for the outermost, 2 for those within them), after how many
-- months without news a project is silent, and its own word for a word of this program, as in `label region`.
CREATE TABLE settings (
    id        TEXT PRIMARY KEY NOT NULL,
    value     TEXT NOT NULL,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id)
) STRICT;

-- What a project can be: factory, hospital, ... Kinds are data; a file or `nkplan add --new-kind` adds more.
CREATE TABLE kinds (
    id        TEXT PRIMARY KEY NOT NULL,
    folded    TEXT NOT NULL UNIQUE,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id)
) STRICT;

-- Who publishes on a web domain, and the usual evidence class of what it publishes.
CREATE TABLE publishers (
    domain    TEXT PRIMARY KEY NOT NULL,
    name      TEXT NOT NULL,
    evidence  TEXT REFERENCES evidence_classes (evidence),
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id)
) STRICT;

-- A region, city, county or district. `region` is the place around it of the level that the settings name, or
-- itself if it is of that level; derived from `parent`.
CREATE TABLE places (
    id              TEXT PRIMARY KEY NOT NULL,
    folded          TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    full_name       TEXT,
    local_name      TEXT,
    type            TEXT,
    parent          TEXT REFERENCES places (id),
    region          TEXT REFERENCES places (id),
    latitude        REAL CHECK (latitude BETWEEN -90 AND 90),
    longitude       REAL CHECK (longitude BETWEEN -180 AND 180),
    population      INTEGER CHECK (population >= 0),
    population_year INTEGER CHECK (population_year BETWEEN 1000 AND 2999),
    note            TEXT,
    change_id       INTEGER NOT NULL REFERENCES changes (id),
    undone_in       INTEGER REFERENCES changes (id)
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

-- The outline of a place: a Polygon or MultiPolygon of GeoJSON, with longitude before latitude, and whom to credit
-- for it.
CREATE TABLE outlines (
    place     TEXT PRIMARY KEY NOT NULL REFERENCES places (id),
    geometry  TEXT NOT NULL CHECK (json_valid(geometry)
                                   AND coalesce(json_extract(geometry, '$.type'), '') IN ('Polygon', 'MultiPolygon')
                                   AND json_type(geometry, '$.coordinates') IS 'array'),
    credit    TEXT,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id)
) STRICT;

-- A document. `evidence` is its usual class; each update has its own. `retrieved` is when it was read, which
-- counts if it is not known when it was published. `page` is its link without what tells two links to one page
-- apart, such as www.
CREATE TABLE sources (
    id        TEXT PRIMARY KEY NOT NULL,
    folded    TEXT NOT NULL UNIQUE,
    title     TEXT,
    publisher TEXT,
    published TEXT REFERENCES dates (date),
    retrieved TEXT REFERENCES dates (date),
    url       TEXT CHECK (url GLOB 'http://*' OR url GLOB 'https://*'),
    evidence  TEXT REFERENCES evidence_classes (evidence),
    archive   TEXT CHECK (archive GLOB 'http://*' OR archive GLOB 'https://*'),
    note      TEXT,
    page      TEXT,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id)
) STRICT;
CREATE INDEX sources_by_url ON sources (url);
CREATE INDEX sources_by_archive ON sources (archive);
CREATE INDEX sources_by_page ON sources (page);

-- A statement in which something is promised. `effective_day` and `known_day` are as in updates.
CREATE TABLE announcements (
    id            TEXT PRIMARY KEY NOT NULL,
    folded        TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    announced     TEXT NOT NULL REFERENCES dates (date),
    speaker       TEXT,
    occasion      TEXT,
    said          TEXT NOT NULL,
    source        TEXT REFERENCES sources (id),
    effective_day TEXT NOT NULL CHECK (date(effective_day, '+0 days') IS effective_day),
    known_day     TEXT NOT NULL CHECK (date(known_day, '+0 days') IS known_day),
    change_id     INTEGER NOT NULL REFERENCES changes (id),
    undone_in     INTEGER REFERENCES changes (id)
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

-- Something announced. A programme has cohorts (a year or a wave), a cohort has sites; only sites are counted.
CREATE TABLE projects (
    id        TEXT PRIMARY KEY NOT NULL,
    folded    TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    type      TEXT NOT NULL CHECK (type IN ('programme', 'cohort', 'site')),
    kind      TEXT NOT NULL REFERENCES kinds (id),
    parent    TEXT REFERENCES projects (id),
    model     TEXT REFERENCES projects (id),
    place     TEXT REFERENCES places (id),
    year      INTEGER CHECK (year BETWEEN 1000 AND 2999),
    note      TEXT,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    undone_in INTEGER REFERENCES changes (id),
    CHECK (type <> 'programme' OR parent IS NULL),
    CHECK (type <> 'cohort' OR parent IS NOT NULL)
) STRICT;
CREATE INDEX projects_by_parent ON projects (parent);
CREATE INDEX active_sites ON projects (id) WHERE type = 'site' AND undone_in IS NULL;
CREATE INDEX programmes_and_cohorts ON projects (id) WHERE type <> 'site';
CREATE INDEX projects_by_model ON projects (model);
CREATE UNIQUE INDEX cohorts_are_one_a_year ON projects (parent, year)
WHERE type = 'cohort' AND undone_in IS NULL;
CREATE INDEX projects_by_place ON projects (place);

-- The user's own marks on a project.
CREATE TABLE tags (
    project  TEXT NOT NULL REFERENCES projects (id),
    tag      TEXT NOT NULL,
    PRIMARY KEY (project, tag)
) STRICT;

-- The ids that others give a project, each with the scheme that it is from.
CREATE TABLE identifiers (
    project    TEXT NOT NULL REFERENCES projects (id),
    scheme     TEXT NOT NULL,
    identifier TEXT NOT NULL,
    PRIMARY KEY (project, scheme, identifier)
) STRICT;

-- Who does what in a project, such as its owner or its contractor.
CREATE TABLE organisations (
    project TEXT NOT NULL REFERENCES projects (id),
    role    TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (project, role, name)
) STRICT;

-- A number promised, for each of its years or for all of them together. It counts sites unless it has a
-- `unit`; `label` is what the sites are called. `promised_status` is the stage that is promised, if not
-- completion. A cohort's number is part of its programme's unless it is `beside` it; a programme's can be
-- `within` another's. If two quotas are for the same, the one announced later applies, and the earlier one
-- remains visible. `id` is derived from what makes a quota distinct.
CREATE TABLE quotas (
    id              TEXT PRIMARY KEY NOT NULL,
    project         TEXT NOT NULL REFERENCES projects (id),
    kind            TEXT NOT NULL REFERENCES kinds (id),
    quantity        INTEGER NOT NULL CHECK (quantity > 0),
    per             TEXT NOT NULL CHECK (per IN ('year', 'total')),
    unit            TEXT,
    label           TEXT,
    promised_status TEXT REFERENCES statuses (status),
    beside          INTEGER CHECK (beside = 1),
    within          TEXT REFERENCES projects (id),
    first_year      INTEGER CHECK (first_year BETWEEN 1000 AND 2999),
    last_year       INTEGER CHECK (last_year BETWEEN 1000 AND 2999),
    announcement    TEXT REFERENCES announcements (id),
    note            TEXT,
    change_id       INTEGER NOT NULL REFERENCES changes (id),
    undone_in       INTEGER REFERENCES changes (id),
    CHECK (first_year <= last_year)
) STRICT;
CREATE INDEX quotas_by_project ON quotas (project);
CREATE INDEX quotas_by_announcement ON quotas (announcement);

-- One dated claim about a project. `event_date` is when the event happened, `promised` a date by which the
-- stage `promised_status` (completion, if it is NULL) was promised, `evidence` how the claim is known,
-- `speaker` who said it, `announcement` the promise that it records, if any. `withdrawn` is when its source
-- took it back, as `withdrawn_source` says. With a `count`, the update says how many have the status (`of` how
-- many, in which `unit` if they are not sites), and its status is not that of the project.
--
-- `counts_as` is what it counts as: the promiser's claim, an observation, neither, `unclassed` without an evidence
-- class, `news` of low confidence, or nothing. `rank` is the position of the project's status in the usual order,
-- if the update sets one, `effective_day` the day by which the event had surely happened, `known_day` the day by
-- which it was known: the end of the source's date or, if the source has none, of the event's. These four follow
-- from the other columns, and are stored because every judgement uses them.
CREATE TABLE updates (
    id               TEXT PRIMARY KEY NOT NULL,
    project          TEXT NOT NULL REFERENCES projects (id),
    event_date       TEXT NOT NULL REFERENCES dates (date),
    status           TEXT REFERENCES statuses (status),
    percent          REAL CHECK (percent BETWEEN 0 AND 100),
    promised         TEXT REFERENCES dates (date),
    promised_status  TEXT REFERENCES statuses (status),
    count            REAL CHECK (count >= 0),
    of               REAL CHECK (of >= 0),
    unit             TEXT,
    bound            TEXT CHECK (bound IN ('about', 'at least', 'at most')),
    speaker          TEXT,
    withdrawn        TEXT REFERENCES dates (date),
    withdrawn_source TEXT REFERENCES sources (id),
    evidence         TEXT REFERENCES evidence_classes (evidence),
    confidence       TEXT CHECK (confidence IN ('high', 'medium', 'low')),
    source           TEXT REFERENCES sources (id),
    announcement     TEXT REFERENCES announcements (id),
    note             TEXT,
    counts_as        TEXT NOT NULL CHECK (
                         counts_as IN ('claim', 'observation', 'neither', 'unclassed', 'news', 'nothing')),
    rank             INTEGER,
    effective_day    TEXT NOT NULL CHECK (date(effective_day, '+0 days') IS effective_day),
    known_day        TEXT NOT NULL CHECK (date(known_day, '+0 days') IS known_day),
    change_id        INTEGER NOT NULL REFERENCES changes (id),
    undone_in        INTEGER REFERENCES changes (id),
    CHECK (coalesce(status, percent, promised, note) IS NOT NULL),
    CHECK (count IS NULL OR status IS NOT NULL),
    CHECK (count IS NOT NULL OR coalesce(of, unit, bound) IS NULL),
    CHECK (count <= of),
    CHECK (promised IS NOT NULL OR promised_status IS NULL),
    CHECK (withdrawn IS NOT NULL OR withdrawn_source IS NULL)
) STRICT;
-- All that a judgement needs from an update, in the order of judgement: `judged` reads only this index.
CREATE INDEX updates_in_order ON updates (
    project, effective_day, rank, percent, promised, event_date, counts_as, status, known_day, announcement,
    withdrawn, undone_in);
CREATE INDEX updates_by_known_day ON updates (known_day);
-- The few that show a project idle, halted or ended (`rank` from 6 on): a judgement asks for each date promised,
-- and for each announcement, whether there is one before, and would otherwise read all updates before that.
CREATE INDEX updates_halting ON updates (
    project, effective_day, rank, event_date, known_day, announcement, withdrawn, undone_in)
WHERE rank >= 6;
CREATE INDEX updates_promising ON updates (project, effective_day, rank, percent, promised)
WHERE promised IS NOT NULL;
CREATE INDEX updates_by_source ON updates (source);
CREATE INDEX updates_by_withdrawn_source ON updates (withdrawn_source) WHERE withdrawn_source IS NOT NULL;
CREATE INDEX updates_by_announcement ON updates (announcement);
CREATE INDEX updates_by_change ON updates (change_id);
CREATE INDEX quotas_by_change ON quotas (change_id);
CREATE INDEX projects_by_change ON projects (change_id);
CREATE INDEX announcements_by_change ON announcements (change_id);
CREATE INDEX sources_by_change ON sources (change_id);
CREATE INDEX places_by_change ON places (change_id);
CREATE INDEX outlines_by_change ON outlines (change_id);
CREATE INDEX publishers_by_change ON publishers (change_id);
CREATE INDEX kinds_by_change ON kinds (change_id);

-- The numbers that a claim states (cost, capacity, jobs); `source` is set if it is not the update's.
CREATE TABLE update_figures (
    "update" TEXT NOT NULL REFERENCES updates (id),
    position INTEGER NOT NULL,
    item     TEXT NOT NULL,
    value    REAL NOT NULL,
    unit     TEXT NOT NULL,
    year     INTEGER CHECK (year BETWEEN 1000 AND 2999),
    source   TEXT REFERENCES sources (id),
    note     TEXT,
    PRIMARY KEY ("update", position)
) STRICT;
CREATE INDEX update_figures_by_source ON update_figures (source);

-- The updates that count: neither undone nor withdrawn. For a past day `known_updates` has what was known by then,
-- and `active_updates` what of that had happened.
CREATE VIEW known_updates AS
SELECT * FROM updates WHERE undone_in IS NULL AND withdrawn IS NULL;
CREATE VIEW active_updates AS
SELECT * FROM updates WHERE undone_in IS NULL AND withdrawn IS NULL;

-- What the derived columns of each update and announcement have to be. A source published before an event begins
-- cannot report what happens in it, and does not change `effective_day`.
CREATE VIEW dated AS
SELECT 'update' AS list, id, effective_day, known_day, counts_as,
       CASE WHEN count IS NULL AND counts_as NOT IN ('news', 'nothing') THEN rank END AS rank
FROM (
    SELECT updates.id,
           CASE WHEN told.effective BETWEEN happened.first AND happened.effective THEN told.effective
                ELSE happened.effective END AS effective_day,
           coalesce(told.effective, happened.effective) AS known_day,
           updates.count,
           statuses.rank,
           CASE WHEN evidence_classes.counts_as IS NULL AND updates.source IS NULL
                     AND coalesce(updates.status, updates.percent, updates.promised) IS NULL THEN 'nothing'
                WHEN evidence_classes.counts_as = 'nothing' THEN 'nothing'
                WHEN updates.confidence = 'low' AND evidence_classes.counts_as IS NOT 'claim' THEN 'news'
                ELSE coalesce(evidence_classes.counts_as, 'unclassed') END AS counts_as
    FROM updates
    JOIN dates AS happened ON happened.date = updates.event_date
    LEFT JOIN statuses ON statuses.status = updates.status
    LEFT JOIN evidence_classes ON evidence_classes.evidence = updates.evidence
    LEFT JOIN sources ON sources.id = updates.source
    LEFT JOIN dates AS told ON told.date = coalesce(sources.published, sources.retrieved))
UNION ALL
SELECT 'announcement',
       announcements.id,
       CASE WHEN told.effective BETWEEN happened.first AND happened.effective THEN told.effective
            ELSE happened.effective END,
       coalesce(told.effective, happened.effective),
       NULL,
       NULL
FROM announcements
JOIN dates AS happened ON happened.date = announcements.announced
LEFT JOIN sources ON sources.id = announcements.source
LEFT JOIN dates AS told ON told.date = coalesce(sources.published, sources.retrieved);

-- Before which day an opening of each project has to have ended to be void: the latest first day on which an
-- observation, or the promiser's own word of work, shows it unfinished, if no observation had shown it open by
-- then; what is built after that is new work. It follows from what is known, whatever day is asked for.
CREATE VIEW judged_unfinished AS
SELECT id AS project,
       (SELECT max(dates.first)
        FROM (SELECT coalesce(min(effective_day), '9999-12-31') AS day
              FROM known_updates
              WHERE project = projects.id AND counts_as = 'observation'
                AND rank IN (SELECT rank FROM statuses
                             WHERE reach >= (SELECT min(reach) FROM statuses WHERE phase = 'open'))) AS seen_open
        JOIN known_updates ON known_updates.project = projects.id
        JOIN dates ON dates.date = known_updates.event_date
        WHERE known_updates.rank IN (SELECT rank FROM statuses WHERE phase IN ('before', 'work'))
          AND (known_updates.counts_as = 'observation'
               OR (known_updates.counts_as = 'claim'
                   AND known_updates.rank IN (SELECT rank FROM statuses WHERE reach > 0)))
          AND dates.first < seen_open.day) AS day
FROM projects;

-- The projects of which an opening can be void, whatever was known or withdrawn: few, and no others need that day.
CREATE VIEW possibly_void AS
SELECT id AS project
FROM projects
WHERE (SELECT max(dates.first)
       FROM updates
       JOIN dates ON dates.date = updates.event_date
       WHERE updates.project = projects.id AND updates.undone_in IS NULL
         AND updates.rank IN (SELECT rank FROM statuses WHERE phase IN ('before', 'work')))
      > (SELECT min(dates.last)
         FROM updates
         JOIN dates ON dates.date = updates.event_date
         WHERE updates.project = projects.id AND updates.undone_in IS NULL
           AND updates.rank IN (SELECT rank FROM statuses
                                WHERE reach >= (SELECT min(reach) FROM statuses WHERE phase = 'open')));

-- The rows of `judged_unfinished` for these, stored like the states, because every opening is compared with them.
CREATE TABLE unfinished (
    project TEXT PRIMARY KEY NOT NULL REFERENCES projects (id),
    day     TEXT CHECK (date(day, '+0 days') IS day)
) STRICT;

-- The projects whose claims may contradict each other, by what is known: they have two dates of a groundbreaking or
-- two of an opening, use and idleness, or an opening that can be void.
CREATE VIEW possibly_contradicted AS
SELECT id AS project
FROM projects
WHERE id IN (SELECT project FROM unfinished)
   OR (SELECT min(CASE WHEN event = 'opening' THEN event_date END) < max(CASE WHEN event = 'opening' THEN event_date END)
              OR min(CASE WHEN event = 'start' THEN event_date END) < max(CASE WHEN event = 'start' THEN event_date END)
              OR max(event IS 'use') AND max(phase = 'open' AND event IS NULL)
       FROM known_updates JOIN statuses ON statuses.rank = known_updates.rank
       WHERE known_updates.project = projects.id);

-- Those of them whose claims do contradict each other, as contradictions.py decides: stored like the states, because
-- that takes longer than anything else that is asked of all projects.
CREATE TABLE contradicted (
    project TEXT PRIMARY KEY NOT NULL REFERENCES projects (id)
) STRICT;

-- The active updates without void openings, which stay claims and set no status; what a judgement needs of them.
CREATE VIEW valid_updates AS
SELECT id, project, event_date, effective_day, status, rank, percent, counts_as
FROM active_updates
WHERE rank IS NULL
   OR rank NOT IN (SELECT rank FROM statuses WHERE reach >= (SELECT min(reach) FROM statuses WHERE phase = 'open'))
   OR (SELECT last FROM dates WHERE date = event_date)
      >= coalesce((SELECT day FROM unfinished WHERE project = active_updates.project), '0001-01-01');

-- The valid updates, each with whether it is a step back that moves nothing: who is no observer does not move a
-- status back with the first one, `announced`, once work was shown, unless the project had ended: after that it is
-- taken up again.
CREATE VIEW moving_updates AS
SELECT *,
       rank = (SELECT min(rank) FROM statuses) AND counts_as <> 'observation'
       AND EXISTS (SELECT 1 FROM valid_updates
                   WHERE project = this.project AND effective_day < this.effective_day
                     AND rank IN (SELECT rank FROM statuses WHERE reach >= (
                         SELECT min(reach) FROM statuses WHERE phase = 'work')))
       AND NOT EXISTS (SELECT 1
                       FROM (SELECT effective_day, rank FROM valid_updates
                             WHERE project = this.project AND effective_day < this.effective_day
                               AND rank >= 6 AND rank IN (SELECT rank FROM statuses WHERE phase = 'ended')
                             ORDER BY effective_day DESC, rank DESC LIMIT 1) AS ended
                       WHERE NOT EXISTS (SELECT 1 FROM valid_updates
                                         WHERE project = this.project AND effective_day < this.effective_day
                                           AND (effective_day, rank) > (ended.effective_day, ended.rank)
                                           AND NOT (rank = (SELECT min(rank) FROM statuses)
                                                    AND counts_as <> 'observation'))) AS is_step_back
FROM valid_updates AS this;

-- The updates that set the status.
CREATE VIEW status_updates AS
SELECT * FROM moving_updates
WHERE rank IS NOT NULL AND NOT is_step_back;

-- The active promises of a date, each with the `stage` that is promised: the `start` of work, the `opening`, the
-- first `use`, or use `again` if the project had been shown idle or closed and not open since. Only the promiser promises; a date of
-- another class is a forecast.
CREATE VIEW promises AS
SELECT promising.id, promising.project, promising.effective_day, promising.promised, dates.last AS promised_last,
       CASE WHEN EXISTS (SELECT 1
                         FROM (SELECT effective_day, rank FROM valid_updates  -- None of these is a step back.
                               WHERE project = promising.project AND effective_day <= promising.effective_day
                                 AND rank >= 6
                                 AND rank IN (SELECT rank FROM statuses WHERE event IS NULL AND percent = 100)
                               ORDER BY effective_day DESC, rank DESC LIMIT 1) AS shut
                         WHERE NOT EXISTS (SELECT 1 FROM valid_updates
                                           WHERE project = promising.project
                                             AND effective_day <= promising.effective_day
                                             AND (effective_day, rank) > (shut.effective_day, shut.rank)
                                             AND rank IN (SELECT rank FROM statuses WHERE reach >= (
                                                 SELECT min(reach) FROM statuses WHERE phase = 'open')))) THEN 'again'
            ELSE coalesce((SELECT event FROM statuses WHERE status = promising.promised_status), 'opening')
            END AS stage
FROM active_updates AS promising
JOIN dates ON dates.date = promising.promised
WHERE promising.promised IS NOT NULL AND promising.counts_as IN ('claim', 'unclassed');

-- The starts of work and the openings that are not void, each with the `phase` that its status says. A groundbreaking
-- and a completion are on their day. What is seen under work, idle or closed, or "open by" a day, was so by then: it
-- `is_sighting`. `vagueness` is the length of the date in days: of several of one day the most precise one is taken.
CREATE VIEW beginnings AS
SELECT valid_updates.project, valid_updates.event_date, valid_updates.effective_day, dates.first,
       CASE WHEN statuses.phase = 'work' THEN 'work' ELSE 'open' END AS phase,
       statuses.event IS NULL OR dates.first = '0001-01-01' AS is_sighting,
       CASE WHEN statuses.event IS NULL THEN 20000000 WHEN dates.first = '0001-01-01' THEN 10000000
            ELSE julianday(dates.last) - julianday(dates.first) END AS vagueness
FROM valid_updates
JOIN statuses ON statuses.rank = valid_updates.rank
JOIN dates ON dates.date = valid_updates.event_date
WHERE statuses.phase = 'work' OR statuses.reach >= (SELECT min(reach) FROM statuses WHERE phase = 'open');

-- The active updates that say how far work has come, in percent or by a status that implies it: `implied`.
CREATE VIEW progress_updates AS
SELECT project, effective_day, rank, percent,
       coalesce(percent, (SELECT statuses.percent FROM statuses WHERE statuses.rank = moving_updates.rank)) AS implied
FROM moving_updates
WHERE counts_as NOT IN ('news', 'nothing') AND (percent IS NOT NULL OR (rank IS NOT NULL AND NOT is_step_back));

-- The state of each project that has updates, judged from the active ones. An update counts from the day by
-- which its event had surely happened; on one day the status later in the order wins, then the higher
-- percentage, the later promised date, and the later event. The manual's topic judging says the same.
--
-- * `status` is the latest of any evidence class, `claimed` the latest of the promiser, `verified` the latest
--   observation. Who is no observer does not move a status back with the first one, `announced`, once work was
--   shown, unless the project had ended.
-- * `start` and `opened` are the start of work and the first opening, as written; `_first` is the earliest day on
--   which it can have been, `_day` the day by which it had surely been. Of several on one day the most precise
--   date is taken. What only shows that work has begun, or that it is open, was so at some time after it was
--   last shown otherwise.
-- * `used` says whether use was shown, `cancelled_day` since when it is cancelled.
-- * `promised` and its like are the dates that hold: the last ones that were said for their stage.
CREATE VIEW judged AS
SELECT id AS project,
       (SELECT status FROM status_updates
        WHERE project = projects.id
        ORDER BY effective_day DESC, rank DESC LIMIT 1) AS status,
       (SELECT status FROM active_updates AS this
        WHERE project = projects.id AND rank IS NOT NULL AND counts_as = 'claim'
          AND NOT (rank = (SELECT min(rank) FROM statuses)
                   AND EXISTS (SELECT 1 FROM active_updates
                               WHERE project = this.project AND effective_day < this.effective_day
                                 AND counts_as = 'claim'
                                 AND rank IN (SELECT rank FROM statuses WHERE reach >= (
                                     SELECT min(reach) FROM statuses WHERE phase = 'work')))
                   AND (SELECT rank FROM active_updates
                        WHERE project = this.project AND effective_day < this.effective_day
                          AND counts_as = 'claim' AND rank > (SELECT min(rank) FROM statuses)
                        ORDER BY effective_day DESC, rank DESC LIMIT 1)
                       NOT IN (SELECT rank FROM statuses WHERE phase = 'ended'))
        ORDER BY effective_day DESC, rank DESC LIMIT 1) AS claimed,
       (SELECT status FROM active_updates
        WHERE project = projects.id AND rank IS NOT NULL AND counts_as = 'observation'
        ORDER BY effective_day DESC, rank DESC LIMIT 1) AS verified,
       EXISTS (SELECT 1 FROM valid_updates
               WHERE project = projects.id
                 AND rank IN (SELECT rank FROM statuses
                              WHERE reach >= (SELECT min(reach) FROM statuses WHERE phase = 'work'))) AS started,
       EXISTS (SELECT 1 FROM active_updates
               WHERE project = projects.id AND counts_as = 'observation'
                 AND rank IN (SELECT rank FROM statuses
                              WHERE reach >= (SELECT min(reach) FROM statuses WHERE phase = 'work'))) AS started_seen,
       -- What was said last, in percent or by a status that implies one. Where only a status that implies none
       -- was said after a 0 or 100, that is a percentage of something else, and nothing is known.
       (SELECT CASE (SELECT percent IS NULL AND rank IN (SELECT rank FROM statuses WHERE percent IS NULL)
                     FROM progress_updates WHERE project = projects.id
                     ORDER BY effective_day DESC, rank DESC, percent DESC LIMIT 1)
               WHEN 1 THEN nullif(nullif(implied, 0), 100)
               ELSE implied END
        FROM progress_updates
        WHERE project = projects.id AND implied IS NOT NULL
        ORDER BY effective_day DESC, rank DESC, percent DESC LIMIT 1) AS progress,
       (SELECT event_date FROM active_updates WHERE project = projects.id AND counts_as <> 'nothing'
        ORDER BY effective_day DESC, rank DESC, percent DESC, promised DESC, event_date DESC LIMIT 1) AS last_date,
       (SELECT max(effective_day) FROM active_updates
        WHERE project = projects.id AND counts_as <> 'nothing') AS last_day,
       (SELECT count(*) FROM active_updates WHERE project = projects.id) AS updates,
       (SELECT event_date FROM beginnings WHERE project = projects.id AND phase = 'work'
        ORDER BY effective_day, vagueness, event_date LIMIT 1) AS start,
       (SELECT CASE WHEN is_sighting
               THEN coalesce((SELECT date(max(effective_day), '+1 day') FROM active_updates
                              WHERE project = projects.id AND effective_day < beginnings.effective_day
                                AND rank IN (SELECT rank FROM statuses WHERE phase = 'before')), '0001-01-01')
               ELSE first END
        FROM beginnings WHERE project = projects.id AND phase = 'work'
        ORDER BY effective_day, vagueness, event_date LIMIT 1) AS start_first,
       (SELECT min(effective_day) FROM beginnings WHERE project = projects.id AND phase = 'work') AS start_day,
       (SELECT event_date FROM beginnings WHERE project = projects.id AND phase = 'open'
        ORDER BY effective_day, vagueness, event_date LIMIT 1) AS opened,
       (SELECT CASE WHEN is_sighting
               THEN coalesce((SELECT date(max(effective_day), '+1 day') FROM active_updates
                              WHERE project = projects.id AND effective_day < beginnings.effective_day
                                AND rank IN (SELECT rank FROM statuses WHERE phase IN ('before', 'work'))),
                             '0001-01-01')
               ELSE first END
        FROM beginnings WHERE project = projects.id AND phase = 'open'
        ORDER BY effective_day, vagueness, event_date LIMIT 1) AS opened_first,
       (SELECT min(effective_day) FROM beginnings WHERE project = projects.id AND phase = 'open') AS opened_day,
       EXISTS (SELECT 1 FROM valid_updates
               WHERE project = projects.id
                 AND rank IN (SELECT rank FROM statuses WHERE event = 'use')) AS used,
       (SELECT CASE WHEN rank IN (SELECT rank FROM statuses WHERE phase = 'ended' AND reach = 0)
               THEN (SELECT min(effective_day) FROM valid_updates  -- None of these is a step back.
                     WHERE project = projects.id AND rank = last.rank
                       AND effective_day >= coalesce((SELECT max(effective_day) FROM status_updates
                                                      WHERE project = projects.id AND rank <> last.rank), '')) END
        FROM status_updates AS last WHERE project = projects.id
        ORDER BY effective_day DESC, rank DESC LIMIT 1) AS cancelled_day,
       (SELECT promised FROM promises WHERE project = projects.id AND stage = 'start'
        ORDER BY effective_day DESC, promised_last DESC, promised DESC LIMIT 1) AS promised_start,
       (SELECT promised FROM promises WHERE project = projects.id AND stage = 'opening'
        ORDER BY effective_day DESC, promised_last DESC, promised DESC LIMIT 1) AS promised,
       (SELECT promised FROM promises WHERE project = projects.id AND stage = 'use'
        ORDER BY effective_day DESC, promised_last DESC, promised DESC LIMIT 1) AS promised_use,
       (SELECT promised FROM promises WHERE project = projects.id AND stage = 'again'
        ORDER BY effective_day DESC, promised_last DESC, promised DESC LIMIT 1) AS promised_again
FROM projects
WHERE EXISTS (SELECT 1 FROM active_updates WHERE project = projects.id);

-- The present states, stored so that no reader has to judge: the rows of `judged`, updated at every write.
CREATE TABLE states (
    project          TEXT PRIMARY KEY NOT NULL REFERENCES projects (id),
    status           TEXT REFERENCES statuses (status),
    claimed          TEXT REFERENCES statuses (status),
    verified         TEXT REFERENCES statuses (status),
    started          INTEGER NOT NULL CHECK (started IN (0, 1)),
    started_seen     INTEGER NOT NULL CHECK (started_seen IN (0, 1)),
    progress         REAL CHECK (progress BETWEEN 0 AND 100),
    last_date        TEXT REFERENCES dates (date),
    last_day         TEXT CHECK (date(last_day, '+0 days') IS last_day),
    updates          INTEGER NOT NULL CHECK (updates > 0),
    start            TEXT REFERENCES dates (date),
    start_first      TEXT CHECK (date(start_first, '+0 days') IS start_first),
    start_day        TEXT CHECK (date(start_day, '+0 days') IS start_day),
    opened           TEXT REFERENCES dates (date),
    opened_first     TEXT CHECK (date(opened_first, '+0 days') IS opened_first),
    opened_day       TEXT CHECK (date(opened_day, '+0 days') IS opened_day),
    used             INTEGER NOT NULL CHECK (used IN (0, 1)),
    cancelled_day    TEXT CHECK (date(cancelled_day, '+0 days') IS cancelled_day),
    promised_start   TEXT REFERENCES dates (date),
    promised         TEXT REFERENCES dates (date),
    promised_use     TEXT REFERENCES dates (date),
    promised_again   TEXT REFERENCES dates (date)
) STRICT;

-- What sites have from the state of what they belong to. For a past day it is a table of programmes and cohorts: the
-- sites need not judge them again.
CREATE VIEW states_of_parents AS
SELECT project, cancelled_day, promised_start, promised, promised_use, promised_again FROM states;

-- Each active site, where it is, what it belongs to and its present state: the view to start with. `promised`
-- is the site's own latest promised date, or its cohort's if it has none.
CREATE VIEW sites AS
SELECT site.id,
       site.name,
       site.kind,
       site.place,
       coalesce(place.full_name, place.name) AS place_name,
       place.region,
       region.name AS region_name,
       programme.id AS programme,
       programme.name AS programme_name,
       cohort.id AS cohort,
       coalesce(site.year, cohort.year) AS year,
       state.status,
       state.claimed,
       state.verified,
       coalesce(state.started, 0) AS started,
       coalesce(state.started_seen, 0) AS started_seen,
       state.progress,
       state.last_date,
       state.last_day,
       coalesce(state.updates, 0) AS updates,
       state.start,
       state.start_first,
       state.start_day,
       state.opened,
       state.opened_first,
       state.opened_day,
       coalesce(state.used, 0) AS used,
       nullif(min(coalesce(state.cancelled_day, '9999-12-31'), coalesce(of_cohort.cancelled_day, '9999-12-31'),
                  coalesce(of_programme.cancelled_day, '9999-12-31')), '9999-12-31') AS cancelled_day,
       coalesce(state.promised_start, of_cohort.promised_start) AS promised_start,
       coalesce(state.promised, of_cohort.promised) AS promised,
       coalesce(state.promised_use, of_cohort.promised_use) AS promised_use,
       coalesce(state.promised_again, of_cohort.promised_again) AS promised_again
FROM projects AS site
LEFT JOIN places AS place ON place.id = site.place
LEFT JOIN places AS region ON region.id = place.region
LEFT JOIN projects AS cohort ON cohort.id = site.parent AND cohort.type = 'cohort'
LEFT JOIN projects AS programme
       ON programme.id = coalesce(cohort.parent, site.parent) AND programme.type = 'programme'
LEFT JOIN states AS state ON state.project = site.id
LEFT JOIN states_of_parents AS of_cohort ON of_cohort.project = cohort.id
LEFT JOIN states_of_parents AS of_programme ON of_programme.project = programme.id
WHERE site.type = 'site' AND site.undone_in IS NULL;

-- The searchable text of each active row; `names` has the lookup keys of a place's names, and `change_id` is
-- the change that recorded the row. If it `is_plain`, the index can read its title and text as they are: they
-- are ASCII without the apostrophes and hyphens that names are written with or without.
CREATE VIEW searched AS
SELECT list, id, title, text, names, change_id,
       names IS NULL AND length(whole) = length(CAST(whole AS BLOB))
       AND NOT (instr(whole, '''') OR instr(whole, '-') OR instr(whole, '`')) AS is_plain
FROM (
    SELECT list, id, title, text, names, change_id, coalesce(title, '') || coalesce(text, '') AS whole
    FROM (
        SELECT 'project' AS list, id, name AS title,
               (SELECT group_concat(part, ' · ') FROM (
                    SELECT note AS part WHERE note IS NOT NULL
                    UNION ALL SELECT tag FROM tags WHERE project = projects.id
                    UNION ALL SELECT identifier FROM identifiers WHERE project = projects.id
                    UNION ALL SELECT name FROM organisations WHERE project = projects.id)) AS text,
               NULL AS names, change_id
        FROM projects
        WHERE undone_in IS NULL
        UNION ALL
        SELECT 'place', id, coalesce(full_name, name),
               (SELECT group_concat(name, ' · ') FROM (
                    SELECT name FROM place_names WHERE place = places.id ORDER BY name))
               || coalesce(' · ' || note, ''),
               (SELECT group_concat(folded, ' ') FROM (
                    SELECT DISTINCT folded FROM place_names WHERE place = places.id ORDER BY folded)),
               change_id
        FROM places
        WHERE undone_in IS NULL
        UNION ALL
        SELECT 'source', id, title,
               CASE WHEN publisher IS NULL THEN note ELSE publisher || coalesce(' · ' || note, '') END,
               NULL, change_id
        FROM sources
        WHERE undone_in IS NULL AND coalesce(title, publisher, note) IS NOT NULL
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
        WHERE undone_in IS NULL
        UNION ALL
        SELECT 'update', id, NULL,
               coalesce(note || coalesce(' · ' || speaker, ''), speaker, '')
               || coalesce(' · ' || (SELECT group_concat(item || coalesce(', ' || figures.note, ''), ' · ')
                                     FROM update_figures AS figures WHERE "update" = updates.id), ''),
               NULL, change_id
        FROM updates
        WHERE undone_in IS NULL
          AND (coalesce(note, speaker) IS NOT NULL
               OR EXISTS (SELECT 1 FROM update_figures WHERE "update" = updates.id))));

-- The rows of `searched`, stored and updated at every write like `states`. Of what is not plain, `title_words`
-- and `text_words` have the words to index: nkplan folds them as it folds what a user searches for (see
-- nkplan/words.py).
CREATE TABLE texts (
    number      INTEGER PRIMARY KEY,
    list        TEXT NOT NULL CHECK (list IN ('project', 'update', 'source', 'announcement', 'place')),
    id          TEXT NOT NULL,
    title       TEXT,
    text        TEXT,
    title_words TEXT,
    text_words  TEXT,
    UNIQUE (list, id)
) STRICT;

-- What is indexed of each row of `texts`.
CREATE VIEW indexed AS
SELECT number, coalesce(title_words, title) AS title, coalesce(text_words, text) AS text
FROM texts;

-- The index of the words in `indexed`; words of a title weigh most. It stores no text of its own, so every
-- change in `texts` has to be made here too; a row must not be replaced there by INSERT OR REPLACE, which runs
-- no trigger for the row that it deletes. Its tokenizer only tells ASCII letters and digits from signs, and
-- takes anything else for a letter: what a letter is, nkplan decides.
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = 'indexed', content_rowid = 'number', tokenize = 'ascii');
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 1.0)');
CREATE TRIGGER texts_come AFTER INSERT ON texts BEGIN
    INSERT INTO words (rowid, title, text)
    VALUES (new.number, coalesce(new.title_words, new.title), coalesce(new.text_words, new.text));
END;
CREATE TRIGGER texts_go AFTER DELETE ON texts BEGIN
    INSERT INTO words (words, rowid, title, text)
    VALUES ('delete', old.number, coalesce(old.title_words, old.title), coalesce(old.text_words, old.text));
END;
CREATE TRIGGER texts_change AFTER UPDATE ON texts BEGIN
    INSERT INTO words (words, rowid, title, text)
    VALUES ('delete', old.number, coalesce(old.title_words, old.title), coalesce(old.text_words, old.text));
    INSERT INTO words (rowid, title, text)
    VALUES (new.number, coalesce(new.title_words, new.title), coalesce(new.text_words, new.text));
END;
