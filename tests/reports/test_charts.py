"""The numbers of charts are those of `report` and `list` on each day, and the pictures show these numbers."""

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st
from program import run, run_json
from random_records import KINDS, TODAY, YEARS, Row, days, moments, records
from records import load
from test_agreement import recording

from nkplan.layout.labels import Labels
from nkplan.layout.picture import MARKS
from nkplan.model.filters import Filters
from nkplan.model.moment import Moment
from nkplan.queries.programmes import list_cancelled, list_programmes
from nkplan.queries.reader import reading
from nkplan.queries.sites import count_sites, list_rows
from nkplan.reports.charts.periods import Unit, choose_unit, find_coarser, find_period, list_periods
from nkplan.reports.charts.progress import Reached, make_chart
from nkplan.reports.counting import Counts

COUNTED = ("named", "started", "started_seen", "complete_claimed", "complete_verified", "in_use_claimed")
BESIDE = ("named", "started", "complete_claimed", "complete_verified")


def ask(db: Path, *arguments: str) -> Any:
    """Return the rows of a command on the day of random records, and its total; None if it is refused."""
    done = run(db, *arguments, "-f", "json", NKPLAN_TODAY=TODAY.isoformat())
    if done.code:
        return None
    return json.loads(done.out)


def sum_report(content: Any) -> tuple[Counter[str], Counter[str], int | None]:
    """Sum the rows of a report that have a number promised, and the rest; and return the number in all."""
    sums: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    has_number = False
    for row in content["rows"]:
        is_measured = row.get("promised_as") in {"number", "in all"}
        has_number |= is_measured
        sums[not is_measured].update({key: row[key] for key in COUNTED})
    return +sums[0], +sums[1], content["total"].get("promised") if has_number else None


def write_days(as_of: date | None, known_on: date | None) -> list[str]:
    days = (("--as-of", as_of), ("--known-on", known_on))
    return [word for option, day in days if day is not None for word in (option, day.isoformat())]


FILTERS: list[tuple[str, ...]] = [
    (),
    ("--kind", KINDS[0]),
    ("--year", str(YEARS[1])),
    ("--status", "completed,operating"),
    ("--programme", "none"),
    ("--region", "none"),
]


@settings(max_examples=example_count(4, 15))
@given(
    records(), moments(), st.sampled_from(FILTERS), st.sampled_from([(), ("--by", "year"), ("--by", "month")])
)
def test_each_step_of_progress_equals_the_report_of_that_day(
    content: Row, moment: tuple[date | None, date | None], filters: tuple[str, ...], unit: tuple[str, ...]
) -> None:
    as_of, known_on = moment
    with recording(content) as db:
        at_the_end = ask(db, "report", *filters, *write_days(as_of, known_on))
        steps = ask(db, "chart", *filters, *unit, *write_days(as_of, known_on))
        if at_the_end is None:
            assert steps is None
            return
        is_measured = sum_report(at_the_end)[2] is not None or bool(sum_report(at_the_end)[0])
        for number, step in enumerate(steps):
            day = date.fromisoformat(step["day"])
            report = at_the_end
            if number + 1 < len(steps):
                report = ask(db, "report", *filters, *write_days(day, known_on))
                # A filter may name what was not on record then.
                report = {"rows": [], "total": {}} if report is None else report
            measured, others, promised = sum_report(report)
            drawn, beside = (measured, others) if is_measured else (others, Counter())
            assert +Counter({key: step[key] for key in COUNTED}) == drawn, day
            assert +Counter({key: step[f"beside_{key}"] for key in BESIDE}) == +Counter(
                {key: beside[key] for key in BESIDE}
            ), day
            assert step["promised"] == (promised if is_measured else None), day


