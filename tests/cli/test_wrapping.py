"""On a terminal, sentences break between words; what a pipe gets is one line."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import run, show

from nkplan.cli.wrapping import wrap_for
from nkplan.text import count_cells


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")


WORDS = st.lists(st.text("abc성é-/", min_size=1, max_size=20), min_size=1, max_size=20)


@given(words=WORDS, indent=st.integers(0, 6))
def test_every_word_is_whole_and_no_line_is_wider_than_the_terminal(words: list[str], indent: int) -> None:
    line = " " * indent + " ".join(words)
    lines = wrap_for(Terminal(), line).split("\n")
    assert " ".join(lines).split() == words
    for one in lines:
        assert count_cells(one) <= 30 or len(one.split()) == 1
    assert [one[: indent + 2] for one in lines[1:]] == [" " * (indent + 2)] * (len(lines) - 1)


def test_a_line_that_fits_or_goes_elsewhere_stays_as_it_is() -> None:
    for line in ("", "  two  spaces ", "x" * 30, "성" * 15):
        assert wrap_for(Terminal(), line) == line
    assert wrap_for(io.StringIO(), "word " * 30) == "word " * 30


def test_a_notice_breaks_between_words_on_a_terminal_and_not_in_a_pipe(record: Path) -> None:
    arguments = ("list", "--status", "finished")
    shown = show(record, 80, *arguments)
    (sentence,) = run(record, *arguments).err.splitlines()
    assert len(shown.lines) > 1
    assert " ".join(" ".join(shown.lines).split()) == sentence
    assert max(map(len, shown.lines)) <= 80


def test_an_echo_breaks_between_words_on_a_terminal(record: Path) -> None:
    note = "Seen in use by a visitor who counted the workers at each of the gates in the morning."
    shown = show(record, 80, "update", "songchon", "--on", "2026-11-01", "--note", note)
    assert shown.code == 0
    assert max(map(len, shown.lines)) <= 80
