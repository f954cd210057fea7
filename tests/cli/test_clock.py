"""Which day it is: the user's own to judge by, and the one furthest ahead for what has happened."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from each import for_each, sample
from program import run

from nkplan.cli import session
from nkplan.cli.session import read_latest_day, read_today

Freeze = Callable[[str, str], None]
ODD = [
    "UTC+25", "UTC-25", "UTC+99", "A+167:59:59B", "<+99>-99", "UTC+24", "UTC-24", "XYZ", ":nowhere", "",
    "../../etc/passwd", "UTC+1000000000000", "\u65e5\u672c", "a" * 3000, "EST5EDT,M3.2.0,M11.1.0", "," * 9,
]  # fmt: skip
ZONES = sorted(available_timezones())[::25]


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that sets the time zone of this process, until the end of the test."""

    def set_it(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    monkeypatch.delenv("NKPLAN_TODAY", raising=False)
    yield set_it
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch, set_zone: Callable[[str], None]) -> Freeze:
    """Return a function that stops the clock at an instant of UTC, for a user in a zone."""

    def freeze_it(instant: str, zone: str) -> None:
        stopped = datetime.fromisoformat(instant).replace(tzinfo=UTC)

        class Stopped(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return stopped.astimezone(tz) if tz else stopped.astimezone().replace(tzinfo=None)

        set_zone(zone)
        monkeypatch.setattr(session, "datetime", Stopped)

    return freeze_it


IN_ZONES = sample(product(ODD, [("list",), ("report", "-f", "table"), ("check",), ("undo",), ("backup",)]))


@pytest.mark.parametrize("zone", ODD, ids=lambda zone: ascii(zone)[:20])
def test_an_odd_time_zone_gives_a_day_and_no_traceback(
    tmp_path: Path, set_zone: Callable[[str], None], zone: str
) -> None:
    set_zone(zone)
    today = datetime.now(UTC).date()
    # Some odd offsets are beyond what Python knows, but a clock that is a day off is no error.
    assert abs(read_today() - today) <= timedelta(days=1)
    assert read_latest_day() >= max(today, read_today())
    (tmp_path / "x.db").touch()
    done = run(tmp_path / "x.db", "init", "--empty", NKPLAN_TODAY="", TZ=zone)
    assert done.code == 0, done.err
    for words in (words for one, words in IN_ZONES if one == zone):
        assert run(tmp_path / "x.db", *words, NKPLAN_TODAY="", TZ=zone).code in {0, 3}


def test_a_zone_that_no_clock_can_have_is_taken_for_utc(freeze: Freeze) -> None:
    for instant in ("2026-11-24T00:30", "2026-11-24T23:30"):
        for zone in ("UTC+25", "UTC-99"):
            freeze(instant, zone)
            assert read_today() == date(2026, 11, 24)


@for_each("zone", ZONES)
def test_in_every_zone_the_day_to_judge_by_is_its_own(set_zone: Callable[[str], None], zone: str) -> None:
    set_zone(zone)
    before, today, after = (time.strftime("%Y-%m-%d"), read_today(), time.strftime("%Y-%m-%d"))
    assert str(today) in {before, after}
    assert read_latest_day() in {today, today + timedelta(days=1), today + timedelta(days=2)}


@pytest.mark.parametrize(
    ("instant", "zone", "today", "latest"),
    [
        ("2026-11-24T09:59", "UTC", "2026-11-24", "2026-11-24"),
        ("2026-11-24T10:00", "UTC", "2026-11-24", "2026-11-25"),
        ("2026-11-24T11:30", "<-12>12", "2026-11-23", "2026-11-25"),
        ("2026-11-24T09:59", "<+14>-14", "2026-11-24", "2026-11-24"),
        ("2026-11-24T10:00", "<+14>-14", "2026-11-25", "2026-11-25"),
        # No clock is further ahead, but a user's may be set so.
        ("2026-11-24T09:30", "<+20>-20", "2026-11-25", "2026-11-25"),
    ],
)
def test_a_day_has_begun_when_it_has_begun_anywhere(
    freeze: Freeze, instant: str, zone: str, today: str, latest: str
) -> None:
    freeze(instant, zone)
    assert (str(read_today()), str(read_latest_day())) == (today, latest)


def test_with_nkplan_today_both_days_are_that_day(freeze: Freeze, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze("2026-11-24T12:00", "UTC")
    monkeypatch.setenv("NKPLAN_TODAY", "2020-02-02")
    assert read_today() == read_latest_day() == date(2020, 2, 2)


def test_what_happened_on_the_day_that_has_begun_furthest_east_is_recorded(
    record: Path, freeze: Freeze
) -> None:
    freeze("2026-11-24T12:00", "EST5")
    update = '{"list": "updates", "project": "grand-canal", "event_date": "2026-11-2%s", "note": "n"}'
    file = '{"format": "nkplan/2"}\n' + update

    def run_now(*arguments: str, stdin: str = "") -> Any:
        return run(record, *arguments, stdin=stdin.encode(), NKPLAN_TODAY="", TZ=os.environ["TZ"])

    about = ("--source", "https://example.org/x", "--evidence", "expert")
    assert run_now("update", "grand-canal", "building", "--on", "2026-11-25").code == 0
    assert run_now("update", "grand-canal", "--note", "n", *about, "--published", "2026-11-25").code == 0
    assert run_now("load", "-", stdin=file % 5).code == 0
    assert "future-date" not in run_now("check").out
    refused = run_now("update", "grand-canal", "idle", "--on", "2026-11-26")
    assert refused.code == 2
    assert refused.err == (
        "nkplan: --on: 2026-11-26 is in the future (the last day to have begun anywhere is 2026-11-25);"
        " a promised date is not an event date\n"
    )
    assert run_now("load", "-", stdin=file % 6).code == 2
    # What is asked and what is not dated go by the user's own day.
    assert "today is 2026-11-24" in run_now("list", "--as-of", "2026-11-25").err
    done = run_now("update", "grand-canal", "--note", "Ask again.")
    assert "grand-canal: 2026-11-24, " in done.out
