"""The rows of the vocabularies, which are the same in every database of a version."""

from collections.abc import Mapping
from typing import Any

from nkplan.model.vocabulary import EVIDENCE_CLASSES, STATUSES


def list_statuses() -> list[dict[str, Any]]:
    """List the rows of the table `statuses`."""
    return [{"status": str(one), "rank": one.rank, **facts._asdict()} for one, facts in STATUSES.items()]


def list_evidence_classes() -> list[dict[str, Any]]:
    """List the rows of the table `evidence_classes`."""
    return [
        {"evidence": str(one), "counts_as": facts.counts_as, "meaning": facts.meaning}
        for one, facts in EVIDENCE_CLASSES.items()
    ]


def find_differences(
    stored: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return the words whose rows differ, are missing, or are none of this program's."""
    return sorted(word for word in stored.keys() | wanted.keys() if stored.get(word) != wanted.get(word))
