"""What was undone can be redone: whole changes, single rows and edits, in any sequence."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from derived import DERIVED
from examples import example_count
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from judging import judge_from_scratch
from program import run
from sequences import make_batch, make_id
from tables import query
from test_any_sequence import RECORDER, list_dangling, read_states
from test_undo import dump, make_full_batch
from undoing import answer
from undoing import make_batch as make_own_batch

from nkplan.errors import Ambiguous, BadFile, InTheWay, NotFound, TooMany
from nkplan.identity import derive_quota_id, derive_update_id
from nkplan.model.batch import Announcement, Batch, Figure, Place, Project, SettingRow, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Evidence, ProjectType, QuotaPeriod, Status
from nkplan.queries.checks import find_inconsistencies
from nkplan.queries.reader import reading
from nkplan.rows.table import KEYS
from nkplan.store.create import create_database
from nkplan.store.edit import edit as edit_row
from nkplan.store.record import Edition
from nkplan.store.record import record as record_batch
from nkplan.store.rewriting import fetch_stored, rewrite
from nkplan.store.states import judge_touched
from nkplan.store.transaction import add_change, writing
from nkplan.store.undo import redo, undo
from nkplan.validation import LISTS

SMALL = Batch(
    settings=(SettingRow("region_level", "1"),),
    kinds=("factory", "hospital"),
    places=tuple(Place(id_, id_) for id_ in ("KP-02", "KP-03", "KP-04")),
    projects=(
        Project("20x10", "20x10", ProjectType.PROGRAMME, "factory"),
        Project("unsan-factories", "Unsan", ProjectType.SITE, "factory", place="KP-02"),
    ),
    updates=(Update("unsan-factories", "2025", status=Status.BUILDING, evidence=Evidence.PRESS, note="n"),),
)
"""What the batches of `sequences` refer to, and no more: what is checked after each step takes less time."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.db"
    create_database(path, [SMALL], RECORDER)
    return path


def copy(small: Path, folder: Path) -> Path:
    path = folder / "copy.db"
    path.write_bytes(small.read_bytes())
    return path


def export(path: Path) -> str:
    done = run(path, "export", "-f", "jsonl")
    assert done.code == 0, done.err
    return done.out


def list_faults(path: Path) -> list[Any]:
    """List what is inconsistent in a database, with the states judged from scratch."""
    with reading(path) as reader:
        found: list[Any] = list(find_inconsistencies(reader, DERIVED, date.max))
    found += list_dangling(path) + query(path, "PRAGMA foreign_key_check")
    return found if read_states(path) == judge_from_scratch(path) else [*found, "states"]


def record_rows(path: Path, batch: Batch, summary: str = "x") -> None:
    assert not record_batch(path, batch, "load", RECORDER, summary=summary).is_empty


def edit(path: Path, list_: str, key: str, **fields: Any) -> None:
    """Give a stored row other values in some fields, as one change."""
    with writing(path) as connection:
        row = fetch_stored(connection, list_, [key])[key]._replace(**fields)
        rewrite(connection, add_change(connection, "edit", RECORDER, key), {list_: {key: row}})
        judge_touched(connection)


OF_ROWS = " UNION ALL ".join(f"SELECT change_id FROM {name} WHERE undone_in IS NULL" for name in LISTS)
OF_EDITS = " UNION ALL ".join(
    f"SELECT former_rows.change_id FROM former_rows JOIN {name}"
    f" ON former_rows.list = '{name}' AND former_rows.id = {name}.{KEYS[name]}"
    f" WHERE {name}.undone_in IS NULL AND {name}.change_id < former_rows.change_id"
    for name in LISTS
)
UNDOABLE = f"""
SELECT id FROM changes
WHERE undone_in IS NULL AND command NOT IN ('first run', 'undo', 'redo')
  AND (id IN (SELECT * FROM ({OF_ROWS} UNION ALL {OF_EDITS}))
       OR EXISTS (SELECT 1 FROM settings WHERE undone_in = changes.id))
"""
"""The changes that show: by rows that they recorded, content that they gave, settings that they took away."""

