"""Measure what commands cost on 100 to 100,000 sites with ten updates each, as paired ratios.

    python tests/benchmark.py [--sizes 100,1000,10000,100000] [--rounds 7] [--folder FOLDER] [--no-load]

builds the records with the same seed each time (FOLDER keeps them), and prints the medians over the rounds
for each command: its milliseconds, and its ratio, round by round, to the floor (`import typer`), to the same
query in `sqlite3`, to Taskwarrior or hledger with as many records, and to itself on the smallest record. The
commands compared run next to each other in every round, so that a noisy machine disturbs all equally.
Programs that are not installed are named and skipped. Nothing is asserted here: tests/queries/test_steps.py
checks the causes.
"""

import argparse
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure_startup import TYPER, run_on_terminal, run_piped
from measure_views import UPDATES, make_large
from program import NKPLAN, ROOT, TODAY, make_environment

LOADED = ("kinds", "places", "sources", "announcements", "projects", "quotas", "updates", "states", "texts")
Run = Callable[[list[str]], None]


class Case(NamedTuple):
    """A command, how to run it, and the commands that it is compared with, by name."""

    name: str
    run: Run
    command: list[str]
    others: dict[str, list[str]]


class Files(NamedTuple):
    """The files of one size: nkplan's database, and as many records for the other programs."""

    sites: int
    db: Path
    tasks: Path | None
    journal: Path | None


def make_files(folder: Path, sites: int) -> Files:
    """Create the records of a size, unless they exist."""
    db = folder / f"{sites}.db"
    if not db.exists():
        make_large(db, sites)
    return Files(sites, db, _make_tasks(folder, db, sites), _make_journal(folder, db, sites))


