"""What was recorded can be undone, and is kept."""

import json
import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from examples import example_count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import query
from undoing import answer, make_batch

from nkplan.errors import Ambiguous, NotFound
from nkplan.formats.json import read_file
from nkplan.model.batch import Announcement, Batch, Figure, Place, Publisher, SettingRow, Source, Update
from nkplan.model.outline import Outline
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries.reader import reading
from nkplan.queries.sites import list_sites
from nkplan.store.create import create_database
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo
from nkplan.validation import LISTS, key_of

FARM_IDLE = "SELECT id FROM updates WHERE project = 'jungphyong-greenhouse-farm' AND status = 'idle'"


def test_undo_restores_every_answer_and_keeps_the_rows(record: Path, recorder: Recorder) -> None:
    before = answer(record)
    record_batch(record, make_batch(1), "load", recorder, summary="one")
    assert answer(record) != before
    undone = undo(record, [], recorder)
    assert answer(record) == before
    assert undone.change is not None
    assert (undone.change.command, undone.change.summary) == ("load", "one")
    batch = make_batch(1)
    assert undone.rows.kinds == batch.kinds
    assert undone.rows.projects == batch.projects
    assert [one._replace(id="") for one in undone.rows.quotas] == list(batch.quotas)
    assert {row.id for row in undone.rows.updates} == {row.id for row in batch.updates}
    assert query(record, "SELECT count(*) FROM updates WHERE undone_in IS NOT NULL") == [(2,)]
    assert query(record, "SELECT command, recorded_by FROM changes WHERE id > 1") == [
        ("load", "kim"),
        ("undo", "kim"),
    ]


@settings(
    max_examples=example_count(3, 5),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(["write", "write", "undo"]), min_size=1, max_size=8))
def test_as_many_undos_as_writes_restore_the_answers(seeded: Path, tmp_path: Path, steps: list[str]) -> None:
    recorder = Recorder("kim", datetime(2026, 11, 24, tzinfo=UTC))
    path = tmp_path / "steps.db"
    path.write_bytes(seeded.read_bytes())
    stack = [answer(path)]
    for number, step in enumerate(steps, 1):
        if step == "write":
            status = list(Status)[number % len(Status)]
            record_batch(path, make_batch(number, status), "load", recorder, summary=str(number))
            stack.append(answer(path))
        elif len(stack) > 1:
            undo(path, [], recorder)
            stack.pop()
        assert answer(path) == stack[-1]
    while len(stack) > 1:
        undo(path, [], recorder)
        stack.pop()
        assert answer(path) == stack[-1]
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(path, [], recorder)


def test_a_retracted_update_never_counts(record: Path, recorder: Recorder) -> None:
    ((id_,),) = query(record, FARM_IDLE)
    undone = undo(record, [id_[-12:]], recorder)
    (move,) = undone.state_changes
    assert (move.before.status, move.after.status) == (Status.IDLE, Status.OPERATING)
    assert (move.before.verified, move.after.verified) == (Status.IDLE, Status.BUILDING)
    assert undone.change is None
    with reading(record) as reader:
        site = next(one for one in list_sites(reader) if one.id == "jungphyong-greenhouse-farm")
    assert (site.state.status, site.state.updates) == (Status.OPERATING, 6)


def test_loading_does_not_put_back_a_retracted_update(
    record: Path, shipped: tuple[Batch, ...], recorder: Recorder
) -> None:
    ((id_,),) = query(record, FARM_IDLE)
    undo(record, [id_], recorder)
    before = answer(record)
    assert record_batch(record, shipped[1], "load", recorder, summary="again").is_empty
    assert answer(record) == before
    with pytest.raises(NotFound, match="has already been undone or retracted"):
        undo(record, [id_], recorder)


