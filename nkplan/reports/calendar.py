"""The dates that were promised and are not kept, for a calendar."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from nkplan.dates import parse_date
from nkplan.layout.addresses import name_page
from nkplan.layout.site import Calendar, CalendarEvent
from nkplan.model.batch import Source
from nkplan.reports.slips import STAGES, PromisedDate, Slip, find_slips


def make_calendar(
    given: Iterable[PromisedDate], sources: Mapping[str, Source], record: str, title: str
) -> Calendar:
    """Make the calendar of a record, of which `record` is the UUID, from all dates promised, as given.

    A date is the last day of its interval; one without an end has no day in a calendar. Dates of what is
    cancelled stay, and say so: whoever has them already learns it.
    """
    # Of use that was promised again after it had ended, only the last promise holds. No day judges: nothing
    # here depends on today.
    latest = {(one.project, one.stage): one for one in find_slips(given, date.max)}
    events = [
        _make_event(one, sources, record)
        for one in latest.values()
        if one.kept is None and parse_date(one.chain[-1].promised).has_end
    ]
    events.sort(key=lambda event: (event.day, event.uid))
    return Calendar(title, tuple(events))


def _make_event(slip: Slip, sources: Mapping[str, Source], record: str) -> CalendarEvent:
    last = slip.chain[-1]
    page = name_page("projects", slip.project)
    what = f"{slip.name}: promised to be {STAGES[slip.stage]} by today"
    return CalendarEvent(
        uid=f"{slip.stage}.{page.rpartition('/')[2]}@{record}",
        day=parse_date(last.promised).end,
        said=last.said_day,
        title=what if slip.cancelled is None else f"{what}; cancelled {slip.cancelled}",
        lines=tuple(_list_lines(slip, last, sources.get(last.source or ""))),
        page=page,
        is_cancelled=slip.cancelled is not None,
    )


def _list_lines(slip: Slip, last: PromisedDate, source: Source | None) -> Iterator[str]:
    speaker = f" by {last.speaker}" if last.speaker else ""
    yield f"Promised for {last.promised}, said {last.said}{speaker}"
    if len(slip.chain) > 1:
        moved = len(slip.chain) - 1
        times = "once" if moved == 1 else f"{moved} times"
        yield f"Moved {times}; first promised for {slip.chain[0].promised}"
    if source is None:
        yield "No source"
    else:
        yield ", ".join(filter(None, (f"Source: {source.title or source.id}", source.publisher, source.day)))
        if source.url:
            yield source.url
