"""What `nkplan list` lists beside sites, and the names that its filters take."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nkplan.layout.grid import Value
from nkplan.model.filters import Filters
from nkplan.queries.programmes import list_quotas
from nkplan.queries.reader import Reader
from nkplan.reports.claims import describe_period
from nkplan.reports.lists import Noun
from nkplan.reports.promises import find_replacements
from nkplan.text import fold

_DATES = {"announced", "published", "retrieved", "promised", "withdrawn"}
"""Columns that are sorted by the last day of their date."""

_SORTED_BY = {
    "event_date": "effective_day",
    "announced": "effective_day",
    "published": "day",
    "period": "first_year",
}
"""Columns that are sorted by another one of their query."""

_STATUSES = {"status", "promised_status"}
_TRUTHS = {"beside"}


class Wanted(NamedTuple):
    """Which rows are wanted: by `filters` of projects, and by conditions on the rows themselves.

    `values` has for each condition, by its name in the SQL, the values to bind; a condition without any, such
    as `is_region`, has none.
    """

    filters: Filters | None = None
    values: Mapping[str, Mapping[str, Any]] = {}

    @property
    def given(self) -> set[str]:
        """The names of the conditions."""
        return {*self.values, *(("projects",) if self.filters is not None else ())}

    def bind(self) -> dict[str, Any]:
        """Return the values to bind; a list is written as JSON."""
        return {
            name: json.dumps(value) if isinstance(value, list | tuple) else value
            for values in self.values.values()
            for name, value in values.items()
        }


def list_page(
    reader: Reader, noun: Noun, wanted: Wanted, sort: str, *, down: bool, most: int
) -> Iterator[tuple[Value, ...]]:
    """Iterate over the wanted rows of a noun, with all its columns; `most` 0 means all."""
    more = _describe_quotas(reader) if noun.name == "promises" else {}
    order = _write_order(noun, sort, down=down)
    rows = reader.fetch_page(
        f"lists.{noun.name}", wanted.given, wanted.filters, order, most=most or -1, **wanted.bind(), **more
    )
    keys = noun.keys
    for row in rows:
        yield tuple(_read_value(key, row[key]) for key in keys)


def count_page(reader: Reader, noun: Noun, wanted: Wanted) -> int:
    """Count the wanted rows of a noun."""
    more = {"periods": "{}", "replaced": "{}"} if noun.name == "promises" else {}
    return reader.count_page(f"lists.{noun.name}", wanted.given, wanted.filters, **wanted.bind(), **more)


def _read_value(key: str, value: Any) -> Value:
    return bool(value) if key in _TRUTHS and value is not None else value


def _write_order(noun: Noun, sort: str, *, down: bool) -> str:
    """Write the order of a list: what has no value comes last in either direction, equals by their id."""
    by = f'listed."{_SORTED_BY.get(sort, sort)}"'
    if sort in _DATES and sort not in _SORTED_BY:
        by = f"(SELECT last FROM dates WHERE date = {by})"  # noqa: S608  # a column of ours
    elif sort in _STATUSES:
        by = f"(SELECT rank FROM statuses WHERE status = {by})"  # noqa: S608  # a column of ours
    own = [] if sort == noun.id else [f'listed."{noun.id}"']
    return ", ".join([f'listed."{sort}" IS NULL', f"{by} DESC" if down else by, *own])


def _describe_quotas(reader: Reader) -> dict[str, str]:
    """Say of each quota, by its id, for which years it is, and which announcements replaced it."""
    quotas = list_quotas(reader)
    replaced = {
        id_: ", ".join(
            dict.fromkeys(one.dated.quota.announcement or one.dated.quota.id for one in replacements)
        )
        for id_, replacements in find_replacements(quotas).items()
        if replacements
    }
    periods = {
        one.quota.id: describe_period(one.quota.per, one.quota.first_year, one.quota.last_year)
        for one in quotas
    }
    return {"periods": json.dumps(periods), "replaced": json.dumps(replaced)}


def find_named(reader: Reader, noun: Noun, words: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of a noun's rows in whose names each of the words is, in whatever spelling."""
    folded = [fold(word) for word in words]
    found = []
    for id_, *texts in reader.fetch_tuples(f"lists.names_of_{noun.name}"):
        # A word must not begin in one text and end in the next.
        names = " ".join(fold(str(text)) for text in (id_, *texts) if text is not None)
        if _has_words(names, folded):
            found.append(id_)
    return tuple(found)


def find_named_projects(reader: Reader, words: Sequence[str]) -> tuple[str, ...]:
    """Return the projects that words name: each is in the id, the name, or one of its place or region."""
    folded = [fold(word) for word in words]
    spellings = dict(reader.fetch_tuples("lists.list_texts_of_places"))
    rows = reader.fetch_tuples("lists.names_of_projects")
    return tuple(
        id_
        for id_, name, place in rows
        if _has_words(f"{fold(id_)} {fold(name)} {spellings.get(place) or ''}", folded)
    )


def _has_words(names: str, words: Sequence[str]) -> bool:
    return all(word in names for word in words)


def list_source_publishers(reader: Reader) -> list[str]:
    """List the publishers of the sources."""
    return [row["publisher"] for row in reader.fetch("lists.list_source_publishers")]


def list_speakers(reader: Reader) -> list[str]:
    """List who said what was announced or claimed."""
    return [row["speaker"] for row in reader.fetch("lists.list_speakers")]


def find_first(reader: Reader, noun: Noun, *, is_known: bool) -> str | None:
    """Return when the first row of a noun happened, as written, or the day on which it `is_known` from."""
    row = reader.fetch(f"lists.first_{_FIRST[noun.name]}", type=noun.singular, known=is_known).fetchone()
    return None if row is None else str(row["day"] if is_known else row["date"])


_FIRST = {
    "sites": "project", "programmes": "project", "cohorts": "project", "updates": "update",
    "announcements": "announcement", "promises": "promise",
}  # fmt: skip
