"""How a report shows its numbers."""

import pytest

from nkplan.layout.report import show_range


@pytest.mark.parametrize(
    ("least", "most", "digits", "shown"),
    [
        (294.5, 294.5, None, "294.5"),
        (319.5, 329.5, None, "319.5 to 329.5"),
        (284.0, 299.0, None, "284 to 299"),
        (1000.0, 1000.0, None, "1000"),
        (-2, -2, None, "-2"),
        (14.02, 20.0, 1, "14.0 to 20.0"),
        (None, 3.0, None, "at most 3"),
        (3.0, None, None, "at least 3"),
        (None, None, None, None),
    ],
)
def test_a_half_day_is_not_rounded_and_a_whole_one_has_no_point(
    least: float | None, most: float | None, digits: int | None, shown: str | None
) -> None:
    assert show_range(least, most, digits) == shown
