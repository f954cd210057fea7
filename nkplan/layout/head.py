"""What a page about sites begins with: how many of them have come how far, and pictures of that."""

from typing import NamedTuple

from nkplan.layout.picture import Meaning, Picture
from nkplan.layout.report import Report


class Number(NamedTuple):
    """A number of sites, with the words that say what it counts; a mark has a sign and a colour."""

    number: int | None
    words: str
    meaning: Meaning


class Head(NamedTuple):
    """The numbers of the sites of a page with their bar, and its pictures. What there is none of is empty.

    `bar` is a report of one sum, that of the numbers; `beside` says what of the sites is not in them.
    """

    numbers: tuple[Number, ...] = ()
    bar: Report | None = None
    beside: str | None = None
    chart: Picture | None = None
    map: Picture | None = None
    map_credits: tuple[str, ...] = ()
