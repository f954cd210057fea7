"""Dates as people type them: `yesterday`, `24 Nov 2026`, `Q3 2025`, `by June 2025`, `2025년 9월 3일`.

What has one reading is read as the date that is stored, `2026-11-24`; what has two is refused with both.
Whatever `dates` reads is read as there. Files have dates of that form alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from nkplan.dates import FORMS, parse_date, subtract_months
from nkplan.text import HYPHENS, quote

TYPED_FORMS = f"24 Nov 2026, yesterday, {FORMS}"
"""What messages say a typed date can look like."""

_LONGEST = 100

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january jan январь января янв",
            "february feb февраль февраля фев февр",
            "march mar март марта мар",
            "april apr апрель апреля апр",
            "may май мая",
            "june jun июнь июня июн",
            "july jul июль июля июл",
            "august aug август августа авг",
            "september sept sep сентябрь сентября сен сент",
            "october oct октябрь октября окт",
            "november nov ноябрь ноября ноя нояб",
            "december dec декабрь декабря дек",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "monday mon 월요일 月曜日 星期一 周一 понедельник",
            "tuesday tue tues 화요일 火曜日 星期二 周二 вторник",
            "wednesday wed 수요일 水曜日 星期三 周三 среда",
            "thursday thu thur thurs 목요일 木曜日 星期四 周四 четверг",
            "friday fri 금요일 金曜日 星期五 周五 пятница",
            "saturday sat 토요일 土曜日 星期六 周六 суббота",
            "sunday sun 일요일 日曜日 星期日 星期天 周日 воскресенье",
        )
    )
    for name in names.split()
}
_DAYS = {
    name: days
    for days, names in (
        (0, "today now 오늘 今日 今天 сегодня"),
        (-1, "yesterday 어제 昨日 昨天 вчера"),
        (1, "tomorrow 내일 明日 明天 завтра"),
    )
    for name in names.split()
} | {"the day before yesterday": -2, "day before yesterday": -2, "그저께": -2, "그제": -2}
"""Words for a day, and how many days it is from today."""

_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS = dict(zip("first second third fourth 1st 2nd 3rd 4th".split(), "12341234", strict=True))
_FILLERS = {"of", "the", "in", "on", "during", "year", "г", "года", "году", "год", "в"}
_SEASONS = {"spring", "summer", "autumn", "fall", "winter"}
_LINKS = set(
    "by until till to through since from between and before after ago day days week weeks month months years"
    " last this next end early mid late beginning start middle first second third fourth half quarter about"
    " around up no not later than a an one".split()
)
_RELATIVE = {"ago", "last", "this", "next"}
_SPANS = {"day", "days", "week", "weeks", "month", "months", "quarter", "year", "years"}
_UNITS = {*"년월일年月日号號qhtzw", "주체", "juche", "분기", "상반기", "하반기", "上半年", "下半年"}
"""Other words that dates have."""

_YEAR = r"[12]\d{3}"
_TIME = r"(?:t|,? )\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:am|pm))?(?: ?(?:z|utc|gmt|kst|[+-]\d\d:?\d\d))?"
_BY = r"(?:by|until|till|up to|(?:no|not) later than) (.+)"
_END = r"(?:by|before|until|till|up to|(?:no|not) later than) (?:the )?end(?: of|-)? ?(.+)"
_BEGINNING = r"(?:since|from) (?:the )?(?:beginning|start)(?: of)? (.+)"
_FROM = r"(?:since|from)(?: the)? (.+?)(?: onwards?| on)?"
_RANGES = (
    r"between (.+?) and (.+)",
    r"(?:from |since )?(.+?) (?:to|through|thru|until|till) (.+)",
    r"(.+?) ?~ ?(.+)",
    r"(.+?) - (.+)",
    rf"(.+ {_YEAR})-([^\W\d_].+)",
    r"(\d\d?|[^\W\d_]+)-(.+ .+)",
    rf"({_YEAR})-({_YEAR})",
)
_VAGUE = (
    r"(?:at |in |around |about |toward |towards )?(?:the )?"
    r"(early|beginning|start|mid|middle|late|end|about|around|circa|ca|approximately|approx|roughly|~)\.?"
    r"[ -]?(?:in |of )?(?:the )?(.+)"
)


def read_typed_date(text: str, today: date, latest: date | None = None, *, may_come: bool = False) -> str:
    """Read a date as a person types it, and return its stored form.

    `latest` is the last day that has begun anywhere, by default today. A day without a year is the last that
    has begun, unless the date may be still to come (`may_come`), which has to name its year.

    Raises ValueError with a sentence that says what is wrong, or which readings there are.
    """
    if len(text) <= _LONGEST:
        # Days before the first year and after the last are none.
        with suppress(OverflowError):
            return _Reader(text.strip(), today, max(today, latest or today), may_come).read()
    raise ValueError(f"{quote(text)} is not a date: write {TYPED_FORMS}")


def looks_like_part(word: str) -> bool:
    """Return whether a word of a command line is a date or can be a part of one: `24`, `Nov` or `ago`."""
    if len(word) > _LONGEST or not (parts := _split(_normalize(word))):
        return False
    known = (_MONTHS, _WEEKDAYS, _DAYS, _FILLERS, _SEASONS, _LINKS, _UNITS)
    return all(
        part.isdecimal() or not part.isalnum() or any(part in words for words in known) for part in parts
    )


def join_words(words: Sequence[str]) -> str | None:
    """Return words that follow each other, and each look like a part of a date, as one date.

    None if they are several dates, or name no day, month or year: `last month` does, and `end` alone is none.
    """
    parts = [part for word in words for part in _split(_normalize(word))]
    names = (_MONTHS, _WEEKDAYS, _DAYS)
    is_relative = bool(_RELATIVE & set(parts) and _SPANS & set(parts))
    if not is_relative and not any(
        part.isdecimal() or any(part in known for known in names) for part in parts
    ):
        return None
    is_several = len(words) > 1 and all(_read_stored(word) for word in words)
    return None if is_several else " ".join(words)


class _Reader(NamedTuple):
    """Reads one text; every method returns a stored form, or None if the text is none of its kind."""

    typed: str
    today: date
    latest: date
    may_come: bool

    def read(self) -> str:
        # As everywhere, whatever is a date in its stored form is read as that.
        if (stored := _read_stored(self.typed)) is not None:
            return stored
        text = self._replace_juche(_normalize(self.typed))
        if (read := self._read_whole(text)) is not None:
            return parse_date(read, TYPED_FORMS).written
        self._refuse_vague(text)
        self._refuse_incomplete(text)
        # It says what is wrong with a text that is nearly in the format of a date.
        return parse_date(self.typed, TYPED_FORMS).written

    def _read_whole(self, text: str) -> str | None:
        """Read a date, or an interval of two."""
        if found := re.fullmatch(_END, text):
            return self._read_open(found[1], "../{}")
        if found := re.fullmatch(_BY, text):
            return self._read_open(found[1], "../{}")
        if found := re.fullmatch(_BEGINNING, text):
            return self._read_open(found[1], "{}/..")
        if found := re.fullmatch(r"(before|after) (.+)", text):
            return self._refuse_before(found[1], found[2])
        if (read := self._read_one(text)) is not None:
            return read
        if found := re.fullmatch(rf"([^\W\d_]+)\.? (\d\d?)-(\d\d?),? ({_YEAR})", text):
            month, first, last, year = found.groups()
            return self._read_range(first, f"{last} {month} {year}")
        for pattern in _RANGES:
            if (found := re.fullmatch(pattern, text)) and (read := self._read_range(*found.groups())):
                return read
        if found := re.fullmatch(_FROM, text):
            return self._read_open(found[1], "{}/..")
        return self._read_with_slash(text)

    def _read_open(self, text: str, form: str) -> str | None:
        """Read the date of an interval with one open side."""
        read = self._read_one(text)
        return None if read is None or "/" in read else form.format(read)

    def _read_range(self, first: str, last: str) -> str | None:
        """Read two dates; the first may leave out the year and the month that the second has."""
        end = self._read_one(last)
        if end is None or "/" in end:
            return None
        is_whole = re.search(_YEAR, last) is not None
        start = None
        if is_whole and re.fullmatch(r"\d{1,2}", first) and len(end) == len("2024-03-15"):
            start = _make_day(end[:4], end[5:7], first)
        if start is None:
            start = self._read_one(first, year=end[:4] if is_whole else None)
        if start is None or "/" in start:
            return None
        dated = [
            bool(re.search(_YEAR, text)) or self._read_relative(text) is not None for text in (first, last)
        ]
        # Neither a date that leaves out the year of the one before it, nor two that run into another year.
        if dated == [True, False] or (not all(dated) and start > end):
            raise ValueError(f"{quote(self.typed)} has no year for one of its dates: write it with both")
        return parse_date(f"{start}/{end}", TYPED_FORMS).written

    def _read_with_slash(self, text: str) -> str | None:
        """Read an interval with a slash whose sides are dates as people type them."""
        sides = [side.strip() for side in text.split("/")]
        if len(sides) != 2 or "" in sides or sides == ["..", ".."]:
            return None
        read = [side if side == ".." else self._read_one(side) for side in sides]
        return None if None in read else "/".join(filter(None, read))

    # ---- one date

    def _read_one(self, text: str, year: str | None = None) -> str | None:
        """Read a date that is no interval of two; `year` is that of another date, for one without."""
        if (stored := _read_stored(text)) is not None:
            return stored
        if found := re.fullmatch(rf"(?:(?:in|during|on|the|year) )+({_YEAR}.*)", text):
            return self._read_one(found[1])
        for read in (self._read_relative, self._read_digits, self._read_part_of_year, self._read_iso_week):
            if (one := read(text)) is not None:
                return one
        return self._read_named(text, year)

    def _read_relative(self, text: str) -> str | None:
        """Read a day or a year from today: `yesterday`, `3 days ago`, `last year`."""
        if text in _DAYS:
            return self._shift(_DAYS[text])
        if found := re.fullmatch(r"(a|an|one|\d{1,5}) (day|week|month|year)s? ago", text):
            return self._read_ago(int(found[1]) if found[1].isdecimal() else 1, found[2])
        if found := re.fullmatch(r"in (\d{1,5}) (day|week)s?", text):
            return self._shift(int(found[1]) * (7 if found[2] == "week" else 1))
        if found := re.fullmatch(r"(last|this|next) (week|month|year|quarter)", text):
            return self._read_calendar({"last": -1, "this": 0, "next": 1}[found[1]], found[2])
        before, _, word = text.rpartition(" ")
        if word in _WEEKDAYS and before in {"", "on", "last", "this", "next"}:
            return self._read_weekday(_WEEKDAYS[word], before)
        return None

    def _shift(self, days: int) -> str:
        return (self.today + timedelta(days)).isoformat()

    def _read_ago(self, number: int, unit: str) -> str:
        if unit in {"day", "week"}:
            return self._shift(-number * (7 if unit == "week" else 1))
        day = subtract_months(self.today, number * (12 if unit == "year" else 1)).isoformat()
        if not _read_stored(day):
            raise OverflowError
        raise self._refuse(day[:4] if unit == "year" else day[:7], day)

    def _read_calendar(self, step: int, unit: str) -> str:
        if unit == "year":
            return f"{self.today.year + step:04}"
        if unit == "month":
            return step_date(self.today.isoformat()[:7], step)
        if unit == "quarter":
            return step_date(f"{self.today.year:04}-Q{(self.today.month + 2) // 3}", step)
        monday = self.today + timedelta(7 * step - self.today.weekday())
        weeks = [(first, first + timedelta(6)) for first in (monday, monday - timedelta(1))]
        if self.today.weekday() == 6:  # A week from Sunday has begun today.
            weeks[1] = (weeks[1][0] + timedelta(7), weeks[1][1] + timedelta(7))
        raise self._refuse(*(f"{first}/{last}" for first, last in weeks))

    def _read_weekday(self, weekday: int, which: str) -> str:
        """Read the name of a weekday: the last one that has begun, if only one can be meant."""
        since = (self.today.weekday() - weekday) % 7
        last = self.today - timedelta(since)
        before, after = last - timedelta(7), last + timedelta(7)
        if which == "last":
            if since:
                raise self._refuse(str(last), str(before))
            return str(before)
        if which in {"this", "next"} or self.may_come:
            raise self._refuse(*map(str, (after, after + timedelta(7)) if which == "next" else (last, after)))
        if not since:
            raise self._refuse(str(last), str(before))
        if after <= self.latest:
            raise self._refuse(str(after), str(last))
        return str(last)

    def _read_iso_week(self, text: str) -> str | None:
        if (found := re.fullmatch(rf"({_YEAR})-w(\d\d)", text)) is None:
            return None
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            raise ValueError(f"{quote(self.typed)} is not a date: {found[1]} has no such week") from None
        return f"{monday}/{monday + timedelta(6)}"

    def _read_digits(self, text: str) -> str | None:
        """Read a date of numbers alone; a day and a month in either order, if only one order is possible."""
        if found := re.fullmatch(rf"({_YEAR}) ?([ ./-]) ?(\d\d?) ?\2 ?(\d\d?)\.?", text):
            return _make_day(found[1], found[3], found[4])
        if found := re.fullmatch(r"(\d\d?) ?([ ./-]) ?(\d\d?) ?\2 ?(\d{4})\.?", text):
            return self._read_day_and_month(found[1], found[3], found[4])
        if found := re.fullmatch(rf"({_YEAR})(0\d|1[0-2])(\d\d)", text):
            return _make_day(*found.groups())
        if found := re.fullmatch(rf"({_YEAR})(\d\d)", text):
            return self._read_six_digits(text)
        if found := re.fullmatch(rf"({_YEAR}) ?[./-] ?(\d\d?)\.?", text):
            return self._read_year_and_month(text, found[1], found[2])
        if found := re.fullmatch(rf"(\d\d?) ?[./-] ?({_YEAR})\.?", text):
            return _make_month(found[2], found[1])
        if re.fullmatch(r"\d\d?[./-]\d\d?\.?", text):
            raise ValueError(f"{quote(self.typed)} has no year: write it first, as in 2026-11-24")
        if found := re.fullmatch(
            rf"(?:({_YEAR}) ?[年년])? ?(?:(\d\d?) ?[月월])? ?(?:(\d\d?) ?[日일号])?", text
        ):
            return self._read_cjk(*found.groups()) if text else None
        return None

    def _read_day_and_month(self, one: str, two: str, year: str) -> str | None:
        orders = [(two, one), (one, two)]
        days = [f"{year}-{month:0>2}-{day:0>2}" for month, day in orders if 1 <= int(month) <= 12]
        readings = list(dict.fromkeys(filter(_read_stored, days)))
        if len(readings) > 1:
            raise self._refuse(*readings)
        # A day that does not exist is told by the number of days of the month.
        return readings[0] if readings else days[0] if days else None

    def _read_six_digits(self, text: str) -> str | None:
        month, day = f"{text[:4]}-{text[4:]}", f"20{text[:2]}-{text[2:4]}-{text[4:]}"
        readings = [one for one in (month, day) if _read_stored(one)]
        if len(readings) > 1:
            raise self._refuse(*readings)
        return month if month in readings else None

    def _read_year_and_month(self, text: str, year: str, month: str) -> str | None:
        if "/" in text and len(month) == 2:
            # 2010/11 can be a month or two years.
            years, one = f"{year}/{year[:2]}{month}", f"{year}-{month}"
            readings = [form for form in (one, years) if _read_stored(form) == form]
            if len(readings) > 1:
                raise self._refuse(*readings)
            return readings[0] if readings else None
        return _make_month(year, month)

    def _read_cjk(self, year: str | None, month: str | None, day: str | None) -> str | None:
        if year and month:
            return _make_day(year, month, day) if day else _make_month(year, month)
        if year:
            return None if day else year
        return self._read_without_year(int(month), int(day) if day else None) if month else None

    def _read_part_of_year(self, text: str) -> str | None:
        """Read a half-year or a quarter: `Q3 2025`, `2025 3Q`, `first half of 2025`, `2025년 상반기`."""
        words = " ".join(_PARTS.get(word, word) for word in text.replace(",", " ").split())
        found = (
            re.fullmatch(rf"(?:the )?([qh])(\d)[ /-]?(?:of )?({_YEAR})", words)
            or re.fullmatch(rf"(?:the )?(\d) ?([qh])(?:uarter|alf)?[ /-]?(?:of )?({_YEAR})", words)
            or re.fullmatch(rf"({_YEAR})[ ./-]?([qh])(\d)", words)
            or re.fullmatch(rf"({_YEAR})[ ./-]?(\d) ?([qh])(?:uarter|alf)?", words)
        )
        if found:
            year = next(one for one in found.groups() if len(one) == 4)
            letter = next(one for one in found.groups() if one in "qh").upper()
            number = next(one for one in found.groups() if len(one) == 1 and one.isdecimal())
            return f"{year}-{letter}{number}" if number in ("12" if letter == "H" else "1234") else None
        if found := re.fullmatch(rf"({_YEAR})[年년]? ?(上半年|上半期|상반기|下半年|下半期|하반기)", text):
            return f"{found[1]}-H{1 if found[2][0] in '上상' else 2}"
        if found := re.fullmatch(rf"({_YEAR})[年년]? ?(?:第)?([1-4])(?:/4)?(?:분기|季度|四半期)", text):
            return f"{found[1]}-Q{found[2]}"
        return None

    def _read_named(self, text: str, year: str | None) -> str | None:
        """Read a date with the name of its month: `24 Nov 2026`, `Nov 24`, `Sept 2025`."""
        if text.count("/") == 2:
            text = text.replace("/", " ")
        words = [word for word in _split(text) if word not in _FILLERS]
        weekdays = [_WEEKDAYS[word] for word in words if word in _WEEKDAYS]
        words = [word for word in words if word not in _WEEKDAYS]
        months = [_MONTHS[word] for word in words if word in _MONTHS]
        numbers = [word for word in words if word not in _MONTHS]
        if weekdays and not months:
            read = self._read_digits(" ".join(words)) or _read_stored(" ".join(words))
        elif (
            len(months) != 1 or len(numbers) > 2 or not all(re.fullmatch(r"\d\d?|\d{4}", n) for n in numbers)
        ):
            return None
        else:
            read = self._read_parts(words, months[0], numbers, year)
        if read is not None and weekdays:
            self._check_weekday(read, weekdays)
        return read

    def _read_parts(self, words: list[str], month: int, numbers: list[str], year: str | None) -> str | None:
        years = [number for number in numbers if len(number) == 4]
        days = [number for number in numbers if len(number) < 3]
        if len(days) > 1:
            raise ValueError(_explain_short_year(self.typed))
        if len(years) > 1:
            return None
        if len(words) == 3 and words[1] in years:
            return None
        if years or year:
            found = years[0] if years else year or ""
            if not days:
                return _make_month(found, str(month))
            return _make_day(found, str(month), days[0])
        return self._read_without_year(month, int(days[0]) if days else None)

    def _read_without_year(self, month: int, day: int | None) -> str:
        """Return the last such month or day that has begun, of a date whose year is not written."""
        form = f"-{month:02}" if day is None else f"-{month:02}-{day:02}"
        if not _read_stored(f"2024{form}"):
            number, name = parse_date(f"2024-{month:02}").end.day, _name_month(month)
            raise ValueError(
                f"{quote(self.typed)} is not a date: {name} has {number} days, and a year four digits"
            )
        # A 29 February is at most eight years from the next.
        years = range(self.latest.year + 8, self.latest.year - 9, -1)
        every = [parse_date(one) for year in years if (one := _read_stored(f"{year:04}{form}"))]
        if self.may_come:
            soon = [str(one) for one in reversed(every) if one.end >= self.today]
            raise ValueError(f"{quote(self.typed)} has no year: write it, as in {' or '.join(soon[:2])}")
        here, anywhere = (
            next((str(one) for one in every if one.start <= day), None) for day in (self.today, self.latest)
        )
        if here is None or anywhere is None:
            raise ValueError(f"{quote(self.typed)} has no year: write it, as in 2024{form}")
        if here != anywhere:
            # It has begun elsewhere, and not here.
            raise self._refuse(anywhere, here)
        return here

    def _check_weekday(self, read: str, weekdays: Iterable[int]) -> None:
        parsed = parse_date(read, TYPED_FORMS)
        if parsed.start != parsed.end:
            raise ValueError(f"{quote(self.typed)} names a weekday and no day: write {TYPED_FORMS}")
        actual = parsed.start.weekday()
        if any(day != actual for day in weekdays):
            raise ValueError(
                f"{quote(self.typed)} is no day: {read} is a {_WEEKDAY_NAMES[actual]};"
                " write the day without the weekday"
            )

    # ---- what is refused

    def _refuse(self, *readings: str) -> ValueError:
        return ValueError(
            f"{quote(self.typed)} is ambiguous: it can be {' or '.join(readings)}; write the one you mean"
        )

    def _refuse_before(self, word: str, text: str) -> str | None:
        """Refuse `before` and `after` a date: many people mean `by` and `since`."""
        read = self._read_one(text)
        if read is None or "/" in read:
            return None
        if word == "before":
            raise self._refuse(f"../{step_date(read, -1)}", f"../{read}")
        raise self._refuse(f"{step_date(read, 1)}/..", f"{read}/..")

    def _refuse_vague(self, text: str) -> None:
        """Refuse a season, or a part of a year that everybody draws elsewhere, with what can be meant."""
        if _SEASONS & set(_split(text)):
            year = found[0] if (found := re.search(_YEAR, text)) else "2025"
            raise ValueError(
                f"{quote(self.typed)} is vague: a season has no fixed months; write those that are meant,"
                f" as in {year}-03/{year}-05, or {year}"
            )
        if (vague := re.fullmatch(_VAGUE, text)) is None:
            return
        whole = self._read_one(vague[2].strip())
        if whole is None:
            return
        readings = _list_parts(vague[1], whole)
        listed = f"{', '.join(readings[:-1])} or {readings[-1]}" if readings[1:] else readings[0]
        raise ValueError(f"{quote(self.typed)} is vague: write what is meant, as in {listed}")

    def _refuse_incomplete(self, text: str) -> None:
        if re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", text):
            raise ValueError(
                f"{quote(self.typed)} is not a date: put quotes around one of several words, as in"
                ' "24 Nov 2026"'
            )
        if re.search(r"'\d\d\b", text) or re.fullmatch(r"(?:[qh]\d|\d[qh])[ /-]?\d\d|\d\d ?[年년].*", text):
            raise ValueError(_explain_short_year(self.typed))

    def _replace_juche(self, text: str) -> str:
        """Write years of the Juche calendar, `주체113(2024)`, as ours. Raises ValueError if these differ."""

        def replace(found: re.Match[str]) -> str:
            year = str(int(found[1]) + 1911)
            if found[2] and found[2] != year:
                raise ValueError(
                    f"{quote(self.typed)} names two years: Juche {found[1]} is {year}, not {found[2]};"
                    " write the one you mean"
                )
            return f"{year}{'년' if '년' in found[0] else ''}"

        return re.sub(r"(?:주체|juche) ?(\d{1,3})(?:년)? ?(?:\((\d{4})\))?(?:년)?", replace, text)


def step_date(written: str, steps: int) -> str:
    """Return the date of the same precision before or after one: the month before a month."""
    parsed = parse_date(written)
    if len(written) == len("2024-03-15"):
        return (parsed.start + timedelta(steps)).isoformat()
    if len(written) == len("2024"):
        return f"{int(written) + steps:04}"
    kind = written[5] if written[5] in "HQ" else ""
    size = {"H": 6, "Q": 3, "": 1}[kind]
    first = subtract_months(parsed.start, -steps * size)
    number = (first.month - 1) // size + 1
    return f"{first.year:04}-{kind}{number}" if kind else f"{first.year:04}-{number:02}"


def _list_parts(word: str, whole: str) -> list[str]:
    """List what a vague part of a year, such as its end, can be; of any other date the date itself."""
    if len(whole) == len("2024"):
        forms: dict[str, str] = {
            "early": "{}-Q1 {}-H1 {}-01",
            "mid": "{}-06 {}-Q2 {}-05/{}-08",
            "late": "{}-Q4 {}-H2 {}-12",
            "end": "{}-12-31 {}-12 {}-Q4",
        }
    elif len(whole) == len("2024-03") and whole[5] not in "HQ":
        last = parse_date(whole).end.day
        forms = {
            "early": "{}-01/{}-10 {}",
            "mid": "{}-11/{}-20 {}",
            "late": f"{{}}-21/{{}}-{last} {{}}",
            "end": f"{{}}-{last} {{}}-21/{{}}-{last}",
        }
    else:
        forms = {}
    same = {"beginning": "early", "start": "early", "middle": "mid"}
    return forms.get(same.get(word, word), "{}").replace("{}", whole).split()


def _normalize(text: str) -> str:
    """Return a text with plain digits, spaces and hyphens, in small letters, without the time of day."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate(_PLAIN)
    text = re.sub(rf"(?<=\d){_TIME}$", "", " ".join(text.split()))
    return re.sub(r"(?<=\d) ?(?:г\.?|года|году|год)$", "", text).strip(" ,")


