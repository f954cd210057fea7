"""The order of a timeline."""

from collections.abc import Iterable

from nkplan.model.detail import Entry
from nkplan.model.state import Fact
from nkplan.report.state import order_fact


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Put the lines of a timeline in the order in which their updates are judged, the latest last.

    Lines of several projects that this leaves equal stand by project.
    """

    def order(entry: Entry) -> tuple[object, ...]:
        *judged, id_ = order_fact(_make_fact(entry))
        return (*judged, entry.update.project, id_)

    return sorted(entries, key=order)


def _make_fact(entry: Entry) -> Fact:
    update = entry.update
    return Fact(
        id=update.id,
        event_date=update.event_date,
        published=entry.source.published if entry.source else None,
        status=update.status,
        percent=update.percent,
        promised=update.promised,
        evidence=update.evidence,
    )
