"""Whatever is loaded, undone and loaded again, the record stays consistent and its states correct."""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from examples import example_count
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from judging import judge_from_scratch
from sequences import make_batch
from tables import query

from nkplan.errors import BadFile, NotFound
from nkplan.identity import derive_update_id
from nkplan.model.batch import Batch, Update
from nkplan.model.finding import Check
from nkplan.queries.checks import find_inconsistencies
from nkplan.queries.reader import reading
from nkplan.store.create import create_database
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo

RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
few_examples = settings(
    max_examples=example_count(2, 3),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def list_updates(batch: Batch) -> list[Update]:
    """List the updates of a batch, each with its id, which is derived if it has none of its own."""
    return [one if one.id else one._replace(id=derive_update_id(one)) for one in batch.updates]


def read_states(path: Path) -> list[tuple[Any, ...]]:
    return query(path, "SELECT * FROM states ORDER BY project")


REFERENCES = [
    ("updates", "withdrawn_source", "sources"),
    ("quotas", "within", "projects"),
    ("updates", "project", "projects"),
    ("updates", "source", "sources"),
    ("updates", "announcement", "announcements"),
    ("announcements", "source", "sources"),
    ("projects", "parent", "projects"),
    ("projects", "model", "projects"),
    ("projects", "place", "places"),
    ("projects", "kind", "kinds"),
    ("quotas", "project", "projects"),
    ("quotas", "kind", "kinds"),
    ("quotas", "announcement", "announcements"),
    ("places", "parent", "places"),
    ("places", "region", "places"),
    ("outlines", "place", "places"),
]


def list_dangling(path: Path) -> list[tuple[Any, ...]]:
    """List the active rows that refer to a row that is undone, retracted or missing."""
    parts = [
        f"SELECT '{table}.{column}', one.rowid, one.{column} FROM {table} AS one LEFT JOIN {other} AS other"
        f" ON other.id = one.{column} WHERE one.undone_in IS NULL AND one.{column} IS NOT NULL"
        " AND (other.id IS NULL OR other.undone_in IS NOT NULL)"
        for table, column, other in REFERENCES
    ]
    return query(path, " UNION ALL ".join(parts))


def find_outermost(place: str, outer: dict[str, str | None]) -> str:
    """Return the place around all others that a place is in: the region of the shipped record."""
    while (around := outer[place]) is not None:
        place = around
    return place


def list_misfiled(path: Path) -> list[str]:
    """List the active places that are not filed under the outermost place around them.

    A place that was undone keeps what it said; it is filed again when it is loaded again.
    """
    places = query(path, "SELECT id, parent, region, undone_in FROM places")
    outer = {id_: parent for id_, parent, _, _ in places}
    active = [(id_, region) for id_, _, region, undone_in in places if undone_in is None]
    return [id_ for id_, region in active if find_outermost(id_, outer) != region]


STEPS = st.lists(
    st.tuples(st.just("load"), st.integers(1, 3), st.integers(0, 1))
    | st.tuples(st.just("undo"), st.just(0), st.just(0))
    | st.tuples(st.just("retract"), st.integers(0, 2**31), st.just(0))
    | st.tuples(st.just("reload the seed"), st.just(0), st.just(0)),
    min_size=4,
    max_size=14,
)


@settings(few_examples, max_examples=example_count(2, 4))
@given(steps=STEPS)
def test_after_any_sequence_states_follow_from_active_updates_and_no_reference_dangles(
    seeded: Path, shipped: tuple[Batch, ...], tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "sequence.db"
    path.write_bytes(seeded.read_bytes())
    retracted: set[str] = set()
    for step, number, wording in [("load", 1, 0), *steps]:
        before = path.read_bytes()
        if step == "retract":
            active = query(path, "SELECT id FROM updates WHERE undone_in IS NULL ORDER BY id DESC")
            (id_,) = active[number % len(active)]
            undo(path, [id_], RECORDER)
            retracted.add(id_)
        elif step == "reload the seed":
            assert record_batch(path, shipped[1], "load", RECORDER, summary="x").is_empty
            assert path.read_bytes() == before
        else:
            # A batch that clashes or refers to what was undone, and an undo with nothing left, are refused.
            try:
                if step == "undo":
                    undo(path, [], RECORDER)
                else:
                    record_batch(path, make_batch(number, wording), "load", RECORDER, summary="x")
            except (BadFile, NotFound):
                event(f"{step} refused")
                assert path.read_bytes() == before
            else:
                event(f"{step} done")
        assert read_states(path) == judge_from_scratch(path)
        assert list_dangling(path) == []
        assert list_misfiled(path) == []
        assert query(path, "PRAGMA foreign_key_check") == []
        active_ids = {id_ for (id_,) in query(path, "SELECT id FROM updates WHERE undone_in IS NULL")}
        assert not active_ids & retracted
    with reading(path) as reader:
        assert list(find_inconsistencies(reader, [Check.STALE_STATE], date.max)) == []


@few_examples
@given(data=st.data())
def test_retracting_updates_gives_the_same_states_as_never_loading_them(
    seeded: Path, shipped: tuple[Batch, ...], tmp_path: Path, data: st.DataObject
) -> None:
    updates = list_updates(shipped[1])
    ids = [update.id for update in updates]
    gone = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=len(ids) // 2, unique=True))
    path, other = tmp_path / "retracted.db", tmp_path / "never.db"
    path.write_bytes(seeded.read_bytes())
    other.unlink(missing_ok=True)
    undo(path, gone, RECORDER)
    left = tuple(update for update in updates if update.id not in gone)
    create_database(other, (shipped[0], shipped[1]._replace(updates=left)), RECORDER)
    assert read_states(path) == read_states(other)
    assert read_states(path) != read_states(seeded)


@few_examples
@given(random=st.randoms(use_true_random=False), cuts=st.lists(st.integers(1, 120), max_size=4))
def test_the_shipped_updates_give_the_same_states_in_any_order_and_any_number_of_loads(
    seeded: Path, shipped: tuple[Batch, ...], tmp_path: Path, random: Any, cuts: list[int]
) -> None:
    path = tmp_path / "parts.db"
    path.unlink(missing_ok=True)
    places, seed = shipped
    updates = list(seed.updates)
    random.shuffle(updates)
    projects = list(seed.projects)
    random.shuffle(projects)
    create_database(path, (places, seed._replace(projects=tuple(projects), updates=())), RECORDER)
    assert read_states(path) == []
    edges = sorted({0, len(updates), *(cut for cut in cuts if cut < len(updates))})
    for start, end in pairwise(edges):
        batch = Batch(updates=tuple(updates[start:end]))
        record_batch(path, batch, "load", RECORDER, summary=f"{start} to {end}")
    assert read_states(path) == read_states(seeded)


@pytest.mark.parametrize("command", ["add", "update", "load"])
def test_undo_restores_the_states_whatever_command_wrote_the_change(
    record: Path, shipped: tuple[Batch, ...], command: str
) -> None:
    before = read_states(record)
    record_batch(record, make_batch(1, 0), command, RECORDER, summary="x")
    assert read_states(record) != before
    undone = undo(record, [], RECORDER)
    assert undone.change is not None
    assert undone.change.command == command
    assert read_states(record) == before
    # An undo is not itself a change that the next undo would undo.
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(record, [], RECORDER)
    assert record_batch(record, shipped[1], "load", RECORDER, summary="again").is_empty


def test_every_shipped_update_can_be_retracted(record: Path, shipped: tuple[Batch, ...]) -> None:
    # Some one at a time and the rest together: each transaction waits for the disk.
    usual = {source.id: source.evidence for source in shipped[1].sources}
    updates = [
        one._replace(evidence=one.evidence or usual.get(one.source or "")) for one in list_updates(shipped[1])
    ]
    few, rest = updates[::20], [one for at, one in enumerate(updates) if at % 20]
    for update in few:
        (taken,) = undo(record, [update.id], RECORDER).rows.updates
        assert taken == update
    together = undo(record, [update.id for update in rest], RECORDER).rows.updates
    assert sorted(together, key=lambda one: one.id) == sorted(rest, key=lambda one: one.id)
    assert read_states(record) == []
    assert record_batch(record, shipped[1], "load", RECORDER, summary="again").is_empty
    assert read_states(record) == []


def test_the_later_opening_told_of_unsan_is_a_note_and_moves_nothing(seeded: Path) -> None:
    told = query(
        seeded,
        "SELECT event_date, evidence, status FROM updates WHERE project = 'unsan-factories'"
        " AND event_date LIKE '2025-0%' ORDER BY event_date, evidence",
    )
    assert told == [
        ("2025-02-07", "expert", "completed"),
        ("2025-02-07", "promiser", "completed"),
        ("2025-02-07", "promiser", "completed"),
        ("2025-03-07", "on-site", None),
        ("2025-04", "on-site", "operating"),
    ]
    assert query(seeded, "SELECT opened FROM states WHERE project = 'unsan-factories'") == [("2025-02-07",)]
