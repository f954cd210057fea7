"""The days at which a chart judges the record: the ends of its periods."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.charts.periods import MOST_PERIODS, Period, Unit, choose_unit, list_periods

Judged = TypeVar("Judged")


class Ticks(Generic[Judged]):
    """Judges the record at the end of each period, each state of it only once.

    On the last day it is as it was asked for: all that counts without a day counts there. The reader must
    have been opened for a day, and is at the last one before and afterwards. If all that is judged depends on
    some `projects`, a JSON list of ids, nothing changes between two days on which something happened to them.
    """

    def __init__(
        self,
        reader: Reader,
        question: Question,
        judge: Callable[[Reader, Question], Judged],
        projects: str | None = None,
    ) -> None:
        self._reader, self._question, self._judge = reader, question, judge
        self._at = question.moment.happened_by
        self._known: dict[tuple[int, int] | None, Judged] = {}
        self.days = self._list_days(None)
        """The days up to the last on which something happened."""
        self._changes = self.days if projects is None else self._list_days(projects)

    def _list_days(self, projects: str | None) -> list[date]:
        rows = self._reader.fetch("charts.list_effective_days", projects=projects)
        days = (date.fromisoformat(row["day"]) for row in rows)
        return [day for day in days if day <= self._question.day]

    def judge(self, day: date) -> Judged:
        """Return what is judged on a day."""
        last = self._question.day
        # What is promised for each year from some year on depends on the year too.
        key = None if day >= last else (bisect_right(self._changes, day), day.year)
        if key not in self._known:
            moment = self._question.moment if key is None else self._question.moment._replace(as_of=day)
            self._move(moment.happened_by)
            self._known[key] = self._judge(self._reader, self._question._replace(moment=moment))
        return self._known[key]

    def _move(self, day: date | None) -> None:
        if day != self._at:
            self._reader.move(day)
            self._at = day

    def list_periods(
        self,
        unit: Unit | None,
        is_worth_drawing: Callable[[Judged], bool],
        earliest: str | None,
        most: int = MOST_PERIODS,
        last: date | None = None,
    ) -> list[tuple[Period, Judged]]:
        """List the periods, of the unit or the shortest with at most so many, and what is judged of each.

        They begin with the first one at the end of which there is something to draw; none if there never is.
        Nothing need be looked for before the day `earliest`, if that is known. If nothing that is judged has
        changed since a day, that can be the `last` of all: what is judged of it is as of the day asked about.
        """
        last = last or self._question.day

        def judge(period: Period) -> Judged:
            return self.judge(period.end if period.end < last else self._question.day)

        first = self.days[0] if self.days else last
        if earliest is not None:
            first = max(first, date.fromisoformat(earliest))
        first = min(first, last)
        own: Unit | None = None
        while True:
            found = choose_unit(first, last, most)
            if found is own:
                break
            own = found
            periods = list_periods(first, last, own)
            begun = next((one for one in periods if is_worth_drawing(judge(one))), None)
            if begun is None:
                self._move(self._question.moment.happened_by)
                return []
            first = min(begun.start, last)
        periods = list_periods(first, last, unit or own)
        judged = [(one, judge(one)) for one in periods]
        self._move(self._question.moment.happened_by)
        begun_at = next((at for at, (_, one) in enumerate(judged) if is_worth_drawing(one)), len(judged))
        return judged[begun_at:]
