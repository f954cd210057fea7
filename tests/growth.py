"""Grow one dimension of a record at a time, and measure how the cost of each command grows with it.

    python tests/growth.py [--most 10000] [--only COMMAND]... [--all] [DIMENSION ...]

makes, for each dimension, records that have 10, 100, 1,000 and 10,000 of it and little else, and runs every
command on each. What is measured is the CPU time of the command, user and system, without the start of the
program: each runs in a fork of this process, which has loaded it, and the time of the smallest record is
taken off. A command grows too fast if tenfold the record takes it more than 20 times as long: n log n takes
up to 15 times as long, and n squared 100 times. What takes less than a second is not judged. What touches one
row, however large the record, may not take a second more than for the smallest. The exit code is 1 if
anything grows too fast, or fails.
"""

import argparse
import gc
import json
import os
import pkgutil
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect
from typing import Any, NamedTuple

from program import make_environment

Content = dict[str, list[Any]]

MOST_SECONDS = 60
"""A command that takes longer is ended, and counts as growing too fast."""

JUDGED = 1.0
"""The seconds from which growth is judged: what takes less is lost in noise."""

TOO_FAST = 20
"""The growth from which tenfold the record is too much; n log n stays below 15."""

DAYS = [
    f"{year}-{month:02}-{day:02}"
    for year in range(2010, 2026)
    for month in range(1, 13)
    for day in range(1, 29)
]
ONE = "11111111-1111-5111-8111-111111111111"
"""The id of an update."""

WAY = ("announced", "groundbroken", "building", "completed", "operating")
CLASSES = ("promiser", "imagery", "press", "expert")


# ---- records


def make_base() -> Content:
    """Return a record with one row of each list, which every dimension adds to."""
    return {
        "kinds": ["mill"],
        "places": [
            {"id": "land", "name": "Land"},
            {"id": "town", "name": "Town", "parent": "land", "latitude": 40.0, "longitude": 125.0},
        ],
        "sources": [{"id": "paper", "title": "Paper", "published": "2010", "url": "https://example.org/0"}],
        "announcements": [{"id": "speech", "title": "Speech", "announced": "2010-01-01", "said": "Mills."}],
        "projects": [
            {"id": "plan", "name": "Plan", "type": "programme", "kind": "mill"},
            {"id": "wave", "name": "Wave", "type": "cohort", "kind": "mill", "parent": "plan", "year": 2020},
            make_site("main", parent="wave", place="town"),
        ],
        "quotas": [
            {"project": "plan", "kind": "mill", "quantity": 5, "per": "year", "first_year": 2020,
             "announcement": "speech"},
        ],
        "updates": [
            {"project": "plan", "event_date": "2010-01-01", "status": "announced", "announcement": "speech"},
            {"id": ONE, "project": "main", "event_date": "2010-01-02", "status": "announced",
             "source": "paper"},
        ],
    }  # fmt: skip


def make_site(id_: str, **more: Any) -> dict[str, Any]:
    """Return a site as a file has it."""
    return {"id": id_, "name": f"Mill {id_}", "type": "site", "kind": "mill", **more}


def make_claims(number: int, project: str = "main", **more: Any) -> list[dict[str, Any]]:
    """Return claims of a project, of any status and class, on as many days."""
    return [
        {"project": project, "event_date": DAYS[at % len(DAYS)], "status": WAY[at % len(WAY)],
         "evidence": CLASSES[at % len(CLASSES)], "percent": at * 100 / number, "note": f"Report {at}", **more}
        for at in range(number)
    ]  # fmt: skip


def _claims(number: int) -> Content:
    return {"updates": make_claims(number)}


def _repeated_announcements(number: int) -> Content:
    begun = {"project": "main", "event_date": "2010-01-01", "status": "building", "evidence": "imagery"}
    return {"updates": [begun, *make_claims(number, status="announced", evidence="promiser")]}


def _void_openings(number: int) -> Content:
    seen = {"project": "main", "event_date": "2026-01", "status": "building", "evidence": "imagery"}
    return {"updates": [*make_claims(number, status="completed", evidence="promiser"), seen]}


def _openings(number: int) -> Content:
    return {"updates": make_claims(number, status="completed")}