_PLAIN = dict.fromkeys(map(ord, HYPHENS), "-") | {ord("〜"): "~", ord("’"): "'", ord("‘"): "'"}


def _split(text: str) -> list[str]:
    """Split a text into words and numbers: `24Nov2026` into three, `3rd` into a number without its ending."""
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)
    # Not what is open at one side, as in `Sept 2025/..` or `2025-`.
    text = re.sub(r"(?<=\w)(?:\.(?!\.)|-(?=\w)|,)", " ", text)
    return re.findall(r"[^\W\d_]+|\d+|[^\w\s]", text)


def _read_stored(text: str) -> str | None:
    """Return the stored form of a date in the format of one, else None."""
    try:
        return parse_date(text).written
    except ValueError:
        return None


def _make_day(year: str, month: str, day: str) -> str:
    """Return the day of numbers. Raises ValueError if there is none, with the days that the month has."""
    return parse_date(f"{year}-{int(month):02}-{int(day):02}", TYPED_FORMS).written


def _make_month(year: str, month: str) -> str:
    return parse_date(f"{year}-{int(month):02}", TYPED_FORMS).written


def _name_month(month: int) -> str:
    return next(name for name, number in _MONTHS.items() if number == month).capitalize()


def _explain_short_year(typed: str) -> str:
    return f"{quote(typed)} has no year of four digits: write it, as in 24 Nov 2026 or 2026-11-24"
