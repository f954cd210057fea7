"""The schema refuses invalid rows, and the queries fit it and use its indexes."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from scripts import ALL_FILTERS, FULL_SCANS, SCRIPTS

from nkplan.database import APPLICATION_ID, VERSION
from nkplan.model.batch import Batch
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.moment import Moment
from nkplan.model.state import OpenedSite, Site, State
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.queries.reader import Reader, reading
from nkplan.queries.sites import list_sites
from nkplan.rows.table import CLASSES
from nkplan.sql import read_sql, read_statements
from nkplan.sql.schema import (
    FORMER_TABLES,
    INDEX_OF_WORDS,
    compare_schema,
    read_parts,
    read_stored,
)
from nkplan.store.texts import add_functions

# These create the temporary tables of a connection that writes.
TEMPORARY = (
    "journal.create_unneeded",
    "writing.create_incoming_ids",
    "writing.touch_change",
    "writing.keep_states",
    "writing.judge_many",
    "search.create_vocabulary",
)


@pytest.fixture
def connection(record: Path) -> Iterator[sqlite3.Connection]:
    """Open the shipped record for writing, with foreign keys enforced."""
    opened = sqlite3.connect(record, isolation_level=None)
    opened.execute("PRAGMA foreign_keys = ON")
    add_functions(opened)
    yield opened
    opened.close()


def test_the_file_states_its_application_id_and_version(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"nkpl"
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_the_schema_of_a_released_version_does_not_change(connection: sqlite3.Connection) -> None:
    """Its databases would not be upgraded: a change needs a new version (see store/migrations)."""
    released = {3: "7e99f0b4172139198ef0673bd430d788075377e005876082940d4dfff2b87717"}
    schema = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'words\\__%' ESCAPE '\\'"
        " ORDER BY name"
    ).fetchall()
    assert sha256(repr(schema).encode()).hexdigest() == released[VERSION]


def test_the_schema_of_a_database_is_compared_with_every_part_of_schema_sql(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    stored = [one for one in read_stored(connection) if one.statement and one.name not in INDEX_OF_WORDS[1:]]
    assert list(read_parts()) == stored
    assert compare_schema(connection) == []
    for part in stored:
        connection.execute("SAVEPOINT before")
        connection.execute(f"DROP {part.type} {part.name}")
        lost = [str(one) for one in compare_schema(connection)]
        assert f"{part.type} {part.name} is missing" in lost
        connection.execute("ROLLBACK TO before")
    assert compare_schema(connection) == []


def test_an_upgrade_keeps_the_rows_of_every_table_that_is_looked_at_before_it() -> None:
    assert set(re.findall(r"FROM main\.(\w+)", read_sql("upgrade_3_keep"))) == FORMER_TABLES


def test_the_index_of_halts_has_every_update_after_which_use_again_is_promised(
    connection: sqlite3.Connection,
) -> None:
    after = connection.execute(
        "SELECT min(rank) FROM statuses WHERE event IS NULL AND percent = 100"
    ).fetchone()
    (index,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'updates_halting'").fetchone()
    assert index.endswith(f"WHERE rank >= {after[0]}")


def test_every_table_is_strict_and_no_foreign_key_dangles(connection: sqlite3.Connection) -> None:
    tables = connection.execute(
        "SELECT name, type, strict FROM pragma_table_list WHERE type <> 'view'"
    ).fetchall()
    own = [(name, type_, strict) for name, type_, strict in tables if not name.startswith("sqlite_")]
    plain = [strict for _, type_, strict in own if type_ == "table"]
    assert len(plain) == 30
    assert set(plain) == {1}
    # A virtual table cannot be strict. There is one, the search index, which is stored in four more tables.
    others = {(name, type_) for name, type_, _ in own if type_ != "table"}
    shadows = {(f"words_{part}", "shadow") for part in ("config", "data", "docsize", "idx")}
    assert others == {("words", "virtual"), *shadows}
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


REFERRING: list[tuple[str, str, type[StrEnum]]] = [
    ("updates", "status", Status),
    ("updates", "promised_status", Status),
    ("updates", "evidence", Evidence),
    ("sources", "evidence", Evidence),
    ("publishers", "evidence", Evidence),
    ("quotas", "promised_status", Status),
    ("states", "status", Status),
    ("states", "claimed", Status),
    ("states", "verified", Status),
]
CHECKED: list[tuple[str, str, type[StrEnum]]] = [
    ("updates", "confidence", Confidence),
    ("updates", "bound", Bound),
    ("quotas", "per", QuotaPeriod),
]


@pytest.mark.parametrize(("table", "column", "vocabulary"), [*REFERRING, *CHECKED])
def test_a_column_accepts_only_the_words_of_its_vocabulary(
    connection: sqlite3.Connection, table: str, column: str, vocabulary: type[StrEnum]
) -> None:
    connection.execute("UPDATE updates SET promised = '2030', count = 1 WHERE status IS NOT NULL")
    one = f"WHERE rowid = (SELECT min(rowid) FROM {table})" + (
        " AND count IS NOT NULL" if table == "updates" else ""
    )
    connection.execute(
        "INSERT INTO publishers (domain, name, change_id) SELECT 'e.org', 'E', 1"
        " WHERE NOT EXISTS (SELECT 1 FROM publishers)"
    )
    for word in vocabulary:
        assert connection.execute(f"UPDATE {table} SET {column} = ? {one}", [str(word)]).rowcount == 1
    every = {str(word) for _, _, words in (*REFERRING, *CHECKED) for word in words}
    for other in {"done", "", "Completed", *every} - {str(word) for word in vocabulary}:
        with pytest.raises(sqlite3.IntegrityError, match=r"CHECK|FOREIGN KEY"):
            connection.execute(f"UPDATE {table} SET {column} = ? {one}", [other])


def test_a_project_has_one_of_three_types(connection: sqlite3.Connection) -> None:
    for type_ in ProjectType:
        parent, year = {"programme": (None, None), "cohort": ("20x10", 2030), "site": (None, None)}[type_]
        row = [f"x-{type_}", f"x-{type_}", type_, parent, year]
        connection.execute(
            "INSERT INTO projects (id, folded, name, type, kind, parent, year, change_id)"
            " VALUES (?, ?, 'X', ?, 'other', ?, ?, 1)",
            row,
        )
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute("UPDATE projects SET type = 'plant' WHERE id = 'x-site'")


def test_an_outline_is_a_polygon_or_several(connection: sqlite3.Connection) -> None:
    given = ["", "x", "1", "[]", "{}", '{"type":"Polygon"}', '{"type":"Point","coordinates":[1,2]}',
             '{"type":"Polygon","coordinates":3}', '{"coordinates":[]}']  # fmt: skip
    for geometry in given:
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            connection.execute("UPDATE outlines SET geometry = ?", [geometry])


DATED = [
    ("sources", "published"),
    ("sources", "retrieved"),
    ("announcements", "announced"),
    ("updates", "event_date"),
    ("updates", "promised"),
    ("updates", "withdrawn"),
    ("states", "last_date"),
    ("states", "promised"),
    ("states", "promised_start"),
    ("states", "promised_use"),
    ("states", "promised_again"),
    ("states", "start"),
    ("states", "opened"),
]


@pytest.mark.parametrize(("table", "column"), DATED)
def test_a_date_is_one_of_those_in_the_table_of_dates(
    connection: sqlite3.Connection, table: str, column: str
) -> None:
    new = ("2024-H1", "2023-Q1", "2001/2002", "../1999", "1999/..")
    for date_ in new:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute(f"UPDATE {table} SET {column} = ?", [date_])
        connection.execute("INSERT INTO dates (date) VALUES (?)", [date_])
        assert connection.execute(f"UPDATE {table} SET {column} = ?", [date_]).rowcount > 0


def test_every_date_column_is_tested_here(connection: sqlite3.Connection) -> None:
    found = connection.execute(
        'SELECT m.name, k."from" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS k'
        " WHERE m.type = 'table' AND k.\"table\" = 'dates'"
    ).fetchall()
    assert sorted(found) == sorted(DATED)


BREAKING = [
    "UPDATE updates SET percent = 101",
    "UPDATE updates SET status = 'done'",
    "UPDATE updates SET event_date = '2024-02-30'",
    "UPDATE updates SET count = -1 WHERE status IS NOT NULL",
    "UPDATE updates SET count = 3, status = NULL, note = 'n'",
    "UPDATE updates SET count = 3, of = 2 WHERE status IS NOT NULL",
    "UPDATE updates SET of = 3",
    "UPDATE updates SET unit = 'beds'",
    "UPDATE updates SET bound = 'about'",
    "UPDATE updates SET promised = NULL, promised_status = 'operating'",
    "UPDATE updates SET withdrawn_source = source WHERE source IS NOT NULL",
    "UPDATE quotas SET beside = 0",
    "UPDATE quotas SET within = 'nowhere'",
    "INSERT INTO dates (date) VALUES ('soon')",
    "DELETE FROM statuses",
    "DELETE FROM evidence_classes",
    "UPDATE updates SET percent = 'half'",
    "UPDATE updates SET project = 'nowhere'",
    "UPDATE updates SET source = 'nowhere'",
    "UPDATE updates SET status = NULL, percent = NULL, promised = NULL, note = NULL",
    "UPDATE sources SET url = 'javascript:alert(1)'",
    "UPDATE projects SET kind = 'nowhere'",
    "UPDATE projects SET place = 'nowhere'",
    "UPDATE projects SET parent = '20x10' WHERE type = 'programme'",
    "UPDATE projects SET parent = NULL WHERE type = 'cohort'",
    "UPDATE projects SET folded = 'same'",
    "UPDATE quotas SET quantity = 0",
    "UPDATE quotas SET first_year = 2030, last_year = 2024",
    "UPDATE places SET latitude = 91",
    "UPDATE changes SET recorded = 'yesterday'",
    "DELETE FROM sources",
]


def test_a_user_of_sqlite3_cannot_break_the_record(connection: sqlite3.Connection) -> None:
    for statement in BREAKING:
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError:
            continue
        pytest.fail(f"allowed: {statement}")


def test_the_view_sites_has_each_active_site_with_its_current_state(
    connection: sqlite3.Connection, shipped: tuple[Batch, ...]
) -> None:
    sites = [one.id for one in shipped[1].projects if one.type is ProjectType.SITE]
    rows = connection.execute(
        "SELECT id, region_name, year, status, verified, promised FROM sites"
    ).fetchall()
    assert sorted(row[0] for row in rows) == sorted(sites)
    # Promised for 2024; that it was moved from 10 October to the end of the year is what RFA's sources say.
    assert ("songchon-factories", "South Pyongan", 2024, "operating", "building", "2024") in rows
    assert ("grand-canal", None, None, "announced", None, None) in rows


def test_an_undone_site_is_not_in_the_view_sites(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE projects SET undone_in = 1 WHERE id = 'grand-canal'")
    assert connection.execute("SELECT * FROM sites WHERE id = 'grand-canal'").fetchall() == []


def test_every_view_can_be_read_from_a_database_that_another_has_attached(seeded: Path) -> None:
    with closing(sqlite3.connect(seeded)) as alone, closing(sqlite3.connect(":memory:")) as other:
        other.execute("ATTACH ? AS record", [str(seeded)])
        views = [name for (name,) in alone.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
        assert "sites" in views
        for view in views:
            rows = alone.execute(f"SELECT * FROM {view}").fetchall()
            assert rows
            assert other.execute(f"SELECT * FROM record.{view}").fetchall() == rows, view


def test_a_programme_has_at_most_one_active_cohort_a_year(connection: sqlite3.Connection) -> None:
    insert = (
        "INSERT INTO projects (id, folded, name, type, kind, parent, year, change_id)"
        " VALUES ('second', 'second', 'Second', 'cohort', 'factory', '20x10', 2024, 1)"
    )
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        connection.execute(insert)
    connection.execute("UPDATE projects SET undone_in = 1 WHERE id = '20x10-2024'")
    assert connection.execute(insert).rowcount == 1


def test_every_sql_block_has_a_comment_and_complete_statements() -> None:
    for block in SCRIPTS:
        text = read_sql(block)
        assert text.startswith("-- "), block
        assert sqlite3.complete_statement(text), block
        assert "".join(read_statements(block)).strip() == text.strip(), block
    names = [block.partition(".")[2] for block in SCRIPTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["sites.nothing", "nothing.list_sites", "nothing"])
def test_a_missing_query_is_named_in_the_error(name: str) -> None:
    with pytest.raises(KeyError, match=f"there is no query {name} in sql/"):
        read_sql(name)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the temporary tables anew, and one that says so."""
    temporary = "SELECT type, name FROM sqlite_temp_schema WHERE type IN ('table', 'view')"
    for type_, name in connection.execute(temporary).fetchall():
        connection.execute(f"DROP {type_} temp.{name}")
    for statement in (one for name in TEMPORARY for one in read_statements(name)):
        connection.execute(statement, {"change": 0})
    connection.execute("CREATE TEMP TABLE prepared (x)")


