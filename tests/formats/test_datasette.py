"""What is written for Datasette fits the schema, and its queries answer as the commands do.

`python tests/with_datasette.py` opens every page of a real Datasette.
"""

import io
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from each import for_each
from program import run

from nkplan.formats.datasette import (
    TABLES,
    About,
    describe_columns,
    describe_tables,
    list_queries,
    write_metadata,
)
from nkplan.judgement import measure_gap
from nkplan.model.state import State
from nkplan.model.vocabulary import Status
from nkplan.reports.counting import Counts, count_site

NAMES = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
QUERIES = dict(list_queries())
COUNTED = tuple(name for name in Counts._fields[1:] if not name.endswith("_latest"))
SHOWN = [name for name, table in TABLES.items() if not table.hidden]


def ask(db: Path, query: str, **values: str) -> list[dict[str, Any]]:
    """Run a query as Datasette does: on a read-only connection, with sqlite3 alone."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro&immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(QUERIES[query]["sql"], values)]


def read_rows(db: Path, *words: str) -> list[dict[str, Any]]:
    done = run(db, *words, "-f", "json")
    assert (done.code, done.err) == (0, "")
    rows = json.loads(done.out)
    return list(rows["rows"] if isinstance(rows, dict) else rows)


def pick(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


@pytest.fixture(scope="module")
def columns(seeded: Path) -> Mapping[str, list[str]]:
    """Return the columns of every table and view, from a database."""
    with closing(sqlite3.connect(seeded)) as connection:
        names = [row[0] for row in connection.execute(NAMES)]
        return {
            name: [row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", [name])]
            for name in names
            if not name.startswith("words_")
        }


def test_every_table_and_view_is_described(columns: Mapping[str, list[str]]) -> None:
    assert set(TABLES) == set(columns)
    # Datasette has one address for a table and a query of one name.
    assert not set(QUERIES) & set(columns)
    assert {name for name, said in describe_tables().items() if said.endswith((".", ":"))} == set(columns)


@for_each("name", SHOWN)
def test_every_column_that_is_shown_is_described_and_is_there(
    name: str, columns: Mapping[str, list[str]]
) -> None:
    table = TABLES[name]
    assert list(describe_columns(name, columns[name])) == columns[name]
    named = {*table.columns, *table.units, *table.facets, table.sort, table.sort_desc, table.label_column}
    assert named - {None} <= set(columns[name])


def test_no_table_is_hidden_because_its_name_begins_with_that_of_a_hidden_one() -> None:
    hidden = [name for name, table in TABLES.items() if table.hidden]
    assert not [(shown, name) for shown in SHOWN for name in hidden if shown.startswith(name)]


def test_unverified_lists_what_the_report_lists_in_its_order(seeded: Path) -> None:
    names = ("id", "name", "kind", "place_name", "claimed", "verified", "progress")
    assert pick(ask(seeded, "unverified"), *names) == pick(read_rows(seeded, "report", "unverified"), *names)


def test_the_map_has_each_site_whose_place_has_coordinates_in_the_mark_it_counts_under(
    seeded: Path,
) -> None:
    places = {row["id"]: row for row in read_rows(seeded, "list", "places")}
    sites = read_rows(seeded, "list")
    shown = {row["id"]: row for row in ask(seeded, "map")}
    assert set(shown) == {
        site["id"] for site in sites if places.get(site["place"], {}).get("latitude") is not None
    }
    for site in sites:
        if site["id"] in shown:
            row, place = shown[site["id"]], places[site["place"]]
            assert pick([row], "latitude", "longitude") == pick([place], "latitude", "longitude")
    counted = {
        "verified": read_rows(seeded, "list", "--counted", "complete_verified"),
        "claimed": read_rows(seeded, "list", "--counted", "complete_claimed"),
        "started": read_rows(seeded, "list", "--counted", "started"),
        "promised": sites,
    }
    expected: dict[str, str] = {}
    for mark, listed in counted.items():
        for site in listed:
            expected.setdefault(site["id"], mark)
    assert {id_: row["mark"] for id_, row in shown.items()} == {id_: expected[id_] for id_ in shown}
    assert set(expected.values()) == set(counted)


@for_each("project", ["songchon-factories", "20x10", "20x10-2024", "none-such"])
def test_the_history_of_a_project_has_each_of_its_updates(project: str, seeded: Path) -> None:
    names = ("id", "event_date", "status", "percent", "promised", "evidence", "speaker", "note", "publisher")
    updates = read_rows(seeded, "list", "updates", "--limit", "0")
    own = [row for row in updates if row["project"] == project]
    assert sorted(pick(ask(seeded, "history", project=project), *names), key=str) == sorted(
        pick(own, *names), key=str
    )
    assert bool(own) is (project != "none-such")


def test_progress_counts_as_the_report_does(seeded: Path) -> None:
    names = ("programme", "year", *COUNTED)
    reported: dict[tuple[Any, Any], list[int]] = {}
    for programme, year, *numbers in pick(read_rows(seeded, "report"), *names):
        if numbers[0]:
            total = reported.setdefault((programme, year), [0] * len(numbers))
            total[:] = [one + other for one, other in zip(total, numbers, strict=True)]
    asked = {
        (programme, year): numbers for programme, year, *numbers in pick(ask(seeded, "progress"), *names)
    }
    assert asked == reported


def test_every_pair_of_claimed_and_verified_is_judged_as_by_the_program(seeded: Path) -> None:
    pairs = [(claimed, verified) for claimed in (None, *Status) for verified in (None, *Status)]
    states = {f"site-{at:03}": State(None, *pair) for at, pair in enumerate(pairs)}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ? AS record", [str(seeded)])
        connection.execute("CREATE TABLE main.sites AS SELECT * FROM record.sites WHERE FALSE")
        connection.executemany(
            "INSERT INTO main.sites (id, claimed, verified, started, started_seen) VALUES (?, ?, ?, 0, 0)",
            [(id_, state.claimed, state.verified) for id_, state in states.items()],
        )
        listed = [row[0] for row in connection.execute(QUERIES["unverified"]["sql"])]
        ((_, _, _, *counted),) = connection.execute(QUERIES["progress"]["sql"])
    gaps = {id_: measure_gap(state) for id_, state in states.items()}
    assert listed == sorted((id_ for id_ in gaps if gaps[id_] > 0), key=lambda id_: (-gaps[id_], id_))
    sums = reduce(Counts.plus, map(count_site, states.values()))
    assert counted == [getattr(sums, name) for name in COUNTED]
    assert all(counted[at] for at in (0, 3, 4, 5, 6))


def test_opened_lists_the_sites_that_the_report_of_use_lists(seeded: Path) -> None:
    rows, reported = ask(seeded, "opened"), read_rows(seeded, "report", "use")
    names = ("id", "name", "claimed", "verified")
    assert sorted(pick(rows, *names), key=str) == sorted(pick(reported, *names), key=str)
    assert {row["id"]: row["status"] for row in rows} == {
        row["id"]: {"idle": "idle", "opened only": "completed", "in use": "operating"}[row["use"]]
        for row in reported
    }


def test_promised_lists_the_numbers_that_were_promised(seeded: Path) -> None:
    names = (
        "id",
        "project",
        "quantity",
        "unit",
        "label",
        "per",
        "first_year",
        "last_year",
        "announced",
        "speaker",
    )
    asked, listed = ask(seeded, "promised"), read_rows(seeded, "list", "promises")
    assert sorted(pick(asked, *names)) == sorted(pick(listed, *names))


def test_a_file_for_datasette_has_the_texts_of_the_record_and_says_how_to_use_it(record: Path) -> None:
    done = run(record, "export", "--datasette", "metadata.json")
    assert (done.code, done.out) == (0, "")
    assert (
        done.err
        == f"nkplan: metadata.json: written for Datasette; try: datasette {record} -m metadata.json\n"
    )
    content = json.loads(record.with_name("metadata.json").read_text("utf-8"))
    assert content["title"] == "North Korea's announced projects"
    assert content["description"] == content["databases"]["nkplan"]["description"]
    assert [*content["databases"]] == [record.stem] == ["nkplan"]
    assert [*content["databases"]["nkplan"]["queries"]] == [*QUERIES]
    assert content["databases"]["nkplan"]["tables"]["dates"]["hidden"] is True
    shown = run(record, "export", "--datasette", "-", "--about", "Before the review")
    assert (shown.code, shown.err) == (0, "")
    assert json.loads(shown.out)["description"] == "Before the review"


def write(about: About) -> str:
    out = io.StringIO()
    write_metadata(about, "x", {}, out)
    return out.getvalue()


def test_licence_and_credit_are_shown_and_no_text_of_the_record_controls_anything() -> None:
    hostile = '</script>"\n\x1b[31m\u202e{{ x }}'
    text = write(About(hostile, hostile, "CC BY 4.0", hostile))
    assert not {"\x1b", "\u202e"} & set(text)
    content = json.loads(text)
    assert (content["title"], content["license"], content["source"]) == (hostile, "CC BY 4.0", hostile)
    assert [*json.loads(write(About()))] == ["databases"]


def refusals() -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("-f", "json"), "--datasette writes JSON of its own; leave out -f"
    yield ("-o", "all.json"), "--datasette names the file to write; leave out -o"


@for_each("words, sentence", [*refusals()])
def test_an_option_that_does_not_fit_is_refused_and_nothing_is_written(
    words: tuple[str, ...], sentence: str, record: Path
) -> None:
    done = run(record, "export", "--datasette", "metadata.json", *words)
    assert (done.code, done.out, done.err) == (2, "", f"nkplan: {sentence}\n")
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_the_database_is_not_overwritten(record: Path) -> None:
    done = run(record, "export", "--datasette", record.name)
    assert done.code == 2
    assert record.read_bytes()[:15] == b"SQLite format 3"
