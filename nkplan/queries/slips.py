"""The dates promised, one after another."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.slips import PromisedDate
from nkplan.rows.state import Row


def fetch(reader: Reader, question: Question) -> Iterator[PromisedDate]:
    """Iterate over the promised dates, project by project and stage by stage, as they were given."""
    given = list(reader.fetch("questions.list_promises", projects=choose_projects(reader, question.filters)))
    uses = _list_uses(reader, given)
    for row in given:
        cancelled_day = row["cancelled_day"]
        promised = PromisedDate(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            stage=row["stage"],
            promised=row["promised"],
            said=row["event_date"],
            said_day=date.fromisoformat(row["effective_day"]),
            source=row["source"],
            speaker=row["speaker"],
            evidence=row["evidence"],
            kept=_read_event(row["kept"]),
            cancelled_day=None if cancelled_day is None else date.fromisoformat(cancelled_day),
        )
        yield uses[promised.project].find(promised) if _is_of_use(row) else promised


class _Uses(NamedTuple):
    """When a project was shown to be in use, in order, and the first time of those that last, if any does."""

    every: tuple[Event, ...] = ()
    lasting: Event | None = None

    def find(self, promised: PromisedDate) -> PromisedDate:
        """Add when a promised use came: the first, or for use again the first after the promise."""
        if promised.stage == "use":
            return promised._replace(kept=self.every[0] if self.every else None)
        at = bisect_right(self.every, promised.said_day, key=lambda use: use.day)
        return promised._replace(
            kept=self.every[at] if at < len(self.every) else None,
            since=self.every[at - 1].day if at else None,
            lasting=self.lasting,
        )


def _is_of_use(row: Row) -> bool:
    """Whether use is promised of what its own updates show in use; of a programme nothing says so."""
    stage: str = row["stage"]
    return stage == "again" or (stage == "use" and row["type"] == "site")


def _list_uses(reader: Reader, given: Sequence[Row]) -> Mapping[str, _Uses]:
    """Return when each project of which use was promised was in use."""
    projects = {row["project"] for row in given if _is_of_use(row)}
    uses = dict.fromkeys(projects, _Uses())
    if not projects:
        return uses
    rows = reader.fetch("questions.list_uses", projects=json.dumps(sorted(projects)))
    for project, its_rows in groupby(rows, key=itemgetter("project")):
        every: list[Event] = []
        lasting: Event | None = None
        for row in its_rows:
            if row["is_use"]:
                first, day = map(date.fromisoformat, (row["first"], row["effective_day"]))
                every.append(Event(row["event_date"], first, day))
                lasting = lasting or every[-1]
            else:
                lasting = None
        uses[project] = _Uses(tuple(every), lasting)
    return uses


def _read_event(text: str | None) -> Event | None:
    """Read the last and the first day on which something can have happened, then the date as written."""
    if text is None:
        return None
    return Event(text[20:], date.fromisoformat(text[10:20]), date.fromisoformat(text[:10]))