def explain(
    connection: sqlite3.Connection, script: str, how: str, filters: Filters = NO_FILTERS
) -> list[str]:
    """Return the plans of the statements of a script, with every parameter bound to NULL."""
    if not connection.execute("SELECT 1 FROM sqlite_temp_schema WHERE name = 'prepared'").fetchall():
        prepare(connection)
    for table in re.findall(r"CREATE TEMP TABLE (\w+)", read_sql(script)):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    if script != "sites.filter_sites":
        Reader(connection, Path()).fetch("sites.count_filtered_sites", filters)
    plans = []
    for statement in read_statements(script):
        plain = re.sub(r"--.*", "", statement)
        names: Any = dict.fromkeys(re.findall(r":(\w+)", plain)) or [None] * plain.count("?")
        plans += [str(row[-1]) for row in connection.execute(f"{how} {statement}", names)]
        if re.match(r"\s*(CREATE|DROP)\b", plain):
            connection.execute(statement, names)
            connection.execute("DROP TABLE IF EXISTS temp.prepared")
    return plans


def test_every_query_fits_the_schema(connection: sqlite3.Connection) -> None:
    wrong = []
    for script in SCRIPTS:
        try:
            assert explain(connection, script, "EXPLAIN"), script
        except sqlite3.Error as error:
            wrong.append((script, str(error)))
    assert wrong == []


