"""A file of JSON Lines, checked and written in chunks, gives the same result as the same file in JSON."""

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from nkplan.errors import BadFile
from nkplan.formats import jsonl
from nkplan.formats.json import read_file
from nkplan.model.batch import Batch
from nkplan.store.create import create_database
from nkplan.store.record import Recorded, record
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo

LISTS = ("kinds", "places", "sources", "announcements", "projects", "quotas", "updates")
RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, tzinfo=UTC))
Rows = list[tuple[str, dict[str, Any]]]


def make_rows(chance: random.Random, *, wild: float) -> Rows:
    """Make rows of every list with few distinct ids, in the order of the lists; the wilder, the more faults.

    Tame rows differ only in their notes and in the date of the last source.
    """
    steady = random.Random(1)  # noqa: S311

    def one(*fine: Any, wrong: Any = "nowhere") -> Any:
        right = steady.choice(fine)
        return chance.choice([wrong, *fine]) if chance.random() < wild / 4 else right

    def number(at: int, most: int) -> int:
        return chance.randrange(most) if chance.random() < wild / 2 else at

    rows: Rows = [("kinds", {"id": f"kind-{number(at, 3)}"}) for at in range(3)]
    for at in range(8):
        place = {"id": f"place-{number(at, 8)}", "name": one("P", wrong=""), "names": one(["a"], ["b"])}
        rows.append(("places", place | ({"parent": f"place-{number(at // 2, 8)}"} if at else {})))
    for at in range(5):
        source = {"id": f"source-{number(at, 5)}", "published": one("2020", "2024-03", wrong="soon")}
        if at == 4:
            source["published"] = chance.choice(["2020", "2024-03", "2021-Q1"])
        rows.append(("sources", source | {"evidence": one("expert", "authority")}))
        figures = [{"item": "i", "value": 2.5, "unit": "u", "source": f"source-{at}"}]
        said = {"id": f"said-{number(at, 5)}", "title": "T", "announced": "2020", "said": "S"}
        rows.append(("announcements", said | {"source": one(f"source-{at}"), "figures": figures}))
    for at in range(2):
        rows.append(("projects", {"id": f"plan-{at}", "name": "P", "type": "programme", "kind": "kind-0"}))
    for at in range(6):
        cohort = {"id": f"year-{at}", "name": "Y", "type": "cohort", "kind": one("kind-1", "kind-2")}
        rows.append(("projects", cohort | {"parent": one("plan-0"), "year": 2020 + number(at, 6)}))
        quota = {"project": one(f"year-{at}"), "kind": "kind-0", "quantity": one(1, 2), "per": "year"}
        rows.append(("quotas", quota | {"announcement": one("said-1"), "note": chance.choice("abc")}))
    for at in range(8):
        site = {"id": f"site-{number(at, 8)}", "name": "S", "type": "site", "kind": one("kind-0")}
        more = {"parent": one(f"year-{at % 6}", wrong="site-0"), "place": one(f"place-{at}")}
        rows.append(("projects", site | more | {"model": one(f"site-{at - at % 2}")}))
    rows += [("updates", make_update(chance, one, number, at)) for at in range(20)]
    return sorted(rows, key=lambda row: LISTS.index(row[0]))


def make_update(
    chance: random.Random, one: Callable[..., Any], number: Callable[[int, int], int], at: int
) -> dict[str, Any]:
    update = {"project": one(f"site-{at % 8}"), "event_date": one("2020", "2024-03", wrong="2027")}
    update |= {"status": one("building", "idle"), "source": one(f"source-{at % 5}"), "percent": at}
    if at % 3:
        update["id"] = f"{number(at, 20):032}"
    if at % 4 == 0:
        update["evidence"] = "expert"
    if at >= 12:
        update["note"] = chance.choice("abc")
    return update


def write_whole(rows: Rows) -> bytes:
    """Write rows as JSON, each on the line that it has in JSON Lines."""
    text, last = '{"format": "nkplan/2"', ""
    for name, row in rows:
        text += ",\n" if name == last else f'{"]" if last else ""}, "{name}": [\n'
        text += json.dumps(row["id"] if name == "kinds" else row)
        last = name
    return f"{text}{']' if last else ''}}}".encode()


def write_lines(rows: Rows) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in _list_lines(rows))


def _list_lines(rows: Rows) -> list[dict[str, Any]]:
    return [{"format": "nkplan/2"}, *({"list": name, **row} for name, row in rows)]


def load_lines(path: Path, rows: Rows, chunk_size: int) -> Recorded:
    batch = jsonl.read_file(BytesIO(write_lines(rows)), TODAY)
    return record(path, batch, "load", RECORDER, summary="a file", most_changes=1_000, chunk_size=chunk_size)


