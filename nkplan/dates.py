"""Dates with the precision their source has: `2024`, `2024-H1`, `2024-Q3`, `2024-03`, `2024-03-15`.

Two of them make an interval, as in EDTF, the Extended Date/Time Format: `2024-03/2024-06`. Either side may
be open: `../2024-05-20` is at some time up to that day, `2024-05-20/..` from that day on. Every date stands
for an interval of days, and is stored and shown as written; nothing is rounded to a day.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

# `re` compiles a pattern when it is first used; most commands use none of these.
_SIMPLE = (
    r"(?P<year>[12]\d{3})"
    r"(?:-[Hh](?P<half>[12])|-[Qq](?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
)
_DAY_OR_MONTH_FIRST = r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})"
_YEAR_FIRST = r"(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?"
_ONE_DAY = timedelta(days=1)
_SHORTENED_END = r"(?P<start>(?P<year>\d{4})(?:-\d\d)?)/(?P<end>\d\d)"
_OPEN = ".."

FORMS = (
    "2024, 2024-H1, 2024-Q3, 2024-03 or 2024-03-15, or an interval: 2024-03/2024-06, ../2024-06 or 2024-03/.."
)
"""What messages say a date can look like."""


class PartialDate(NamedTuple):
    """A date as its source gives it: `written`, and the interval of days `start` to `end` it stands for.

    If one side is open, `start` is `date.min` or `end` is `date.max`: compare with these, but measure nothing
    from them. `effective_day` is the day by which an event of this date had surely happened, or begun, if
    nothing else is known: the end, or for `2024-03/..` the end of 2024-03.
    """

    written: str
    start: date
    end: date
    effective_day: date

    def __str__(self) -> str:
        return self.written

    @property
    def has_start(self) -> bool:
        """Whether it names its first day; `../2024-03` does not."""
        return self.start != date.min

    @property
    def has_end(self) -> bool:
        """Whether it names its last day; `2024-03/..` does not."""
        return self.end != date.max

    @property
    def first_named_day(self) -> date:
        """The first day that it names: its start, or for `../2024-03` the first day of 2024-03."""
        return self.start if self.has_start else parse_date(self.written.removeprefix("../")).start


class Event(NamedTuple):
    """When something happened: as `written`, and the first and the last day on which it can have been."""

    written: str
    first: date
    day: date

    @property
    def is_by(self) -> bool:
        """Whether it is only known to have happened by its date: `../2024`, or seen to have happened then."""
        event = parse_date(self.written)
        return not event.has_start or self.first < event.start


@lru_cache(maxsize=10_000)
def parse_date(text: str, forms: str = FORMS) -> PartialDate:
    """Read a date or an interval; a small q or h is read as Q or H, and spaces around the slash are dropped.

    Raises ValueError with a sentence that says what is wrong and what to write instead, one of the `forms`.
    """
    text = text.strip()
    if simple := _match(text):
        return _read_simple(simple)
    before, _, after = (part.strip() for part in text.partition("/"))
    since, until = _match(before), _match(after)
    if since and until:
        return _join(_read_simple(since), _read_simple(until))
    if until and before == _OPEN:
        last = _read_simple(until)
        return PartialDate(f"{_OPEN}/{last}", date.min, last.end, last.end)
    if since and after == _OPEN:
        first = _read_simple(since)
        return PartialDate(f"{first}/{_OPEN}", first.start, date.max, first.end)
    raise ValueError(_explain(text, forms))


def find_days(text: str) -> PartialDate | None:
    """Return the day or month that a text is, in the form in which it is stored; None if it is neither.

    Raises ValueError for one that does not exist.
    """
    found = _match(text.strip())
    return _read_simple(found) if found is not None and found["month"] else None


def _match(text: str) -> re.Match[str] | None:
    return re.fullmatch(_SIMPLE, text, re.ASCII)


def _read_simple(found: re.Match[str]) -> PartialDate:
    """Read a date that is not an interval; it has the proper format, but its month and day may not exist."""
    text, year = found[0], int(found["year"])
    if found["half"]:
        first, last = int(found["half"]) * 6 - 5, int(found["half"]) * 6
    elif found["quarter"]:
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
            days = _find_last_day(year, first).day
            raise ValueError(f"{text} is not a date: {year}-{first:02} has {days} days") from None
        return PartialDate(text, day, day, day)
    end = _find_last_day(year, last)
    return PartialDate(text.upper(), date(year, first, 1), end, end)


def _join(one: PartialDate, other: PartialDate) -> PartialDate:
    """Make the interval from one date to another, which may neither begin nor end earlier than the first."""
    if one == other:
        return one
    if one.start <= other.start and one.end <= other.end:
        return PartialDate(f"{one}/{other}", one.start, other.end, other.end)
    if other.start <= one.start and other.end <= one.end:
        raise ValueError(f"{one}/{other} runs backward: write {other}/{one}")
    part, whole = (one, other) if other.start <= one.start else (other, one)
    raise ValueError(
        f"{one}/{other} is not an interval: {part} is a part of {whole}; write {part} or {whole}"
    )


def _explain(text: str, forms: str) -> str:
    """Say why a text is not a date, and suggest what to write if that can be inferred."""
    if found := re.fullmatch(_DAY_OR_MONTH_FIRST, text, re.ASCII):
        one, two, year = int(found[1]), int(found[2]), found[3]
        if len(year) == 4 and 1 <= one <= 12 and 1 <= two <= 12 and one != two:
            return (
                f"{text} is ambiguous: it can be {year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}; "
                "write the one you mean"
            )
        return f"{text} is ambiguous: write the year first, as in 2024-03-15"
    if found := re.fullmatch(_SHORTENED_END, text, re.ASCII):
        start, end = found["start"], found["end"]
        # 2024-03/06 can mean a day or two months, 2010/11 a month or two years.
        longer = f"{found['year']}-{end}" if "-" in start else f"{start[:2]}{end}"
        readings = [one for one in (f"{start}-{end}", f"{start}/{longer}") if _is_written(one)]
        if len(readings) == 2:
            return f"{text} is ambiguous: it can be {' or '.join(readings)}; write the one you mean"
        if readings:
            return f"{text} is not in the format of a date: write {readings[0]}"
    if padded := _pad(text):
        # The suggestion must be a date itself; if it is not, parse_date says why.
        return f"{text} is not in the format of a date: write {parse_date(padded)}"
    parts = [part.strip() for part in text.split("/")]
    if len(parts) > 1 and all(part in {"", _OPEN} or _match(part) or _pad(part) for part in parts):
        return _explain_interval(text, parts)
    if len(parts) == 2 and any(map(_match, parts)):
        other = next(part for part in parts if not _match(part))
        return f"{text!r} is not a date: {other!r} beside the slash is not one; write {forms}"
    return f"{text!r} is not a date: write {forms}"


def _explain_interval(text: str, parts: list[str]) -> str:
    """Say how to write an interval with too many or too few parts, or some not in the format of a date."""
    if len(parts) > 2:
        return f"{text} is not an interval: write two dates with one slash, as in 2024-03/2024-06"
    if all(part in {"", _OPEN} for part in parts):
        return f"{text} names no date: write ../2024-06 for up to 2024-06, or 2024-03/.. for from 2024-03 on"
    written = parse_date("/".join(_pad(part) or part or _OPEN for part in parts))
    return f"{text} is not in the format of a date: write {written}"


def _pad(text: str) -> str | None:
    """Return a date with another separator, or with a month or day of one digit, in the proper format."""
    if (found := re.fullmatch(_YEAR_FIRST, text, re.ASCII)) is None:
        return None
    padded = "-".join([found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)])
    return padded if _match(padded) and padded != text else None


def _is_written(text: str) -> bool:
    """Return whether a text is a date and in the form in which it is stored."""
    try:
        return parse_date(text).written == text
    except ValueError:
        return False


def find_effective_day(event: PartialDate, published: PartialDate | None) -> date:
    """Return the day by which an event had surely happened (manual, judging).

    That is the effective day of its date, or the day its source was published if that is earlier. A source
    published before the interval begins cannot report what happens in it, and is ignored; up to a day, as in
    `../2024-05-20`, there is no such source.
    """
    if published is not None and event.start <= published.effective_day < event.effective_day:
        return published.effective_day
    return event.effective_day


def find_known_day(event: PartialDate, published: PartialDate | None) -> date:
    """Return the day by which an event was known: the effective day of its source's date, else of its own."""
    return event.effective_day if published is None else published.effective_day