def test_an_undone_load_can_be_corrected_and_loaded_again(record: Path, recorder: Recorder) -> None:
    batch = make_batch(1)
    record_batch(record, batch, "load", recorder, summary="one")
    after = answer(record)
    undo(record, [], recorder)
    record_batch(record, batch, "load", recorder, summary="again")
    assert answer(record) == after
    assert query(record, "SELECT * FROM former_rows") == []
    undo(record, [], recorder)
    corrected = batch._replace(sources=(batch.sources[0]._replace(title="Corrected"),))
    record_batch(record, corrected, "load", recorder, summary="corrected")
    assert query(record, "SELECT title FROM sources WHERE id = 'source-1'") == [("Corrected",)]
    ((list_, id_, content),) = query(record, "SELECT list, id, content FROM former_rows")
    assert (list_, id_) == ("sources", "source-1")
    assert '"url": "https://e.org/1"' in content


def test_a_source_loaded_again_with_another_date_reorders_its_updates(
    record: Path, recorder: Recorder
) -> None:
    """An update of "2026" published in 2026-02 comes before one of 2026-03; published in 2026-05, after."""
    source = Source(id="s", url="https://e.org/s", published="2026-02", evidence=Evidence.ON_SITE)
    early = Update(
        id=str(uuid.UUID(int=1)), project="grand-canal", event_date="2026", status=Status.BUILDING, source="s"
    )
    late = early._replace(
        id=str(uuid.UUID(int=2)), event_date="2026-03", status=Status.PREPARING, source=None
    )
    for published, status in (("2026-02", "preparing"), ("2026-05", "building")):
        batch = Batch(sources=(source._replace(published=published),), updates=(early, late))
        record_batch(record, batch, "load", recorder, summary=published)
        assert query(record, "SELECT status FROM states WHERE project = 'grand-canal'") == [(status,)]
        undo(record, [], recorder)


def test_undo_never_undoes_the_shipped_record(record: Path, recorder: Recorder) -> None:
    before = record.read_bytes()
    with pytest.raises(NotFound, match="name an update"):
        undo(record, [], recorder)
    assert record.read_bytes() == before


def test_an_ambiguous_part_of_an_id_is_refused_with_the_candidates(record: Path, recorder: Recorder) -> None:
    before = record.read_bytes()
    with pytest.raises(Ambiguous) as refusal:
        undo(record, ["a"], recorder)
    assert len(refusal.value.candidates) > 10
    with pytest.raises(NotFound, match="no update zzz"):
        undo(record, ["zzz"], recorder)
    assert record.read_bytes() == before


def test_several_updates_are_retracted_together_or_not_at_all(record: Path, recorder: Recorder) -> None:
    ids = [id_ for (id_,) in query(record, "SELECT id FROM updates WHERE project = 'grand-canal'")]
    before = record.read_bytes()
    with pytest.raises(NotFound):
        undo(record, [*ids, "zzz"], recorder)
    assert record.read_bytes() == before
    assert len(ids) > 1
    assert {row.id for row in undo(record, ids, recorder).rows.updates} == set(ids)
    assert query(record, "SELECT * FROM states WHERE project = 'grand-canal'") == []


def test_a_dry_run_of_an_undo_changes_nothing(record: Path, recorder: Recorder) -> None:
    record_batch(record, make_batch(1), "load", recorder, summary="one")
    before = record.read_bytes()
    dry = undo(record, [], recorder, dry_run=True)
    assert record.read_bytes() == before
    assert undo(record, [], recorder) == dry


PARTS = {
    "tags": ("project", "projects"),
    "identifiers": ("project", "projects"),
    "organisations": ("project", "projects"),
    "update_figures": ("update", "updates"),
    "place_names": ("place", "places"),
    "announcement_details": ("announcement", "announcements"),
    "announcement_figures": ("announcement", "announcements"),
}


UNDATED = {"unfinished", "contradicted", "states", "statuses", "evidence_classes"}
"""The tables whose rows no change recorded."""