def list_names(connection: sqlite3.Connection, query: str) -> list[str]:
    """Return the names of the columns of a query."""
    names = dict.fromkeys(re.findall(r":(\w+)", query)) | {"most": 0}
    return [column[0] for column in connection.execute(query, names).description]


def test_tables_between_which_rows_are_copied_have_the_same_columns(connection: sqlite3.Connection) -> None:
    states = list_names(connection, "SELECT * FROM states")
    assert states == list_names(connection, "SELECT * FROM judged")
    assert sorted(states) == sorted(("project", *State._fields))
    assert list_names(connection, "SELECT * FROM updates") == list_names(
        connection, "SELECT * FROM active_updates"
    )
    # A table also has derived columns and changes; some fields of a row of a file are in other tables.
    derived = {
        "id", "folded", "page", "region", "counts_as", "rank", "effective_day", "known_day", "change_id",
        "undone_in",
    }  # fmt: skip
    in_other_tables = {
        "origin", "names", "terms", "context", "figures", "tags", "identifiers", "organisations"
    }  # fmt: skip
    for table, class_ in CLASSES.items():
        columns = set(list_names(connection, f"SELECT * FROM {table}"))
        assert columns - derived == set(class_._fields) - {"id"} - in_other_tables, table


def test_the_columns_of_a_site_are_in_the_order_of_its_fields(connection: sqlite3.Connection) -> None:
    Reader(connection, Path()).fetch("sites.count_filtered_sites", ALL_FILTERS)
    assert list_names(connection, "SELECT * FROM filters") == list(Filters._fields)
    parts = ("list_past_sites", "list_days_of_past_sites", "list_promises_of_past_sites")
    names = [name for part in parts for name in list_names(connection, read_sql(f"sites.{part}"))]
    assert names == [*Site._fields[:-1], *State._fields]
    assert list_names(connection, read_sql("sites.list_sites")) == names
    parts = ("list_states", "list_days_of_states", "list_promises_of_states")
    names = [name for part in parts for name in list_names(connection, read_sql(f"questions.{part}"))]
    assert names == ["project", *State._fields]
    assert list_names(connection, read_sql("sites.list_opened_sites")) == list(OpenedSite._fields)


