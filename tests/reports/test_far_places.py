"""The check `far-away` finds what a comparison of all pairs would find, without making it."""

from itertools import combinations
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from nkplan.reports.checks import Location, find_far_places, measure_distance

COORDINATES = st.tuples(
    st.one_of(st.sampled_from([-90.0, 0.0, 1.0, 90.0]), st.floats(-90, 90)),
    st.one_of(st.sampled_from([-180.0, 0.0, 1.0, 180.0]), st.floats(-180, 180)),
)


def make(coordinates: list[tuple[float, float]]) -> list[Location]:
    return [Location(f"p{at}", f"P {at}", "r", *pair) for at, pair in enumerate(coordinates)]


@given(st.lists(COORDINATES, min_size=2, max_size=9))
def test_a_place_is_far_if_it_is_farther_from_all_than_any_two_others_are_apart(
    coordinates: list[tuple[float, float]],
) -> None:
    places = make(coordinates)
    far = set()
    for one in places if len(places) > 4 else ():
        others = [other for other in places if other is not one]
        apart = max(measure_distance(*pair) for pair in combinations(others, 2))
        if min(measure_distance(one, other) for other in others) > apart:
            far.add(one.id)
    assert {finding.id for finding in find_far_places(places)} == far


def test_not_all_pairs_of_places_are_measured() -> None:
    places = make([(40 + at % 20 / 100, 125 + at // 20 / 100) for at in range(400)] + [(-40.0, 125.0)])
    with patch("nkplan.reports.checks.measure_distance", wraps=measure_distance) as measure:
        (found,) = find_far_places(places)
    assert found.id == "p400"
    assert measure.call_count < 10 * len(places)