JOURNAL = {"changes", "reversed_changes", "former_rows", "recorded_again", "former_ids"}


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every active row, table by table; not the journal, nor parts of rows that are not active.

    A date stays in its table when the rows that have it are undone.
    """
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    dumped = {}
    for (table,) in query(path, "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict"):
        if table in {"dates", "outlines", "_sqlite_migrations"} or table in JOURNAL:
            continue
        if table == "texts":
            # A row that is recorded again has another number.
            dumped[table] = sorted(
                query(path, "SELECT list, id, title, text, title_words, text_words FROM texts"), key=repr
            )
            continue
        if table in PARTS:
            column, whole = PARTS[table]
            where = f'WHERE "{column}" IN (SELECT id FROM {whole} WHERE undone_in IS NULL)'
        else:
            where = "" if table in UNDATED else "WHERE undone_in IS NULL"
        rows = connection.execute(f"SELECT * FROM {table} {where}").fetchall()
        dumped[table] = sorted(map(tuple, rows), key=repr)
    connection.close()
    return dumped


def make_full_batch(word: str) -> Batch:
    """Make a batch with a row of each list, with all its fields; `word` is what differs."""
    batch = make_batch(7)
    figures = (Figure(item=word, value=0.2, unit="percent", source="source-7"),)
    place = Place(id="pl", name=word, parent="KP-02", names=(f"{word} A", f"{word} B"))
    announcement = Announcement(
        id="an",
        title=word,
        announced="2026",
        said=word,
        source="source-7",
        terms=(word, "a term"),
        context=(word,),
        figures=figures,
    )
    return batch._replace(
        settings=(SettingRow("label expert", word),),
        publishers=(Publisher("e.org", word, Evidence.PRESS),),
        places=(place,),
        outlines=(Outline("pl", '{"type":"Polygon","coordinates":[[[1,2],[3,2.5],[1,3],[1,2]]]}', word),),
        sources=(batch.sources[0]._replace(note=word),),
        announcements=(announcement,),
        projects=(
            batch.projects[0]._replace(
                place="pl", note=word, tags=(word,), identifiers=((word, "1"),), organisations=((word, "O"),)
            ),
        ),
        quotas=(batch.quotas[0]._replace(id=str(uuid.UUID(int=7)), announcement="an", note=word),),
        updates=tuple(
            one._replace(announcement="an", note=word, speaker=word, figures=figures) for one in batch.updates
        ),
    )


def test_undo_of_a_row_of_every_list_leaves_the_active_rows_unchanged(
    record: Path, recorder: Recorder
) -> None:
    before = dump(record)
    # The shipped record has a row of every list but one.
    bare = {"publishers", "tags", "identifiers", "organisations", "update_figures"}
    assert {table for table, rows in before.items() if rows} >= set(before) - bare
    record_batch(record, make_full_batch("first"), "load", recorder, summary="x")
    after = dump(record)
    vocabularies = {"statuses", "evidence_classes"}
    # Nothing of the batch was shown unfinished after it had opened, and its claims do not contradict.
    same = {*vocabularies, "unfinished", "contradicted"}
    assert {table for table in before if before[table] == after[table]} == same
    undo(record, [], recorder)
    assert dump(record) == before


def test_a_corrected_load_leaves_nothing_of_the_first_version_active(
    record: Path, recorder: Recorder
) -> None:
    first, corrected = make_full_batch("wrong"), make_full_batch("corrected")
    record_batch(record, first, "load", recorder, summary="x")
    undo(record, [], recorder)
    record_batch(record, corrected, "load", recorder, summary="x")
    active = repr(dump(record))
    assert "corrected" in active
    assert "'wrong" not in active
    assert record_batch(record, corrected, "load", recorder, summary="x").is_empty
    assert query(record, "PRAGMA foreign_key_check") == []


def test_replaced_rows_are_kept_as_rows_of_a_file_to_load(record: Path, recorder: Recorder) -> None:
    first = make_full_batch("first")
    record_batch(record, first, "load", recorder, summary="x")
    undo(record, [], recorder)
    record_batch(record, make_full_batch("corrected"), "load", recorder, summary="x")
    file: dict[str, Any] = {"format": "nkplan/2"}
    for list_, content in query(record, "SELECT list, content FROM former_rows"):
        if list_ == "settings":
            assert json.loads(content) == {"id": "label expert", "value": "first"}
        else:
            file.setdefault(list_, []).append(json.loads(content))
    again = read_file(json.dumps(file).encode(), TODAY)
    assert again.faults == ()
    # An update without an evidence class of its own is stored with that of its source.
    usual = {source.id: source.evidence for source in first.sources}
    effective_day = tuple(
        one._replace(evidence=one.evidence or usual.get(one.source or "")) for one in first.updates
    )
    first = first._replace(updates=effective_day)
    for name in LISTS[2:]:
        assert sorted(getattr(again, name), key=key_of) == sorted(getattr(first, name), key=key_of)


def test_a_corrected_row_without_figures_names_and_tags_has_none_of_the_first(
    record: Path, recorder: Recorder
) -> None:
    record_batch(record, make_full_batch("first"), "load", recorder, summary="x")
    undo(record, [], recorder)
    before = dump(record)
    record_batch(record, make_batch(7), "load", recorder, summary="x")
    after = dump(record)
    assert {table for table in PARTS if before[table] != after[table]} == set()


def test_an_undo_names_the_change_that_it_undoes(record: Path, recorder: Recorder) -> None:
    ((id_,),) = query(record, FARM_IDLE)
    record_batch(record, make_batch(1), "load", recorder, summary="one")
    record_batch(record, make_batch(2), "load", recorder, summary="two")
    undo(record, [id_], recorder)
    undo(record, [], recorder)
    undo(record, [], recorder)
    changes = query(record, "SELECT id, undone_in, undoes, redoes FROM changes WHERE id > 1 ORDER BY id")
    assert changes == [
        (2, 6, None, None),
        (3, 5, None, None),
        (4, None, None, None),
        (5, None, 3, None),
        (6, None, 2, None),
    ]


def test_settings_and_publishers_are_undone_and_what_follows_from_the_settings(
    record: Path, recorder: Recorder
) -> None:
    """The shipped record says that its regions are the outermost places."""
    path = record.with_name("other.db")
    create_database(path, [Batch()], recorder)
    places = (Place("a", "A"), Place("b", "B", parent="a"), Place("c", "C", parent="b"))
    record_batch(path, Batch(places=places), "load", recorder, summary="places")
    regions = "SELECT id, region FROM places ORDER BY id"
    outermost = query(path, regions)
    assert outermost == [("a", "a"), ("b", "a"), ("c", "a")]
    more = Batch(settings=(SettingRow("region_level", "2"),), publishers=(Publisher("e.org", "E"),))
    record_batch(path, more, "load", recorder, summary="settings")
    assert query(path, regions) == [("a", None), ("b", "b"), ("c", "b")]
    undone = undo(path, [], recorder)
    assert (undone.rows.settings, undone.rows.publishers) == (more.settings, more.publishers)
    assert query(path, regions) == outermost
    assert query(
        path, "SELECT undone_in IS NULL FROM settings UNION SELECT undone_in IS NULL FROM publishers"
    ) == [(0,)]


def test_undo_skips_a_change_without_active_rows(record: Path, recorder: Recorder) -> None:
    older, newer = make_batch(1), make_batch(2)
    record_batch(record, older, "load", recorder, summary="older")
    record_batch(record, newer._replace(kinds=(), sources=(), projects=(), quotas=(), updates=(
        newer.updates[1]._replace(source=None),
    )), "update", recorder, summary="newer")  # fmt: skip
    undo(record, [newer.updates[1].id], recorder)
    undone = undo(record, [], recorder)
    assert undone.change is not None
    assert undone.change.summary == "older"
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(record, [], recorder)


def test_a_retracted_update_stays_retracted_when_its_load_is_undone_and_repeated(
    record: Path, recorder: Recorder
) -> None:
    batch = make_batch(1)
    record_batch(record, batch, "load", recorder, summary="x")
    undo(record, [batch.updates[1].id], recorder)
    before = dump(record)
    assert [row.id for row in undo(record, [], recorder).rows.updates] == [batch.updates[0].id]
    recorded = record_batch(record, batch, "load", recorder, summary="again")
    assert (recorded.retracted["updates"], [row.id for row in recorded.new.updates]) == (
        1,
        [batch.updates[0].id],
    )
    assert dump(record)["states"] == before["states"]


def test_retracting_the_only_update_of_a_source_keeps_the_source(record: Path, recorder: Recorder) -> None:
    source = "asiareview-khj"
    ((id_,),) = query(record, f"SELECT id FROM updates WHERE source = '{source}'")
    before = dump(record)
    undo(record, [id_], recorder)
    after = dump(record)
    assert after["sources"] == before["sources"]
    assert [row for row in before["updates"] if row not in after["updates"]] == [
        row for row in before["updates"] if row[0] == id_
    ]
    ((count,),) = query(record, "SELECT updates FROM states WHERE project = 'kimhyongjik-factories'")
    active = "SELECT count(*) FROM updates WHERE project = 'kimhyongjik-factories' AND undone_in IS NULL"
    assert query(record, active) == [(count,)]


def test_every_undo_has_a_row_in_the_journal(record: Path, recorder: Recorder) -> None:
    ((id_,),) = query(record, FARM_IDLE)
    record_batch(record, make_batch(1), "load", recorder, summary="one")
    undo(record, [id_[-12:]], Recorder("lee", datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)))
    undo(record, [], recorder)
    journal = (
        "SELECT command, recorded, recorded_by, summary, undone_in FROM changes WHERE id > 1 ORDER BY id"
    )
    assert query(record, journal) == [
        ("load", "2026-11-24T10:00:00Z", "kim", "one", 4),
        ("undo", "2026-11-25T01:02:03Z", "lee", f"retracted {id_}", None),
        ("undo", "2026-11-24T10:00:00Z", "kim", "undid change 2: one", None),
    ]


def test_a_dry_run_of_a_retraction_changes_nothing(record: Path, recorder: Recorder) -> None:
    ((id_,),) = query(record, FARM_IDLE)
    before = record.read_bytes()
    dry = undo(record, [id_], recorder, dry_run=True)
    assert record.read_bytes() == before
    assert undo(record, [id_], recorder) == dry


def test_the_candidates_for_an_ambiguous_part_are_active_and_contain_it(
    record: Path, recorder: Recorder
) -> None:
    ids = [id_ for (id_,) in query(record, "SELECT id FROM updates ORDER BY id")]
    undo(record, [ids[0]], recorder)
    part = next(one for one in (f"{n:03x}" for n in range(4096)) if 2 <= sum(one in id_ for id_ in ids) <= 5)
    wanted = [id_ for id_ in ids[1:] if part in id_]
    with pytest.raises(Ambiguous, match=f"of {len(wanted)} updates") as refusal:
        undo(record, [part], recorder)
    assert [line.split()[0] for line in refusal.value.candidates] == wanted


def test_what_a_row_does_not_have_is_absent_from_its_kept_content(record: Path, recorder: Recorder) -> None:
    """As in a file that is exported, a list without items is left out."""
    record_batch(record, make_batch(7), "load", recorder, summary="x")
    undo(record, [], recorder)
    record_batch(record, make_full_batch("corrected"), "load", recorder, summary="x")
    kept = query(record, "SELECT list, content FROM former_rows")
    assert {"projects", "updates"} <= {list_ for list_, _ in kept}
    assert all(value != [] for _, content in kept for value in json.loads(content).values())