def list_filters() -> Iterator[Filters]:
    """Yield each filter on its own."""
    for name, value in ALL_FILTERS._asdict().items():
        yield Filters(**{name: value})


def test_each_filter_adds_exactly_its_condition(connection: sqlite3.Connection) -> None:
    for filters in list_filters():
        ((name, value),) = ((name, value) for name, value in filters._asdict().items() if value is not None)
        Reader(connection, Path()).fetch("sites.count_filtered_sites", filters)
        views = connection.execute("SELECT sql FROM sqlite_temp_schema WHERE type = 'view' ORDER BY name")
        parents, sites = (sql.partition("WHERE")[2] for (sql,) in views)
        assert re.findall(r"SELECT (\w+) FROM filters", sites) == [name]
        first = value[0] if isinstance(value, tuple) else value
        assert str(first) not in re.findall(r"\w+", sites)
        if name in {"statuses", "regions", "places", "claimed", "verified"}:
            assert "AND FALSE" in parents
        else:
            assert re.findall(r"SELECT (\w+) FROM filters", parents) == [name]


def test_one_reader_can_answer_for_several_filters_in_turn(seeded: Path) -> None:
    seeded.chmod(0o444)
    several = [
        NO_FILTERS,
        Filters(kinds=("hospital",)),
        Filters(programmes=("",)),
        Filters(kinds=("factory",)),
        NO_FILTERS,
    ]
    for moment in (None, Moment(date(2026, 11, 24), date(2026, 1, 1))):
        with reading(seeded, moment) as reader:
            found = [[site.id for site in list_sites(reader, filters)] for filters in several]
        alone = []
        for filters in several:
            with reading(seeded, moment) as reader:
                alone.append([site.id for site in list_sites(reader, filters)])
        assert found == alone
        assert len(set(map(len, found))) == 4
        assert all(found)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="/proc/self/fd lists the open files")
