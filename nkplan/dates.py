"""Dates with the precision their source has: `2024`, `2024-Q3`, `2024-03`, `2024-03-15`.

Each stands for an interval of days, and is stored and shown as written; nothing is rounded to a day.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

# `re` compiles a pattern when it is first used; most commands use none of these.
_WRITTEN = r"(?P<year>[12]\d{3})(?:-[Qq](?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
_DAY_OR_MONTH_FIRST = r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})"
_YEAR_FIRST = r"(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?"
FORMS = "2024, 2024-Q3, 2024-03 or 2024-03-15"


class PartialDate(NamedTuple):
    """A date as its source gives it: `written`, and the interval of days `start` to `end` it stands for."""

    written: str
    start: date
    end: date

    def __str__(self) -> str:
        return self.written


@lru_cache(maxsize=10_000)
def parse_date(text: str) -> PartialDate:
    """Read a date in one of the four formats; a small q is read as Q.

    Raises ValueError with a sentence that says what is wrong and what to write instead.
    """
    text = text.strip()
    found = re.fullmatch(_WRITTEN, text, re.ASCII)
    if found is None:
        raise ValueError(_explain(text))
    year = int(found["year"])
    if found["quarter"]:
        first, last = int(found["quarter"]) * 3 - 2, int(found["quarter"]) * 3
    elif found["month"]:
        first = last = int(found["month"])
        if not 1 <= first <= 12:
            raise ValueError(
                f"{text} is not a date: there is no month {found['month']}; months run from 01 to 12"
            )
    else:
        first, last = 1, 12
    if found["day"]:
        try:
            day = date(year, first, int(found["day"]))
        except ValueError:
            days = monthrange(year, first)[1]
            raise ValueError(f"{text} is not a date: {year}-{first:02} has {days} days") from None
        return PartialDate(text, day, day)
    return PartialDate(text.upper(), date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _explain(text: str) -> str:
    """Say why a text is in none of the four formats, and suggest what to write if that can be inferred."""
    if found := re.fullmatch(_DAY_OR_MONTH_FIRST, text, re.ASCII):
        one, two, year = int(found[1]), int(found[2]), found[3]
        if len(year) == 4 and 1 <= one <= 12 and 1 <= two <= 12 and one != two:
            return (
                f"{text} is ambiguous: it can be {year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}; "
                "write the one you mean"
            )
        return f"{text} is ambiguous: write the year first, as in 2024-03-15"
    if found := re.fullmatch(_YEAR_FIRST, text, re.ASCII):
        parts = [found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)]
        if re.fullmatch(r"[12]\d{3}(-\d\d){0,2}", "-".join(parts)) and "-".join(parts) != text:
            # The suggestion must be a date itself; if it is not, parse_date says why.
            written = parse_date("-".join(parts)).written
            return f"{text} is not in the format of a date: write {written}"
    return f"{text!r} is not a date: write {FORMS}"


def find_effective_day(event: PartialDate, published: PartialDate | None) -> date:
    """Return the day by which an event had surely happened (manual, judging).

    That is the end of its interval or the day its source was published, whichever is earlier. A source
    published before the interval begins cannot report what happens in it, and is ignored.
    """
    if published is not None and event.start <= published.end < event.end:
        return published.end
    return event.end


def find_known_day(event: PartialDate, published: PartialDate | None) -> date:
    """Return the day by which an event was known: the end of its source's date, or else of its own."""
    return published.end if published is not None else event.end


def subtract_months(day: date, months: int) -> date:
    """Return the day a number of months before another; in a shorter month, the last day of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if years < 1:
        return date.min
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def months_between(earlier: date, later: date) -> int:
    """Count the whole months from one day to a later one; 0 if the days are in reverse order."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))
