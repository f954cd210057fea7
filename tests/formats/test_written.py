"""What a person writes of a row is read as a file is; what nkplan writes of it is read as the same row."""

import json
from datetime import date
from typing import Any

import pytest
import random_records
from each import for_each
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st

from nkplan.formats.fields import make_shapes
from nkplan.formats.json import read_file
from nkplan.formats.written import FieldChange, change_fields, list_fields, read_fields
from nkplan.model.batch import Announcement, Figure, Project, SettingRow
from nkplan.model.vocabulary import ProjectType
from nkplan.rows.written import LISTED, write_fields
from nkplan.validation import LISTS

TODAY = random_records.TODAY


@settings(max_examples=example_count(8))
@given(record=random_records.records())
def test_the_written_fields_of_every_row_are_read_as_that_row(record: Any) -> None:
    batch = read_file(json.dumps(record).encode(), TODAY)
    for name in LISTS:
        rows = getattr(batch, name)
        for row in (rows,) if name == "settings" else rows:
            written = write_fields(name, row)
            read, faults = read_fields(name, written, TODAY)
            assert (faults, set(read) if name == "settings" else read) == (
                [],
                set(row) if name == "settings" else row,
            )
            assert {field for field, _ in written} <= {*list_fields(name)}


FIGURES = [
    Figure("cost", 12.0, "million USD"),
    Figure("cost", 12.5, "million USD", 2017),
    Figure("cost", 0.1, "USD (2017)"),
    Figure("cost", 1e300, "USD"),
    Figure("cost", -3.0, "USD"),
    Figure("cost: a part", 3.0, "USD"),
    Figure("{cost", 3.0, "USD"),
    Figure("cost", 3.0, "USD (2017) in all", 2018),
    Figure("cost", 3.0, "USD", None, "paper", "A note; with signs (2017)."),
    Figure("cost", 3.0, "USD\nand more", 2017),
    Figure("공사비", 3.0, "원"),
]


@for_each("figure", FIGURES)
def test_every_figure_is_read_as_it_was_written(figure: Figure) -> None:
    row = Announcement("speech", "A speech", "2023", "Ten.", figures=(figure, figure))
    assert read_fields("announcements", write_fields("announcements", row), TODAY) == (row, [])


@for_each("pair", [("gem", "P: 1"), ("a:b", "c"), ("{x", "y"), ("role", "{y}"), ("소유자", "성")])
def test_every_pair_is_read_as_it_was_written(pair: tuple[str, str]) -> None:
    row = Project("dam", "Dam", ProjectType.SITE, "dam", identifiers=(pair,), organisations=(pair,))
    assert read_fields("projects", write_fields("projects", row), TODAY) == (row, [])


@pytest.mark.parametrize("name", sorted({*LISTS} - {"settings", "kinds"}))
def test_the_fields_of_a_row_are_those_of_the_file_format(name: str) -> None:
    shape = make_shapes(date.max)[name]
    assert list_fields(name) == list(shape.fields)
    assert LISTED[name] <= {*shape.fields}


def test_a_value_that_is_as_it_was_is_not_read_again() -> None:
    """An older database may have what a rule of today refuses."""
    row = Project("all", "Dam", ProjectType.SITE, "no id", year=5)
    written = write_fields("projects", row)
    assert read_fields("projects", written, TODAY, row) == (row, [])
    changed = [(field, "Dams" if field == "name" else value) for field, value in written]
    assert read_fields("projects", changed, TODAY, row) == (row._replace(name="Dams"), [])
    _, faults = read_fields("projects", changed, TODAY)
    assert [fault.field for fault in faults] == ["id", "kind", "year"]


def test_each_fault_has_its_field_and_an_empty_value_is_none() -> None:
    written = [("id", "dam"), ("name", " "), ("type", "sight"), ("year", "soon"), ("note", "")]
    row, faults = read_fields("projects", written, TODAY)
    assert row is None
    assert {fault.field: fault.is_missing for fault in faults} == {
        "type": False, "year": False, "name": True, "kind": True
    }  # fmt: skip


def test_a_fault_of_a_setting_has_its_field() -> None:
    written = [("title", "T"), ("region_level", "two"), ("label region", "x" * 41), ("silent_months", "0")]
    _, faults = read_fields("settings", written, TODAY)
    assert [fault.field for fault in faults] == ["region_level", "label region", "silent_months"]
    assert faults[1].message == "it has 41 characters; write at most 40"


@settings(max_examples=example_count(12, 20))
@given(
    before=st.lists(st.sampled_from("abc"), max_size=3, unique=True),
    typed=st.lists(st.tuples(st.sampled_from(["", "+", "-"]), st.sampled_from("abcd")), max_size=4),
)
def test_parts_of_a_list_are_set_added_and_taken_away_in_order(
    before: list[str], typed: list[tuple[str, str]]
) -> None:
    expected: list[str] | None = list(before)
    is_set = False
    for sign, value in typed:
        if expected is None:
            break
        if sign == "-" and value not in expected:
            expected = None
        elif sign == "-":
            expected.remove(value)
        else:
            expected = [*(expected if sign or is_set else ()), value]
            is_set |= not sign
    written = [("tags", value) for value in before]
    changes = [FieldChange("tags", value, sign) for sign, value in typed]
    result, faults = change_fields("projects", written, changes)
    if expected is None:
        assert faults
    else:
        assert (result, faults) == ([("tags", value) for value in expected], [])


def test_the_settings_keep_their_order_whatever_is_typed() -> None:
    rows = (SettingRow("title", "T"), SettingRow("label region", "state"))
    written, _ = change_fields("settings", write_fields("settings", rows), [FieldChange("about", "A")])
    assert written == [("title", "T"), ("about", "A"), ("label region", "state")]