STEPS = st.lists(
    st.tuples(st.sampled_from(["load", "load", "amend"]), st.integers(1, 3), st.integers(0, 1))
    | st.tuples(
        st.sampled_from(
            [
                "undo",
                "redo",
                "retract",
                "undo change",
                "redo change",
                "undo project",
                "undo some",
                "redo some",
            ]
        ),
        st.integers(0, 2**31),
        st.just(0),
    )
    | st.tuples(
        st.sampled_from(["edit", "rename", "set", "claim", "claim", "say", "say"]),
        st.integers(0, 2**31),
        st.integers(0, 2**31),
    ),
    min_size=4,
    max_size=16,
)
EDITED = (
    ("sources", "source", "published", ("2026-01", "2026-02", "2026-04")),
    ("projects", "new-site", "name", ("A", "B")),
    ("projects", "new-site", "year", (2030, 2031)),
    ("projects", "unsan-factories", "tags", (("x",), ("x", "y"), ())),
    ("places", "place", "parent", ("KP-02", "KP-03", "KP-04")),
    ("updates", make_id(1, "new-site", "2026"), "note", ("n", "m")),
    ("updates", make_id(1, "unsan-factories", "2026"), "source", ("source", None)),
)
RENAMED = (("sources", "source"), ("projects", "new-site"), ("places", "place"))


def take(path: Path, step: str, number: int, wording: int) -> None:
    """Take one step of a sequence. Raises a refusal."""
    match step:
        case "load" | "amend":
            edition = Edition(rewrite if step == "amend" else None)
            record_batch(path, make_batch(number, wording), "load", RECORDER, summary="x", edition=edition)
        case "undo":
            undo(path, [], RECORDER)
        case "redo":
            redo(path, [], RECORDER)
        case "retract":
            active = query(path, "SELECT id FROM updates WHERE undone_in IS NULL ORDER BY id DESC") or [
                ("no",)
            ]
            undo(path, [active[number % len(active)][0]], RECORDER)
        case "undo project":
            undo(path, [("new-site", "unsan-factories")[number % 2]], RECORDER)
        case "undo change" | "redo change":
            changes = query(path, "SELECT id FROM changes ORDER BY id")
            (undo if step == "undo change" else redo)(
                path, [str(changes[number % len(changes)][0])], RECORDER
            )
        case "undo some" | "redo some":
            some = [*query(path, "SELECT id FROM changes ORDER BY id"), ("unsan-factories",)]
            targets = {str(some[(number >> shift) % len(some)][0]) for shift in (0, 9, 18)}
            (undo if step == "undo some" else redo)(path, sorted(targets), RECORDER)
        case _:
            take_edit(path, step, number, wording)


def take_edit(path: Path, step: str, number: int, wording: int) -> None:
    """Edit the settings, or one of a few rows in one of its fields or its id. Raises a refusal."""
    match step:
        case "set":
            set_(path, [None, "north", "south"][number % 3], [None, "bloc", "dale"][wording % 3])
        case "edit":
            list_, key, field, values = EDITED[number % len(EDITED)]
            edit_if_there(path, list_, key, **{field: values[wording % len(values)]})
        case "claim":
            record_batch(path, SAID[number % len(SAID)], "update", RECORDER, summary="x")
        case "say":
            say(path, number, SAID[wording % len(SAID)])
        case "rename":
            list_, key = RENAMED[number % len(RENAMED)]
            edit_if_there(path, list_, key, id=f"{key}-{wording % 2}")


def set_(path: Path, title: str | None, label: str | None) -> None:
    """Edit the settings: what has no value is taken away."""
    values = {"region_level": "1", "title": title, "label region": label}
    rows = tuple(SettingRow(id_, value) for id_, value in values.items() if value is not None)
    edit_row(path, lambda: ("settings", ""), lambda *_: rows, lambda _: "settings", RECORDER)


SAID = (
    Batch(updates=(Update("unsan-factories", "2030", status=Status.IDLE),), typed=True),
    Batch(updates=(Update("unsan-factories", "2030", status=Status.CLOSED),), typed=True),
    Batch(quotas=(Quota("20x10", "factory", 3, QuotaPeriod.TOTAL),), typed=True),
    Batch(quotas=(Quota("20x10", "hospital", 3, QuotaPeriod.TOTAL),), typed=True),
)
"""Claims and promises whose ids are derived, to record, and to make others say."""

IDENTITIES: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("updates", "event_date = '2030'", derive_update_id),
    ("quotas", "per = 'total'", derive_quota_id),
)


