"""The colours of meanings: contrast, and marks that can be told apart whatever colours one sees."""

from collections.abc import Mapping
from itertools import combinations, product
from math import dist

import pytest
from colours import Triple, find_contrast, find_lab, make_linear

from nkplan.layout.colours import DARK_GROUND, LIGHT_GROUND, LINES_ON_ANY, MARKS_ON_ANY, ON_DARK, ON_LIGHT
from nkplan.layout.picture import MARKS, Meaning

SEEN: dict[str, tuple[Triple, Triple, Triple]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What becomes of linear red, green and blue: the matrices of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), of the full severity."""

LEAST_DISTANCE = 15
"""A difference of 2.3 in CIE L*a*b* (1976) is just noticed side by side (Mahy and others, 1994).

Marks are small, apart from each other and only four: six times that is told apart without comparing.
"""

GROUNDS = {"dark": (DARK_GROUND, "#000000"), "light": (LIGHT_GROUND,)}
SETS: dict[str, tuple[Mapping[Meaning, str], tuple[str, ...]]] = {
    "on dark": (ON_DARK, GROUNDS["dark"]),
    "on light": (ON_LIGHT, GROUNDS["light"]),
    "on any": (MARKS_ON_ANY, GROUNDS["dark"] + GROUNDS["light"]),
}
TEXTS = (Meaning.TEXT, Meaning.TITLE, Meaning.LABEL, Meaning.REGION, Meaning.DATE)


def see(colour: str, sight: str) -> Triple:
    """Return how a colour is seen, as L*, a* and b*."""
    linear = make_linear(colour)
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in SEEN[sight]
    )
    return find_lab((red, green, blue))


def test_the_measures_are_right() -> None:
    assert find_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert find_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert find_lab(make_linear("#ff0000")) == pytest.approx((53.2, 80.1, 67.2), abs=0.1)


@pytest.mark.parametrize("name", SETS)
def test_marks_have_a_contrast_of_3_to_1(name: str) -> None:
    colours, grounds = SETS[name]
    drawn = [*MARKS, Meaning.AMOUNT, Meaning.AXIS, Meaning.OUTLINE]
    assert [
        (one, ground)
        for one, ground in product(drawn, grounds)
        if one in colours and find_contrast(colours[one], ground) < 3
    ] == []


@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
def test_a_line_on_any_background_has_a_contrast_of_3_to_1_and_is_not_text(ground: str) -> None:
    assert all(3 <= find_contrast(colour, ground) < 7 for colour in LINES_ON_ANY.values())


@pytest.mark.parametrize("name", ["on dark", "on light"])
def test_texts_have_a_contrast_of_4_5_to_1(name: str) -> None:
    colours, grounds = SETS[name]
    low = [one for one, ground in product(TEXTS, grounds) if find_contrast(colours[one], ground) < 4.5]
    assert low == []


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize("name", SETS)
def test_marks_can_be_told_apart_by_everybody(name: str, sight: str) -> None:
    colours, _ = SETS[name]
    alike = [
        (one, other)
        for one, other in combinations(MARKS, 2)
        if dist(see(colours[one], sight), see(colours[other], sight)) < LEAST_DISTANCE
    ]
    assert alike == []


@pytest.mark.parametrize("name", ["on dark", "on light"])
def test_every_meaning_has_a_colour(name: str) -> None:
    assert set(SETS[name][0]) == set(Meaning)
