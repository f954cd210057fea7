"""The rows of the vocabularies, which are the same in every database of a version."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nkplan.model.vocabulary import Evidence, Status
from nkplan.rows.state import Row

_FACTS = ("phase", "reach", "event", "percent", "meaning", "oc4ids", "iati", "gem")


def list_statuses() -> list[dict[str, Any]]:
    """List the rows of the table `statuses`."""
    return [
        {"status": str(one), "rank": one.rank, **{fact: getattr(one, fact) for fact in _FACTS}}
        for one in Status
    ]


def list_evidence_classes() -> list[dict[str, Any]]:
    """List the rows of the table `evidence_classes`."""
    return [{"evidence": str(one), "counts_as": one.counts_as, "meaning": one.meaning} for one in Evidence]


Words = Mapping[str, Mapping[str, Any]]
"""The rows of a vocabulary by word."""

TABLES: Mapping[str, tuple[str, Callable[[], list[dict[str, Any]]]]] = {
    "statuses": ("status", list_statuses),
    "evidence_classes": ("evidence", list_evidence_classes),
}
"""The tables of the vocabularies, each with the column of its words and the rows that it has to have."""


def compare_vocabulary(table: str, rows: Iterable[Row]) -> list[str]:
    """Return the words of a vocabulary whose stored rows differ from this program's."""
    column, list_rows = TABLES[table]
    stored = {row[column]: dict(row) for row in rows}
    return find_differences(stored, {row[column]: row for row in list_rows()})


def find_differences(stored: Words, wanted: Words) -> list[str]:
    """Return the words whose rows differ, are missing, or are none of this program's."""
    return sorted(word for word in stored.keys() | wanted.keys() if stored.get(word) != wanted.get(word))
