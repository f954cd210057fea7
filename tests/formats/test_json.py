"""Reading a file: every fault is reported at once, with its row and line."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from conftest import TODAY
from each import for_each
from hypothesis import given
from hypothesis import strategies as st

from nkplan.formats import jsonl
from nkplan.formats.fields import make_shapes
from nkplan.formats.json import read_file
from nkplan.identity import derive_update_id
from nkplan.model.batch import Batch, Update
from nkplan.model.faults import MOST_FAULTS, Fault
from nkplan.model.vocabulary import Confidence, Evidence, Status

HEAD = '{"format": "nkplan/2",\n'


def read(text: str | bytes) -> Batch:
    return read_file(text if isinstance(text, bytes) else text.encode(), TODAY)


def read_faults(text: str | bytes) -> list[str]:
    return [str(fault) for fault in read(text).faults]


def read_row_faults(list_: str, row: object) -> list[str]:
    """Return the faults of one row of a list, without their position."""
    return [
        fault.describe(fault.field) for fault in read(json.dumps({"format": "nkplan/2", list_: [row]})).faults
    ]


def test_all_faults_are_reported_together_in_the_order_of_the_file() -> None:
    text = (
        HEAD
        + '"updates": [\n'
        + '  {"project": "a b", "event_date": "2027", "status": "complete"},\n'
        + '  {"project": "x",\n   "event_date": "2024-13"},\n'
        + "  3,\n"
        + '  {"project": "x", "event_date": "2024", "note": "fine"}\n'
        + "],\n"
        + '"projects": [{"id": "y"}],\n'
        + '"extra": 1}\n'
    )
    assert [fault.split(": ")[0] for fault in read_faults(text)] == [
        "updates[0], line 3",
        "updates[0], line 3",
        "updates[0], line 3",
        "updates[1], line 4",
        "updates[2], line 6",
        "projects[0], line 9",
        "projects[0], line 9",
        "projects[0], line 9",
        "line 10",
    ]
    assert [update.note for update in read(text).updates] == ["fine"]


@for_each(
    ("list_", "row", "fault"),
    [
        ("kinds", 3, "it is a number; write text in quotes"),
        ("kinds", "a b", "'a b' is not an id"),
        ("places", {"id": "x"}, "name is missing"),
        ("places", {"id": "x", "name": "X", "latitude": 91}, "latitude: 91 is out of range"),
        ("places", {"id": "x", "name": "X", "population": -1}, "population: -1 is out of range"),
        ("places", {"id": "x", "name": "X", "names": "Y"}, "names: it is a string; write a list in brackets"),
        ("sources", {"id": "x", "url": "ftp://e.org"}, "url: 'ftp://e.org' is not a link"),
        ("sources", {"id": "x", "published": "2026-11-25"}, "published: 2026-11-25 is in the future"),
        ("sources", {"id": "x", "title": None}, "title: it is null (leave the field out instead)"),
        ("sources", {"id": "x", "titel": "T"}, "there is no field 'titel'; did you mean title?"),
        ("sources", {"id": "x", "title": "a\x1bb"}, "title: it contains U+001B, an invisible character"),
        ("sources", {"id": "x", "note": "n" * 4001}, "note: it has 4001 characters; at most 4000"),
        ("announcements", {"id": "x", "title": "T", "said": "S"}, "announced is missing"),
        ("projects", {"id": "x", "name": "X", "type": "sight", "kind": "k"}, "did you mean site?"),
        (
            "projects",
            {"id": "x", "name": "X", "type": "site", "kind": "k", "year": "2024"},
            "year: it is a string",
        ),
        (
            "projects",
            {"id": "x", "name": "X", "type": "site", "kind": "k", "year": 24},
            "year: 24 is not a year",
        ),
        (
            "quotas",
            {"project": "x", "kind": "k", "per": "year", "quantity": 0},
            "quantity: 0 is out of range",
        ),
        ("quotas", {"project": "x", "kind": "k", "per": "year", "quantity": 1.5}, "whole number"),
        (
            "updates",
            {"project": "x", "event_date": "2024", "percent": 101},
            "percent: 101 is not a percentage",
        ),
        ("updates", {"project": "x", "event_date": "2024", "percent": True}, "it is true or false"),
        ("updates", {"project": "x", "event_date": "2024", "percent": "5"}, "write a number without quotes"),
        ("updates", {"project": "x", "event_date": 2024, "note": "n"}, "event_date: it is a number"),
        ("updates", {"project": "x", "event_date": "2024", "id": "7"}, "id: '7' is not a UUID"),
        ("updates", [], "it is a list; write an object in braces"),
        ("publishers", {"domain": "https://e.org/", "name": "E"}, "domain: 'https://e.org/' is not a domain"),
        ("publishers", {"domain": "e.org"}, "name is missing"),
        (
            "projects",
            {"id": "x", "name": "X", "type": "site", "kind": "k", "identifiers": [{"id": "1"}]},
            "identifiers: scheme is missing",
        ),
        (
            "projects",
            {"id": "x", "name": "X", "type": "site", "kind": "k", "organisations": ["O"]},
            "organisations: it has a string; write an object with role and name",
        ),
        (
            "projects",
            {"id": "x", "name": "X", "type": "site", "kind": "k", "tags": "t"},
            "tags: it is a string; write a list in brackets",
        ),
        (
            "quotas",
            {"project": "x", "kind": "k", "per": "year", "quantity": 1, "beside": False},
            "beside: write true, or leave it out",
        ),
        (
            "updates",
            {"project": "x", "event_date": "2024", "status": "completed", "count": -1},
            "count: -1 is out of range",
        ),
        (
            "updates",
            {"project": "x", "event_date": "2024", "note": "n", "evidence": "government"},
            "evidence: government can be promiser (the promiser's own word) or authority",
        ),
        ("kinds", "all", "all is a word of the command line and cannot be an id; write all-2 or another"),
        ("sources", {"id": "Sources"}, "id: Sources is a word of the command line and cannot be an id"),
    ],
)
def test_the_fault_of_a_row_says_what_is_wrong(list_: str, row: object, fault: str) -> None:
    (told,) = read_row_faults(list_, row)
    assert fault in told


def test_the_fault_of_a_figure_names_its_fields() -> None:
    row = {
        "id": "x",
        "title": "T",
        "announced": "2024",
        "said": "S",
        "figures": [{"item": "i", "value": "3"}],
    }
    (told,) = read_row_faults("announcements", row)
    assert told == "figures: value: it is a string; write a number without quotes; unit is missing"


@for_each(
    ("text", "fault"),
    [
        ("", "line 1, column 1: it is not JSON: expecting '{'"),
        ("[]", "it is not JSON: expecting '{'"),
        (HEAD + '"kinds": ["a",]}', "line 2, column 15: it is not JSON"),
        (HEAD + '"kinds": ["a"]} x', "line 2, column 17: it is not JSON: more follows"),
        (HEAD + '"kinds": ["a"', "line 2"),
        (HEAD + '"kinds": {}}', "line 2: kinds: it is an object; write a list in brackets"),
        (HEAD + '"updates": null}', "line 2: updates: it is null"),
        (HEAD + '"about": 3}', "line 2: about: it is a number"),
        (HEAD + '"kinds": [], "kinds": []}', "line 2: kinds: it appears twice; keep one"),
        (HEAD + '"sources": [{"id": "x", "id": "y"}]}', "sources[0], line 2: id: it appears twice"),
        (HEAD + '"update": []}', "line 2: there is no field 'update'; did you mean updates?"),
        ("{3: 4}", "line 1, column 4: it is not JSON: expecting a name in quotes"),
        (HEAD + '"updates": [{"note": ' + '{"a": ' * 100_000, "nested too deeply"),
        (HEAD + '"about": "\\u0000"}', "line 2: about: it contains U+0000, an invisible character"),
        (HEAD + '"about": "\\ud800"}', "line 2: about: it contains U+D800, an invisible character"),
        ("{}", 'format is missing; write "format": "nkplan/2"'),
        (
            '{"format": "nkplan/3"}',
            "line 1: format: this program reads nkplan/2 and nkplan/1, not 'nkplan/3'",
        ),
        (b'{"format":\n"\xff"}', "line 2: it is not UTF-8 text"),
        (HEAD + '"updates": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_the_fault_of_a_file_says_where_it_is(text: str | bytes, fault: str) -> None:
    assert any(fault in told for told in read_faults(text)), read_faults(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused(number: str) -> None:
    text = HEAD + f'"updates": [{{"project": "x", "event_date": "2024", "percent": {number}}}]}}'
    assert read_faults(text) == [
        "updates[0], line 2: percent: it is not a finite number; write a number without quotes"
    ]


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize(
    ("list_", "row"),
    [
        ("updates", '"project": "x", "event_date": "2024", "percent": '),
        ("places", '"id": "x", "name": "X", "latitude": '),
        ("places", '"id": "x", "name": "X", "population": '),
        ("projects", '"id": "x", "name": "X", "type": "site", "kind": "k", "year": '),
    ],
)
def test_a_number_with_too_many_digits_is_a_fault_on_its_line(list_: str, row: str, digits: int) -> None:
    (told,) = read_faults(HEAD + f'"{list_}": [\n{{{row}{"1" * digits}}}]}}')
    assert "line 3: " in told


def test_a_number_of_a_million_digits_is_a_fault_and_the_rest_is_read() -> None:
    number = "-" + "7" * 1_000_000
    rows = [f'{{"project": "x", "event_date": "2024", "percent": {one}}}' for one in (number, 5)]
    batch = read(HEAD + f'"extra": {number},\n"updates": [\n' + ",\n".join(rows) + f",\n{number}]}}")
    assert [str(fault).split(";")[0] for fault in batch.faults] == [
        "line 2: there is no field 'extra'",
        "updates[0], line 4: percent: it is a number of 1000000 digits, which is too long",
        "updates[2], line 6: it is a number of 1000000 digits",
    ]
    assert [update.percent for update in batch.updates] == [5]
    assert read_faults(f'{{"format": {number}}}') == [
        "line 1: format: this program reads nkplan/2 and nkplan/1, not a number of 1000000 digits"
    ]


def test_of_very_many_faults_the_first_are_kept_and_the_rest_counted() -> None:
    good = {"project": "x", "event_date": "2024", "note": "n"}
    rows = ",\n".join(json.dumps(good if at % 2 else good | {"percent": -1}) for at in range(10_000))
    batch = read('{"updates": [\n' + rows + "]}")
    assert (len(batch.faults), batch.more_faults, len(batch.updates)) == (MOST_FAULTS, 4_001, 5_000)
    assert [fault.origin.line for fault in batch.faults] == [0, *range(2, 2 * MOST_FAULTS, 2)]


def test_of_a_row_with_very_many_faults_the_first_are_listed() -> None:
    fields = {f"field{at}": at for at in range(1_000)}
    for row in (json.dumps(fields), '{"a": 1' + ', "a": 1' * 1_000 + "}"):
        *told, last = read_faults(HEAD + f'"projects": [{row}]}}')
        assert len(told) == 50
        assert last.endswith("it has more faults; fix these first")


HUGE = [
    "x" * 20_000,
    "\U000e0001" * 10_000,
    "성 천" * 10_000,
    "2024-" + "1" * 10_000,
    "https://e.org/ " + "x" * 3_900,
    ["x" * 1_000] * 100,
    {"x" * 10_000: 1, "y" * 10_000: {"item": "z" * 10_000}},
    dict.fromkeys(map(str, range(1_000))),
    [{"item": "x" * 10_000} | {f"{at}" * 1_000: at for at in range(20)}],
    10**299,
    1e300,
]
LONGEST_MESSAGE = 2_000


@pytest.mark.parametrize("value", HUGE, ids=range(len(HUGE)))
def test_no_message_repeats_a_huge_value(value: Any) -> None:
    shapes = make_shapes(TODAY)
    rows = {name: [value, *({field: value} for field in shape.fields)] for name, shape in shapes.items()}
    key = json.dumps(value if isinstance(value, str) else "y" * 20_000)
    wholes = [
        json.dumps({"format": value, "about": value, "kinds": [value], **rows}),
        json.dumps({"format": value, "kinds": value}),
        f'{{{key}: 1, {key}: 2, "updates": [{{{key}: 1, {key}: 2}}]}}',
        json.dumps(value),
    ]
    lines = [
        {"format": value, json.loads(key): 1},
        {"list": value},
        *({"list": "kinds", name: value} for name in ("id", json.loads(key))),
        *({"list": name, field: value} for name, shape in shapes.items() for field in shape.fields),
    ]
    batch = jsonl.read_file(BytesIO("".join(f"{json.dumps(line)}\n" for line in lines).encode()), TODAY)
    updates = list(batch.stream)
    assert all(isinstance(one, Fault) for one in updates)
    for faults in (*(read(whole).faults for whole in wholes), batch.faults, updates):
        assert faults
        assert max(len(str(fault)) for fault in faults) <= LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("list_", "field", "row"),
    [
        ("updates", "event_date", {"project": "x", "note": "n"}),
        ("sources", "published", {"id": "x"}),
        ("announcements", "announced", {"id": "x", "title": "T", "said": "S"}),
    ],
)
def test_the_date_of_something_past_must_not_be_in_the_future(
    list_: str, field: str, row: dict[str, Any]
) -> None:
    for running in ("2026", "2026-Q4", "2026-11", "2026-11-24"):
        assert read_row_faults(list_, row | {field: running}) == []
    for future in ("2027", "2027-Q1", "2026-12", "2026-11-25"):
        (told,) = read_row_faults(list_, row | {field: future})
        assert told.startswith(f"{field}: {future} is in the future (")


def test_a_promised_date_may_be_in_the_future() -> None:
    row = {"project": "x", "event_date": "2024", "promised": "2034"}
    assert read_row_faults("updates", row) == []


def test_a_list_before_the_format_is_reported_once_for_it_is_read_in_an_unknown_format() -> None:
    lists = '"kinds": ["a"],\n"sources": [],\n"format": "nkplan/1"'
    assert read_faults(f"{{{lists}}}") == [
        "line 1: kinds: it comes before the format; write the format first"
    ]


def test_a_missing_format_is_reported_first() -> None:
    first, second = read_faults('{"kinds": [3]}')
    assert first.startswith("format is missing")
    assert second.startswith("kinds[0], line 1: ")


def test_a_batch_knows_the_ids_of_faulty_rows() -> None:
    batch = read(HEAD + '"projects": [{"id": "a"}, {"id": ["b"]}], "sources": [{"id": "c"}]}')
    assert batch.faulty_ids == {"a"}


def test_a_byte_order_mark_is_not_a_fault() -> None:
    assert read(b"\xef\xbb\xbf" + (HEAD + '"kinds": ["a"]}').encode()).kinds == ("a",)


def test_the_values_of_a_small_file_are_read() -> None:
    row = {"project": "x", "event_date": "2024-q3", "status": "Idle", "percent": 40, "confidence": "low"}
    batch = read(json.dumps({"format": "nkplan/2", "about": "A", "updates": [row]}))
    assert (batch.about, batch.faults) == ("A", ())
    (update,) = batch.updates
    assert (update.event_date, update.status, update.percent) == ("2024-Q3", Status.IDLE, 40.0)
    assert update.confidence is Confidence.LOW


def test_the_same_claim_by_the_same_source_always_has_the_same_id() -> None:
    update = Update(project="songchon-factories", event_date="2025-09", status=Status.OPERATING, source="s")
    other = Update(
        project="songchon-factories",
        event_date="2025-09",
        status=Status.OPERATING,
        source="s",
        note="Jam.",
        evidence=Evidence.PROMISER,
        confidence=Confidence.LOW,
    )
    assert derive_update_id(update) == derive_update_id(other) == "373478db-b993-504e-bfbd-668fcfbc7a6c"
    for change in ({"event_date": "2025"}, {"source": "t"}, {"percent": 5.0}, {"promised": "2026"}):
        fields = {"project": "songchon-factories", "event_date": "2025-09", "status": Status.OPERATING}
        changed = Update(**(fields | {"source": "s"} | change))
        assert derive_update_id(changed) != derive_update_id(update)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
LISTS = st.sampled_from(
    ["kinds", "publishers", "places", "outlines", "sources", "announcements", "projects", "quotas", "updates"]
)
FIELDS = st.sampled_from(
    "id name title announced said type kind project event_date status percent per quantity figures names"
    " terms year url published latitude source domain tags identifiers organisations count of bound figures"
    " beside within retrieved withdrawn promised_status place geometry credit".split()
)


@given(st.binary(max_size=200))
def test_random_bytes_are_always_reported_as_faults(content: bytes) -> None:
    assert read(content).faults


@given(LISTS, st.dictionaries(FIELDS, JSON, max_size=6))
def test_random_values_in_a_row_are_read_or_reported_as_faults(list_: str, row: dict[str, Any]) -> None:
    batch = read(json.dumps({"format": "nkplan/2", list_: [row]}))
    assert bool(batch.faults) != bool(getattr(batch, list_))


@given(JSON)
def test_random_json_is_read_or_reported_as_faults(value: object) -> None:
    assert read(json.dumps(value)).faults or value == {"format": "nkplan/2"}


TRIANGLE = {"type": "Polygon", "coordinates": [[[1, 2], [3, 2.5], [1, 3], [1, 2]]]}

WHOLE: dict[str, Any] = {
    "format": "nkplan/2",
    "about": "성천",
    "data_set": "ds",
    "settings": {
        "title": "T",
        "about": "A",
        "licence": "L",
        "credit": "C",
        "region_level": 2,
        "silent_months": 6,
        "labels": {"region": "r"},
    },
    "kinds": ["k"],
    "publishers": [{"domain": "e.org", "name": "E", "evidence": "press"}],
    "places": [{"id": "pl", "name": "P", "names": ["Q"], "latitude": 1.5, "population": 3}],
    "outlines": [{"place": "pl", "geometry": TRIANGLE, "credit": "C"}],
    "sources": [
        {
            "id": "so",
            "published": "2024-Q2",
            "retrieved": "2024-H1/2024-07-01",
            "url": "https://e.org",
            "evidence": "expert",
        }
    ],
    "announcements": [
        {
            "id": "an",
            "title": "T",
            "announced": "2024",
            "said": "S",
            "terms": ["t"],
            "figures": [{"item": "i", "value": 0.2, "unit": "u", "year": 2024}],
        }
    ],
    "projects": [
        {
            "id": "pr",
            "name": "P",
            "type": "site",
            "kind": "k",
            "year": 2024,
            "tags": ["t"],
            "identifiers": [{"scheme": "s", "id": "1"}],
            "organisations": [{"role": "owner", "name": "O"}],
        }
    ],
    "quotas": [
        {
            "project": "pr",
            "kind": "k",
            "quantity": 2,
            "per": "year",
            "unit": "homes",
            "label": "blocks",
            "promised_status": "operating",
            "beside": True,
            "within": "pr",
            "first_year": 2024,
        }
    ],
    "updates": [
        {
            "project": "pr",
            "event_date": "../2024-01",
            "status": "idle",
            "percent": 5,
            "promised": "2030/..",
            "promised_status": "groundbroken",
            "count": 1,
            "of": 2.5,
            "unit": "beds",
            "bound": "at least",
            "figures": [{"item": "i", "value": 1, "unit": "u"}],
            "speaker": "S",
            "withdrawn": "2025",
            "withdrawn_source": "so",
            "note": "n",
        }
    ],
}
CONTENT = json.dumps(WHOLE, ensure_ascii=False, indent=1).encode()


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the path to every value in a JSON value, and to the value itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(way for key, one in inner for way in list_paths(one, (*path, key)))]


def replace_at(value: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    items = value.items() if isinstance(value, dict) else enumerate(value)
    made = {key: replace_at(one, path[1:], new) if key == path[0] else one for key, one in items}
    return made if isinstance(value, dict) else list(made.values())


NO_LISTS = {"format", "about", "data_set", "settings"}


def test_a_file_with_every_list_has_no_fault() -> None:
    batch = read(CONTENT)
    assert batch.faults == ()
    assert (batch.about, batch.data_set, len(batch.settings)) == ("성천", "ds", 7)
    assert all(len(getattr(batch, name)) == 1 for name in WHOLE if name not in NO_LISTS)
    given_ = {name: set(rows[0]) for name, rows in WHOLE.items() if name not in {*NO_LISTS, "kinds"}}
    optional = {
        "places": {"full_name", "local_name", "type", "parent", "population_year", "longitude", "note"},
        "sources": {"title", "publisher", "archive", "note"},
        "announcements": {"speaker", "occasion", "source", "context"},
        "projects": {"parent", "model", "place", "note"},
        "quotas": {"id", "last_year", "announcement", "note"},
        "updates": {"id", "evidence", "confidence", "source", "announcement"},
    }
    for name, shape in make_shapes(TODAY).items():
        assert given_[name] | optional.get(name, set()) == set(shape.fields), name


@given(st.sampled_from(list_paths(WHOLE)), JSON)
def test_a_random_value_anywhere_in_a_file_is_read_or_reported_as_a_fault(
    path: tuple[Any, ...], value: object
) -> None:
    batch = read(json.dumps(replace_at(WHOLE, path, value)))
    rows = sum(len(getattr(batch, name)) for name in WHOLE if name not in NO_LISTS)
    assert rows == 8 or batch.faults or len(path) < 3


@given(st.integers(0, len(CONTENT) - 1))
def test_a_file_truncated_anywhere_is_faulty(length: int) -> None:
    assert read(CONTENT[:length]).faults


@given(st.integers(0, len(CONTENT) - 1), st.integers(0, 255))
def test_a_file_with_one_changed_byte_is_read_or_reported_as_faulty(at: int, byte: int) -> None:
    changed = CONTENT[:at] + bytes([byte]) + CONTENT[at + 1 :]
    batch = read(changed)
    assert batch.faults or batch.projects


def list_numbers() -> list[tuple[str, str]]:
    """List the fields of every list that refuse a number for its size."""
    return [
        (list_, field)
        for list_, shape in make_shapes(TODAY).items()
        for field in shape.fields
        if any(
            "write a" in one and "number from" in one for one in read_number_faults(list_, field, -(10**9))
        )
    ]


def read_number_faults(list_: str, field: str, number: float) -> list[str]:
    return [one for one in read_row_faults(list_, {field: number}) if one.startswith(f"{field}: ")]


def test_these_fields_have_a_range() -> None:
    assert set(list_numbers()) == {
        *(("places", field) for field in ("latitude", "longitude", "population", "population_year")),
        ("projects", "year"),
        *(("quotas", field) for field in ("quantity", "first_year", "last_year")),
        ("updates", "percent"),
    }


@pytest.mark.parametrize(("list_", "field"), list_numbers())
def test_a_number_out_of_range_is_written_in_full_with_the_range_which_is_the_true_one(
    list_: str, field: str
) -> None:
    (fault,) = read_number_faults(list_, field, -(10**9))
    found = re.fullmatch(
        rf"{field}: -1000000000 is .*; write a (?:whole )?number from (-?\d+) to (\d+)(?:, as in 2024)?",
        fault,
    )
    assert found is not None, fault
    least, most = int(found[1]), int(found[2])
    for fine in (least, most):
        assert read_number_faults(list_, field, fine) == []
    for wrong in (least - 1, most + 1):
        (fault,) = read_number_faults(list_, field, wrong)
        assert f"{field}: {wrong} is " in fault
        assert f"from {least} to {most}" in fault
    if field in {"latitude", "longitude", "percent"}:
        (fault,) = read_number_faults(list_, field, most + 1 / 3)
        assert f"{field}: {most + 1 / 3!r} is " in fault


@pytest.mark.parametrize("word", sorted(set(Status) - {"groundbroken", "completed", "operating"}))
def test_only_a_stage_that_happens_on_a_day_can_be_promised(word: str) -> None:
    said = f"promised_status: {word} is not a stage that can be promised; write one of groundbroken"
    for list_, row in (
        ("updates", {"project": "p", "event_date": "2024", "promised": "2025", "promised_status": word}),
        ("quotas", {"project": "p", "kind": "k", "quantity": 1, "per": "year", "promised_status": word}),
    ):
        batch = read_file(json.dumps({"format": "nkplan/2", list_: [row]}).encode(), TODAY)
        assert [said in str(fault) for fault in batch.faults] == [True]


def test_a_quota_of_completions_is_the_same_whether_it_says_so_or_not() -> None:
    row = {"project": "p", "kind": "k", "quantity": 1, "per": "year"}
    rows = [row, row | {"promised_status": "completed"}]
    batch = read_file(json.dumps({"format": "nkplan/2", "quotas": rows}).encode(), TODAY)
    assert batch.quotas[0] == batch.quotas[1]


@pytest.mark.parametrize("label", ["a\nb", "a\tb", "x" * 41])
def test_a_label_is_a_short_text_on_one_line(label: str) -> None:
    content = {"format": "nkplan/2", "settings": {"labels": {"region": label}}}
    batch = read_file(json.dumps(content).encode(), TODAY)
    assert len(batch.faults) == 1
    assert "region" in str(batch.faults[0])
