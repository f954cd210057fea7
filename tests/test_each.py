"""The short form of a table of cases has each value of each dimension, and the long form all cases."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from each import sample, sample_items, spread
from examples import example_count

CASES = list(product(["list", "show", "check"], ["csv", "json", "md", "tsv", "table"], [80, 120]))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NKPLAN_LONG", raising=False)
    monkeypatch.delenv("NKPLAN_EXAMPLES", raising=False)


@pytest.fixture
def long(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NKPLAN_LONG", "1")


@pytest.mark.usefixtures("short")
def test_a_sample_has_each_value_of_each_dimension_in_as_few_cases_as_there_are_values_of_one() -> None:
    chosen = sample(CASES)
    for every, some in zip(zip(*CASES, strict=True), zip(*chosen, strict=True), strict=True):
        assert set(some) == set(every)
    assert len(chosen) == 5
    assert sample(CASES) == chosen


@pytest.mark.usefixtures("short")
def test_a_sample_of_cases_that_share_nothing_has_all_of_them_in_their_order() -> None:
    assert sample([("b", 2), ("a", 1), ("c", 3)]) == [("b", 2), ("a", 1), ("c", 3)]


@pytest.mark.usefixtures("short")
def test_a_sample_can_be_by_something_else_than_the_elements() -> None:
    assert sample(["list a", "list b", "show a"], lambda case: case.split()[:1]) == ["list a", "show a"]


@pytest.mark.usefixtures("short")
def test_a_spread_has_the_first_and_the_last_case_and_some_between() -> None:
    assert spread(range(50), 5) == [0, 12, 24, 37, 49]
    assert spread(range(3), 5) == [0, 1, 2]


@pytest.mark.usefixtures("long")
def test_the_long_form_has_every_case_and_every_example() -> None:
    assert sample(CASES) == CASES
    assert spread(range(50), 5) == [*range(50)]
    assert example_count(3, 20) == 20
    assert example_count(3) == 3


@pytest.mark.usefixtures("short")
def test_the_short_form_has_few_examples_unless_the_environment_says_how_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert example_count(3, 20) == 3
    monkeypatch.setenv("NKPLAN_EXAMPLES", "1000")
    assert example_count(3, 20) == 1000


class Item(SimpleNamespace):
    """A test as pytest collects it, with what it is parametrized with."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    def get_closest_marker(self, name: str) -> bool:
        return name in self.markers


def make_items(*markers: str) -> list[Any]:
    return [
        Item(
            nodeid=f"test_it[{case}]",
            markers=markers,
            callspec=SimpleNamespace(params={"command": case[0], "format_": [case[1]], "width": case[2]}),
        )
        for case in CASES
    ]


@pytest.mark.usefixtures("short")
def test_a_test_that_is_sampled_runs_with_each_value_and_another_with_every_case() -> None:
    every = make_items()
    assert list(sample_items(every)) == every
    every = make_items("sampled")
    chosen = sample_items(every)
    assert [item for item in every if item in chosen] == list(chosen)
    assert [item.nodeid for item in chosen] == [f"test_it[{case}]" for case in sample(CASES)]
    assert list(sample_items(every[3:4])) == every[3:4]


@pytest.mark.usefixtures("long")
def test_the_long_form_runs_all_of_a_test_that_is_sampled() -> None:
    every = make_items("sampled")
    assert list(sample_items(every)) == every
