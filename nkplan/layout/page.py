"""A page about one thing: facts, then sections."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from nkplan.layout.grid import Column, Grid, Structured, Value, make_objects, shorten_number


class Fact(NamedTuple):
    """One fact on a page; `key` is its permanent name, `title` its label for readers.

    `value` is for data; `shown`, if given, is the same for readers. A fact without a title is only in data.
    The value of a fact with `is_word` is a word for which a record may have a label, that of one with
    `is_status` a status, and of one with `is_verified` one that an observation shows.
    """

    key: str
    title: str
    value: Value
    shown: str | None = None
    is_word: bool = False
    is_status: bool = False
    is_verified: bool = False


class Section(NamedTuple):
    """A part of a page: a list of texts, or a grid that is drawn as a table or entry by entry."""

    key: str
    title: str
    grid: Grid | None = None
    texts: tuple[str, ...] = ()
    style: Literal["table", "updates", "announcements", "quotas"] = "table"


class Page(NamedTuple):
    """Everything known about one thing: `type` is what it is, `when` which day the page describes.

    If it `has_urls`, readers see the links of sources in full.
    """

    type: str
    id: str
    title: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    when: str = ""
    has_urls: bool = False

    def flatten(self) -> Grid:
        """Return the page as a grid of section, row, field and value; rows of a section count from 1."""
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
    """Return whether a section has nothing to show."""
    return not section.texts and (section.grid is None or not section.grid.rows)


def make_document(page: Page) -> dict[str, object]:
    """Return a page as one object: its facts by key, and each section as a list under its key."""
    document: dict[str, object] = {"type": page.type, "id": page.id}
    document |= {fact.key: _unfold(shorten_number(fact.value)) for fact in page.facts}
    for section in page.sections:
        document[section.key] = list(section.texts)
        if section.grid is not None:
            document[section.key] = [
                {key: _unfold(value) for key, value in row.items()} for row in make_objects(section.grid)
            ]
    return document


def _unfold(value: Value) -> object:
    """Return a value as JSON has it: one made of parts as a list of them."""
    if not isinstance(value, Structured):
        return value
    return [
        {key: shorten_number(one) for key, one in part.items()} if isinstance(part, dict) else part
        for part in value.parts
    ]
