"""An export is the whole record: loaded into a bare database and exported again, it is the same text."""

import csv
import io
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import tracemalloc
import uuid
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from durability import Aim, run_unkilled
from each import is_long
from examples import example_count
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from program import NKPLAN, ROOT, make_environment, run
from tables import query

from nkplan.formats import json as json_form
from nkplan.formats import jsonl as jsonl_form
from nkplan.formats.fields import make_shapes, read_row
from nkplan.formats.json import read_file
from nkplan.identity import derive_quota_id, derive_update_id
from nkplan.manual import read_topic
from nkplan.model.batch import Batch, Project, Update
from nkplan.model.faults import NOWHERE
from nkplan.model.record import Record
from nkplan.model.vocabulary import LABELLED, Bound, Confidence, Evidence, ProjectType, Status
from nkplan.queries.export import list_everything
from nkplan.queries.reader import reading
from nkplan.sql import read_sql
from nkplan.store.create import create_database
from nkplan.store.parts import remove_leftovers
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo
from nkplan.text import find_unsafe, fold_id, has_visible
from nkplan.validation import LISTS
from nkplan.values import LONGEST_TEXT, RESERVED

RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
KILLS = int(os.environ.get("NKPLAN_KILLS", "6" if is_long() else "3"))
"""How many exports are killed."""


def export(path: Path, form: Any = json_form) -> str:
    out = io.StringIO()
    with reading(path) as reader:
        form.write_record(Record(None, list_everything(reader, derive_update_id, derive_quota_id)), out)
    return out.getvalue()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with an empty record, not to be written to."""
    path = tmp_path_factory.mktemp("bare") / "nkplan.db"
    assert create_database(path, [Batch()], RECORDER) is not None
    return path


def load(path: Path, text: str) -> Batch:
    """Load a text as a file, and return the rows that are new."""
    batch = read_file(text.encode(), TODAY)
    assert batch.faults == ()
    return record_batch(path, batch, "load", RECORDER, summary="x").new


OWNED = {
    "place_names": "place", "announcement_details": "announcement", "announcement_figures": "announcement",
    "tags": "project", "identifiers": "project", "organisations": "project", "update_figures": "update",
}  # fmt: skip
"""The tables of parts of rows, each with the column that names the row."""


def read_record(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read all active rows and what is derived from them, but not who recorded them."""
    conditions = dict.fromkeys(LISTS, "undone_in IS NULL") | {"states": "1", "texts": "1"}
    for table, owner in OWNED.items():
        conditions[table] = f'"{owner}" IN (SELECT id FROM {owner}s WHERE undone_in IS NULL)'
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        for table, condition in conditions.items():
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            kept = sorted(columns - {"change_id", "undone_in", "number"})
            chosen = ", ".join(f'"{column}"' for column in kept)
            rows = connection.execute(f"SELECT {chosen} FROM {table} WHERE {condition}")
            found[table] = sorted(rows, key=repr)
    return found


# ---- records with arbitrary text in every field that takes text

SNIPPETS = [
    "'; DROP TABLE updates; --",
    '"',
    "\\",
    "\\u0000",
    "\\n",
    "{}",
    "[b]",
    "</script>",
    "a\nb",
    "a\tb",
    "a\n\n  b",
    "성천",
    "e\u0301\u0323",
    "\u0928\u093f\u200d\u0915",
    "שלום \u200f(עולם)",
    "مرحبا\u200c",
    "😀👩\u200d👩\u200d👧",
    "𐍈𝒳",
    "\uffff",
    "%s %d",
    "-1",
    "NULL",
    "null",
    "\ue000",
    "\U0010ffff",
    "\u0130",
    "=1+1",
    "Zalgo" + "\u0336" * 60,
    "n" * LONGEST_TEXT,
]


def make_allowed(text: str) -> str:
    """Leave out the characters that no file may have; Hypothesis, asked to draw again, would soon give up."""
    kept = "".join(sign for sign in text if find_unsafe(sign) is None)
    return kept if has_visible(kept) else f"{kept}x"