def _list_sites(db: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(db) as connection:
        return connection.execute("SELECT id, name FROM projects WHERE type = 'site' ORDER BY id").fetchall()


def _make_tasks(folder: Path, db: Path, sites: int) -> Path | None:
    """Create a Taskwarrior folder with a task for each site, with ten annotations each."""
    if shutil.which("task") is None:
        return None
    tasks = folder / f"{sites}.task"
    if not tasks.exists():
        tasks.mkdir()
        (tasks / "rc").write_text(
            f"data.location={tasks}\nconfirmation=off\nverbose=nothing\ngc=off\n", "utf-8"
        )
        coming = tasks / "coming.json"
        with coming.open("w", encoding="utf-8") as out:
            for number, (id_, name) in enumerate(_list_sites(db)):
                notes = [
                    {"entry": f"202401{at + 10}T000000Z", "description": f"Report {at} of {id_}"}
                    for at in range(UPDATES)
                ]
                task = {
                    "uuid": f"00000000-0000-4000-8000-{number:012}",
                    "description": f"{name} {id_}",
                    "status": "pending",
                    "entry": "20240101T000000Z",
                    "annotations": notes,
                }
                out.write(json.dumps(task) + "\n")
        if sites <= 10_000:  # More would take very long.
            subprocess.run([*_task(tasks), "import", str(coming)], check=True, capture_output=True)
    return tasks


def _task(tasks: Path) -> list[str]:
    return ["task", f"rc:{tasks / 'rc'}"]


def _make_journal(folder: Path, db: Path, sites: int) -> Path | None:
    """Create a hledger journal with a transaction for each update."""
    if shutil.which("hledger") is None:
        return None
    journal = folder / f"{sites}.journal"
    if not journal.exists():
        with journal.open("w", encoding="utf-8") as out:
            for id_, _ in _list_sites(db):
                out.writelines(
                    f"2024-01-{at + 10} Report {at}\n    sites:{id_[-2:]}  1\n    told\n\n"
                    for at in range(UPDATES)
                )
    return journal


def list_cases(files: Files) -> list[Case]:
    """Return the cases to measure on the records of one size."""
    sites, db, tasks, journal = files
    site = f"site-{sites // 2:06}"
    own = [*NKPLAN, "--db", str(db)]
    floor = {"typer": [sys.executable, *TYPER]}

    def ask(sql: str) -> dict[str, list[str]]:
        return floor | {"sqlite3": ["sqlite3", "-readonly", "-tabs", str(db), sql]}

    has_tasks = tasks is not None and (tasks / "pending.data").exists()
    listed = {"task": [*_task(tasks), "rc.defaultwidth=200", "list"]} if tasks and has_tasks else {}
    noted = {"task": [*_task(tasks), "1", "annotate", "Another"]} if tasks and has_tasks else {}
    summed = {"hledger": ["hledger", "-f", str(journal), "bal"]} if journal and sites <= 10_000 else {}
    words = f"SELECT * FROM texts JOIN words ON words.rowid = texts.number WHERE words MATCH '{site[-6:]}*'"
    return [
        Case("list, piped", run_piped, [*own, "list"], ask("SELECT * FROM sites ORDER BY id") | listed),
        Case(
            "list, terminal", run_on_terminal, [*own, "list"], ask("SELECT * FROM sites ORDER BY id LIMIT 50")
        ),
        Case("show", run_piped, [*own, "show", site], ask(f"SELECT * FROM updates WHERE project = '{site}'")),
        Case(
            "update",
            run_piped,
            [*own, "update", site, "--on", "2026-11-20", "--evidence", "expert", "--note", "Another"],
            floor | noted,
        ),
        Case(
            "report",
            run_piped,
            [*own, "report"],
            ask("SELECT programme, year, status, count(*) FROM sites GROUP BY 1, 2, 3") | summed,
        ),
        Case("search", run_piped, [*own, "search", site[-6:]], ask(words)),
    ]


def time_run(run: Run, command: list[str]) -> float:
    """Return the seconds that a command takes. An update gets a new note each time, so it is recorded."""
    if "--note" in command:
        command = [*command[:-1], f"{command[-1]} {time.time_ns()}"]
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def measure(sizes: dict[int, list[Case]], rounds: int) -> None:
    """Run every case of every size next to its comparisons in every round, and print the medians."""
    smallest = min(sizes)
    for at, first in enumerate(sizes[smallest]):
        taken: dict[tuple[int, str], list[float]] = {}
        for number in range(rounds):
            order = sorted(sizes, reverse=bool(number % 2))
            for sites in order:
                case = sizes[sites][at]
                for name, command in {"": case.command, **case.others}.items():
                    how = case.run if not name else run_piped
                    taken.setdefault((sites, name), []).append(time_run(how, command))
        for sites in sizes:
            own = taken[sites, ""]
            ratios = {name: taken[sites, name] for _, name in taken if (sites, name) in taken and name}
            ratios[f"at {smallest}"] = taken[smallest, ""]
            told = "  ".join(
                f"{name} {statistics.median(one / other for one, other in zip(own, others, strict=True)):.2f}"
                for name, others in ratios.items()
            )
            print(f"{first.name:<15}{sites:>7}{statistics.median(own) * 1000:>8.0f} ms  {told}", flush=True)


def measure_memory(db: Path) -> float:
    """Return the peak memory, in MiB, of a piped list."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, *NKPLAN, "--db", str(db), "list"]
    return int(subprocess.run(command, capture_output=True, check=True).stdout) / 1024


def measure_load(files: Files, folder: Path) -> None:
    """Load a whole record as JSON Lines, compared with `sqlite3 .import` of the same rows.

    The rows of every table that the load fills are imported, as CSV, into the same schema with its indexes,
    checks and search index, through a view because CSV has no NULL. Foreign keys are not checked there.
    The last figure compares with an import into a table without any rules.
    """
    lines = folder / f"{files.sites}.jsonl"
    _write_lines(files.db, lines)
    empty, target, sheets = folder / "empty.db", folder / "loaded.db", folder / "sheets"
    empty.unlink(missing_ok=True)
    with sqlite3.connect(empty) as connection:
        connection.executescript((ROOT / "nkplan" / "sql" / "schema.sql").read_text("utf-8"))
    connection.close()
    script = _write_sheets(files.db, sheets)
    own: list[float] = []
    others: dict[str, list[float]] = {}
    scripts = {
        "all": "".join(script[name] for name in LOADED),
        "updates alone": script["updates"],
        "updates into a table with no rules": _script_bare(sheets / "updates.csv"),
    }
    for _ in range(1 if files.sites > 10_000 else 3):
        shutil.copy(empty, target)
        own.append(time_run(run_piped, [*NKPLAN, "--db", str(target), "load", str(lines)]))
        for name, text in scripts.items():
            shutil.copy(empty, target)
            others.setdefault(name, []).append(_time_import(target, text))
    seconds = statistics.median(own)
    told = "  ".join(f"{name} {seconds / statistics.median(times):.2f}" for name, times in others.items())
    print(f"{'load':<15}{files.sites:>7}{seconds * 1000:>8.0f} ms  .import of {told}", flush=True)
    if files.tasks is not None and files.sites <= 10_000:
        with tempfile.TemporaryDirectory() as place:
            rc = Path(place) / "rc"
            rc.write_text(f"data.location={place}\nconfirmation=off\nverbose=nothing\n", "utf-8")
            start = time.perf_counter()
            command = ["task", f"rc:{rc}", "import", str(files.tasks / "coming.json")]
            subprocess.run(command, check=True, capture_output=True)
            print(f"{'':<30}    task import {seconds / (time.perf_counter() - start):.2f}")
    target.unlink()


def _time_import(target: Path, script: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        ["sqlite3", "-bail", str(target)],
        input=f"PRAGMA synchronous = EXTRA;\n{script}",
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    return time.perf_counter() - start


def _script_bare(sheet: Path) -> str:
    """Return the script that imports a sheet into a table without keys, checks or indexes."""
    return f"CREATE TABLE bare AS SELECT * FROM updates WHERE 0;\n.mode csv\n.import '{sheet}' bare\n"


def _write_lines(db: Path, lines: Path) -> None:
    columns = {
        "kinds": "id",
        "places": "id, name, full_name, local_name, type, parent, latitude, longitude, population, note",
        "sources": "id, title, publisher, published, url, evidence, note",
        "announcements": "id, title, announced, said, speaker, occasion, source",
        "projects": "id, name, type, kind, parent, place, year, note",
        "quotas": "project, kind, quantity, per, unit, first_year, last_year, announcement, note",
        "updates": "id, project, event_date, status, percent, promised, evidence, confidence, source, note",
    }
    with lines.open("w", encoding="utf-8") as out, sqlite3.connect(db) as connection:
        out.write('{"format": "nkplan/2", "about": "a benchmark"}\n')
        for name, wanted in columns.items():
            keys = wanted.split(", ")
            for row in connection.execute(f"SELECT {wanted} FROM {name}"):
                given = {key: value for key, value in zip(keys, row, strict=True) if value is not None}
                out.write(json.dumps({"list": name, **given}) + "\n")


def _write_sheets(db: Path, sheets: Path) -> dict[str, str]:
    """Write each table as CSV, and return for each the script that imports it."""
    sheets.mkdir(exist_ok=True)
    scripts = {}
    with sqlite3.connect(db) as connection:
        for name in LOADED:
            cursor = connection.execute(f"SELECT * FROM {name}")
            keys = [column[0] for column in cursor.description]
            with (sheets / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(cursor)
            values = ", ".join(f"nullif(new.{key}, '')" for key in keys)
            scripts[name] = (
                f"CREATE TEMP VIEW coming_{name} AS SELECT * FROM {name};\n"
                f"CREATE TEMP TRIGGER take_{name} INSTEAD OF INSERT ON coming_{name} BEGIN"
                f" INSERT INTO {name} VALUES ({values}); END;\n"
                f".mode csv\n.import '{sheets / name}.csv' coming_{name}\n"
            )
    return scripts


def main() -> None:
    """Create the records that are missing, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100,1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-load", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        os.environ.update(make_environment(folder / "none.db", NKPLAN_TODAY=TODAY, TERM="xterm-256color"))
        for program in ("sqlite3", "task", "hledger"):
            if shutil.which(program) is None:
                print(f"{program} is not installed and is skipped")
        every = [make_files(folder, int(size)) for size in given.sizes.split(",")]
        print(f"{'command':<15}{'sites':>7}{'median':>11}  ratios to")
        measure({files.sites: list_cases(files) for files in every}, given.rounds)
        for files in every:
            print(f"list, piped, {files.sites} sites: at most {measure_memory(files.db):.0f} MiB of memory")
        if not given.no_load:
            for files in every:
                measure_load(files, folder)


if __name__ == "__main__":
    main()
