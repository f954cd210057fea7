"""The architecture: layers, lint, types, and which modules a command loads."""

import importlib
import json
import re
import shutil
import subprocess
import sys
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
code = run(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def list_modules(db: Path, *arguments: str) -> set[str]:
    """Run a command with its output in a pipe and return every module it loaded."""
    done = subprocess.run(
        [PYTHON, "-c", LOADED, *arguments],
        capture_output=True,
        text=True,
        env=make_environment(db),
        cwd=db.parent,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(modules)


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


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("report",),
        ("list", "--kind", "factory", "-f", "csv"),
        ("list", "--as-of", "2024-Q3"),
        ("search", "factory"),
        ("check", "--only", "moved-back"),
    ],
    ids=str,
)
def test_reading_into_a_pipe_loads_neither_rich_nor_sqlite_utils(
    record: Path, arguments: tuple[str, ...]
) -> None:
    modules = list_modules(record, *arguments)
    assert "sqlite3" in modules
    assert not modules & {"rich", "sqlite_utils", "nkplan.store", "nkplan.formats", "nkplan.typed_dates"}
    assert not {module for module in modules if module.startswith(("rich.", "sqlite_utils."))}


def test_only_publish_loads_jinja2(record: Path) -> None:
    """Importing it takes a fifth of the time of a page, and all of that of a list."""
    assert "jinja2" in list_modules(record, "publish", "songchon-factories")
    for arguments in (("list",), ("show", "songchon"), ("publish", "--help")):
        assert not list_modules(record, *arguments) & {"jinja2", "markupsafe"}


def test_show_in_a_pipe_loads_neither_rich_nor_sqlite_utils(record: Path) -> None:
    assert not list_modules(record, "show", "songchon") & {"rich", "sqlite_utils"}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("list", "--help"), ("--version",), ("help", "words"), ("help", "update")],
    ids=str,
)
def test_help_loads_neither_rich_nor_the_database(record: Path, arguments: tuple[str, ...]) -> None:
    modules = list_modules(record, *arguments)
    assert not modules & {"rich", "sqlite_utils", "nkplan.store"}
    # The help of a command loads what its options need.
    assert "sqlite3" not in modules or arguments != ("--help",)


def test_a_first_run_loads_sqlite_utils(tmp_path: Path) -> None:
    assert "sqlite_utils" in list_modules(tmp_path / "new.db", "list")


@pytest.mark.parametrize(
    "arguments",
    [
        ("update", "grand-canal", "building", "--on", "2026-03", "--evidence", "authority"),
        ("update", "grand-canal", "building", "../2026-03", "--evidence", "authority"),
        ("add", "Another dam", "--kind", "other", "--on", "2026"),
        ("load", str(ROOT / "seed.json")),
        ("undo", "--dry-run"),
    ],
    ids=str,
)
def test_writing_to_an_existing_database_loads_neither_rich_nor_sqlite_utils(
    record: Path, arguments: tuple[str, ...]
) -> None:
    """Importing sqlite_utils takes as long as all of `nkplan list`."""
    run(record, "update", "grand-canal", "building", "--on", "2026-02")
    modules = list_modules(record, *arguments)
    assert "nkplan.store.transaction" in modules
    assert not modules & {"rich", "sqlite_utils", "nkplan.typed_dates"}


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
