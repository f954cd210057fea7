"""An option given twice and an empty argument are refused by every command, before anything else happens."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import typer
from each import for_each, sample
from program import run
from test_refusals import check_refusal

from nkplan.cli.app import COMMANDS, app
from nkplan.text import fold

Parameter = Any

REPEATABLE = {
    **{f"{command} {option}": None for command in ("list", "report", "chart", "map") for option in (
        "--kind", "--status", "--region", "--place", "--programme", "--year", "--tag")},
    "search --list": None,
    **{f"list {option}": None for option in (
        "--claimed", "--verified", "--evidence", "--publisher", "--speaker", "--author")},
    "log --author": None,
    "update --also": None,
    "update --figure": None,
    "add --figure": None,
    "tag --also": None,
    "check --only": None,
}  # fmt: skip
"""The options that may be repeated."""

VALUES = {"--format": "json", "--limit": "1", "--months": "1", "--percent": "1", "--since": "2024"}
"""What an option takes, for those that do not take every text."""

BEFORE = {
    "show": ["songchon"],
    "search": ["factory"],
    "add": ["A mill"],
    "update": ["songchon", "idle"],
    "tag": ["songchon", "followed"],
    "load": ["nothing.json"],
    "restore": ["nothing.db"],
}
"""The arguments that a command needs."""


def list_parameters() -> Iterator[tuple[str, Parameter]]:
    """Yield every parameter of every command and, for the command '', those before a command."""
    group = typer.main.get_command(app)
    context: Any = group.make_context("nkplan", [], resilient_parsing=True)
    commands: dict[str, Any] = {"": group} | {
        name: group.get_command(context, name)  # type: ignore[attr-defined]
        for name in COMMANDS
    }
    for name, command in commands.items():
        for parameter in command.get_params(context):
            yield name, parameter


def is_option(parameter: Parameter) -> bool:
    return bool(parameter.param_type_name == "option")


OPTIONS = [(command, one) for command, one in list_parameters() if is_option(one)]
SINGLE = [(command, one) for command, one in OPTIONS if not one.multiple]
TEXTS = [
    (command, one) for command, one in list_parameters() if not (is_option(one) and one.is_flag)
]  # fmt: skip


def name_option(option: Parameter) -> str:
    """Return what messages call an option: of its long forms the first, which is the present one."""
    return next(str(one) for one in option.opts if one.startswith("--"))


def name_case(value: object) -> str:
    return value if isinstance(value, str) else max(getattr(value, "opts", ["?"]), key=len)


def write_option(spelling: str, option: Parameter) -> list[str]:
    return [spelling] if option.is_flag else [spelling, VALUES.get(option.opts[0], "x")]


def test_only_these_options_can_be_repeated() -> None:
    assert {f"{command} {one.opts[0]}" for command, one in OPTIONS if one.multiple} == set(REPEATABLE)
    assert len(SINGLE) > 90


@for_each(("command", "option"), SINGLE)
def test_an_option_given_twice_is_refused_in_one_sentence(
    tmp_path: Path, command: str, option: Parameter
) -> None:
    long = name_option(option)
    for spelling in option.opts:
        for times, number in ((2, "twice"), (3, "3 times")):
            given = write_option(spelling, option) + write_option(long, option) * (times - 1)
            words = [*given, "list"] if not command else [command, *BEFORE.get(command, []), *given]
            check_refusal(run(tmp_path / "nkplan.db", *words), 2, f"{long} is given {number}; give it once")
    assert list(tmp_path.iterdir()) == []


def test_an_option_before_a_command_may_be_given_again_after_it(record: Path) -> None:
    other = str(record)
    assert run(record.with_name("none.db"), "--db", other, "list", "--db", other, "--limit", "1").code == 0


def test_repeatable_options_may_be_repeated(record: Path) -> None:
    for words in (
        ["check", "--only", "uncited-source", "--only", "uncited-source"],
        [
            "update",
            "songchon",
            "idle",
            "--also",
            "hamju",
            "--also",
            "kusong-factories",
            "--on",
            "2026",
            "--dry-run",
        ],
    ):
        assert run(record, *words).code in {0, 1}, words


@for_each(
    ("command", "parameter", "empty"),
    sample((*one, empty) for one, empty in product(TEXTS, ["", " ", "\t"])),
)
def test_an_empty_text_is_refused_in_one_sentence(
    record: Path, command: str, parameter: Parameter, empty: str
) -> None:
    """So it never matches everything, or the only thing there is: `undo ""` would retract an only update."""
    before = record.read_bytes()
    if is_option(parameter):
        name = name_option(parameter)
        words = [name, empty, "list"] if not command else [command, *BEFORE.get(command, []), name, empty]
    else:
        name = re.sub(r"[\[\].]", "", parameter.human_readable_name)
        others = BEFORE.get(command, [])
        words = [command, *(empty if at == 0 else one for at, one in enumerate(others or [""]))]
        if (command, name) in {("update", "STATUS|DATE|URL"), ("tag", "TAG")}:
            words = [command, "songchon", empty]
        if command in {"add", "edit"} and name == "FIELD=VALUE":
            words = [command, "grand-canal", empty]
    done = run(record, *words)
    check_refusal(done, 2, f"{name} is empty; write something")
    assert record.read_bytes() == before
    assert [path.name for path in record.parent.iterdir()] == ["nkplan.db"]


def test_an_empty_text_among_others_is_refused(record: Path) -> None:
    before = record.read_bytes()
    for words, name in (
        (["undo", "14a3d1b9dc69", ""], "CHANGE|UPDATE|PROJECT"),
        (["redo", "14a3d1b9dc69", ""], "CHANGE|UPDATE|PROJECT"),
        (["edit", "grand-canal", "note=x", ""], "FIELD=VALUE"),
        (["search", "factory", ""], "TEXT"),
        (["list", "--kind", "factory", "--kind", ""], "--kind"),
        (["update", "songchon", "idle", "--also", "hamju", "--also", " "], "--also"),
        (["check", "--only", "uncited-source", "--only", ""], "--only"),
    ):
        check_refusal(run(record, *words), 2, f"{name} is empty")
    assert record.read_bytes() == before


def test_an_empty_id_does_not_take_back_the_only_update(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    empty = b'{"format": "nkplan/2"}'
    assert run(db, "load", "-", "--bare", stdin=empty).code == 0
    assert run(db, "add", "A mill", "--kind", "mill", "--new-kind", "--on", "2024").code == 0
    before = db.read_bytes()
    for text in ("", "  "):
        assert run(db, "undo", text).code == 2
    assert db.read_bytes() == before


def test_help_is_printed_whatever_else_is_given(tmp_path: Path) -> None:
    done = run(tmp_path / "nkplan.db", "list", "--limit", "1", "--limit", "2", "--kind", "", "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: nkplan list" in done.out


WRITTEN = {"NAME", "--title", "--publisher", "--note", "--about"}
"""What is recorded as it is, so that signs alone are as good as any text."""

FILES = {"FILE", "--db", "--output", "--datasette", "--site"}
"""Names of files and folders, which may be signs alone."""


SIGNS = ("-", "_", "...", "\u2014", "\u00b7", "\u00d7", "\u2116", "'")


def names_something(command: str, parameter: Parameter, signs: str) -> bool:
    """Return whether signs may name something: a search finds what is written for one, x for \u00d7."""
    if command == "search" and not is_option(parameter) and fold(signs):
        return True
    return bool(
        {max(parameter.opts, key=len), parameter.human_readable_name.strip("[].")} & (WRITTEN | FILES)
    )


@for_each(
    ("command", "parameter", "signs"),
    sample((*one, signs) for one, signs in product(TEXTS, SIGNS) if not names_something(*one, signs)),
)
def test_signs_alone_name_nothing(record: Path, command: str, parameter: Parameter, signs: str) -> None:
    before = record.read_bytes()
    if is_option(parameter):
        words = [command, *BEFORE.get(command, []), max(parameter.opts, key=len), signs]
    else:
        others = BEFORE.get(command, [""])
        at = 1 if parameter.human_readable_name.strip("[].") == "STATUS" else 0
        words = [command, *others[:at], signs, *others[at + 1 :]]
    done = run(record, *words)
    assert done.code in {2, 3}, (words, done)
    check_refusal(done, done.code)
    assert done.out == ""
    assert record.read_bytes() == before


def test_a_sign_is_no_part_of_the_id_of_the_only_update(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    assert run(db, "load", "-", "--bare", stdin=b'{"format": "nkplan/1"}').code == 0
    assert run(db, "add", "A mill", "--kind", "mill", "--new-kind", "--on", "2024").code == 0
    before = db.read_bytes()
    check_refusal(run(db, "undo", "-"), 3, "there is no update '-'; write part of an id")
    assert db.read_bytes() == before