@settings(max_examples=example_count(3, 10))
@given(
    records(), moments(), st.sampled_from(FILTERS[:3]), st.sampled_from([("--by", "year"), ("--by", "month")])
)
def test_the_marks_of_sites_add_up_to_the_report_of_that_day(
    content: Row, moment: tuple[date | None, date | None], filters: tuple[str, ...], unit: tuple[str, ...]
) -> None:
    as_of, known_on = moment
    with recording(content) as db:
        steps = ask(db, "chart", *filters, *unit, *write_days(as_of, known_on))
        sites = ask(db, "chart", "sites", *filters, *unit, *write_days(as_of, known_on))
        assert (steps is None) == (sites is None)
        for step in steps or ():
            marks = Counter(read_mark(site["steps"], step["period"]) for site in sites)
            del marks[None]

            def count(key: str, step: Row = step) -> int:
                """Count sites with and without a number promised."""
                return int(step[key] + step[f"beside_{key}"])

            assert marks.total() == count("named")
            assert marks["verified"] == count("complete_verified")
            # What is both is drawn as verified, and what is complete or only named may not have been started.
            assert 0 <= marks["claimed"] + marks["verified"] - count("complete_claimed") <= marks["verified"]
            assert marks.total() - marks["named"] >= count("started")
            assert marks["started"] <= count("started")


def read_mark(steps: str | None, period: str) -> str | None:
    """Return the mark of a site in a period, from where it changes."""
    mark = None
    for step in (steps or "").split("; "):
        begins, _, word = step.partition(" ")
        if step and begins <= period:
            mark = None if word == "not on record" else word
    return mark


@settings(max_examples=example_count(3, 10))
@given(records(), moments(), st.sampled_from(FILTERS), st.sampled_from(["month", "quarter", "year"]))
def test_evidence_has_each_update_of_the_list_once(
    content: Row, moment: tuple[date | None, date | None], filters: tuple[str, ...], unit: str
) -> None:
    with recording(content) as db:
        if filters[:1] == ("--status",):
            return  # Of a list of updates it is the status that they claim.
        updates = ask(db, "list", "updates", *filters, *write_days(*moment))
        amounts = ask(db, "chart", "evidence", "--by", unit, *filters, *write_days(*moment))
        if updates is None:
            assert amounts is None
            return
        classes = Counter(row["evidence"] or "no_class" for row in updates)
        keys = [
            key
            for key in (amounts or [{}])[0]
            if key not in {"period", "day", "updates", "as_of", "known_on"}
        ]
        assert +Counter({key: sum(row[key] for row in amounts) for key in keys}) == classes
        assert sum(row["updates"] for row in amounts) == len(updates)


def test_the_last_step_of_the_shipped_record_is_its_report(seeded: Path) -> None:
    steps, total = run_json(seeded, "chart"), run_json(seeded, "report")["total"]
    last = steps[-1]
    assert {key: last[key] for key in ("promised", *COUNTED)} == {
        key: total[key] for key in ("promised", *COUNTED)
    }
    assert (last["promised"], last["started"], last["complete_claimed"], last["complete_verified"]) == (
        323, 86, 43, 2,
    )  # fmt: skip
    assert (last["day"], last["beside_named"]) == ("2026-11-24", 30)


def test_the_steps_of_the_factories_are_those_of_their_years(seeded: Path) -> None:
    """Twenty of 2024 began that spring, and eighteen or more were open at the end of February 2025."""
    steps = {
        row["period"]: row for row in run_json(seeded, "chart", "--programme", "20x10", "--by", "quarter")
    }
    assert next(iter(steps)) == "2024-Q1"
    assert steps["2024-Q1"]["started"] == 20
    assert steps["2024-Q3"]["complete_claimed"] == 0
    assert steps["2025-Q1"]["complete_claimed"] == 20
    assert (steps["2025-Q1"]["complete_verified"], steps["2025-Q2"]["complete_verified"]) == (1, 2)
    assert steps["2026-Q4"]["complete_claimed"] == 40