def _promised_dates(number: int) -> Content:
    return {"updates": make_claims(number, status="building", promised="2030", evidence="promiser")}


def _moved_dates(number: int) -> Content:
    claims = make_claims(number, evidence="promiser")
    for at, claim in enumerate(claims):
        claim["promised"] = str(2026 + at % 900)
    return {"updates": claims}


def _withdrawn_claims(number: int) -> Content:
    return {"updates": make_claims(number, withdrawn="2026", withdrawn_source="paper")}


def _counts(number: int) -> Content:
    claims = make_claims(number, project="plan", status="completed")
    for at, claim in enumerate(claims):
        claim["count"] = at
    return {"updates": claims}


def _counts_of_a_day(number: int) -> Content:
    claims = make_claims(number, project="plan", status="completed", event_date="2020-01-01")
    for at, claim in enumerate(claims):
        claim["count"] = at
    return {"updates": claims}


def _claims_of_a_source(number: int) -> Content:
    sites = [make_site(f"site-{at}", place="land") for at in range(number)]
    claims = [
        {"project": one["id"], "event_date": "2020", "status": "building", "source": "paper"} for one in sites
    ]
    return {"projects": sites, "updates": claims}


def _claims_of_an_announcement(number: int) -> Content:
    sites = [make_site(f"site-{at}", place="land") for at in range(number)]
    claims = [
        {"project": one["id"], "event_date": "2020", "status": "announced", "announcement": "speech"}
        for one in sites
    ]
    return {"projects": sites, "updates": claims}


def _make_sites(number: int, **more: Any) -> Content:
    sites = [make_site(f"site-{at}", **more) for at in range(number)]
    claims = [
        {"project": one["id"], "event_date": DAYS[at % len(DAYS)], "status": WAY[at % len(WAY)],
         "evidence": CLASSES[at % len(CLASSES)], "promised": "2022", "source": "paper"}
        for at, one in enumerate(sites)
    ]  # fmt: skip
    return {"projects": sites, "updates": claims}


def _sites_of_a_place(number: int) -> Content:
    return _make_sites(number, place="town", parent="wave")


def _sites_without_place(number: int) -> Content:
    return _make_sites(number)


def _sites_of_a_name(number: int) -> Content:
    content = _make_sites(number)
    for one in content["projects"]:
        one["name"] = "Another mill"
    return content


def _models(number: int) -> Content:
    sites = [make_site(f"site-{at}", model=f"site-{at - 1}" if at else "main") for at in range(number)]
    return {"projects": sites}


def _modelled_on_one(number: int) -> Content:
    return {"projects": [make_site(f"site-{at}", model="main") for at in range(number)]}


def _cohorts(number: int) -> Content:
    cohorts = [
        {"id": f"wave-{at}", "name": f"Wave {at}", "type": "cohort", "kind": "mill", "parent": "plan"}
        for at in range(number)
    ]
    sites = [make_site(f"site-{at}", parent=f"wave-{at}", place="town") for at in range(number)]
    quotas = [
        {"project": f"wave-{at}", "kind": "mill", "quantity": 2, "per": "total", "announcement": "speech"}
        for at in range(number)
    ]
    claims = [{"project": f"site-{at}", "event_date": "2020", "status": "building"} for at in range(number)]
    return {"projects": [*cohorts, *sites], "quotas": quotas, "updates": claims}


def _make_programmes(number: int) -> list[dict[str, Any]]:
    return [
        {"id": f"plan-{at}", "name": f"Plan {at}", "type": "programme", "kind": "mill"}
        for at in range(number)
    ]


def _programmes(number: int) -> Content:
    quotas = [
        {"project": f"plan-{at}", "kind": "mill", "quantity": 2, "per": "total", "announcement": "speech"}
        for at in range(number)
    ]
    return {"projects": _make_programmes(number), "quotas": quotas}


def _programmes_within_each_other(number: int) -> Content:
    quotas = [
        {"project": f"plan-{at}", "kind": "mill", "quantity": 2, "per": "total", "announcement": "speech",
         "within": f"plan-{at - 1}" if at else "plan"}
        for at in range(number)
    ]  # fmt: skip
    return {"projects": _make_programmes(number), "quotas": quotas}


def _programmes_within_one(number: int) -> Content:
    content = _programmes_within_each_other(number)
    for quota in content["quotas"]:
        quota["within"] = "plan"
    return content


