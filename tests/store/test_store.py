"""Writing: one entry point, one transaction, all of it or nothing."""

import json
import sqlite3
import subprocess
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from examples import example_count
from forking import find_launcher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import judge_from_scratch
from program import make_environment
from tables import query

from nkplan.database import translating_errors
from nkplan.errors import BadFile, ForeignDatabase, Unusable
from nkplan.formats.json import read_file
from nkplan.identity import derive_quota_id
from nkplan.model.batch import (
    Announcement,
    Batch,
    Figure,
    Place,
    Project,
    Publisher,
    SettingRow,
    Source,
    Update,
)
from nkplan.model.outline import Outline
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.rows.table import make_row
from nkplan.sql import read_sql
from nkplan.store.create import create_database, create_whole
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder, make_uuid, writing
from nkplan.validation import LISTS, key_of

INSTANT = datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC)


def make_update(number: int = 0, **more: Any) -> Update:
    given_ = {"id": str(uuid.UUID(int=number)), "project": "songchon-factories", "event_date": "2026"}
    return Update(**(given_ | {"status": Status.IDLE} | more))


def test_a_first_run_on_an_existing_database_changes_nothing(
    seeded: Path, shipped: tuple[Batch, ...], recorder: Recorder
) -> None:
    before = seeded.read_bytes()
    assert create_database(seeded, shipped, recorder) is None
    assert seeded.read_bytes() == before


