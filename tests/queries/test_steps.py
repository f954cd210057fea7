"""Commands are quick at any size: what is measured is the number of steps SQLite takes, never time."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from growth import make_content
from measure_views import make_large
from program import run
from records import load

from nkplan.cli.claims import make_free_id
from nkplan.store.texts import index_missing

SMALL, LARGE = 50, 400


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two records that differ only in size."""
    folder = tmp_path_factory.mktemp("sizes")
    small, large = folder / "small.db", folder / "large.db"
    make_large(small, SMALL)
    make_large(large, LARGE)
    return small, large


def count_steps(db: Path, *arguments: str) -> int:
    """Run a command and return how many steps SQLite took for it."""
    steps = 0
    open_database = sqlite3.connect

    def step() -> None:
        nonlocal steps
        steps += 1

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = open_database(*given, **named)
        # SQLite calls this after every 20 steps.
        connection.set_progress_handler(step, 20)
        return connection

    with patch("sqlite3.connect", connect):
        done = run(db, *arguments)
    assert done.code == 0 or arguments[0] == "check", done.err
    assert steps > 0
    return steps * 20


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "site-000007"),
        ("update", "site-000007", "idle", "--on", "2026-11-20", "--source", "source-7", "--dry-run"),
        ("update", "site-000007", "idle", "2026-11-20", "https://example.org/new", "--dry-run"),
        ("add", "Another site", "--kind", "factory", "--on", "2026", "--dry-run"),
        ("search", "000007"),
        ("search", "nowhere-to-be-found"),
    ],
    ids=" ".join,
)
def test_a_command_about_one_thing_does_the_same_work_at_any_size(
    sizes: tuple[Path, Path], arguments: tuple[str, ...]
) -> None:
    small, large = (count_steps(db, *arguments) for db in sizes)
    # The depth of an index grows with the logarithm of its size; further texts add no steps.
    assert large < small * 1.3, (small, large)


def test_a_whole_id_of_an_update_is_found_without_reading_the_others(sizes: tuple[Path, Path]) -> None:
    steps = []
    for db in sizes:
        with closing(sqlite3.connect(db)) as connection:
            (id_,) = connection.execute("SELECT min(id) FROM updates WHERE project LIKE 'site-%'").fetchone()
        steps.append(count_steps(db, "undo", id_, "--dry-run"))
    assert steps[1] < steps[0] * 1.5, steps


def test_each_value_of_a_filter_is_found_without_reading_the_others(tmp_path: Path) -> None:
    db = tmp_path / "kinds.db"
    load(db, **make_content("kinds", 200))
    first, ten = (
        count_steps(db, "list", "--limit", "1", "--kind", ",".join(f"kind-{at}" for at in range(values)))
        for values in (1, 11)
    )
    assert ten - first < 10 * 200, (first, ten)


@pytest.mark.parametrize(
    ("dimension", "arguments"),
    [
        ("sites_of_a_place", ("check", "--only", "twin-sites")),
        ("nested_places", ("export",)),
        ("nested_places", ("check", "--only", "wrong-region")),
        ("sites_of_nested_places", ("check", "--only", "outside-programme")),
        ("sites_outside_their_programme", ("check", "--only", "outside-programme")),
        ("moved_dates", ("check", "--only", "stale-state")),
        ("repeated_announcements", ("check", "--only", "stale-state")),
    ],
    ids=str,
)
def test_what_grows_in_one_dimension_takes_no_more_than_its_share(
    tmp_path: Path, dimension: str, arguments: tuple[str, ...]
) -> None:
    """The long form, with every command and every dimension, is tests/growth.py."""
    small, large = tmp_path / "small.db", tmp_path / "large.db"
    load(small, **make_content(dimension, 40))
    load(large, **make_content(dimension, 160))
    assert count_steps(large, *arguments) < count_steps(small, *arguments) * 5


def test_texts_are_indexed_again_without_reading_all_for_each(tmp_path: Path) -> None:
    steps = [0, 0]
    for at, number in enumerate((100, 400)):
        db = tmp_path / f"{number}.db"
        load(db, **make_content("claims", number))
        with closing(sqlite3.connect(db)) as connection, connection:
            connection.execute("DELETE FROM texts WHERE number % 2 = 0")

            def step(at: int = at) -> None:
                steps[at] += 1

            connection.set_progress_handler(step, 20)
            index_missing(connection)
            assert connection.execute("SELECT count(*) FROM texts").fetchone()[0] > number
    assert 0 < steps[1] < steps[0] * 5, steps


def test_a_limited_list_reads_no_more_sites_than_it_shows(sizes: tuple[Path, Path]) -> None:
    small, large = (count_steps(db, "list", "--limit", "10") for db in sizes)
    # Only counting the sites that are not shown grows with the record: three steps each, in an index for it.
    assert large - small < 4 * (LARGE - SMALL), (small, large)
    assert small < count_steps(sizes[0], "list")


def count_calls(db: Path, *arguments: str) -> int:
    """Run a command and return how many functions written in Python it calls."""
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        done = run(db, *arguments)
    finally:
        sys.setprofile(None)
    assert done.code == 0, done.err
    return calls


def test_a_piped_list_calls_few_functions_a_site(sizes: tuple[Path, Path]) -> None:
    count_calls(sizes[0], "list")  # What is loaded or read once is not counted.
    small, large = (count_calls(db, "list") for db in sizes)
    assert large - small < 20 * (LARGE - SMALL), (small, large)


def test_two_values_of_a_filter_take_no_more_steps_than_each_alone(sizes: tuple[Path, Path]) -> None:
    for option, values in (("--kind", ("factory", "hospital")), ("--place", ("Pyongyang", "Kaesong"))):
        alone = [count_steps(sizes[1], "list", option, value) for value in values]
        assert count_steps(sizes[1], "list", option, values[0], option, values[1]) < sum(alone)
        assert count_steps(sizes[1], "list", option, values[0], option, values[0]) < alone[0] * 1.02


def test_counting_progress_takes_few_steps_per_site(sizes: tuple[Path, Path]) -> None:
    small, large = (count_steps(db, "report") for db in sizes)
    assert large - small < 30 * (LARGE - SMALL), (small, large)


def test_counting_all_sites_gives_the_same_as_counting_each_programme(sizes: tuple[Path, Path]) -> None:
    # Sites are counted in one way without a filter and in another with one; the results must be the same.
    whole = json.loads(run(sizes[1], "report", "-f", "json").out)["rows"]
    parts = [
        row
        for programme in dict.fromkeys(row["programme"] for row in whole)
        for row in json.loads(run(sizes[1], "report", "--programme", programme, "-f", "json").out)["rows"]
    ]

    def strip(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{key: value for key, value in row.items() if key != "filter"} for row in rows]

    assert strip(whole) == strip(parts)


def test_an_id_that_is_taken_gets_a_number_without_reading_all_ids() -> None:
    asked = []

    def is_taken(id_: str) -> bool:
        asked.append(id_)
        return id_ in {"mill", "mill-2"}

    assert make_free_id("mill", is_taken) == "mill-3"
    assert asked == ["mill", "mill-2", "mill-3"]