def _make_announcements(number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"speech-{at}",
            "title": f"Speech {at}",
            "announced": DAYS[at % len(DAYS)],
            "said": f"Mills {at}.",
        }
        for at in range(number)
    ]


def _quotas(number: int) -> Content:
    quotas = [
        {"project": "plan", "kind": "mill", "quantity": at + 1, "per": "year", "first_year": 2020,
         "announcement": f"speech-{at}"}
        for at in range(number)
    ]  # fmt: skip
    return {"announcements": _make_announcements(number), "quotas": quotas}


def _quotas_of_many_years(number: int) -> Content:
    quotas = [
        {"project": "plan", "kind": "mill", "quantity": at + 1, "per": "year", "first_year": 1000 + at % 900,
         "last_year": 2999 - at % 900, "announcement": f"speech-{at}"}
        for at in range(number)
    ]  # fmt: skip
    return {"announcements": _make_announcements(number), "quotas": quotas}


def _quotas_of_units(number: int) -> Content:
    quotas = [
        {"project": "plan", "kind": "mill", "quantity": at + 1, "per": "total", "unit": f"unit {at}",
         "announcement": "speech"}
        for at in range(number)
    ]  # fmt: skip
    return {"quotas": quotas}


def _announcements_of_a_day(number: int) -> Content:
    return {
        "announcements": [{**one, "announced": "2020-01-01"} for one in _make_announcements(number)],
        "updates": [
            {**claim, "announcement": f"speech-{at}"}
            for at, claim in enumerate(make_claims(number, event_date="2020-01-01", status="announced"))
        ],
    }


def _sentences_of_an_announcement(number: int) -> Content:
    figures = [{"item": f"Item {at}", "value": at, "unit": "t"} for at in range(number)]
    speech = {"id": "talk", "title": "Talk", "announced": "2010-01-01", "said": "Much.", "figures": figures}
    return {"announcements": [{**speech, "terms": [f"Term {at}." for at in range(number)]}]}


def _figures_of_a_claim(number: int) -> Content:
    figures = [{"item": f"Item {at}", "value": at, "unit": "t", "source": "paper"} for at in range(number)]
    return {"updates": [{**make_claims(1)[0], "figures": figures}]}


def _sources(number: int) -> Content:
    sources = [
        {"id": f"paper-{at}", "title": f"Paper {at}", "published": DAYS[at % len(DAYS)],
         "url": f"https://example.org/a/{at}"}
        for at in range(number)
    ]  # fmt: skip
    claims = make_claims(number)
    for at, claim in enumerate(claims):
        claim["source"] = f"paper-{at}"
    return {"sources": sources, "updates": claims}


def _sources_of_a_page(number: int) -> Content:
    sources = [{"id": f"paper-{at}", "url": f"https://example.org/0?utm_source={at}"} for at in range(number)]
    return {"sources": sources}


def _spellings(number: int) -> Content:
    names = [f"Town {at}" for at in range(number)]
    return {"places": [{"id": "city", "name": "City", "parent": "land", "names": names}]}


def _places_of_a_name(number: int) -> Content:
    return {"places": [{"id": f"town-{at}", "name": "New Town", "parent": "land"} for at in range(number)]}


def _places_of_a_region(number: int) -> Content:
    places = [
        {"id": f"town-{at}", "name": f"Town {at}", "parent": "land", "latitude": 39 + at * 7 % 1000 / 1000,
         "longitude": 125 + at % 1000 / 1000}
        for at in range(number)
    ]  # fmt: skip
    return {"places": [*places, {**places[0], "id": "far", "latitude": -40.0}]}


def _nested_places(number: int) -> Content:
    places = [
        {"id": f"town-{at}", "name": f"Town {at}", "parent": f"town-{at - 1}" if at else "town"}
        for at in range(number)
    ]
    return {"places": places, "projects": [make_site("deep", place=f"town-{number - 1}")]}


def _sites_of_nested_places(number: int) -> Content:
    content = _nested_places(number)
    plan = {"id": "local", "name": "Local", "type": "programme", "kind": "mill", "place": "town"}
    sites = [make_site(f"site-{at}", place=f"town-{at}", parent="local") for at in range(number)]
    return {**content, "projects": [plan, *sites]}


