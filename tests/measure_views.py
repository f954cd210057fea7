"""Measure how long each view takes on a large record, made here with the same seed each time.

    python tests/measure_views.py [SITES] [DATABASE]

creates a database of SITES sites (100,000) with ten updates each, unless DATABASE exists, and prints for each
view the median of five runs, and its ratio to `import typer` alone. On a noisy machine compare only ratios,
and only figures of one run.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

from program import NKPLAN, TODAY, make_environment

from nkplan.formats.json import read_file
from nkplan.model.batch import Announcement, Batch, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.store.create import create_database
from nkplan.store.record import record
from nkplan.store.transaction import Recorder

ROOT = Path(__file__).parent.parent
UPDATES = 10
KINDS = ("factory", "hospital", "power-station", "housing", "other")
SITES_AT_ONCE = 5_000
WAY = [
    Status.ANNOUNCED,
    Status.PREPARING,
    Status.GROUNDBROKEN,
    Status.BUILDING,
    Status.COMPLETED,
    Status.OPERATING,
]
VIEWS = [
    ["list", "--limit", "50"],
    ["report", "progress"],
    ["report", "promises"],
    ["report", "counts"],
    ["report", "pace"],
    ["report", "missing"],
    ["report", "overdue"],
    ["report", "silent"],
    ["report", "unverified"],
    ["report", "slips"],
    ["report", "durations"],
    ["report", "use"],
    ["report", "changes", "--since", "2026-10-31"],
    ["report", "coverage"],
    ["report", "conflicts"],
    ["report", "next"],
    ["report", "progress", "--as-of", "2022-12-31"],
    ["report", "progress", "--known-on", "2022-12-31"],
    ["report", "progress", "--as-of", "2022-06-30", "--known-on", "2022-12-31"],
    ["report", "overdue", "--as-of", "2022-12-31"],
    ["list", "--limit", "50", "--as-of", "2022-12-31"],
    ["show", "site-000077"],
]
"""The commands to measure."""


def make_large(path: Path, sites: int, seed: int = 20240115) -> None:
    """Create a database of sites with ten updates each, in programmes with yearly cohorts and quotas."""
    chance = random.Random(seed)  # noqa: S311
    recorder = Recorder("large", datetime(2026, 11, 24, tzinfo=UTC))
    gazetteer = read_file((ROOT / "nkplan" / "data" / "gazetteer.json").read_bytes(), date.max)
    places = [place.id for place in gazetteer.places if place.parent is not None]
    create_database(path, [gazetteer], recorder)
    record(path, _make_frame(sites), "load", recorder, summary="programmes")
    for start in range(0, sites, SITES_AT_ONCE):
        batch = _make_sites(range(start, min(start + SITES_AT_ONCE, sites)), places, chance)
        record(path, batch, "load", recorder, summary=f"sites from {start}")
        print(f"  {min(start + SITES_AT_ONCE, sites)} of {sites} sites", file=sys.stderr)


def _make_frame(sites: int) -> Batch:
    """Make the programmes, a cohort of each for seven years, their quotas and counts, and the sources."""
    announcements = tuple(
        Announcement(id=f"plan-{at}", title=f"Plan {at}", announced="2018-01-15", said="So many a year.")
        for at in range(len(KINDS))
    )
    programmes = tuple(
        Project(id=f"programme-{kind}", name=f"Programme {kind}", type=ProjectType.PROGRAMME, kind=kind)
        for kind in KINDS
    )
    cohorts = tuple(
        Project(
            id=f"programme-{kind}-{year}",
            name=f"Programme {kind}, {year}",
            type=ProjectType.COHORT,
            kind=kind,
            parent=f"programme-{kind}",
            year=year,
        )
        for kind in KINDS
        for year in range(2018, 2025)
    )
    quotas = tuple(
        Quota(
            project=f"programme-{kind}",
            kind=kind,
            quantity=max(1, sites // 20) if per is QuotaPeriod.YEAR else max(1, sites // 3),
            per=per,
            first_year=2018,
            announcement=f"plan-{at}",
        )
        for at, kind in enumerate(KINDS)
        for per in QuotaPeriod
    )
    sources = tuple(
        Source(
            id=f"source-{at}",
            title=f"Report {at}",
            published=f"{2018 + at // 120}-{at // 10 % 12 + 1:02}-{at % 28 + 1:02}",
            evidence=list(Evidence)[at % 6],
        )
        for at in range(1000)
    )
    counts = tuple(
        Update(
            id=f"{at:032x}",
            project=f"programme-{kind}",
            event_date=f"{year}-12-31",
            status=status,
            count=float(sites // 50 * (year - 2018)),
            evidence=evidence,
            source=f"source-{(year - 2018) * 120}",
        )
        for at, (kind, year, status, evidence) in enumerate(
            product(KINDS, range(2019, 2026), WAY, (Evidence.PROMISER, Evidence.IMAGERY))
        )
    )
    return Batch(
        kinds=KINDS,
        sources=sources,
        announcements=announcements,
        projects=(*programmes, *cohorts),
        quotas=quotas,
        updates=counts,
    )


def _make_sites(numbers: range, places: list[str], chance: random.Random) -> Batch:
    projects: list[Project] = []
    updates: list[Update] = []
    for number in numbers:
        kind = KINDS[number % len(KINDS)]
        site = f"site-{number:06}"
        projects.append(
            Project(
                id=site,
                name=f"Site {number}",
                type=ProjectType.SITE,
                kind=kind,
                parent=f"programme-{kind}-{2018 + number // len(KINDS) % 7}",
                place=chance.choice(places),
            )
        )
        updates += _make_updates(site, chance)
    return Batch(projects=tuple(projects), updates=tuple(updates))


def _make_updates(site: str, chance: random.Random) -> Iterator[Update]:
    """Yield the history of a site: progress with some pauses, in dates of different precision."""
    day = date(2018, 1, 15) + timedelta(days=chance.randrange(1500))
    reach = chance.choices(range(2, len(WAY) + 1), (3, 4, 8, 25, 60))[0]
    for at in range(UPDATES):
        day += timedelta(days=chance.randrange(1, 520))
        if day >= date(2026, 11, 20):
            day = date(2026, 11, 20) - timedelta(days=chance.randrange(400))
        step = WAY[min(at * len(WAY) // UPDATES, reach - 1)]
        status = None if chance.random() < 0.3 else Status.PAUSED if chance.random() < 0.02 else step
        written = day.isoformat()[: chance.choice((10, 10, 10, 7))]
        source = (day.year - 2018) * 120 + (day.month - 1) * 10 + chance.randrange(10)
        yield Update(
            id=f"{chance.getrandbits(128):032x}",
            project=site,
            event_date=written,
            status=status,
            percent=chance.choice((None, None, None, float(at * 10))),
            promised=str(day.year + 1) if at in {1, 5} and chance.random() < 0.06 else None,
            evidence=chance.choice(list(Evidence)),
            confidence=Confidence.MEDIUM,
            source=f"source-{min(999, source)}",
            note=f"Report {at} of {site}, as somebody told it.",
        )


def measure(command: list[str], environment: dict[str, str], runs: int = 5) -> float:
    """Run a command several times and return the median of the seconds it took."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Create the database if it is missing, and measure."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "large.db"
    if not path.exists():
        make_large(path, sites)
    environment = make_environment(path, NKPLAN_TODAY=TODAY)
    floor = measure([sys.executable, "-c", "import typer"], environment)
    print(f"{sites} sites, {sites * UPDATES} updates; import typer {floor * 1000:.0f} ms")
    for view in VIEWS:
        taken = measure([*NKPLAN, *view], environment)
        print(f"{' '.join(view):<75} {taken * 1000:6.0f} ms  {taken / floor:5.1f}")


if __name__ == "__main__":
    main()