def test_what_slipped_is_numbered_in_its_order(seeded: Path) -> None:
    """The hospital was promised for October 2020, 2024 and October 2025, and opened on 6 October 2025."""
    (row,) = [
        row
        for row in run_json(seeded, "chart", "sites", "--kind", "hospital")
        if row["id"] == "pyongyang-general-hospital"
    ]
    assert row["promised"] == "2020-10-10 (2020-03-17); 2024 (2024-01-15); 2025-10 (2025-02-27)"
    assert (row["dates"], row["opened"]) == (3, "2025-10-06")
    drawn = run(seeded, "chart", "sites", "--kind", "hospital", "-f", "table", COLUMNS="120").out
    (line,) = [line for line in drawn.splitlines() if line.startswith("Pyongyang General Hospital ")]
    assert "".join(re.findall("[1-9]", line)) == "123"


@cache
def read_steps(db: Path, *filters: str) -> Any:
    return run_json(db, "chart", *filters)


SIZES = (60, 80, 100, 120, 160, 240)


@pytest.mark.sampled
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize(
    "filters", [(), ("--programme", "20x10"), ("--year", "2024"), ("--region", "Kangwon")], ids=str
)
@pytest.mark.parametrize("signs", ["█▓░·", "#=:."])
def test_a_picture_of_progress_can_be_read_back(
    seeded: Path, width: int, filters: tuple[str, ...], signs: str
) -> None:
    """Each column shows the counts of one step, to the row, and the labels are the counts of the last."""
    more = ("--ascii",) if signs.startswith("#") else ()
    done = run(seeded, "chart", *filters, *more, "-f", "table", COLUMNS=str(width))
    steps = read_steps(seeded, *filters)
    unit = re.search(r"by (\w+),", done.out)
    assert unit is not None
    lines = [line for line in done.out.splitlines() if re.match(r" *\d*[┤│|+└]| +\d", line)]
    axis = next(at for at, line in enumerate(lines) if re.match(r" *0[└+]", line))
    left = lines[axis].index("0") + 2
    plot = [re.match(f"[{re.escape(signs)} ]*", line[left:])[0] for line in lines[:axis]]  # type: ignore[index]
    end = len(lines[axis]) - left
    rest = "promised" if steps[-1]["promised"] is not None else "named"
    keys = ["complete_verified", "complete_claimed", "started", rest]
    top = max(step[key] or 0 for step in steps for key in keys)
    # The last of each longer period, if there is no room for the shorter ones.
    names = [find_name(step["period"], unit[1]) for step in steps]
    shown = [
        step for step, name, after in zip(steps, names, [*names[1:], None], strict=True) if name != after
    ]
    drawn = []
    for column in range(end):
        cells = [line[column] if column < len(line) else " " for line in plot]
        drawn.append([sum(cell in signs[: at + 1] for cell in cells) for at in range(len(keys))])
    wanted = []
    for step in shown:
        heights, highest = [], 0
        for key in keys:
            count = step[key] or 0
            highest = max(highest, int(count * axis / top + 0.5), int(count > 0))
            heights.append(highest)
        wanted.append(heights)
    runs = [one for one, before in zip(drawn, [None, *drawn], strict=False) if one != before]
    assert runs == [one for one, before in zip(wanted, [None, *wanted], strict=False) if one != before]
    words = dict(re.findall(rf"[{re.escape(signs)}] (\w+) (\d+)$", done.out, re.MULTILINE))
    assert words == {
        word: str(steps[-1][key] or 0)
        for word, key in zip(("verified", "claimed", "started", rest), keys, strict=True)
    }


def find_name(period: str, unit: str) -> str:
    """Return the name of the period of a unit in which another is."""
    if unit == "month" or (unit == "quarter" and "Q" in period):
        return period
    return period[:4] if unit == "year" else f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}"