def _sites_outside_their_programme(number: int) -> Content:
    places = [{"id": f"town-{at}", "name": f"Town {at}", "parent": "land"} for at in range(number)]
    plan = {"id": "local", "name": "Local", "type": "programme", "kind": "mill", "place": "land"}
    sites = [make_site(f"site-{at}", place="sea", parent="local") for at in range(number)]
    return {"places": [*places, {"id": "sea", "name": "Sea"}], "projects": [plan, *sites]}


def _kinds(number: int) -> Content:
    kinds = [f"kind-{at}" for at in range(number)]
    sites = [{**make_site(f"site-{one}"), "kind": one} for one in kinds]
    claims = [{"project": one["id"], "event_date": "2020", "status": "building"} for one in sites]
    return {"kinds": kinds, "projects": sites, "updates": claims}


def _tags(number: int) -> Content:
    return {"projects": [make_site("tagged", tags=[f"tag {at}" for at in range(number)])]}


def _identifiers(number: int) -> Content:
    identifiers = [{"scheme": "X", "id": str(at)} for at in range(number)]
    organisations = [{"role": "builder", "name": f"Firm {at}"} for at in range(number)]
    return {"projects": [make_site("known", identifiers=identifiers, organisations=organisations)]}


def _publishers(number: int) -> Content:
    return {"publishers": [{"domain": f"a{at}.org", "name": f"Press {at}"} for at in range(number)]}


def _text(number: int) -> Content:
    # A text has at most 4,000 characters.
    return {"updates": make_claims(100, note=" ".join(f"w{at}" for at in range(number))[: min(number, 4000)])}


def _text_beyond_ascii(number: int) -> Content:
    return {"updates": make_claims(100, note=("김화군 지방공업공장 ó" * number)[: min(number, 4000)])}


DIMENSIONS: dict[str, Callable[[int], Content]] = {
    name.removeprefix("_"): made
    for name, made in list(globals().items())
    if name.startswith("_")
    and callable(made)
    and name not in {"_make_sites", "_make_programmes", "_make_announcements"}
    and not name.startswith("__")
}
"""What grows, and the rows that a record has with so many of it."""


def _retract_all(db: Path) -> None:
    """Undo the whole of the load, and load it again, so that each row was there before."""
    with closing(connect(db)) as connection, connection:
        connection.execute("UPDATE updates SET undone_in = 1")
        connection.execute("DELETE FROM states")
        connection.execute("DELETE FROM texts WHERE list = 'update'")


def _make_changes(db: Path) -> None:
    """Make each update a change of its own."""
    with closing(connect(db)) as connection, connection:
        connection.execute(
            "INSERT INTO changes (id, uuid, command, recorded, recorded_by, summary)"
            " SELECT rowid + 100, id, 'update', '2026-01-01T00:00:00Z', 'kim', 'one' FROM updates"
        )
        connection.execute("UPDATE updates SET change_id = rowid + 100")


def _undo_changes(db: Path) -> None:
    """Make each update a change of its own that was undone."""
    _make_changes(db)
    _retract_all(db)
    with closing(connect(db)) as connection, connection:
        connection.execute("UPDATE changes SET undone_in = 1 WHERE id > 100")


CHANGED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "retracted_claims": ("claims", _retract_all),
    "changes": ("sites_without_place", _make_changes),
    "undone_changes": ("sites_without_place", _undo_changes),
}
"""What grows in a way that no file can say: the dimension that is loaded, and what is done to it then."""


# ---- commands

