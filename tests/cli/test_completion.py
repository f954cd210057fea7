"""Completion, requested through the protocols of bash, zsh and fish."""

import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
from each import for_each, sample
from program import NKPLAN, make_environment, run
from records import add_tags
from shells import complete
from test_strict import list_parameters

BASH = shutil.which("bash")


@for_each("shell", ["bash", "zsh", "fish"])
@for_each(
    ("line", "offered"),
    [
        ("nkplan show song", ["songchon-factories"]),
        ("nkplan update kus", ["kusong-factories"]),
        ("nkplan update kusong --also ham", ["hamju-factories"]),
        ("nkplan update songchon comp", ["completed"]),
        ("nkplan update songchon idle --source kcna-", ["kcna-20240529"]),
        ("nkplan list --kind hosp", ["hospital"]),
        ("nkplan list --programme 20", ["20x10"]),
        ("nkplan list --status op", ["operating"]),
        ("nkplan rep", ["report"]),
        ("nkplan report un", ["unverified"]),
        ("nkplan help jud", ["judging"]),
        ("nkplan check --only moved", ["moved-back"]),
    ],
)
def test_completion_offers_what_is_on_record(record: Path, shell: str, line: str, offered: list[str]) -> None:
    found = complete(record, shell, line)
    assert [one for one in found if one in offered] == offered
    assert all(line.rpartition(" ")[2] in one for one in found)


def test_completion_without_a_database_offers_nothing_and_creates_none(tmp_path: Path) -> None:
    assert complete(tmp_path / "new.db", "bash", "nkplan show s") == []
    assert list(tmp_path.iterdir()) == []


def test_completion_offers_nothing_from_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database" * 100, "utf-8")
    assert complete(tmp_path / "x.db", "bash", "nkplan show s") == []


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_a_real_bash_accepts_the_completion_script(record: Path) -> None:
    command = f"{NKPLAN[0]} -m nkplan"
    script = f"""
        nkplan() {{ {command} "$@"; }}
        export -f nkplan
        source <(_NKPLAN_COMPLETE=source_bash {command})
        complete -p nkplan
    """
    environment = make_environment(record)
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "-F _nkplan_completion nkplan" in done.stdout


@pytest.mark.parametrize("line", ["nkplan --db {} list --kind hosp", "nkplan list --db {} --kind hosp"])
def test_completion_reads_the_database_that_db_names_and_creates_none(record: Path, line: str) -> None:
    assert complete(record.parent / "none.db", "bash", line.format(record.name)) == ["hospital"]
    assert complete(record, "bash", line.format("none.db")) == []
    assert [path.name for path in record.parent.iterdir()] == ["nkplan.db"]


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_a_real_bash_completes_a_command_line(record: Path) -> None:
    """The script of --show-completion, in a bash that finds nkplan on its PATH, as a user's does."""
    program = record.parent / "bin" / "nkplan"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{NKPLAN[0]}" -m nkplan "$@"\n', "utf-8")
    program.chmod(0o755)
    script = """
        eval "$(nkplan --show-completion)"
        offer() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _nkplan_completion nkplan
            printf '%s\n' "${COMPREPLY[@]}"
        }
        offer nkplan show songch
        offer nkplan list --kind hosp
        offer nkplan update songchon comp
        offer nkplan list --region Jag
    """
    environment = make_environment(record, SHELL=str(BASH))
    environment["PATH"] = f"{program.parent}:{environment['PATH']}"
    done = subprocess.run(
        [str(BASH), "-c", script],
        env=environment,
        cwd=record.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["songchon-factories", "hospital", "completed", "Jagang"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("obstacle", ["home", "file", "text"])
def test_completion_that_cannot_be_installed_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, obstacle: str
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, f"/bin/{shell}"))
    home = tmp_path / "home"
    if obstacle == "home":
        home.write_text("not a folder", "utf-8")
        reason = f"{home}"
    else:
        home.mkdir()
        (home / ".config").write_text("not a folder", "utf-8")
        for name in (".bashrc", ".zshrc"):
            if obstacle == "file":
                (home / name).mkdir()
            else:
                (home / name).write_bytes(b"\xff\xfe")
        reason = "utf-8" if obstacle == "text" and shell != "fish" else str(home)
    done = run(tmp_path / "x.db", "--install-completion", HOME=str(home))
    assert (done.code, done.out) == (4, "")
    (line,) = done.err.splitlines()
    assert line.startswith("nkplan: cannot install completion: ")
    assert reason in line
    assert line.endswith("; correct that, or print the script with --show-completion and install it yourself")


def test_completion_is_installed_in_a_home_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    done = run(tmp_path / "x.db", "--install-completion")
    assert done.code == 0, done.err
    assert (tmp_path / ".bash_completions" / "nkplan.sh").exists()


SEVERAL = [
    (command, max(one.opts, key=len))
    for command, one in list_parameters()
    if str(one.metavar or "").endswith(",...") and one.name != "author"
]
"""The options that take several values separated by commas, but for authors, of which there may be one."""

NEEDED = {"search": "search factory"}


def test_these_options_take_several_values() -> None:
    filters = {"--kind", "--status", "--province", "--place", "--programme", "--year", "--tag"}
    assert set(SEVERAL) == {("search", "--list"), ("list", "--columns")} | {
        (command, option) for command in ("list", "report") for option in filters
    }


@for_each(
    ("shell", "command", "option"),
    sample((shell, *one) for shell, one in product(["bash", "zsh", "fish"], SEVERAL)),
)
def test_completion_goes_on_after_a_comma_without_the_values_already_written(
    record: Path, shell: str, command: str, option: str
) -> None:
    if option == "--tag" and not complete(record, shell, "nkplan list --tag "):
        add_tags(record)
    line = f"nkplan {NEEDED.get(command, command)} {option} "
    every = complete(record, shell, line)
    assert len(every) > 2
    first, second, *_ = every
    assert complete(record, shell, f"{line}{first},") == [f"{first},{one}" for one in every if one != first]
    after_two = complete(record, shell, f"{line}{first},{second},")
    assert after_two == [f"{first},{second},{one}" for one in every if one not in {first, second}]
    started = complete(record, shell, f"{line}{first},{second[:3]}")
    assert f"{first},{second}" in started
    assert all(one.startswith(f"{first},{second[:3]}") for one in started)


def test_completion_after_a_comma_gives_no_shell_what_it_would_run(record: Path) -> None:
    for typed in ("$(x),f", "`x`,f", "a;b,f"):
        assert complete(record, "zsh", f"nkplan list --kind {typed}") == []
