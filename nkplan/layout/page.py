"""A page: facts of one thing, and sections of more."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from nkplan.layout.grid import Column, Grid, Value, make_objects, shorten_number


class Fact(NamedTuple):
    """One thing said of what a page shows; `key` is its lasting name, `title` what a person reads.

    `value` is for data, and `shown`, where it is given, says the same to a person; a fact without a title is
    for data alone.
    """

    key: str
    title: str
    value: Value
    shown: str | None = None


class Section(NamedTuple):
    """A part of a page: a grid, drawn as a table or row by row as what it has, or a list of texts."""

    key: str
    title: str
    grid: Grid | None = None
    texts: tuple[str, ...] = ()
    drawn_as: Literal["table", "updates", "announcements", "quotas"] = "table"


class Page(NamedTuple):
    """All that is known of one thing: `type` says what it is, `when` which day it speaks of."""

    type: str
    id: str
    title: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    when: str = ""

    def flatten(self) -> Grid:
        """Make it a grid of section, row, field and value; a section's rows are numbered from 1."""
        return Grid(_FLAT_COLUMNS, _list_values(self))


_FLAT_COLUMNS = (
    Column("section", "Section"),
    Column("row", "Row"),
    Column("field", "Field"),
    Column("value", "Value"),
)


def _list_values(page: Page) -> Iterator[tuple[Value, ...]]:
    facts: Iterable[tuple[str, Value]] = [
        ("type", page.type),
        ("id", page.id),
        *((f.key, f.value) for f in page.facts),
    ]
    for key, value in facts:
        if value is not None:
            yield page.type, None, key, value
    for section in page.sections:
        for number, text in enumerate(section.texts, 1):
            yield section.key, number, "text", text
        for number, row in enumerate(section.grid.rows if section.grid else (), 1):
            for column, value in zip(section.grid.columns if section.grid else (), row, strict=True):
                if value is not None:
                    yield section.key, number, column.key, value


def is_empty(section: Section) -> bool:
    """Tell whether a section has nothing to show."""
    return not section.texts and (section.grid is None or not section.grid.rows)


def make_document(page: Page) -> dict[str, object]:
    """Make a page one object: its facts by key, and under its key each section's list."""
    document: dict[str, object] = {"type": page.type, "id": page.id}
    document |= {fact.key: shorten_number(fact.value) for fact in page.facts}
    for section in page.sections:
        document[section.key] = (
            list(section.texts) if section.grid is None else list(make_objects(section.grid))
        )
    return document