MOMENT = ("--as-of", "2020-06-30", "--known-on", "2021-12-31")
CLAIM = ("--on", "2026-01-01", "--source", "paper", "--evidence", "press")
LOADING = "load a new database"
READING: list[tuple[str, ...]] = [
    ("list",),
    ("list", "-f", "table", "--limit", "0"),
    ("list", "mill", "--sort", "name"),
    ("list", "--place", "Land", "--programme", "plan"),
    ("list", *MOMENT),
    *(("show", one) for one in ("main", "plan", "wave", "town", "land", "paper", "speech")),
    ("show", "main", "-f", "table"),
    ("show", "main", *MOMENT),
    ("show", "t"),
    ("show", "stie-1"),
    ("report",),
    ("report", "-f", "table"),
    ("report", *MOMENT),
    ("report", "--by", "kind"),
    *(
        ("report", view)
        for view in ("promises", "pace", "missing", "overdue", "silent", "unverified", "slips")
    ),
    *(("report", view) for view in ("durations", "use", "counts", "coverage", "conflicts", "next")),
    ("report", "changes", "--since", "2012"),
    ("search", "mill"),
    ("chart",),
    ("chart", "sites"),
    ("chart", "evidence"),
    ("map",),
    ("map", "-f", "table"),
    ("search", "report", "town"),
    ("search", "reprot"),
    ("export",),
    ("export", "-f", "jsonl"),
    ("check",),
    ("check", "-f", "table"),
    ("log",),
    ("log", "-f", "table"),
    ("log", "main"),
    ("log", "2"),
    ("show", "main", "--history"),
]
WRITING: list[tuple[str, ...]] = [
    ("load", "again.json"),
    ("load", "again.jsonl"),
    ("load", "wrong.json"),
    ("update", "main", "completed", *CLAIM),
    ("update", "plan", "paused", *CLAIM),
    ("update", "main", "--on", "2026", "--source", "https://example.org/0?utm_source=x", "--note", "Seen."),
    (
        "add",
        "Mill site",
        "--kind",
        "mill",
        "--on",
        "2026",
        "--place",
        "Town",
        "--programme",
        "plan",
        "--year",
        "2020",
    ),
    ("add", "Another mill", "--kind", "mill", "--on", "2026", "--place", "New Town"),
    ("undo", "--yes"),
    ("undo", "main", "--yes"),
    ("undo", "plan", "--yes"),
    ("undo", ONE),
    ("redo", "--yes"),
    ("redo", ONE),
    ("load", "later.json", "--amend", "--yes"),
    ("load", "corrected.json", "--amend", "--yes"),
    ("edit", ONE, "event_date=2010-01-03", "note=Seen."),
    ("edit", "main", "note=Seen."),
    ("edit", "main", "id=first"),
    ("edit", "plan", "id=scheme"),
    ("edit", "paper", "id=newspaper"),
    ("edit", "paper", "evidence=press", "published=2011"),
    ("edit", "speech", "announced=2010-02"),
    ("edit", "town", "id=city-of-old", "parent="),
    ("edit", "kind/mill", "id=works"),
    ("edit", "settings", "title=Mills"),
    ("tag", "main", "followed"),
    ("tag", "plan", "followed"),
    ("tag", "main", "followed", "--remove"),
    ("check", "--repair"),
    ("backup", "copy.db"),
]
PREPARED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("redo", "--yes"): ("undo", "--yes"),
    ("redo", ONE): ("undo", ONE),
    ("tag", "main", "followed", "--remove"): ("tag", "main", "followed"),
}
"""The commands that need another one before them, which is not measured."""
OF_ONE_ROW = {
    ("undo", ONE),
    ("redo", ONE),
    ("edit", ONE, "event_date=2010-01-03", "note=Seen."),
    ("edit", "main", "note=Seen."),
    ("edit", "settings", "title=Mills"),
    ("tag", "main", "followed"),
    ("tag", "plan", "followed"),
    ("tag", "main", "followed", "--remove"),
}
"""The commands that touch one row whatever the size of the record."""


ASKED: dict[str, Callable[[Sequence[str], Sequence[str]], list[str]]] = {
    "words_of_a_search": lambda sites, _: ["search", *(one.removeprefix("site-") for one in sites)],
    "values_of_a_filter": lambda sites, _: ["list", "--kind", ",".join(one[5:] for one in sites)],
    "unknown_values_of_a_filter": lambda sites, _: ["list", "--kind", ",".join(f"x{one}" for one in sites)],
    "projects_of_an_update": lambda sites, _: [
        "update", "main", "paused", *CLAIM, *(word for one in sites for word in ("--also", one))
    ],
    "claims_to_retract": lambda _, updates: ["undo", *updates, "--yes"],
    "projects_to_tag": lambda sites, _: [
        "tag", "main", "followed", *(word for one in sites for word in ("--also", one))
    ],
    "fields_of_an_edit": lambda sites, _: ["edit", "main", *(f"tags+={one}" for one in sites)],
    "checks": lambda sites, _: ["check", *("--only", "twin-sites") * len(sites)],
    "length_of_an_id": lambda sites, _: ["show", "-".join(sites)],
    "length_of_a_note": lambda sites, _: ["update", "main", *CLAIM, "--note", " ".join(sites)],
}  # fmt: skip
"""What grows in a command and not in the record: from the sites and updates of a record, what is typed."""