TEXTS = (
    st.sampled_from(SNIPPETS)
    | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
    | st.tuples(st.sampled_from(SNIPPETS[:-1]), st.text(max_size=9)).map(" ".join)
).map(make_allowed)
IDS = st.from_regex(r"[A-Za-z0-9]{1,6}(-[a-z0-9]{1,3}){0,2}", fullmatch=True).filter(
    lambda id_: fold_id(id_) not in RESERVED
)
PAST = st.sampled_from(
    "2024 2024-Q3 2024-03 2024-03-15 1999-12-31 2026 2026-11-24 2024-H1 2026-H2 2024-03/2024-06 2024-Q1/2025"
    " ../2024-05-20 ../2026 2024-05-20/.. 2026-11/2999 1000/..".split()
)
DATES = PAST | st.sampled_from("2034 2031-Q1 2999-12-31 2034-H2 2031/2034-Q2 ../2034 2034-05/..".split())
YEARS = st.integers(1000, 2999)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
# A label is on one line.
LABELS = TEXTS.map(lambda text: re.sub(r"[\n\t]", " ", text[:40])).map(make_allowed)


def links_of(source: str) -> st.SearchStrategy[str]:
    """Links that no other source has."""
    return st.sampled_from(
        [
            f"https://e.org/{source}?a='b'&c=\"d\"",
            f"http://例え.jp/{source}/ü%20\\",
            f"HTTPS://User@E.org:8/{source}#b",
            f"https://[::1]/{source}",
        ]
    )


SHAPES = make_shapes(TODAY)


def read_as_row(name: str, row: Mapping[str, Any]) -> Any:
    made, faults = read_row(dict(row), name, SHAPES, NOWHERE)
    assert faults == []
    return made


def identify(name: str, row: Mapping[str, Any]) -> str:
    """Return the id that a row of a file gets: its own or the derived one."""
    made = read_as_row(name, row)
    derived = derive_quota_id(made) if name == "quotas" else derive_update_id(made)
    return str(made.id or derived)


def maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def one_of(ids: list[str]) -> st.SearchStrategy[Any]:
    return st.sampled_from(ids) if ids else st.nothing()


def draw_ids(draw: st.DrawFn, most: int, least: int = 0) -> list[str]:
    return draw(st.lists(IDS, min_size=least, max_size=most, unique_by=fold_id))


def close(ring: list[list[float]]) -> list[list[float]]:
    return [*ring, ring[0]]


POINTS = st.tuples(
    st.floats(-180, 180) | st.integers(-180, 180), st.floats(-90, 90) | st.integers(-90, 90)
).map(list)
RINGS = st.lists(POINTS, min_size=3, max_size=5, unique_by=tuple).map(close)
POLYGONS = st.lists(RINGS, min_size=1, max_size=2)
GEOMETRIES = st.builds(lambda one: {"type": "Polygon", "coordinates": one}, POLYGONS) | st.builds(
    lambda some: {"type": "MultiPolygon", "coordinates": some}, st.lists(POLYGONS, min_size=1, max_size=2)
)