def test_concurrent_first_runs_create_one_record(tmp_path: Path) -> None:
    db = tmp_path / "new.db"
    runs = [
        subprocess.Popen(
            [find_launcher(), "list"],
            env=make_environment(db),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0] * 4
    assert [out for out, _ in ends] == [ends[0][0]] * 4
    assert sum("created" in err for _, err in ends) == 1
    assert query(db, "SELECT command FROM changes") == [("first run",)]


def test_loading_what_is_already_recorded_writes_nothing(
    record: Path, shipped: tuple[Batch, ...], recorder: Recorder
) -> None:
    before = record.read_bytes()
    for batch in shipped:
        assert record_batch(record, batch, "load", recorder, summary="again").is_empty
    assert record.read_bytes() == before


def test_a_batch_with_a_fault_writes_nothing(record: Path, recorder: Recorder) -> None:
    before = record.read_bytes()
    batch = Batch(updates=(make_update(1), make_update(2, project="nowhere")))
    with pytest.raises(BadFile, match="1 fault, so nothing was written") as refusal:
        record_batch(record, batch, "load", recorder, summary="x")
    (fault,) = refusal.value.faults
    assert str(fault) == "project: there is no project nowhere; add it to projects"
    assert record.read_bytes() == before


def test_a_dry_run_returns_the_same_result_and_writes_nothing(record: Path, recorder: Recorder) -> None:
    before = record.read_bytes()
    batch = Batch(updates=(make_update(1),))
    dry = record_batch(record, batch, "update", recorder, summary="x", dry_run=True)
    assert record.read_bytes() == before
    assert record_batch(record, batch, "update", recorder, summary="x") == dry
    (move,) = dry.state_changes
    assert (move.before.status, move.after.status) == (Status.OPERATING, Status.IDLE)


def test_the_journal_says_who_wrote_what_and_when(record: Path, recorder: Recorder) -> None:
    record_batch(record, Batch(updates=(make_update(1),)), "update", recorder, summary="songchon idle")
    assert query(record, "SELECT command, recorded, recorded_by, summary FROM changes WHERE id > 1") == [
        ("update", "2026-11-24T10:00:00Z", "kim", "songchon idle")
    ]


def test_the_stored_states_follow_from_the_updates(record: Path) -> None:
    assert query(record, "SELECT * FROM states ORDER BY project") == judge_from_scratch(record)


UPDATES = st.lists(
    st.builds(
        make_update,
        number=st.integers(1, 10**9),
        event_date=st.sampled_from(["2024", "2025-03", "2025-Q1", "2026-01-02"]),
        status=st.none() | st.sampled_from(Status),
        percent=st.none() | st.integers(0, 100).map(float),
        evidence=st.none() | st.sampled_from(Evidence),
        source=st.none() | st.sampled_from(["kcnaw-ownproducts", "news1-songchon"]),
        note=st.just("n"),
        project=st.sampled_from(["songchon-factories", "grand-canal"]),
    ),
    min_size=2,
    max_size=6,
    unique_by=lambda update: update.id,
)


@settings(
    max_examples=example_count(6, 10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(updates=UPDATES, cut=st.integers(0, 6), random=st.randoms())
def test_the_order_of_loading_never_changes_a_state(
    seeded: Path, tmp_path: Path, updates: list[Update], cut: int, random: Any
) -> None:
    recorder = Recorder("kim", INSTANT)
    shuffled = list(updates)
    random.shuffle(shuffled)
    dumps = []
    one_by_one = [[update] for update in reversed(shuffled)]
    orders = ((updates, [updates]), (shuffled, [shuffled[:cut], shuffled[cut:]]), (shuffled, one_by_one))
    for order, parts in orders:
        path = tmp_path / "ordered.db"
        path.write_bytes(seeded.read_bytes())
        assert sorted(map(repr, order)) == sorted(map(repr, updates))
        for part in parts:
            record_batch(path, Batch(updates=tuple(part)), "load", recorder, summary="x")
        dumps.append(query(path, "SELECT * FROM states ORDER BY project"))
    assert dumps[0] == dumps[1] == dumps[2]


HOSTILE = "'; DROP TABLE updates; -- \" \\ [b] 성천 e\u0301 \n\t <script>"
ROWS = Batch(
    settings=(SettingRow("label expert", HOSTILE),),
    kinds=("new-kind",),
    publishers=(Publisher("e.org", HOSTILE, Evidence.EXPERT),),
    places=(Place(id="pl", name=HOSTILE, local_name="성천", parent="KP-02", latitude=1.5, names=("A", "B")),),
    outlines=(
        Outline("pl", '{"type":"Polygon","coordinates":[[[1,2],[3,2.5],[1,3],[1,2]]]}', HOSTILE),
    ),
    sources=(
        Source(
            id="so", title=HOSTILE, published="2024-Q2", retrieved="../2025", url="https://e.org/?a='b'",
            note=HOSTILE,
        ),
    ),
    announcements=(
        Announcement(
            id="an",
            title=HOSTILE,
            announced="2024-05",
            said=HOSTILE,
            source="so",
            terms=(HOSTILE, "b"),
            context=("c",),
            figures=(Figure(item=HOSTILE, value=0.2, unit="percent", year=2024),),
        ),
    ),
    projects=(
        Project(id="pr", name=HOSTILE, type=ProjectType.SITE, kind="new-kind", place="pl", year=2025,
            tags=(HOSTILE, "t"), identifiers=((HOSTILE, "1"),), organisations=(("owner", HOSTILE),),
        ),
    ),
    quotas=(
        Quota(
            project="pr", kind="new-kind", quantity=7, per=QuotaPeriod.TOTAL, unit=HOSTILE, announcement="an",
            label=HOSTILE, promised_status=Status.OPERATING, within="20x10", first_year=2024, last_year=2025,
        ),
    ),
    updates=(
        make_update(
            5, project="pr", percent=12.5, promised="2027", source="so", announcement="an", note=HOSTILE,
            evidence=Evidence.ON_SITE, confidence=Confidence.LOW, promised_status=Status.GROUNDBROKEN,
            count=1.5, of=2.0, unit=HOSTILE, bound=Bound.AT_MOST, speaker=HOSTILE, withdrawn="2026-H1/..",
            withdrawn_source="so",
            figures=(Figure(item=HOSTILE, value=1 / 3, unit="u", source="so", note="n"),),
        ),
    ),
)  # fmt: skip


def test_every_row_is_read_back_as_it_was_written(record: Path, recorder: Recorder) -> None:
    record_batch(record, ROWS, "load", recorder, summary=HOSTILE)
    connection = sqlite3.connect(record)
    connection.row_factory = sqlite3.Row
    for name in LISTS:
        (row,) = getattr(ROWS, name)
        if name == "quotas":
            row = row._replace(id=derive_quota_id(row))
        key = key_of(row)
        (stored,) = connection.execute(read_sql(f"stored.{name}_by_key"), {"keys": f'["{key}"]'}).fetchall()
        assert make_row(name, stored) == row
        # A word of a vocabulary equals its text, so equality does not show that it is the word.
        assert repr(make_row(name, stored)) == repr(row)
    connection.close()
    assert record_batch(record, ROWS, "load", recorder, summary="again").is_empty


def test_a_place_is_stored_with_its_region_and_every_spelling(record: Path, recorder: Recorder) -> None:
    inner = Place(id="inner", name="Inner", parent="pl")
    record_batch(record, ROWS._replace(places=(inner, *ROWS.places)), "load", recorder, summary="x")
    assert query(record, "SELECT id, region FROM places WHERE id IN ('pl', 'inner') ORDER BY id") == [
        ("inner", "KP-02"),
        ("pl", "KP-02"),
    ]
    names = query(record, "SELECT folded FROM place_names WHERE place = 'pl' ORDER BY folded")
    assert {("a",), ("b",)} <= set(names)
    assert len(names) == 4


@pytest.mark.parametrize("create", [True, False])
def test_a_foreign_or_newer_database_is_left_unchanged(
    tmp_path: Path, shipped: tuple[Batch, ...], recorder: Recorder, create: bool
) -> None:
    def write(path: Path) -> object:
        if create:
            return create_database(path, shipped, recorder)
        return record_batch(path, Batch(updates=(make_update(1),)), "load", recorder, summary="x")

    for number, script in enumerate(
        ["CREATE TABLE mine (x)", "PRAGMA application_id = 7", f"PRAGMA application_id = {0x6E6B706C}"]
    ):
        path = tmp_path / f"{number}.db"
        connection = sqlite3.connect(path)
        connection.executescript(
            script + (";CREATE TABLE t (x); PRAGMA user_version = 9" if number == 2 else "")
        )
        connection.close()
        before = path.read_bytes()
        with pytest.raises(ForeignDatabase):
            write(path)
        assert path.read_bytes() == before


def test_a_file_that_cannot_be_opened_is_refused_with_the_reason(tmp_path: Path, recorder: Recorder) -> None:
    text = tmp_path / "text.txt"
    text.write_text("no database " * 100, "utf-8")
    with pytest.raises(ForeignDatabase, match="not an nkplan database"):
        record_batch(text, Batch(updates=(make_update(1),)), "load", recorder, summary="x")
    with pytest.raises(Unusable, match="directory"):
        record_batch(tmp_path, Batch(updates=(make_update(1),)), "load", recorder, summary="x")
    with pytest.raises(Unusable, match="cannot be opened"):
        record_batch(tmp_path / "gone.db", Batch(updates=(make_update(1),)), "load", recorder, summary="x")


def test_the_uuid_of_a_change_sorts_by_time() -> None:
    ids = [make_uuid(INSTANT + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 50
    assert {uuid.UUID(one).version for one in ids} == {7}
    assert {uuid.UUID(one).variant for one in ids} == {uuid.RFC_4122}


@pytest.mark.parametrize("value", [1 / 3, 0.1 + 0.2, 12345678901234567.0, 1e300, 5e-324, 15.9])
def test_a_figure_keeps_every_digit(record: Path, recorder: Recorder, value: float) -> None:
    figure = Figure(item="i", value=value, unit="u")
    batch = Batch(
        announcements=(Announcement(id="an", title="T", announced="2024", said="S", figures=(figure,)),)
    )
    record_batch(record, batch, "load", recorder, summary="x")
    assert record_batch(record, batch, "load", recorder, summary="again").is_empty


def test_a_write_that_breaks_a_foreign_key_is_rolled_back(record: Path) -> None:
    before = record.read_bytes()
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), writing(record) as connection:
        connection.execute("UPDATE updates SET source = 'nowhere'")
    assert record.read_bytes() == before


def test_a_bug_in_the_middle_of_writing_leaves_nothing_behind(record: Path, recorder: Recorder) -> None:
    before = record.read_bytes()
    broken = ((f"k-{n}", 1 // (5000 - n)) for n in range(5001))
    with pytest.raises(ZeroDivisionError), writing(record) as connection:
        connection.executemany("INSERT INTO kinds (id, folded, change_id) VALUES (?1, ?1, ?2)", broken)
    assert record.read_bytes() == before
    assert not record.with_name(record.name + "-journal").exists()
    assert not record_batch(record, Batch(kinds=("k-0",)), "load", recorder, summary="x").is_empty


def test_a_source_that_nothing_cites_changes_no_state(record: Path, recorder: Recorder) -> None:
    states = query(record, "SELECT * FROM states ORDER BY project")
    source = Source(id="so", published="2024-01-01", evidence=Evidence.AUTHORITY)
    recorded = record_batch(record, Batch(sources=(source,)), "load", recorder, summary="x")
    assert (recorded.new.sources, recorded.state_changes) == ((source,), ())
    assert query(record, "SELECT * FROM states ORDER BY project") == states


TEXTS = st.text("aB' ü성\n[", min_size=1, max_size=6).filter(str.strip) | st.just(HOSTILE)
DATES = st.sampled_from(["2024", "2024-Q3", "2024-03", "2024-03-15", "1000", "2024-02-29"])
YEARS = st.sampled_from([2024, 2030, 1000, 2999])
NEW = st.sampled_from(["new-1", "new-2", "N-3"])


def make_rows(optional: dict[str, Any], **required: Any) -> Any:
    return st.lists(st.fixed_dictionaries(required, optional=optional), max_size=2)


def one_of(*ids: str) -> st.SearchStrategy[str]:
    return st.sampled_from(ids)


FILES = st.fixed_dictionaries(
    {"format": st.just("nkplan/2")},
    optional={
        "kinds": st.lists(NEW, max_size=2),
        "places": make_rows(
            {"parent": one_of("KP-02", "new-1"), "local_name": TEXTS, "names": st.lists(TEXTS, max_size=3)},
            id=NEW,
            name=TEXTS,
        ),
        "sources": make_rows({"published": DATES, "note": TEXTS}, id=NEW),
        "announcements": make_rows(
            {"terms": st.lists(TEXTS, max_size=2)}, id=NEW, title=TEXTS, said=TEXTS, announced=DATES
        ),
        "projects": make_rows(
            {"model": one_of("grand-canal", "new-1"), "place": one_of("KP-02", "new-1"), "year": YEARS},
            id=NEW,
            name=TEXTS,
            kind=st.just("factory"),
            parent=st.just("20x10"),
            type=one_of("site", "cohort"),
        ),
        "quotas": make_rows(
            {"first_year": YEARS, "last_year": YEARS, "announcement": st.just("20x10-policy")},
            project=one_of("20x10", "20x10-2024"),
            kind=st.just("factory"),
            quantity=st.sampled_from([1, 2**63 - 1]),
            per=st.sampled_from(QuotaPeriod),
        ),
        "updates": make_rows(
            {"percent": st.floats(0, 100), "promised": DATES, "note": TEXTS},
            project=one_of("20x10", "grand-canal"),
            event_date=DATES,
            status=st.sampled_from(Status),
        ),
    },
)


@settings(max_examples=example_count(24, 40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=FILES)
def test_a_file_is_refused_with_its_faults_or_stored_unchanged(
    seeded: Path, tmp_path: Path, file: dict[str, Any]
) -> None:
    """The schema accepts what the program accepts, and loading the file again changes nothing."""
    recorder = Recorder("kim", INSTANT)
    path = tmp_path / "any.db"
    path.write_bytes(seeded.read_bytes())
    batch = read_file(json.dumps(file).encode(), TODAY)
    try:
        record_batch(path, batch, "load", recorder, summary="x")
    except BadFile:
        assert path.read_bytes() == seeded.read_bytes()
        return
    assert query(path, "PRAGMA foreign_key_check") == []
    assert record_batch(path, batch, "load", recorder, summary="again").is_empty


@pytest.mark.parametrize("value", [1.7976931348623157e308, 1.965575565675288e301, 5e-324, 0.1, -1 / 3])
def test_an_announcement_with_an_extreme_figure_is_recognised_when_loaded_again(
    record: Path, recorder: Recorder, value: float
) -> None:
    figure = Figure(item="i", value=value, unit="u")
    batch = Batch(
        announcements=(Announcement(id="an", title="T", announced="2024", said="S", figures=(figure,)),)
    )
    record_batch(record, batch, "load", recorder, summary="x")
    assert record_batch(record, batch, "load", recorder, summary="again").is_empty


def test_a_place_whose_parent_is_missing_does_not_make_a_write_loop_forever(
    record: Path, recorder: Recorder
) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("DELETE FROM places WHERE id = 'KP-02'")
    place = Place(id="new-place", name="New", parent="kp-02-mundok")
    record_batch(record, Batch(places=(place,)), "load", recorder, summary="x")
    # It is in no region that is known; `check` finds the broken reference.
    assert query(record, "SELECT region FROM places WHERE id = 'new-place'") == [(None,)]


def test_an_error_while_a_database_is_created_names_the_database_and_leaves_nothing(tmp_path: Path) -> None:
    """It is written under a hidden name first, which no user has typed."""

    def fail(part: Path) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        with translating_errors(part):
            raise error

    path = tmp_path / "new.db"
    with pytest.raises(Unusable) as refusal:
        create_whole(path, fail)
    assert str(refusal.value).startswith(f"the disk that holds {path} is full")
    assert list(tmp_path.iterdir()) == []