class Cost(NamedTuple):
    """What a run took: the seconds of its CPU time, its peak memory in MiB, and how it ended."""

    seconds: float
    memory: float
    code: int


def run_forked(arguments: Sequence[str], db: Path) -> Cost:
    """Run a command in a fork of this process and return what it took; its output goes to the null device."""
    child = os.fork()
    if not child:
        _become(arguments, db)
    _, status, used = os.wait4(child, 0)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def _become(arguments: Sequence[str], db: Path) -> None:
    """Run the command in place of this process, and end with it."""
    from nkplan.cli.run import main  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.dup2(os.open(db.parent / "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.environ.clear()
    os.environ.update(make_environment(db))
    os.chdir(db.parent)
    sys.argv = ["nkplan", *arguments]
    try:
        main()
    finally:
        os._exit(99)


def make_content(dimension: str, number: int) -> Content:
    """Return a record in which one dimension has a size."""
    content = make_base()
    for name, rows in DIMENSIONS[dimension](number).items():
        content[name] = content.get(name, []) + rows
    return content


def make_record(dimension: str, number: int, folder: Path) -> tuple[Path, Cost]:
    """Load the record of a dimension into a new database; return it, and what that took."""
    loaded, change = CHANGED.get(dimension, (dimension, None))
    content = make_content(loaded, number)
    db = folder / f"{number}.db"
    (folder / "again.json").write_text(json.dumps({"format": "nkplan/2", **content}), "utf-8")
    rows = [
        {"list": name, **(row if isinstance(row, dict) else {"id": row})}
        for name, rows in content.items()
        for row in rows
    ]
    lines = "\n".join(map(json.dumps, [{"format": "nkplan/2"}, *rows]))
    (folder / "again.jsonl").write_text(lines, "utf-8")
    wrong = [{**one, "id": f"new-{at}", "kind": "mlil", "parent": "paln", "place": "twon"}
             for at, one in enumerate(content["projects"])]  # fmt: skip
    (folder / "wrong.json").write_text(json.dumps({"format": "nkplan/2", "projects": wrong}), "utf-8")
    cost = run_forked(["--db", str(db), "load", "again.json"], db)
    if cost.code == 0:
        _write_editions(db)
        if change is not None:
            change(db)
    return db, cost


def _write_editions(db: Path) -> None:
    """Write two later editions of a record: every row is corrected in one, and one row in the other."""
    exported = db.with_name("corrected.json")
    run_forked(["export", "-o", exported.name], db)
    content = json.loads(exported.read_text("utf-8"))
    content["updates"][0]["note"] = "Corrected."
    exported.write_text(json.dumps(content), "utf-8")
    for name, rows in content.items():
        if name not in {"format", "settings", "kinds"}:
            for row in rows:
                row[_NOTED.get(name, "note")] = "Corrected."
    db.with_name("later.json").write_text(json.dumps(content), "utf-8")


_NOTED = {"announcements": "said", "publishers": "name"}
"""The field that is corrected of rows that have no note."""

Measured = Iterator[tuple[str, list[Cost | None]]]


def measure(dimension: str, sizes: Sequence[int], only: Sequence[str]) -> Measured:
    """Yield for each command what it took at each size; None where a smaller one had taken too long."""
    costs: dict[str, list[Cost | None]] = {}
    ended: set[str] = set()
    for at, number in enumerate(sizes):
        with tempfile.TemporaryDirectory(prefix="nkplan-growth-") as name:
            db, cost = make_record(dimension, number, Path(name))
            costs.setdefault(LOADING, []).append(cost)
            if cost.code:
                break
            for arguments in (*READING, *WRITING):
                written = " ".join(arguments)
                if only and not any(part in written for part in only):
                    continue
                costs.setdefault(written, [None] * at)
                if written in ended:
                    costs[written].append(None)
                    continue
                used = db
                if arguments in WRITING:
                    used = db.with_name("used.db")
                    shutil.copy(db, used)
                    if (first := PREPARED.get(arguments)) and run_forked(first, used).code:
                        # What cannot be done cannot be taken back.
                        costs[written].append(None)
                        continue
                cost = run_forked(arguments, used)
                db.with_name("copy.db").unlink(missing_ok=True)
                costs[written].append(cost)
                if cost.seconds > MOST_SECONDS / 4:
                    ended.add(written)
    yield from costs.items()


def measure_asked(dimension: str, sizes: Sequence[int]) -> Measured:
    """Yield what a command took that names more and more of the same record."""
    costs: list[Cost | None] = []
    with tempfile.TemporaryDirectory(prefix="nkplan-growth-") as name:
        db, _ = make_record("kinds", sizes[-1], Path(name))
        with closing(connect(db)) as connection:
            rows = connection.execute("SELECT id FROM projects WHERE id LIKE 'site-%' ORDER BY id")
            sites = [site for (site,) in rows]
            updates = [update for (update,) in connection.execute("SELECT id FROM updates ORDER BY id")]
        for number in sizes:
            used = db.with_name("used.db")
            shutil.copy(db, used)
            arguments = ASKED[dimension](sites[:number], updates[:number])
            costs.append(run_forked(arguments, used))
    yield arguments[0], costs


def judge(costs: Sequence[Cost | None], *, is_of_one_row: bool = False) -> str:
    """Say what is wrong with how a cost grew, if anything is."""
    known = [cost for cost in costs if cost is not None]
    if not known:
        return ""
    for cost in known:
        if cost.code not in {0, 1, 2, 3}:
            return "TOO LONG" if cost.seconds >= MOST_SECONDS - 1 else f"ENDED WITH {cost.code}"
    floor = known[0]
    if is_of_one_row and (more := known[-1].seconds - floor.seconds) > JUDGED:
        return f"{more:.1f} SECONDS MORE FOR ONE ROW"
    for before, after in pairwise(known):
        if after.seconds > JUDGED:
            grown = (after.seconds - floor.seconds) / max(before.seconds - floor.seconds, JUDGED / TOO_FAST)
            if grown > TOO_FAST:
                return f"GROWS {grown:.0f} TIMES"
        if after.memory > 100 + floor.memory:
            grown = (after.memory - floor.memory) / max(before.memory - floor.memory, 100 / TOO_FAST)
            if grown > TOO_FAST:
                return f"MEMORY GROWS {grown:.0f} TIMES"
    return ""


def _describe(cost: Cost | None) -> str:
    return f"{'-' if cost is None else format(cost.seconds, '.2f'):>8}"


def main() -> int:
    """Measure the dimensions asked for, or all; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--only", action="append", help="only commands with this in them; can be repeated")
    parser.add_argument("--all", action="store_true", help="print what takes no time too")
    parser.add_argument("dimensions", nargs="*")
    given = parser.parse_args()
    every = [*DIMENSIONS, *CHANGED, *ASKED]
    import nkplan  # noqa: PLC0415

    for module in pkgutil.walk_packages(nkplan.__path__, "nkplan."):
        if module.name != "nkplan.__main__":
            import_module(module.name)
    gc.freeze()
    sizes = [10**power for power in range(1, 9) if 10**power <= given.most]
    print(f"{'seconds of CPU time for':<75}" + "".join(f"{number:>8}" for number in sizes) + "     MiB")
    wrong = 0
    for dimension in given.dimensions or every:
        print(dimension.replace("_", " "), flush=True)
        if dimension in ASKED:
            found = measure_asked(dimension, sizes)
        else:
            found = measure(dimension, sizes, given.only or ())
        for command, costs in found:
            fault = judge(costs, is_of_one_row=tuple(command.split(" ")) in OF_ONE_ROW)
            wrong += bool(fault)
            last = next((cost for cost in reversed(costs) if cost is not None), Cost(0, 0, 0))
            if fault or given.all or last.seconds > JUDGED:
                told = "".join(map(_describe, costs))
                print(f"  {command:<73}{told}{last.memory:>8.0f}  {fault}", flush=True)
    print(f"{wrong} of these grow faster than n log n" if wrong else "nothing grows faster than n log n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