def say(path: Path, number: int, said: Batch) -> None:
    """Edit one of the claims or promises on record, so that it says what another does. Raises a refusal."""
    list_ = "updates" if said.updates else "quotas"
    (row,) = getattr(said, list_)
    where = next(where for name, where, _ in IDENTITIES if name == list_)
    ids = query(path, f"SELECT id FROM {list_} WHERE {where} AND undone_in IS NULL ORDER BY id")
    if not ids:
        raise NotFound("none is on record")
    key = ids[number % len(ids)][0]
    edit_row(path, lambda: (list_, key), lambda *_: row._replace(id=key), lambda _: "said", RECORDER)


def list_twice(path: Path) -> list[str]:
    """List the claims and promises that are on record a second time."""
    twice = []
    with closing(sqlite3.connect(path)) as connection:
        for list_, where, derive in IDENTITIES:
            ids = query(path, f"SELECT id FROM {list_} WHERE {where} AND undone_in IS NULL")
            rows = fetch_stored(connection, list_, [id_ for (id_,) in ids]).values()
            twice += [id_ for id_, number in Counter(map(derive, rows)).items() if number > 1]
    return twice


def edit_if_there(path: Path, list_: str, key: str, **fields: Any) -> None:
    found = query(path, f"SELECT undone_in FROM {list_} WHERE id = '{key}'")
    # A source that was renamed is no longer called so.
    cited = query(path, f"SELECT id FROM sources WHERE id = '{fields.get('source')}'")
    if found != [(None,)] or (fields.get("source") and not cited):
        raise NotFound("not on record")
    edit(path, list_, key, **fields)


