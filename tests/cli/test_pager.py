"""Output longer than the screen goes through the user's pager, and no other output does."""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from forking import Forked
from processes import SOON, ending, read_rest, write_without_waiting
from program import NKPLAN, make_environment, run, show

from nkplan.render.terminal.height import count_lines

EVERY = ("list", "--limit", "0")
"""Longer than a screen of 20 lines."""

KEEPING = 'cat > "$0.seen"; echo "LESS is $LESS"; echo paged'
"""A pager that saves its input in a file."""


def make_pager(folder: Path, script: str, name: str = "pager") -> str:
    """Write a script to use as pager, in a folder with a space in its name, and return its command."""
    file = folder / "a folder" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)
    return f"'{file}'"


def read_seen(pager: str) -> str | None:
    """Return the input of a pager, or None if it was not started."""
    file = Path(f"{pager.strip(chr(39))}.seen")
    return file.read_text("utf-8") if file.exists() else None


@contextmanager
def at_terminal(
    db: Path, *arguments: str, height: int = 20, **environment: str
) -> Iterator[tuple[Forked, int]]:
    """Fork the program on a terminal that controls it; yield the process and the end that types keys."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", height, 80, 0, 0))
    variables = make_environment(db, TERM="xterm", **environment)
    process = Forked(arguments, variables, db.parent, [follower], has_terminal=True)
    os.close(follower)
    with ending(process):
        yield process, leader


def read_until(leader: int, text: bytes) -> bytes:
    """Read until a text has arrived, and return everything read."""
    read = b""
    while text not in read:
        read += os.read(leader, 4096)
    return read


@pytest.mark.parametrize("width", [80, 120])
def test_the_pager_gets_all_of_a_long_output_unchanged(record: Path, width: int) -> None:
    pager = make_pager(record.parent, KEEPING)
    paged = show(record, width, *EVERY, height=20, NKPLAN_PAGER=pager)
    assert paged.code == 0
    assert paged.raw.startswith(b"LESS is FRX\r\npaged\r\n")
    plain = show(record, width, *EVERY, "--no-pager", height=20)
    seen = (read_seen(pager) or "").replace("\n", "\r\n").encode()
    assert seen.count(b"\n") > 100
    assert b"\x1b[" in seen
    assert paged.raw.replace(b"LESS is FRX\r\npaged\r\n", seen) == plain.raw


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "20x10"),
        ("report", "use"),
        ("search", "factory"),
        ("export",),
        ("list", "-f", "csv"),
        ("report", "-f", "json", "-o", "-"),
    ],
    ids=" ".join,
)
def test_the_long_output_of_every_reading_command_is_paged(record: Path, arguments: tuple[str, ...]) -> None:
    pager = make_pager(record.parent, KEEPING)
    assert show(record, 100, *arguments, height=10, NKPLAN_PAGER=pager).code == 0
    seen = read_seen(pager)
    assert seen is not None
    assert seen.count("\n") >= 10
    Path(f"{pager.strip(chr(39))}.seen").unlink()
    for words in ((*arguments, "--no-pager"), ("--no-pager", *arguments)):
        assert b"paged" not in show(record, 100, *words, height=10, NKPLAN_PAGER=pager).raw
    assert read_seen(pager) is None


def test_a_paged_check_keeps_its_exit_code(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    checked = show(record, 80, "check", height=5, NKPLAN_PAGER=pager)
    assert checked.code == run(record, "check").code
    assert read_seen(pager) is not None


def test_a_short_output_starts_no_pager(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    shown = show(record, 80, "list", "songchon", height=20, NKPLAN_PAGER=pager)
    assert "songchon-factories" in shown.raw.decode()
    assert read_seen(pager) is None


def test_a_wrapped_line_counts_as_several(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    show(record, 400, "list", "songchon", "-f", "jsonl", height=10, NKPLAN_PAGER=pager)
    assert read_seen(pager) is None
    show(record, 20, "list", "songchon", "-f", "jsonl", height=10, NKPLAN_PAGER=pager)
    assert (read_seen(pager) or "").count("\n") == 1


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("\n", 1),
        ("x" * 20 + "\n", 1),
        ("x" * 21, 2),
        ("성" * 10, 1),
        ("성" * 11, 2),
        ("\x1b[1;32m" + "x" * 20 + "\x1b[0m\n", 1),
        ("\x1b]8;id=1;https://example.org/a/long/link\x1b\\" + "x" * 20 + "\x1b]8;;\x1b\\\n", 1),
        ("a\tb\tc", 1),
        ("a\tb\tc\td", 2),
    ],
)
def test_the_number_of_screen_lines_follows_from_the_width_in_cells(line: str, lines: int) -> None:
    assert count_lines(line, 20) == lines


@pytest.mark.parametrize("arguments", [EVERY, (*EVERY, "-o", "list.csv")], ids=" ".join)
def test_there_is_no_pager_in_a_pipe_or_with_an_output_file(record: Path, arguments: tuple[str, ...]) -> None:
    pager = make_pager(record.parent, KEEPING)
    if "-o" in arguments:
        assert show(record, 80, *arguments, height=10, NKPLAN_PAGER=pager).code == 0
        assert (record.parent / "list.csv").read_text("utf-8").startswith("id,")
    else:
        assert run(record, *arguments, NKPLAN_PAGER=pager).out.startswith("id\t")
    assert read_seen(pager) is None


def test_there_is_no_pager_if_stdin_is_not_a_terminal(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 80, 0, 0))
    process = subprocess.Popen(
        [*NKPLAN, *EVERY],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        env=make_environment(record, NKPLAN_PAGER=pager),
    )
    os.close(follower)
    assert b"grand-canal" in read_rest(leader)
    assert process.wait(SOON) == 0
    assert read_seen(pager) is None


def test_nkplan_pager_overrides_pager(record: Path) -> None:
    own = make_pager(record.parent, KEEPING, "own")
    common = make_pager(record.parent, KEEPING, "common")
    show(record, 80, *EVERY, height=20, NKPLAN_PAGER=own, PAGER=common)
    assert (read_seen(own) is None, read_seen(common) is None) == (False, True)
    show(record, 80, *EVERY, height=20, PAGER=common)
    assert read_seen(common) is not None


@pytest.mark.parametrize("none", ["", " ", "cat"])
def test_an_empty_pager_or_cat_means_no_pager(record: Path, none: str) -> None:
    common = make_pager(record.parent, KEEPING)
    plain = show(record, 80, *EVERY, "--no-pager", height=20)
    assert show(record, 80, *EVERY, height=20, NKPLAN_PAGER=none, PAGER=common).raw == plain.raw
    assert show(record, 80, *EVERY, height=20, PAGER=none).raw == plain.raw
    assert read_seen(common) is None


def test_options_for_less_that_the_user_has_set_are_kept(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    shown = show(record, 80, *EVERY, height=20, NKPLAN_PAGER=f"{pager} an option", LESS="-S")
    assert b"LESS is -S" in shown.raw


@pytest.mark.parametrize(
    ("pager", "why"),
    [
        ("nowhere/at-all -x", "No such file or directory"),
        ("'open", "No closing quotation"),
        (".", "Permission"),
    ],
)
def test_if_the_pager_cannot_start_the_output_is_printed_and_the_reason_after_it(
    record: Path, pager: str, why: str
) -> None:
    plain = show(record, 80, *EVERY, "--no-pager", height=20)
    shown = show(record, 80, *EVERY, height=20, PAGER=pager)
    assert shown.code == 0
    assert shown.raw.startswith(plain.raw)
    told = " ".join(shown.raw[len(plain.raw) :].decode().split())
    assert told.startswith(f"nkplan: PAGER: cannot start {pager}: {why}")


def test_a_missing_default_pager_is_not_reported(record: Path) -> None:
    plain = show(record, 80, *EVERY, "--no-pager", height=20)
    assert show(record, 80, *EVERY, height=20, PATH=str(record.parent)).raw == plain.raw


@pytest.mark.parametrize("script", ["head -n 1", "exec <&-; exit 3"])
def test_quitting_the_pager_early_is_not_an_error(record: Path, script: str) -> None:
    pager = make_pager(record.parent, script)
    # More than fits into a pipe, and a notice after it.
    done = show(record, 80, "export", height=20, NKPLAN_PAGER=pager)
    assert done.code == 0
    assert b"nkplan" not in done.raw.replace(b"nkplan/2", b"")


def test_notices_are_printed_after_the_pager(record: Path) -> None:
    pager = make_pager(record.parent, KEEPING)
    shown = show(record, 80, "list", "--limit", "30", height=20, NKPLAN_PAGER=pager)
    assert re.fullmatch(
        r"LESS is FRX\s+paged\s+nkplan: 30 of \d+ shown; --limit 0 for all\s+",
        shown.raw.decode(),
    )
    assert "nkplan: " not in (read_seen(pager) or "nkplan: ")


def test_a_paused_pager_never_blocks_writers(record: Path) -> None:
    pager = make_pager(record.parent, "echo paused; read key < /dev/tty; exec cat")
    with at_terminal(record, "export", NKPLAN_PAGER=pager) as (process, leader):
        read_until(leader, b"paused")
        write_without_waiting(record)
        assert process.poll() is None
        os.write(leader, b"\n")
        assert b'"format": "nkplan/2"' in read_rest(leader)
        assert process.wait(SOON) == 0


def test_ctrl_c_is_left_to_the_pager(record: Path) -> None:
    """A pager has its own use for it, such as to stop a search; nkplan waits for it and exits with 0."""
    pager = make_pager(
        record.parent, "trap 'echo caught' INT; echo ready; read key < /dev/tty; read key < /dev/tty"
    )
    with at_terminal(record, *EVERY, NKPLAN_PAGER=pager) as (process, leader):
        read_until(leader, b"ready")
        time.sleep(0.1)
        os.write(leader, b"\x03")
        read_until(leader, b"caught")
        assert process.poll() is None
        os.write(leader, b"\n\n")
        assert b"Traceback" not in read_rest(leader)
        assert process.wait(SOON) == 0


@pytest.mark.skipif(shutil.which("less") is None, reason="there is no less here")
def test_less_shows_colours_and_q_quits_it(record: Path) -> None:
    with at_terminal(record, *EVERY) as (process, leader):
        first = read_until(leader, b"cholwon-factories")
        assert b"\x1b[1m" in first
        time.sleep(0.3)
        assert process.poll() is None
        os.write(leader, b"q")
        assert b"yonthan-factories" not in read_rest(leader)
        assert process.wait(SOON) == 0