def test_filters_need_no_folder_for_temporary_files(seeded: Path) -> None:
    """A list with filters also works if the folder is not writable or the disk is full."""
    with reading(seeded) as reader:
        ids = (*(f"place-{number}" for number in range(5_000)), "kp-02-songchon")
        assert [site.place for site in list_sites(reader, Filters(places=ids))] == ["kp-02-songchon"]
        files = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    assert str(seeded) in files
    assert not [file for file in files if "etilqs" in file]


def test_a_list_without_filters_reads_in_index_order_and_stops_at_its_limit(
    connection: sqlite3.Connection,
) -> None:
    plans = explain(connection, "sites.list_sites", "EXPLAIN QUERY PLAN")
    assert "SCAN site USING INDEX active_sites" in plans
    assert not [plan for plan in plans if "B-TREE" in plan]


def test_the_sites_of_a_cohort_are_found_by_an_index(connection: sqlite3.Connection) -> None:
    cohort = Filters(cohort="20x10-2024")
    for query in ("sites.list_sites", "sites.count_filtered_sites"):
        plans = explain(connection, query, "EXPLAIN QUERY PLAN", cohort)
        assert "SEARCH site USING INDEX projects_by_parent (parent=?)" in plans


INDEXED = [
    "details.list_timeline",
    "writing.touch_change",
    "writing.touch_updates",
    "writing.updates_citing",
    "writing.announcements_citing",
    "writing.forget_judged",
    "writing.judge_few",
    "writing.judge_many",
    "stored.updates_by_key",
    "stored.projects_by_key",
    "stored.sources_by_key",
    "stored.sources_by_link",
    "stored.states_by_key",
    "journal.retract_updates",
    "journal.retract_change",
    "journal.list_rows_of_change",
    "details.list_children",
    "details.list_modelled",
    "names.find_source_by_url",
    "names.find_places_by_name",
    "details.list_announcements_of_projects",
    "details.list_announcements_of_source",
    "stored.quotas_by_key",
    "search.index_change",
]


def test_lookups_use_an_index(connection: sqlite3.Connection) -> None:
    tables = "updates|projects|sources|places|place_names|announcements|quotas|kinds|states|changes|texts"
    for script in INDEXED:
        plans = explain(connection, script, "EXPLAIN QUERY PLAN")
        assert any("SEARCH" in plan for plan in plans), script
        assert not [plan for plan in plans if re.match(rf"SCAN ({tables})\b", plan)], (script, plans)


@pytest.mark.parametrize("script", ["search.find_texts", "search.count_found_texts"])
def test_a_search_uses_the_search_index_and_then_row_numbers(
    connection: sqlite3.Connection, script: str
) -> None:
    plans = explain(connection, script, "EXPLAIN QUERY PLAN")
    # M in the index number of a virtual table means that it uses MATCH.
    assert [plan for plan in plans if re.match(r"SCAN words VIRTUAL TABLE INDEX \d+:.*M", plan)], plans
    assert "SEARCH texts USING INTEGER PRIMARY KEY (rowid=?)" in plans
    tables = "updates|projects|sources|announcements|states|texts"
    assert not [plan for plan in plans if re.match(rf"SCAN ({tables})\b", plan)], plans


SELECTIVE = [
    script
    for script in SCRIPTS
    # A repair or an upgrade reads as much as a check, and a backup counts its rows.
    if script not in {*FULL_SCANS, "stored.count_rows"}
    and not script.startswith(("checks.", "repairs.", "upgrade."))
]


def test_no_other_query_scans_every_update(connection: sqlite3.Connection) -> None:
    for script in SELECTIVE:
        is_filtered = "filtered_" in read_sql(script)
        for filters in (NO_FILTERS, ALL_FILTERS, *list_filters()) if is_filtered else (NO_FILTERS,):
            plans = explain(connection, script, "EXPLAIN QUERY PLAN", filters)
            scans = [plan for plan in plans if re.match(r"SCAN ((main\.)?updates|states?)\b", plan)]
            # The updates that promise a date are few, and have their own index.
            assert not [plan for plan in scans if "updates_promising" not in plan], (script, plans)