@settings(
    max_examples=example_count(2, 3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, more=st.integers(1, 6))
def test_so_many_undos_and_redos_give_back_the_same_export(
    small: Path, tmp_path: Path, steps: list[tuple[str, int, int]], more: int
) -> None:
    path = tmp_path / "sequence.db"
    path.write_bytes(small.read_bytes())
    for step, number, wording in [("load", 1, 0), *steps]:
        before = path.read_bytes()
        try:
            take(path, step, number, wording)
        except (BadFile, NotFound, InTheWay):
            event(f"{step} refused")
            assert path.read_bytes() == before
        else:
            event(f"{step} done")
        assert list_faults(path) == []
        assert list_twice(path) == []
    exported, answers = [export(path)], [answer(path)]
    for _ in range(more):
        if not query(path, UNDOABLE):
            with pytest.raises(NotFound, match="nothing to undo"):
                undo(path, [], RECORDER)
            break
        undo(path, [], RECORDER)
        assert list_faults(path) == []
        exported.append(export(path))
        answers.append(answer(path))
    for text, rows in list(zip(exported, answers, strict=True))[-2::-1]:
        redo(path, [], RECORDER)
        assert list_faults(path) == []
        assert export(path) == text
        assert answer(path) == rows


def list_active(path: Path) -> dict[str, list[Any]]:
    """List the keys of the active rows of each list."""
    return {
        name: query(path, f"SELECT {KEYS[name]} FROM {name} WHERE undone_in IS NULL ORDER BY 1")
        for name in LISTS
    }


def read_journal(path: Path) -> list[tuple[Any, ...]]:
    return query(path, "SELECT id, command, undone_in, undoes, redoes FROM changes WHERE id > 1 ORDER BY id")


def test_a_redo_gives_back_every_row_and_answer_that_the_undo_took(record: Path) -> None:
    record_rows(record, make_full_batch("x"))
    before, after = export(record), dump(record)
    undone = undo(record, [], RECORDER)
    redone = redo(record, [], RECORDER)
    assert (export(record), dump(record)) == (before, after)
    assert redone.rows == undone.rows
    assert [(one.after, one.before) for one in redone.state_changes] == [
        (one.before, one.after) for one in undone.state_changes
    ]
    assert read_journal(record) == [
        (2, "load", None, None, None),
        (3, "undo", 4, 2, None),
        (4, "redo", None, 3, 2),
    ]
    with pytest.raises(NotFound, match="nothing to redo"):
        redo(record, [], RECORDER)
    undo(record, [], RECORDER)
    redo(record, ["2"], RECORDER)
    assert dump(record) == after


def test_retracted_updates_and_projects_are_put_back_with_what_went_with_them(record: Path) -> None:
    before, active, whole = export(record), list_active(record), dump(record)
    ids = [id_ for (id_,) in query(record, "SELECT id FROM updates WHERE project = 'grand-canal'")]
    undo(record, [ids[0]], RECORDER)
    taken = undo(record, ["grand-canal"], RECORDER).rows
    assert sorted(one.id for one in taken.updates) == sorted(ids[1:])
    assert [one.id for one in taken.projects] == ["grand-canal"]
    assert list_faults(record) == []
    redo(record, [], RECORDER)
    assert list_active(record)["projects"] == active["projects"]
    assert len(list_active(record)["updates"]) == len(active["updates"]) - 1
    redo(record, [ids[0][-12:]], RECORDER)
    assert (export(record), dump(record)) == (before, whole)


def test_a_project_is_undone_with_the_numbers_promised_for_it(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    quota = Quota("20x10", "hospital", 5, QuotaPeriod.YEAR, first_year=2025)
    record_rows(path, Batch(quotas=(quota,)))
    before = export(path)
    undone = undo(path, ["20x10"], RECORDER)
    assert [one.quantity for one in undone.rows.quotas] == [5]
    assert list_active(path)["quotas"] == []
    redo(path, ["20x10"], RECORDER)
    assert export(path) == before


FIGURE = (Figure("cost", 1.0, "USD", source="new"),)
NEEDED = {
    "sources": Batch(
        updates=(Update("unsan-factories", "2026", status=Status.IDLE, source="new"),),
    ),
    "sources, withdrawn": Batch(
        updates=(Update("unsan-factories", "2026", note="n", withdrawn="2026", withdrawn_source="new"),),
    ),
    "sources, figure": Batch(
        updates=(Update("unsan-factories", "2026", note="n", figures=FIGURE),),
    ),
    "sources, announcement": Batch(announcements=(Announcement("an", "A", "2026", "S", source="new"),)),
    "sources, figure of an announcement": Batch(
        announcements=(Announcement("an", "A", "2026", "S", figures=FIGURE),)
    ),
    "announcements": Batch(updates=(Update("unsan-factories", "2026", note="n", announcement="new"),)),
    "announcements, quota": Batch(
        quotas=(Quota("20x10", "factory", 2, QuotaPeriod.TOTAL, announcement="new"),)
    ),
    "kinds": Batch(projects=(Project("p", "P", ProjectType.SITE, "new"),)),
    "kinds, quota": Batch(quotas=(Quota("20x10", "new", 2, QuotaPeriod.TOTAL),)),
    "places": Batch(places=(Place("inner", "Inner", parent="new"),)),
    "places, project": Batch(projects=(Project("p", "P", ProjectType.SITE, "factory", place="new"),)),
    "projects": Batch(updates=(Update("new", "2026", status=Status.IDLE),)),
    "projects, parent": Batch(projects=(Project("p", "P", ProjectType.SITE, "factory", parent="new"),)),
    "projects, model": Batch(projects=(Project("p", "P", ProjectType.SITE, "factory", model="new"),)),
    "projects, quota": Batch(quotas=(Quota("new", "factory", 2, QuotaPeriod.TOTAL),)),
    "projects, within": Batch(quotas=(Quota("20x10", "factory", 2, QuotaPeriod.TOTAL, within="new"),)),
}
"""Rows that name the row `new` of a list."""

NEW = Batch(
    kinds=("new",),
    places=(Place("new", "New"),),
    sources=(Source("new", title="New"),),
    announcements=(Announcement("new", "New", "2025", "New."),),
    projects=(Project("new", "New", ProjectType.PROGRAMME, "factory"),),
)


@pytest.mark.parametrize("name", NEEDED)
def test_an_undo_of_what_a_later_row_names_is_refused_and_says_which(
    small: Path, tmp_path: Path, name: str
) -> None:
    path, list_ = copy(small, tmp_path), name.partition(",")[0]
    record_rows(path, Batch(**{list_: getattr(NEW, list_)}))
    record_rows(path, NEEDED[name])
    before = path.read_bytes()
    with pytest.raises(InTheWay, match=r"change 2 cannot be undone: .* nkplan undo 3 2$") as refusal:
        undo(path, ["2"], RECORDER)
    (line,) = refusal.value.rows
    assert f"recorded by change 3, needs the {list_.removesuffix('s')} new" in line
    assert path.read_bytes() == before
    undo(path, ["2", "3"], RECORDER)
    with pytest.raises(InTheWay, match="cannot be redone") as refusal:
        redo(path, ["3"], RECORDER)
    assert "the " + list_.removesuffix("s") + " new is no longer on record" in refusal.value.rows[0]
    redo(path, ["3", "2"], RECORDER)
    assert list_faults(path) == []


def test_changes_named_to_one_undo_are_taken_back_by_one_change_and_come_back_by_one_redo(
    small: Path, tmp_path: Path
) -> None:
    path = copy(small, tmp_path)
    record_rows(path, NEW)
    record_rows(path, Batch(updates=(Update("new", "2026", "u", status=Status.IDLE, source="new"),)))
    set_(path, "north", None)
    set_(path, None, "bloc")
    before, whole = export(path), dump(path)
    undone = undo(path, ["3", "5", "2", "4", "unsan-factories"], RECORDER)
    assert [change.id for change in undone.changes] == [5, 4, 3, 2]
    assert [one.id for one in undone.rows.projects] == ["unsan-factories", "new"]
    assert read_journal(path)[4:] == [(6, "undo", None, None, None)]
    assert query(path, "SELECT summary FROM changes WHERE id = 6") == [
        ("retracted unsan-factories; undid changes 5, 4, 3 and 2: settings; settings; x; x",)
    ]
    redone = redo(path, [], RECORDER)
    assert [change.id for change in redone.changes] == [2, 3, 4, 5]
    assert read_journal(path)[4:] == [(6, "undo", 7, None, None), (7, "redo", None, 6, None)]
    assert (export(path), dump(path)) == (before, whole)
    assert list_faults(path) == []


def test_one_of_several_changes_undone_together_can_be_redone_alone_and_the_rest_after_it(
    small: Path, tmp_path: Path
) -> None:
    path = copy(small, tmp_path)
    for name in ("Two", "Three", "Four"):
        edit(path, "projects", "20x10", name=name)
    named = "SELECT name FROM projects WHERE id = '20x10'"
    undo(path, ["2", "3", "4"], RECORDER)
    redo(path, ["2"], RECORDER)
    assert (query(path, named), read_journal(path)[3:]) == (
        [("Two",)],
        [(5, "undo", None, None, None), (6, "redo", None, 5, 2)],
    )
    assert [change.id for change in redo(path, [], RECORDER).changes] == [3, 4]
    assert (query(path, named), read_journal(path)[3][2]) == ([("Four",)], 7)


def test_undos_named_to_one_redo_are_taken_back_by_one_change(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, NEW)
    record_rows(path, Batch(kinds=("also",)))
    before = export(path)
    undo(path, ["3"], RECORDER)
    undo(path, ["2"], RECORDER)
    redo(path, ["2", "3"], RECORDER)
    assert read_journal(path) == [
        (2, "load", None, None, None),
        (3, "load", None, None, None),
        (4, "undo", 6, 3, None),
        (5, "undo", 6, 2, None),
        (6, "redo", None, None, None),
    ]
    assert export(path) == before
    assert [change.id for change in undo(path, [], RECORDER).changes] == [3]


@pytest.mark.parametrize("do", [undo, redo])
def test_if_one_of_several_is_refused_none_is_done(small: Path, tmp_path: Path, do: Any) -> None:
    path = copy(small, tmp_path)
    record_rows(path, NEW)
    record_rows(path, Batch(kinds=("also",)))
    if do is redo:
        undo(path, ["2", "3"], RECORDER)
        record_rows(path, NEW._replace(places=(Place("new", "Other"),)))
        redo(path, ["3"], RECORDER)
        undo(path, ["3"], RECORDER)
        targets, says = ["2", "3"], "nothing to redo of change 4"
        redo(path, ["3"], RECORDER)
    else:
        record_rows(path, NEEDED["projects"])
        targets, says = ["2", "3"], "changes 3 and 2 cannot be undone"
    before = path.read_bytes()
    with pytest.raises((InTheWay, NotFound), match=says):
        do(path, ["2"] if do is redo else targets, RECORDER)
    assert path.read_bytes() == before


def test_a_project_that_others_belong_to_is_not_undone_alone(record: Path) -> None:
    before = record.read_bytes()
    with pytest.raises(InTheWay, match=r"^20x10 cannot be undone: something on record") as refusal:
        undo(record, ["20x10"], RECORDER)
    assert refusal.value.rows[0] == "project 20x10-2024, recorded by change 1, needs the project 20x10"
    assert record.read_bytes() == before


def test_a_change_of_whose_rows_one_was_edited_since_is_not_undone(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, make_batch(1, 0))
    edit(path, "sources", "source", title="T 3")
    edit(path, "sources", "source", title="T 4")
    for change, later in (("2", "4 3 2"), ("3", "4 3")):
        with pytest.raises(
            InTheWay, match=f"change {change} cannot be undone.* nkplan undo {later}$"
        ) as refusal:
            undo(path, [change], RECORDER)
        assert refusal.value.rows[-1] == "source source was edited by change 4"
    undone = undo(path, ["3", "4"], RECORDER)
    assert [(one.before.title, one.after.title) for one in undone.edits] == [("T 4", "T 3"), ("T 3", "S")]
    undo(path, [], RECORDER)
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(path, [], RECORDER)


def test_what_a_refused_undo_says_to_write_leads_to_the_undo(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, make_batch(1, 0))
    record_rows(path, make_batch(2, 0))  # It names rows of the first.
    edit(path, "places", "place", name="Edited")
    with pytest.raises(InTheWay) as refusal:
        undo(path, ["2", "3"], RECORDER)
    targets = str(refusal.value).partition("write nkplan undo ")[2].split()
    assert targets == ["4", "3", "2"]
    undo(path, targets, RECORDER)


def test_an_edit_is_not_redone_over_another_one(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    edit(path, "projects", "20x10", name="Two")
    edit(path, "projects", "20x10", name="Three")
    undo(path, ["2", "3"], RECORDER)
    with pytest.raises(InTheWay, match="edited or undone since") as refusal:
        redo(path, ["3"], RECORDER)
    assert refusal.value.rows == ("project 20x10 does not say what change 4 left",)
    edit(path, "projects", "20x10", name="Four")
    with pytest.raises(InTheWay, match=r"edited or undone since by change 5$"):
        redo(path, ["2"], RECORDER)
    undo(path, [], RECORDER)
    redo(path, ["2"], RECORDER)
    redo(path, ["3"], RECORDER)
    assert query(path, "SELECT name FROM projects WHERE id = '20x10'") == [("Three",)]


def test_an_edit_is_not_undone_to_name_what_is_no_longer_on_record(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, Batch(places=NEW.places))
    edit(path, "projects", "unsan-factories", place="new")
    edit(path, "projects", "unsan-factories", place="KP-03")
    undo(path, ["2"], RECORDER)
    with pytest.raises(InTheWay, match="change 4 cannot be undone") as refusal:
        undo(path, ["4"], RECORDER)
    assert refusal.value.rows == (
        "project unsan-factories: place: the place new is no longer on record; add it again",
    )
    redo(path, [], RECORDER)
    undo(path, ["4"], RECORDER)
    assert query(path, "SELECT place FROM projects WHERE id = 'unsan-factories'") == [("new",)]


def test_what_was_recorded_again_since_is_not_redone(record: Path) -> None:
    record_rows(record, make_own_batch(1))
    undo(record, [], RECORDER)
    record_rows(record, make_own_batch(1))
    with pytest.raises(NotFound, match="was followed by change"):
        redo(record, [], RECORDER)
    with pytest.raises(NotFound, match="recorded again since"):
        redo(record, ["2"], RECORDER)


def test_an_update_retracted_by_its_id_and_typed_again_is_not_redone(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, IDLE)
    ((id_,),) = query(path, "SELECT id FROM updates WHERE event_date = '2030'")
    undo(path, [id_], RECORDER)
    record_rows(path, IDLE)
    with pytest.raises(NotFound, match="nothing to redo of change 3: what it undid has been recorded again"):
        redo(path, ["3"], RECORDER)


def test_a_setting_taken_away_set_again_and_both_undone_is_what_it_was(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    settings_ = "SELECT id, value FROM settings WHERE undone_in IS NULL AND id = 'title'"
    exported = []
    for title in ("north", None, "south"):
        set_(path, title, None)
        exported.append(export(path))
    for text in exported[1::-1]:
        undo(path, [], RECORDER)
        assert export(path) == text
    assert query(path, settings_) == [("title", "north")]
    for text in exported[1:]:
        redo(path, [], RECORDER)
        assert export(path) == text
    undo(path, ["3", "4"], RECORDER)
    assert query(path, settings_) == [("title", "north")]
    redo(path, [], RECORDER)
    assert query(path, settings_) == [("title", "south")]


IDLE, CLOSED, FACTORIES, HOSPITALS = SAID


@pytest.mark.parametrize(("one", "other"), [(IDLE, CLOSED), (FACTORIES, HOSPITALS)], ids=["claim", "promise"])
def test_a_claim_that_another_one_was_edited_to_make_is_not_redone_beside_it(
    small: Path, tmp_path: Path, one: Batch, other: Batch
) -> None:
    path = copy(small, tmp_path)
    record_rows(path, one)
    undo(path, [], RECORDER)
    record_rows(path, other)
    say(path, 0, one)
    before = path.read_bytes()
    with pytest.raises(InTheWay, match=r"^change 3 cannot be redone: the same would be .* twice") as refusal:
        redo(path, ["2"], RECORDER)
    (line,) = refusal.value.rows
    list_ = "updates" if one.updates else "quotas"
    ((there,),) = query(path, f"SELECT id FROM {list_} WHERE undone_in IS NULL AND change_id = 4")
    assert line.endswith(f" says the same as {there}, which is on record")
    assert path.read_bytes() == before
    # Who records it once more is told that it is there.
    assert record_batch(path, one, "update", RECORDER, summary="x").is_empty
    undo(path, [], RECORDER)
    redo(path, ["2"], RECORDER)
    assert list_twice(path) == []


@pytest.mark.parametrize(("one", "other"), [(IDLE, CLOSED), (FACTORIES, HOSPITALS)], ids=["claim", "promise"])
def test_an_edit_is_not_redone_to_say_what_was_recorded_since(
    small: Path, tmp_path: Path, one: Batch, other: Batch
) -> None:
    path = copy(small, tmp_path)
    record_rows(path, one)
    say(path, 0, other)
    undo(path, [], RECORDER)
    record_rows(path, other)
    with pytest.raises(InTheWay, match="change 4 cannot be redone: the same would be on record twice"):
        redo(path, ["3"], RECORDER)
    undo(path, [], RECORDER)
    redo(path, ["3"], RECORDER)
    # The id of what was undone means the edited one again.
    assert record_batch(path, other, "update", RECORDER, summary="x").is_empty


def test_the_same_claim_that_files_have_under_ids_of_their_own_is_undone_and_redone(
    small: Path, tmp_path: Path
) -> None:
    path = copy(small, tmp_path)
    (claim,) = IDLE.updates
    for id_ in ("one", "two"):
        record_rows(path, Batch(updates=(claim._replace(id=id_),)))
    before = export(path)
    undo(path, [], RECORDER)
    redo(path, [], RECORDER)
    assert export(path) == before


def test_a_link_that_another_source_has_got_is_in_the_way(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    for name in ("one", "other"):
        record_rows(path, Batch(sources=(Source(name, url="https://e.org/x"),)))
        undo(path, [], RECORDER)
    redo(path, ["2"], RECORDER)
    with pytest.raises(InTheWay) as refusal:
        redo(path, ["4"], RECORDER)
    assert "one" in refusal.value.rows[0]


def test_a_second_cohort_of_a_year_is_in_the_way(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    for name in ("one", "other"):
        cohort = Project(name, "C", ProjectType.COHORT, "factory", parent="20x10", year=2025)
        record_rows(path, Batch(projects=(cohort,)))
        undo(path, [], RECORDER)
    redo(path, ["2"], RECORDER)
    with pytest.raises(InTheWay):
        redo(path, ["4"], RECORDER)


def test_the_file_of_a_retracted_cohort_is_no_fault_although_its_year_has_another(
    small: Path, tmp_path: Path
) -> None:
    path = copy(small, tmp_path)
    one, other = (
        Batch(projects=(Project(name, "C", ProjectType.COHORT, "factory", parent="20x10", year=2025),))
        for name in ("one", "other")
    )
    record_rows(path, one)
    undo(path, ["one"], RECORDER)
    record_rows(path, other)
    for batch in (one, other):
        assert record_batch(path, batch, "load", RECORDER, summary="again").is_empty
    # Who types it means a cohort that is on record.
    with pytest.raises(BadFile):
        record_batch(path, one._replace(typed=True), "add", RECORDER, summary="again")


@pytest.mark.parametrize(
    ("do", "target", "says"),
    [
        (undo, "1", "change 1 is what the record was made of"),
        (undo, "2", "change 2 has already been undone, in change 3"),
        (undo, "3", "change 3 is itself an undo; nkplan redo 3 takes it back"),
        (undo, "5", "change 5 is a redo; nkplan undo 2 undoes"),
        (undo, "99", "there is no change 99; `nkplan log` lists"),
        (redo, "1", "change 1 has not been undone"),
        (redo, "3", "change 3 has already been redone, in change 5"),
        (redo, "5", "change 5 has not been undone"),
        (redo, "unsan-factories", "no update or project unsan-factories has been undone; it is on record"),
        (redo, "nowhere", "no update or project nowhere has been undone"),
    ],
)
def test_a_change_that_cannot_be_undone_or_redone_says_why(
    small: Path, tmp_path: Path, do: Any, target: str, says: str
) -> None:
    path = copy(small, tmp_path)
    record_rows(path, make_batch(1, 0))
    undo(path, [], RECORDER)
    if target != "2":
        edit(path, "projects", "20x10", name="Two")
        redo(path, ["2"], RECORDER)
    before = path.read_bytes()
    with pytest.raises(NotFound, match=says):
        do(path, [target], RECORDER)
    assert path.read_bytes() == before


def test_a_part_of_an_id_can_be_that_of_an_update_or_a_project(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    update = Update("unsan-factories", "2026", "20x-note", note="n")
    record_rows(path, Batch(updates=(update,)))
    with pytest.raises(Ambiguous, match="20x can be the id of 2 updates and projects") as refusal:
        undo(path, ["20x"], RECORDER)
    assert refusal.value.candidates == ("20x-note  2026  unsan-factories", "20x10  project")
    assert undo(path, ["20x-note"], RECORDER).rows.updates == (update,)
    assert [one.id for one in undo(path, ["20x10"], RECORDER).rows.projects] == ["20x10"]


def test_a_dry_run_of_a_redo_changes_nothing(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, make_batch(1, 0))
    undo(path, [], RECORDER)
    before = path.read_bytes()
    dry = redo(path, [], RECORDER, dry_run=True)
    assert path.read_bytes() == before
    assert redo(path, [], RECORDER) == dry


def test_more_rows_than_are_meant_to_go_are_not_undone_or_redone(small: Path, tmp_path: Path) -> None:
    path = copy(small, tmp_path)
    record_rows(path, Batch(kinds=("a", "b", "c")), "three.json")
    with pytest.raises(TooMany, match=r"undo 3 rows \(change 2, load: three.json\)") as refusal:
        undo(path, [], RECORDER, most=2)
    assert refusal.value.targets == ("2",)
    assert undo(path, [], RECORDER, most=3).rows.kinds == ("a", "b", "c")
    with pytest.raises(TooMany, match="redo 3 rows"):
        redo(path, [], RECORDER, most=2)
    assert redo(path, [], RECORDER, most=3).rows.kinds == ("a", "b", "c")


def test_settings_that_an_edit_set_changed_and_took_away_are_undone_and_redone(
    small: Path, tmp_path: Path
) -> None:
    path = copy(small, tmp_path)
    settings_ = "SELECT id, value FROM settings WHERE undone_in IS NULL ORDER BY id"
    set_(path, "north", None)
    before = query(path, settings_)
    set_(path, None, "bloc")
    after = query(path, settings_)
    assert (before[-1], after[0]) == (("title", "north"), ("label region", "bloc"))
    for _ in range(2):
        undone = undo(path, [], RECORDER)
        assert [row.id for row in undone.rows.settings] == ["label region"]
        assert [(one.before, one.after) for one in undone.edits] == [(None, SettingRow("title", "north"))]
        assert query(path, settings_) == before
        redone = redo(path, [], RECORDER)
        assert [(one.before, one.after) for one in redone.edits] == [(SettingRow("title", "north"), None)]
        assert query(path, settings_) == after
    undo(path, [], RECORDER)
    set_(path, "south", None)
    with pytest.raises(InTheWay, match=r"edited or undone since by change 9$"):
        redo(path, ["3"], RECORDER)