def write_by(text: str, first: date | str | None) -> str:
    """Return the date of an event, as `../D` if it can have been earlier: on the day `first`."""
    if first is None:
        return text
    start, sighting = _SIGHTINGS[text]
    return text if str(first) >= start else sighting


class _Sightings(dict[str, tuple[str, str]]):
    """The first day of a date, and the date of what was so by then. Many rows have the same dates."""

    def __missing__(self, text: str) -> tuple[str, str]:
        start, _, end = text.partition("/")
        # A date of this length is a day, unless it is open at one end.
        first = text if len(text) == len("2024-03-15") and not end else str(parse_date(text).start)
        self[text] = found = first, f"../{start if end in ('', '..') else end}"
        return found


_SIGHTINGS = _Sightings()


def subtract_months(day: date, months: int) -> date:
    """Return the day a number of months before another; in a shorter month, the last day of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if years < 1:
        return date.min
    return date(years, month + 1, min(day.day, _find_last_day(years, month + 1).day))


def _find_last_day(year: int, month: int) -> date:
    """Return the last day of a month; not by `calendar`, which every command would load for this alone."""
    return date.max if (year, month) == (9999, 12) else date(year + month // 12, month % 12 + 1, 1) - _ONE_DAY


def months_between(earlier: date, later: date) -> int:
    """Count the whole months from one day to a later one; 0 if the days are in reverse order."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))