def load_whole(path: Path, rows: Rows) -> Recorded:
    return record(path, read_file(write_whole(rows), TODAY), "load", RECORDER, summary="a file")


def dump(path: Path) -> list[str]:
    """Return all that is in a database, without the numbers of texts and the ids of changes, which differ."""
    with closing(sqlite3.connect(path)) as connection:
        return sorted(
            re.sub(
                r'(INSERT INTO "?texts"? VALUES\()\d+|(INSERT INTO "?changes"? VALUES\(\d+),[^,]*',
                r"\1\2",
                line,
            )
            for line in connection.iterdump()
            if not line.startswith('INSERT INTO "words_')
        )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with an empty record."""
    path = tmp_path_factory.mktemp("bare") / "bare.db"
    create_database(path, [Batch()], RECORDER)
    return path


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with some of the rows active, others undone, and one update retracted by its id."""
    path = tmp_path_factory.mktemp("half") / "half.db"
    create_database(path, [Batch()], RECORDER)
    rows = make_rows(random.Random(1), wild=0)  # noqa: S311
    first = [row for row in rows if row[0] in {"kinds", "places", "sources"} and row[1]["id"] != "source-4"]
    load_whole(path, first)
    load_whole(path, [row for row in rows if row[0] != "updates"])
    load_whole(path, rows)
    undo(path, [], RECORDER)
    undo(path, [], RECORDER)
    known = [row for row in rows if "source-4" not in json.dumps(row)]
    load_whole(path, [row for row in known if row[0] in {"announcements", "projects"}])
    load_whole(path, [row for row in known if row[0] == "updates" and "note" not in row[1]])
    undo(path, ["000000000001"], RECORDER)
    return path


def load(path: Path, rows: Rows, chunk_size: int | None) -> list[Any]:
    """Load rows in chunks, or whole, and return the result, or the faults without row numbers."""
    try:
        done = load_whole(path, rows) if chunk_size is None else load_lines(path, rows, chunk_size)
    except BadFile as error:
        return [
            re.sub(r"\[\d+\]", "", line) for line in (str(error), *map(str, error.faults), str(error.more))
        ]
    state_changes = sorted((one for one in done.state_changes if one.before != one.after), key=repr)
    return ["recorded", done.numbers, done.same, done.retracted, state_changes]


@pytest.mark.sampled
@pytest.mark.parametrize("wild", [0, 0.1, 0.6])
@pytest.mark.parametrize("before", ["half", "bare"])
def test_chunks_of_any_size_are_stored_or_refused_like_the_whole_file(
    request: pytest.FixtureRequest, tmp_path: Path, before: str, wild: float
) -> None:
    start = request.getfixturevalue(before)
    for seed in range(4):
        chance = random.Random(f"{seed} {wild}")  # noqa: S311
        rows = make_rows(chance, wild=wild)
        if seed % 2:
            chance.shuffle(rows)
            rows.sort(key=lambda row: LISTS.index(row[0]))
        whole = Path(shutil.copy(start, tmp_path / "whole.db"))
        told = load(whole, rows, None)
        assert (told[0] == "recorded") == (wild == 0)
        for chunk_size in (1, 3):
            path = Path(shutil.copy(start, tmp_path / "chunks.db"))
            assert load(path, rows, chunk_size) == told, (seed, chunk_size)
            assert dump(path) == dump(whole), (seed, chunk_size)


def test_repeated_rows_are_reported_the_same_in_chunks_as_in_a_whole_file(half: Path) -> None:
    site = {"id": "again", "name": "A", "type": "site", "kind": "kind-0"}
    update = {"id": f"{77:032}", "project": "again", "event_date": "2020", "note": "n"}
    rows: Rows = [("kinds", {"id": "kind-0"})] * 2_000
    rows += [("projects", site)] * 600 + [("updates", update)] * 700
    rows.append(("updates", update | {"project": "none"}))
    told = load(half, rows, 5)
    assert told[0] == "1299 faults, so nothing was written"
    assert told == load(half, rows, None)


def test_a_repeated_claim_is_reported_even_after_a_line_with_many_faults(half: Path) -> None:
    """A line with many faults counts as one line."""
    update = {"project": "site-0", "event_date": "2020", "percent": 50}
    bad = {f"field-{at}": "x" for at in range(9)}
    rows: Rows = [("updates", update), ("updates", update | bad), ("updates", update | {"note": "again"})]
    told = load(half, rows, 3)
    assert any("appears earlier (updates, line 2)" in line for line in told)
    assert told == load(half, rows, None) == load(half, rows, 1)
