"""The architecture: layers, lint, types, and which modules a command loads."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from program import make_environment, run

from nkplan.cli.app import COMMANDS
from nkplan.model.vocabulary import Status

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
LOADED = """
import json, sys
from nkplan.cli.run import run
known, told = set(), []
for arguments in json.loads(sys.argv[1]):
    code = run(arguments)
    told.append([code, sorted(set(sys.modules) - known)])
    known |= set(sys.modules)
print(json.dumps(told), file=sys.stderr)
"""
Command = Sequence[str]


def list_loaded(db: Path, commands: Sequence[Command], **environment: str | None) -> list[set[str]]:
    """Run commands one after the other in a process of their own, with their output in a pipe.

    Return the modules that each of them loaded and none before it had, the first with all that Python had. A
    variable of the environment that is None is not set.
    """
    done = subprocess.run(
        [PYTHON, "-c", LOADED, json.dumps(commands)],
        capture_output=True,
        text=True,
        env=make_environment(db, **environment),
        cwd=db.parent,
        check=True,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert [code for code, _ in told] == [0] * len(commands), done.stderr
    return [set(modules) for _, modules in told]


def list_modules(db: Path, *arguments: str) -> set[str]:
    """Run a command in a process of its own, with its output in a pipe, and return every module it loaded."""
    (modules,) = list_loaded(db, [arguments])
    return modules


def check_loads_none(
    db: Path, commands: Sequence[Command], unwanted: Callable[[str], bool], needed: str = "typer"
) -> None:
    """Check that no command loads an unwanted module, and that the first loads the needed one."""
    loaded = list_loaded(db, commands)
    assert needed in loaded[0]
    found = zip(commands, (sorted(filter(unwanted, modules)) for modules in loaded), strict=True)
    assert [(" ".join(command), modules) for command, modules in found if modules] == []


@pytest.mark.parametrize(
    "command",
    [
        [str(Path(PYTHON).with_name("lint-imports")), "--no-cache"],
        [PYTHON, "-m", "ruff", "check", "--no-cache"],
        [PYTHON, "-m", "ruff", "format", "--check", "--no-cache"],
        [PYTHON, "-m", "mypy"],
    ],
    ids=["layers", "ruff", "format", "mypy"],
)
def test_the_code_is_clean(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_status_means_is_said_in_one_place() -> None:
    """Only `add` names a status: the one that it records. All else asks the vocabulary for its facts."""
    package = ROOT / "nkplan"
    named = [
        f"{path.relative_to(package)}: {word}"
        for path in package.rglob("*.py")
        if path != package / "model" / "vocabulary.py"
        for word in re.findall(r"\bStatus\.[A-Z]+", path.read_text("utf-8"))
    ]
    assert named == []
    quoted = re.compile(rf"'({'|'.join(Status)})'")
    for path in package.rglob("*.sql"):
        assert not quoted.findall(path.read_text("utf-8")), path.name


def test_reading_into_a_pipe_loads_neither_rich_nor_sqlite_utils(record: Path) -> None:
    unwanted = {"nkplan.store", "nkplan.formats", "nkplan.typed_dates"}
    commands = [
        ("list",),
        ("report",),
        ("list", "--kind", "factory", "-f", "csv"),
        ("list", "--as-of", "2024-Q3"),
        ("search", "factory"),
        ("check", "--only", "moved-back"),
    ]

    def is_unwanted(module: str) -> bool:
        return module in unwanted or module.partition(".")[0] in {"rich", "sqlite_utils"}

    check_loads_none(record, commands, is_unwanted, needed="sqlite3")
    check_loads_none(record, [("show", "songchon")], {"rich", "sqlite_utils"}.__contains__)


def test_only_publish_loads_jinja2(record: Path) -> None:
    """Importing it takes a fifth of the time of a page, and all of that of a list."""
    assert "jinja2" in list_modules(record, "publish", "songchon-factories")
    commands = [("list",), ("show", "songchon"), ("publish", "--help")]
    check_loads_none(record, commands, {"jinja2", "markupsafe"}.__contains__)


def test_help_loads_neither_rich_nor_the_database(record: Path) -> None:
    commands = [("--help",), ("--version",), ("list", "--help"), ("help", "words"), ("help", "update")]
    check_loads_none(record, commands, {"rich", "sqlite_utils", "nkplan.store"}.__contains__)
    # The help of a command loads what its options need.
    assert "sqlite3" not in list_modules(record, "--help")


def test_a_first_run_loads_sqlite_utils(tmp_path: Path) -> None:
    assert "sqlite_utils" in list_modules(tmp_path / "new.db", "list")


def test_writing_to_an_existing_database_loads_neither_rich_nor_sqlite_utils(record: Path) -> None:
    """Importing sqlite_utils takes as long as all of `nkplan list`."""
    commands = [
        ("update", "grand-canal", "building", "--on", "2026-03", "--evidence", "authority"),
        ("update", "grand-canal", "building", "../2026-02", "--evidence", "authority"),
        ("add", "Another dam", "--kind", "other", "--on", "2026"),
        ("load", str(ROOT / "seed.json")),
        ("undo", "--dry-run"),
    ]
    unwanted = {"rich", "sqlite_utils", "nkplan.typed_dates"}
    check_loads_none(record, commands, unwanted.__contains__, needed="nkplan.store.transaction")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_and_help_with_two_real_examples(record: Path, name: str) -> None:
    assert callable(importlib.import_module(f"nkplan.cli.commands.{name}").run)
    text = run(record, name, "--help").out
    examples = [line for line in text.splitlines() if line.strip().startswith(f"nkplan {name}")]
    assert len(examples) >= 2
    assert name in run(record, "--help").out


def test_the_contracts_find_an_import_that_points_up_or_sideways(tmp_path: Path) -> None:
    wrong = [
        ("queries.sites", "rich"),
        ("render.svg", "jinja2"),
        ("queries.sites", "sqlite_utils"),
        ("text", "nkplan.queries.sites"),
        ("render.csv", "nkplan.queries.sites"),
        ("judgement", "nkplan.render.tsv"),
        ("layout.grid", "nkplan.reports.pace"),
    ]
    shutil.copytree(ROOT / "nkplan", tmp_path / "nkplan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, imported in wrong:
        with (tmp_path / "nkplan" / f"{module.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    command = [str(Path(PYTHON).with_name("lint-imports")), "--no-cache"]
    environment = make_environment(tmp_path / "none.db", PYTHONPATH=str(tmp_path))
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    for module, imported in wrong:
        assert re.search(rf"^ *-? *nkplan\.{module} -> {imported} \(l\.\d+\)$", done.stdout, re.MULTILINE), (
            module
        )