@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.integers(2, 200),
)
def test_periods_follow_each_other_without_a_gap(one: date, other: date, most: int) -> None:
    first, last = min(one, other), max(one, other)
    unit = choose_unit(first, last)
    periods = list_periods(first, last, unit)
    assert periods[0].start <= first
    assert periods[-1].end == last
    assert all((after.start - before.end).days == 1 for before, after in pairwise(periods))
    assert unit is Unit.CENTURY or len(periods) <= 48
    coarser = find_coarser(periods, most)
    assert coarser[-1][0] == len(periods) - 1
    assert len(coarser) <= most or coarser[0][1].unit is Unit.CENTURY
    assert [at for at, _ in coarser] == sorted({at for at, _ in coarser})


@settings(max_examples=example_count(4, 20))
@given(records(), moments(), days, days)
def test_a_reader_that_was_moved_reads_what_one_opened_on_that_day_reads(
    content: Row, asked: tuple[date | None, date | None], one: date, other: date
) -> None:
    known_on = asked[1]
    with recording(content) as db:
        with reading(db, Moment(date.max, one, known_on)) as reader:
            count_sites(reader, Filters(kinds=KINDS))
            reader.move(other)
            moved = (
                list(list_rows(reader)),
                count_sites(reader, Filters(kinds=KINDS)),
                list_programmes(reader),
                list_cancelled(reader),
            )
            reader.move(None)
            present = list(list_rows(reader))
        with reading(db, Moment(date.max, other, known_on)) as reader:
            opened = (
                list(list_rows(reader)),
                count_sites(reader, Filters(kinds=KINDS)),
                list_programmes(reader),
                list_cancelled(reader),
            )
        with reading(db, Moment(date.max, None, known_on)) as reader:
            assert present == list(list_rows(reader))
    assert moved == opened


@pytest.mark.parametrize("width", [60, 100, 240])
def test_the_shapes_of_progress_are_exactly_as_high_as_its_numbers(width: int) -> None:
    """The cells show at least a row of what is not 0; the shapes show 1 of 400 as a four hundredth."""
    days = [date(2025, month, 15) for month in (1, 2, 3, 4, 5, 6)]
    numbers = [
        (200, 0, 0, 0),
        (200, 20, 0, 0),
        (200, 20, 9, 1),
        (380, 0, 0, 0),
        (400, 86, 43, 1),
        (400, 86, 43, 2),
    ]
    counts = [Counts(one, one, two, 0, three, four) for one, two, three, four in numbers]
    reached = [Reached(one, is_measured=True) for one in counts]
    periods = [find_period(day, Unit.MONTH) for day in days]
    picture = make_chart(list(zip(periods, reached, strict=True)), Labels({})).draw(width, 24)
    (axis,) = [one.points for one in picture.shapes if one.label == "0"]
    (left, base), (right, _) = axis
    for kind, meaning in enumerate(MARKS):
        for at, step in enumerate(numbers):
            x = left + (at + 0.5) * (right - left) / len(numbers)
            heights = [
                base - start[1]
                for shape in picture.shapes
                if shape.meaning is meaning
                for start, end in pairwise(shape.points)
                if start[0] < x < end[0]
            ]
            wanted = step[3 - kind] / 400 * base
            assert heights == ([pytest.approx(wanted)] if wanted else [])


def test_a_reader_that_was_opened_for_no_day_cannot_be_moved(seeded: Path) -> None:
    with reading(seeded) as reader, pytest.raises(ValueError, match="not opened for a day"):
        reader.move(date(2024, 1, 1))