def merge(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:  # noqa: PLR0915 - one statement for each list and field
    """Make a file with every list, in which any optional field of a row may be left out."""
    settings_ = draw(
        maybe(
            title=TEXTS,
            about=TEXTS,
            licence=TEXTS,
            credit=TEXTS,
            region_level=st.integers(1, 3),
            silent_months=st.integers(1, 60),
            labels=st.dictionaries(st.sampled_from(LABELLED[1:]), LABELS, min_size=1, max_size=3),
        )
    )
    publishers = draw(
        st.lists(
            st.builds(
                merge,
                st.fixed_dictionaries(
                    {"domain": st.sampled_from(["kcna.kp", "e.org", "www.E.org", "例え.jp"]), "name": TEXTS}
                ),
                maybe(evidence=st.sampled_from(list(Evidence))),
            ),
            max_size=3,
            unique_by=lambda row: read_as_row("publishers", row).domain,
        )
    )
    kinds = draw_ids(draw, 3, 1)
    places: list[dict[str, Any]] = []
    for id_ in draw_ids(draw, 5):
        parent = draw(st.none() | one_of([place["id"] for place in places]))
        fields = maybe(
            full_name=TEXTS, local_name=TEXTS, type=TEXTS, note=TEXTS, names=st.lists(TEXTS, max_size=4),
            latitude=st.floats(-90, 90), longitude=st.floats(-180, 180) | st.integers(-180, 180),
            population=st.integers(0, 2**63 - 1), population_year=YEARS,
        )  # fmt: skip
        place = {"id": id_, "name": draw(TEXTS), **draw(fields)}
        places.append(place | ({} if parent is None else {"parent": parent}))
    outlines = [
        {"place": place["id"], "geometry": draw(GEOMETRIES)} | draw(maybe(credit=TEXTS))
        for place in places
        if draw(st.booleans())
    ]
    sources = [
        {"id": id_}
        | draw(
            maybe(
                title=TEXTS,
                publisher=TEXTS,
                published=PAST,
                retrieved=PAST,
                url=links_of(id_),
                archive=links_of(id_),
                note=TEXTS,
                evidence=st.sampled_from(list(Evidence)),
            )
        )
        for id_ in draw_ids(draw, 4)
    ]
    cited = one_of([source["id"] for source in sources])
    figures = st.builds(
        lambda required, optional: required | optional,
        st.fixed_dictionaries(
            {"item": TEXTS, "unit": TEXTS, "value": FLOATS | st.integers(-(10**20), 10**20)}
        ),
        maybe(year=YEARS, source=cited, note=TEXTS),
    )
    announcements = [
        {"id": id_, "title": draw(TEXTS), "announced": draw(PAST), "said": draw(TEXTS)}
        | draw(
            maybe(
                speaker=TEXTS,
                occasion=TEXTS,
                source=cited,
                terms=st.lists(TEXTS, max_size=3),
                context=st.lists(TEXTS, max_size=3),
                figures=st.lists(figures, max_size=3),
            )
        )
        for id_ in draw_ids(draw, 3)
    ]
    announced = one_of([announcement["id"] for announcement in announcements])
    projects: list[dict[str, Any]] = []
    cohorts: set[tuple[str, int]] = set()
    names = TEXTS | st.sampled_from(["a", "b"])
    marks = {
        "tags": st.lists(names, max_size=3),
        "identifiers": st.lists(st.fixed_dictionaries({"scheme": names, "id": names}), max_size=3),
        "organisations": st.lists(st.fixed_dictionaries({"role": names, "name": names}), max_size=3),
    }
    ids = draw_ids(draw, 7, 1)
    for id_ in ids:
        by_type = {
            type_: [project["id"] for project in projects if project["type"] == type_]
            for type_ in ProjectType
        }
        type_ = draw(st.sampled_from(list(ProjectType)))
        project = {"id": id_, "name": draw(TEXTS), "kind": draw(one_of(kinds))}
        project |= draw(
            maybe(place=one_of([place["id"] for place in places]), note=TEXTS, model=one_of(ids), **marks)
        )
        if type_ is ProjectType.COHORT and by_type[ProjectType.PROGRAMME]:
            parent, year = draw(one_of(by_type[ProjectType.PROGRAMME])), draw(st.none() | YEARS)
            if (parent, year) not in cohorts:
                if year is not None:
                    cohorts.add((parent, year))
                    project["year"] = year
                projects.append(project | {"type": type_, "parent": parent})
                continue
        if type_ is ProjectType.SITE:
            above = by_type[ProjectType.PROGRAMME] + by_type[ProjectType.COHORT]
            project |= draw(maybe(parent=one_of(above)))
            projects.append(project | {"type": type_})
        else:
            projects.append(project | {"type": ProjectType.PROGRAMME})
    there = one_of([project["id"] for project in projects])
    for project in projects:
        if project.get("model") not in {one["id"] for one in projects}:
            project.pop("model", None)
    programmes = [project["id"] for project in projects if project["type"] == ProjectType.PROGRAMME]
    of_cohorts = {project["id"] for project in projects if project["type"] == ProjectType.COHORT}

    def fit(quota: dict[str, Any]) -> dict[str, Any]:
        """Leave out what a quota of its project cannot have."""
        wrong = {"beside"} if quota["project"] not in of_cohorts else set()
        wrong |= {"within"} if quota.get("within") == quota["project"] else set()
        return {name: value for name, value in quota.items() if name not in wrong}

    quotas = draw(
        st.lists(
            st.builds(
                merge,
                st.fixed_dictionaries(
                    {
                        "project": there,
                        "kind": one_of(kinds),
                        "quantity": st.integers(1, 2**63 - 1),
                        "per": st.sampled_from(["year", "total"]),
                    }
                ),
                maybe(
                    first_year=st.integers(1000, 2000), last_year=st.integers(2000, 2999), unit=TEXTS,
                    note=TEXTS, announcement=announced, label=TEXTS, beside=st.just(value=True),
                    promised_status=st.sampled_from(["groundbroken", "operating"]), within=one_of(programmes),
                    id=st.uuids().map(str),
                ),
            ).map(fit),
            max_size=4,
            unique_by=lambda quota: identify("quotas", quota),
        )
    )  # fmt: skip
    numbers = st.floats(0, 2**60) | st.integers(0, 2**60)
    counts = st.builds(
        merge,
        st.fixed_dictionaries({"status": st.sampled_from(list(Status)), "count": numbers}),
        maybe(unit=TEXTS, bound=st.sampled_from(list(Bound))),
    ) | st.builds(
        lambda pair, status: {"count": min(pair), "of": max(pair), "status": status},
        st.tuples(numbers, numbers),
        st.sampled_from(list(Status)),
    )
    updates = draw(
        st.lists(
            st.builds(
                merge,
                st.fixed_dictionaries({"project": there, "event_date": PAST}),
                maybe(
                    status=st.sampled_from(list(Status)), percent=st.floats(0, 100) | st.integers(0, 100),
                    note=TEXTS, evidence=st.sampled_from(list(Evidence)), source=cited, speaker=TEXTS,
                    confidence=st.sampled_from(list(Confidence)), announcement=announced,
                    figures=st.lists(figures, max_size=2),
                    id=st.uuids().map(str) | st.uuids(version=5).map(str),
                ),
                st.just({})
                | st.builds(
                    merge,
                    st.fixed_dictionaries({"promised": DATES}),
                    maybe(promised_status=st.sampled_from(["groundbroken", "completed", "operating"])),
                ),
                st.just({})
                | st.builds(merge, st.fixed_dictionaries({"withdrawn": PAST}), maybe(withdrawn_source=cited)),
                st.fixed_dictionaries({"status": st.sampled_from(list(Status))})
                | st.fixed_dictionaries({"note": TEXTS})
                | counts,
            ),
            min_size=2,
            max_size=14,
            unique_by=lambda update: identify("updates", update),
        )
    )  # fmt: skip
    rows: dict[str, list[Any]] = {
        "kinds": kinds, "publishers": publishers, "places": places, "outlines": outlines, "sources": sources,
        "announcements": announcements, "projects": projects, "quotas": quotas, "updates": updates,
    }  # fmt: skip
    head: dict[str, Any] = {"format": "nkplan/2"} | ({"settings": settings_} if settings_ else {})
    return head | {name: draw(st.permutations(one)) for name, one in rows.items() if one}


def derive_id_of(update: Mapping[str, Any]) -> str:
    return identify("updates", update)


def sort_rows(batch: Batch) -> dict[str, list[Any]]:
    """Return the rows of a batch by list, sorted, each update with the class of its source if it has none."""
    usual = {source.id: source.evidence for source in batch.sources}
    updates = [
        update._replace(evidence=update.evidence or usual.get(update.source or ""))
        for update in batch.updates
    ]
    return {name: sorted({"updates": updates}.get(name, getattr(batch, name)), key=str) for name in LISTS}


def strip_origins(rows: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    return {
        name: sorted(re.sub(r", origin=Origin\(where='[^']*', line=\d+\)", "", repr(row)) for row in one)
        for name, one in rows.items()
    }


some_examples = settings(
    max_examples=example_count(2, 3),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


@some_examples
@given(file=files())
def test_an_export_has_everything_loaded_and_loads_back_the_same_for_any_text(
    bare: Path, tmp_path: Path, file: dict[str, Any]
) -> None:
    first, second = (Path(shutil.copy(bare, tmp_path / name)) for name in ("first.db", "second.db"))
    loaded = load(first, json.dumps(file))
    text = export(first)
    read_again = load(second, text)
    assert export(second) == text
    assert read_record(second) == read_record(first)
    assert strip_origins(sort_rows(read_again)) == strip_origins(sort_rows(loaded))
    batch = read_file(text.encode(), TODAY)
    assert record_batch(first, batch, "load", RECORDER, summary="again").is_empty
    lines = export(first, jsonl_form)
    third = Path(shutil.copy(bare, tmp_path / "third.db"))
    of_lines = jsonl_form.read_file(io.BytesIO(lines.encode()), TODAY)
    assert of_lines.faults == ()
    record_batch(third, of_lines, "load", RECORDER, summary="x")
    assert export(third, jsonl_form) == lines
    assert read_record(third) == read_record(first)
    for name in LISTS:
        event(f"{name}: {len(getattr(batch, name)) > 1}")


@some_examples
@given(file=files(), data=st.data())
def test_undone_and_retracted_rows_leave_no_trace_in_an_export(
    bare: Path, tmp_path: Path, file: dict[str, Any], data: st.DataObject
) -> None:
    path, never = (Path(shutil.copy(bare, tmp_path / name)) for name in ("first.db", "never.db"))
    load(path, json.dumps(file))
    extra = {
        "format": "nkplan/2",
        "settings": {"labels": {LABELLED[0]: "brought"}},
        "kinds": ["brought-and-undone"],
        "publishers": [{"domain": "brought.and.undone", "name": "U"}],
        "sources": [{"id": "brought-and-undone", "evidence": "expert"}],
        "places": [{"id": "brought-and-undone", "name": "Undone"}],
        "projects": [
            {
                "id": "brought-and-undone",
                "name": "U",
                "type": "site",
                "kind": "brought-and-undone",
                "tags": ["u"],
                "identifiers": [{"scheme": "u", "id": "u"}],
                "organisations": [{"role": "u", "name": "u"}],
            },
        ],
        "quotas": [
            {"project": "brought-and-undone", "kind": "brought-and-undone", "quantity": 1, "per": "year"}
        ],
        "updates": [{"project": file["projects"][0]["id"], "event_date": "2026-10", "status": "cancelled"}],
    }
    ids = [derive_id_of(update) for update in file["updates"]]
    gone = data.draw(st.lists(st.sampled_from(ids), max_size=len(ids) - 1, unique=True))
    load(path, json.dumps(extra))
    undo(path, [], RECORDER)
    if gone:
        undo(path, gone, RECORDER)
    left = [update for update in file["updates"] if derive_id_of(update) not in gone]
    load(never, json.dumps(file | {"updates": left}))
    assert export(path) == export(never)
    assert read_record(path) == read_record(never)


# ---- the record that comes with nkplan


@pytest.fixture
def again(record: Path, tmp_path: Path) -> Path:
    """Make a database from an export of the shipped record alone, with the commands that a user types."""
    path = tmp_path / "again.db"
    done = run(record, "export", "-o", "record.json")
    assert (done.code, done.out) == (0, "")
    assert re.fullmatch(
        r"nkplan: record\.json: exported 7 settings, 11 kinds, .* and \d+ updates\n", done.err
    )
    done = run(path, "load", "record.json", "--bare")
    assert done.code == 0, done.err
    assert done.err == f"nkplan: created {path} with what the file says and nothing else\n"
    return path


def test_the_shipped_record_is_the_same_after_export_and_load(
    record: Path, again: Path, tmp_path: Path
) -> None:
    text = (tmp_path / "record.json").read_text("utf-8")
    assert run(again, "export").out == run(record, "export").out == text
    assert read_record(again) == read_record(record)
    for question in (
        ["list", "-f", "json"],
        ["report", "-f", "json"],
        ["report", "pace", "-f", "md"],
        ["report", "next", "-f", "md"],
        ["check"],
    ):
        assert run(again, *question).out == run(record, *question).out != ""


def test_loading_an_export_into_its_own_database_changes_nothing(record: Path, again: Path) -> None:
    before = record.read_bytes()
    done = run(record, "load", "record.json")
    assert done.code == 0, done.err
    assert "nothing new; already recorded: 7 settings, 11 kinds" in done.out
    assert record.read_bytes() == before


def test_an_export_is_standard_json_with_an_indent_of_two(seeded: Path) -> None:
    text = export(seeded)
    assert json.loads(text)["outlines"]
    # An outline has a line for each ring of a polygon or each polygon of several, so that `diff` is useful.
    geometry = re.compile(
        r'"geometry": \{\n {8}"type": "\w+",\n {8}"coordinates": \[\n(?: {10}\[.*\],?\n)+ {8}\]\n {6}\}'
    )
    whole = json.loads(geometry.sub('"geometry": {}', text))
    assert all(outline["geometry"] == {} for outline in whole["outlines"])
    assert geometry.sub('"geometry": {}', text) == json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def test_json_lines_have_a_head_and_then_every_row_with_its_list_first(record: Path) -> None:
    done = run(record, "export", "-f", "jsonl", "--about", 'A "title"')
    head, *lines = done.out.splitlines()
    assert json.loads(head) == {"format": "nkplan/2", "about": 'A "title"'}
    assert head.startswith('{"format": ')
    assert all(line.startswith('{"list": "') for line in lines)
    rows: dict[str, list[Any]] = {}
    for line in lines:
        row = json.loads(line)
        rows.setdefault(row.pop("list"), []).append(row)
    rows["kinds"] = [row["id"] for row in rows["kinds"] if set(row) == {"id"}]
    (rows["settings"],) = rows["settings"]
    whole = {"format": "nkplan/2", "about": 'A "title"', **rows}
    assert json.dumps(whole) == json.dumps(json.loads(run(record, "export", "--about", 'A "title"').out))


def test_rows_follow_those_they_refer_to_and_updates_are_in_order_of_judgement(seeded: Path) -> None:
    whole = json.loads(export(seeded))
    assert list(whole) == ["format", *LISTS]
    for name in ("places", "projects"):
        seen: set[str] = set()
        for row in whole[name]:
            assert row.get("parent", row["id"]) in seen | {row["id"]}
            seen.add(row["id"])
    for name in ("kinds", "sources", "announcements"):
        ids = [row if isinstance(row, str) else row["id"] for row in whole[name]]
        assert ids == sorted(ids)
    projects = [update["project"] for update in whole["updates"]]
    assert projects == sorted(projects)
    states = dict(query(seeded, "SELECT project, status FROM states"))
    # A count says how many have its status; what is of low confidence, unless it is the promiser's own word,
    # sets none.
    last = {
        update["project"]: update["status"]
        for update in whole["updates"]
        if "status" in update
        and "count" not in update
        and (update.get("confidence") != "low" or update["evidence"] == "promiser")
    }
    assert last == {project: status for project, status in states.items() if status is not None}


def test_the_fields_of_a_row_are_exported_in_the_order_of_the_manual() -> None:
    table = read_topic("formats").split("| list | fields of a row |")[1].split("\n\n")[0]
    for name in LISTS[1:]:
        line = next(one for one in table.splitlines() if one.startswith(f"| `{name}` |"))
        query_text = read_sql(f"export.all_{name}")
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript((ROOT / "nkplan" / "sql" / "schema.sql").read_text("utf-8"))
            columns = [column[0] for column in connection.execute(query_text).description]
        fields = re.sub(r"\([^)]*\)|else the source's", "", line.split("|", 2)[2])
        places = [re.search(rf"\b{column}\b", fields) for column in columns]
        assert None not in places, name
        order = [place.start() for place in places if place is not None]
        assert order == sorted(order), name


def test_an_update_keeps_its_id_if_it_is_not_the_derived_one(record: Path) -> None:
    id_ = "0195e7a1-7000-7000-8000-000000000001"
    claim = {
        "project": "songchon-factories",
        "event_date": "2026-10",
        "status": "operating",
        "note": 'ז\' "x"',
    }
    rows = [claim | {"id": id_}, claim | {"event_date": "2026-09"}]
    load(record, json.dumps({"format": "nkplan/2", "updates": rows}))
    exported = [
        one
        for one in json.loads(run(record, "export").out)["updates"]
        if one["project"] == "songchon-factories" and one["event_date"] in {"2026-09", "2026-10"}
    ]
    assert exported == [claim | {"event_date": "2026-09"}, claim | {"id": id_}]


def test_a_typed_claim_has_a_derived_id_which_is_left_out_of_an_export(record: Path) -> None:
    assert run(record, "update", "songchon", "operating", "--on", "2026-10", "--note", 'ז\' "x"').code == 0
    (typed,) = (
        one
        for one in json.loads(run(record, "export").out)["updates"]
        if one["project"] == "songchon-factories" and one["event_date"] == "2026-10"
    )
    assert typed == {
        "project": "songchon-factories", "event_date": "2026-10", "status": "operating", "note": 'ז\' "x"'
    }  # fmt: skip
    ids = query(record, "SELECT id FROM updates WHERE event_date = '2026-10' AND note LIKE 'ז%'")
    assert ids == [(derive_update_id(Update(**typed)),)]


def test_an_export_is_a_snapshot_whatever_is_written_meanwhile(record: Path) -> None:
    before = export(record)
    site = Project(id="new-site", name="New", type=ProjectType.SITE, kind="factory")
    update = Update(id=str(uuid.uuid4()), project="new-site", event_date="2026-10", status=Status.BUILDING)
    batch = Batch(projects=(site,), updates=(update,))

    def write() -> None:
        record_batch(record, batch, "load", RECORDER, summary="meanwhile")

    writer = threading.Thread(target=write)
    out = io.StringIO()

    def begin_writing_before_updates(lists: Any) -> Any:
        for name, rows in lists:
            if name == "updates":
                writer.start()
                time.sleep(0.5)
            yield name, rows

    with reading(record) as reader:
        everything = list_everything(reader, derive_update_id, derive_quota_id)
        json_form.write_record(Record(None, begin_writing_before_updates(everything)), out)
    writer.join()
    assert out.getvalue() == before
    assert '"new-site"' in export(record)


def test_an_export_never_holds_a_whole_list_in_memory(seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    path.write_bytes(seeded.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 8000)"
            " INSERT INTO updates (id, project, event_date, note, counts_as, effective_day, known_day,"
            " change_id) SELECT printf('%08x-0000-4000-8000-000000000000', n), 'grand-canal', '2026',"
            " 'A note', 'nothing', '2026-11-24', '2026-11-24', 1 FROM numbers"
        )

    class Nowhere(io.StringIO):
        written = 0

        def write(self, text: str) -> int:
            self.written += len(text)
            return len(text)

    for form in (json_form, jsonl_form):
        out = Nowhere()
        tracemalloc.start()
        with reading(path) as reader:
            form.write_record(Record(None, list_everything(reader, derive_update_id, derive_quota_id)), out)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert out.written > 1_000_000
        # The rows of the updates alone, held as a list, take 5 MB.
        assert peak < 1_500_000


# ---- at the command line


def test_the_ending_of_a_file_selects_the_format_and_an_unknown_one_is_refused(
    record: Path, tmp_path: Path
) -> None:
    assert run(record, "export", "-o", "a.jsonl").code == 0
    assert (tmp_path / "a.jsonl").read_text("utf-8") == run(record, "export", "-f", "jsonl").out
    assert run(record, "export", "-o", "a.txt", "-f", "json").code == 0
    assert (tmp_path / "a.txt").read_text("utf-8") == run(record, "export").out
    for arguments, told in {
        (
            "-o",
            "b.csv",
        ): "b.csv: an export is .json or .jsonl; use one of these endings, or name the format with -f",
        ("-f", "csv"): "'csv' is not one of 'json', 'jsonl'",
        ("--about", "a\x1bb"): "--about: it contains U+001B, an invisible character; remove it",
        ("--about", " "): "--about is empty",
    }.items():
        done = run(record, "export", *arguments)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
        assert done.err.count("\n") == 1
    done = run(record, "export", "-o", str(tmp_path))
    assert (done.code, done.out) == (4, "")
    assert "is a directory" in done.err
    assert not (tmp_path / "b.csv").exists()


def test_an_export_that_fails_leaves_the_previous_file(record: Path, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text("what was there")
    (page,) = query(record, "SELECT rootpage FROM sqlite_schema WHERE name = 'updates'")
    (size,) = query(record, "PRAGMA page_size")
    with record.open("r+b") as database:
        database.seek((page[0] - 1) * size[0])
        database.write(bytes(size[0]))
    # The rows that are exported first can still be read.
    assert query(record, "SELECT count(*) FROM projects WHERE undone_in IS NULL") != [(0,)]
    done = run(record, "export", "-o", "record.json")
    assert done.code == 4, done.err
    assert "is damaged" in done.err
    assert file.read_text() == "what was there"
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".record")]


def test_a_killed_export_leaves_the_previous_file_or_the_new_one(record: Path, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    file = folder / "record.json"
    old, new = '{"a file": "that was there"}\n', export(record)
    chance = random.Random(24)  # noqa: S311
    unfinished = 0
    for number in range(KILLS):
        file.write_text(old, "utf-8")
        before = snapshot(folder)
        process = subprocess.Popen(
            [*NKPLAN, "export", "-o", str(file)], env=make_environment(record), stderr=subprocess.PIPE
        )
        # One of three is killed at any instant, the others while they write.
        end = time.monotonic() + chance.uniform(0, 0.3 if number % 3 == 2 else 60)
        while process.poll() is None and time.monotonic() < end:
            if number % 3 != 2 and snapshot(folder) != before:
                time.sleep(chance.uniform(0, 0.02))
                break
            time.sleep(0.0001)
        process.kill()
        process.communicate()
        unfinished += snapshot(folder) != before and process.returncode != 0
        assert file.read_text("utf-8") in ({new} if process.returncode == 0 else {old, new})
        # As the next output there does.
        remove_leftovers(folder)
        assert list(folder.iterdir()) == [file]
    assert unfinished > 0


def snapshot(folder: Path) -> set[tuple[str, int, int]]:
    """Return the name, inode and size of each file in a folder and those in it."""
    seen = set()
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            # It may have been renamed since.
            with suppress(FileNotFoundError):
                found = Path(place, name).stat()
                seen.add((name, found.st_ino, found.st_size))
    return seen


def test_an_export_of_an_empty_record_has_no_lists_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    assert run(path, "load", "-", "--bare", stdin=b'{"format": "nkplan/2"}').code == 0
    done = run(path, "export")
    assert done.out == '{\n  "format": "nkplan/2"\n}\n'
    assert done.err == f"nkplan: nothing is on record in {path}, so the lists are left out\n"
    assert run(path, "export", "-f", "jsonl").out == '{"format": "nkplan/2"}\n'


def test_json_lines_loaded_into_a_bare_database_are_exported_the_same(record: Path, tmp_path: Path) -> None:
    lines, again = tmp_path / "record.jsonl", tmp_path / "again.jsonl"
    assert run(record, "export", "-o", str(lines)).code == 0
    bare = tmp_path / "bare.db"
    loaded = run(bare, "load", str(lines), "--bare")
    assert loaded.code == 0, loaded.err
    assert run(bare, "export", "-o", str(again)).code == 0
    assert again.read_bytes() == lines.read_bytes()
    assert run(bare, "export").out == run(record, "export").out
    assert run(bare, "list").out == run(record, "list").out


TIED: dict[str, Any] = {
    "format": "nkplan/2",
    "kinds": ["mill"],
    "announcements": [
        {"id": one, "title": one, "announced": "2024-01-15", "said": "Mills."} for one in ("first", "other")
    ],
    "projects": [
        {"id": "mills", "name": "Mills", "type": "programme", "kind": "mill"},
        {"id": "mills-24", "name": "M 24", "type": "cohort", "kind": "mill", "parent": "mills", "year": 2024},
        {"id": "a", "name": "Mill", "type": "site", "kind": "mill", "parent": "mills-24"},
        {"id": "b", "name": "Mill", "type": "site", "kind": "mill", "parent": "mills-24"},
    ],
    "quotas": [
        {"project": "mills", "kind": "mill", "per": "year", **quota}
        for quota in (
            {"quantity": 20, "announcement": "first", "first_year": 2024, "last_year": 2034},
            {"quantity": 7, "announcement": "other", "first_year": 2024, "last_year": 2024},
            {"quantity": 9, "announcement": "first", "first_year": 2024, "last_year": 2025},
        )
    ],
    "updates": [
        {"project": project, "event_date": "2024-05", "note": "The mill stands."} for project in ("b", "a")
    ],
}
"""Quotas announced on one day, and texts that match a search equally well."""


def test_no_answer_depends_on_the_order_of_recording(tmp_path: Path) -> None:
    backwards = {
        name: rows[::-1] if name in {"quotas", "updates", "announcements", "projects"} else rows
        for name, rows in TIED.items()
    }
    paths = {name: tmp_path / name / "nkplan.db" for name in ("one", "other", "again")}
    for path in paths.values():
        path.parent.mkdir()
    for name, content in (("one", TIED), ("other", backwards)):
        batch = read_file(json.dumps(content).encode(), TODAY)
        assert batch.faults == ()
        assert create_database(paths[name], [batch], RECORDER) is not None
    exported = run(paths["other"], "export", "-o", "../other.json")
    assert exported.code == 0, exported.err
    assert run(paths["again"], "load", "../other.json", "--bare").code == 0
    for question in (
        ("search", "mill"),
        ("show", "mills", "-f", "json"),
        ("show", "first", "-f", "json"),
        ("report", "-f", "json"),
        ("report", "pace"),
        ("export",),
    ):
        answers = {run_unkilled(path, Aim("", question)) for path in paths.values()}
        assert len(answers) == 1, question
        assert answers.pop().code == 0
    # Of quotas announced on one day, the one for the narrowest range of years applies.
    rows = list(
        csv.DictReader(io.StringIO(run_unkilled(paths["one"], Aim("", ("report",))).out), delimiter="\t")
    )
    assert [row["promised"] for row in rows if row["year"] == "2024"] == ["7"]
