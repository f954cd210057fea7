"""Runs the main commands with the lowest and highest versions allowed: `python3 tests/versions.py [WHEEL]`.

It does so with each CPython from 3.11 to 3.14 that the machine has, by itself or by pyenv, each time in a new
environment that has the wheel alone; without a WHEEL it builds one. A warning of Python is an error. The
script stops with exit code 1 at the first command that fails. It needs only Python and pip.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
VERSIONS = ("3.11", "3.12", "3.13", "3.14")

COMMANDS = (
    ("list",),
    ("list", "-f", "table", "--limit", "5"),
    ("show", "grand-canal"),
    ("report",),
    ("report", "pace", "-f", "md"),
    ("report", "slips", "-o", "slips.csv"),
    ("search", "canal"),
    ("add", "Dam", "--kind", "canal", "--on", "2026", "--evidence", "expert"),
    (
        "update",
        "grand-canal",
        "idle",
        "--on",
        "2026-02",
        "--source",
        "https://example.org/a",
        "--evidence",
        "press",
    ),
    ("list", "--as-of", "2025", "--known-on", "2025-06"),
    ("undo",),
    ("export", "-o", "all.jsonl"),
    ("load", "all.jsonl"),
    ("backup", "copy.db"),
    ("restore", "copy.db"),
    ("check", "--only", "damaged-file", "--only", "changed-schema", "--only", "stale-state"),
    ("check", "--only", "stale-search", "--repair"),
    ("init", "--empty", "--db", "empty.db"),
    ("help", "words"),
    ("help", "--man"),
    ("update", "--help"),
    ("--show-completion", "bash"),
)
"""A command a line, with a database that the first of them makes. All of them end with exit code 0."""


def find_pythons() -> Iterator[str]:
    """Yield the path of each supported Python that runs."""
    for version in VERSIONS:
        if (python := shutil.which(f"python{version}")) is not None:
            asked = [python, "-c", "import sys, venv; print(sys.executable)"]
            done = subprocess.run(asked, capture_output=True, text=True, check=False, env=_with_pyenv())
            if done.returncode == 0:
                yield done.stdout.strip()


def _with_pyenv() -> dict[str, str]:
    """Return the environment in which pyenv, if there is one, runs every Python that it has."""
    if shutil.which("pyenv") is None:
        return dict(os.environ)
    done = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=True)
    return os.environ | {"PYENV_VERSION": ":".join(done.stdout.split())}


def list_lowest() -> list[str]:
    """Return the requirements of the package, each with the lowest version that it allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lowest = []
    for requirement in project["dependencies"]:
        found = re.match(r"([\w-]+)>=([\d.]+)", requirement)
        assert found is not None, f"{requirement} has no lowest version"
        lowest.append(f"{found[1]}=={found[2]}")
    return lowest


def run(command: list[Any], **how: Any) -> str:
    """Run a command and return what it prints; stop the script with that if the command fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode:
        words = " ".join(map(str, command))
        sys.exit(f"{words}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return str(done.stdout)


def run_all(python: str, wheel: Path, requirements: list[str], folder: Path) -> None:
    """Install the wheel with some requirements in a new environment, and run every command there."""
    folder.mkdir()
    run([python, "-m", "venv", "--without-pip", folder / "venv"])
    installed = folder / "venv" / "bin" / "python"
    run([*PIP, "--python", installed, "install", "--quiet", wheel, *requirements])
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NKPLAN", "PYTHON"))
    }
    environment |= {"NKPLAN_DB": str(folder / "nkplan.db"), "NKPLAN_CONFIG": ""}
    environment |= {"PYTHONWARNINGS": "error", "HOME": str(folder)}
    for command in COMMANDS:
        run([installed, "-m", "nkplan", *command], cwd=folder, env=environment)
    # Completion uses what Typer does not promise to keep.
    typed = {"_NKPLAN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "nkplan show grand-"}
    offered = run([installed, "-m", "nkplan"], cwd=folder, env=environment | typed)
    if "'grand-canal:" not in offered:
        sys.exit(f"completion offers {offered!r}")
    names = ", ".join(repr(one.partition("==")[0]) for one in list_lowest())
    asked = "import sys; from importlib.metadata import version; print(sys.version.split()[0], end='')\n"
    asked += f"for name in ({names}): print(',', name, version(name), end='')"
    print(f"Python {run([installed, '-c', asked])}: {len(COMMANDS)} commands", flush=True)


def main() -> None:
    """Run the commands with every Python, and both ends of the ranges."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if len(sys.argv) > 1:
            wheel = Path(sys.argv[1]).resolve()
        else:
            run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT])
            (wheel,) = folder.glob("*.whl")
        found = list(find_pythons())
        assert found, "there is no supported Python"
        for python in found:
            for end, requirements in (("lowest", list_lowest()), ("highest", [])):
                run_all(python, wheel, requirements, folder / f"{found.index(python)}-{end}")


if __name__ == "__main__":
    main()