@pytest.mark.parametrize("signs", ["█▓░·", "#=:."])
def test_a_picture_of_sites_can_be_read_back(seeded: Path, signs: str) -> None:
    """The marks of a row follow each other as its steps do, where no promised date lies over them."""
    more = ("--ascii",) if signs.startswith("#") else ()
    asked = ("chart", "sites", "--year", "2024,2025", "--by", "quarter")
    sites = run_json(seeded, *asked)
    lines = run(seeded, *asked, *more, "-f", "table", COLUMNS="160", LC_ALL="C.UTF-8").out.splitlines()[2:]
    assert len(sites) == 46
    words = dict(zip(signs, ("verified", "claimed", "started", "named"), strict=True))
    for site, line in zip(sites, lines, strict=False):
        assert line.startswith(site["name"])
        marks = re.sub("[0-9+ ]", "", line[len(site["name"]) :].removesuffix(site["status"] or ""))
        drawn = [words[sign] for sign, _ in groupby(marks)]
        steps = [step.partition(" ")[2] for step in site["steps"].split("; ")]
        assert drawn == steps or (site["dates"] and set(drawn) <= set(steps))
    legend = re.findall(rf"[{re.escape(signs)}] (\w+) (\d+)", "\n".join(lines[len(sites) :]))
    ends = Counter(site["steps"].split(" ")[-1] for site in sites)
    assert {word: int(number) for word, number in legend} == {word: ends[word] for word in words.values()}


@pytest.mark.parametrize("width", SIZES)
def test_a_picture_of_evidence_says_its_sums(seeded: Path, width: int) -> None:
    asked = ("chart", "evidence", "--programme", "20x10")
    rows = run_json(seeded, *asked)
    drawn = run(seeded, *asked, "-f", "table", COLUMNS=str(width), LC_ALL="C.UTF-8").out
    told = {
        name.strip(): (int(total), int(most))
        for name, total, most in re.findall(r"^([a-z -]+?) [▁-█ ]* +(\d+), most (\d+)$", drawn, re.MULTILINE)
    }
    keys = {"state media": "promiser", "imagery": "imagery", "on-site": "on-site", "authority": "authority"}
    assert {keys[name]: each for name, each in told.items() if name in keys} == {
        key: (sum(row[key] for row in rows), max(row[key] for row in rows)) for key in keys.values()
    }
    assert "Evidence by quarter" in drawn


def test_what_is_promised_for_each_year_grows_with_the_years(tmp_path: Path) -> None:
    """Nothing happens after the announcement, and yet each year has its number."""
    db = tmp_path / "nkplan.db"
    load(
        db,
        kinds=["dam"],
        announcements=[
            {"id": "speech", "title": "Ten dams", "announced": "2022-03-01", "said": "Ten a year."}
        ],
        projects=[{"id": "dams", "name": "Dams", "type": "programme", "kind": "dam"}],
        quotas=[
            {
                "project": "dams",
                "kind": "dam",
                "quantity": 10,
                "per": "year",
                "first_year": 2022,
                "announcement": "speech",
            }
        ],
    )
    steps = run_json(db, "chart", "--by", "year")
    assert [(step["day"], step["promised"]) for step in steps] == [
        ("2022-12-31", 10),
        ("2023-12-31", 20),
        ("2024-12-31", 30),
        ("2025-12-31", 40),
        ("2026-11-24", 50),
    ]
    for step in steps:
        total = run_json(db, "report", "--as-of", step["day"])["total"]
        assert total["promised"] == step["promised"]


def test_what_happened_on_the_last_day_of_a_period_is_in_it(tmp_path: Path) -> None:
    updates = [
        {"project": "dam", "event_date": date_, "status": status, "evidence": "promiser"}
        for date_, status in (("2026-03-31", "groundbroken"), ("2026-06-30", "completed"))
    ]
    db = tmp_path / "nkplan.db"
    projects = [{"id": "dam", "name": "Dam", "type": "site", "kind": "dam"}]
    load(db, kinds=["dam"], projects=projects, updates=updates)
    steps = {step["period"]: step for step in run_json(db, "chart", "--by", "month")}
    assert [steps["2026-03"][key] for key in ("started", "complete_claimed")] == [1, 0]
    assert [steps["2026-05"][key] for key in ("started", "complete_claimed")] == [1, 0]
    assert [steps["2026-06"][key] for key in ("started", "complete_claimed")] == [1, 1]
