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
