"""`nkplan help` prints the manual: formatted on a terminal, as Markdown in a pipe."""

from pathlib import Path

import pytest
from program import run, show

from nkplan.cli.app import COMMANDS
from nkplan.manual import TOPICS, read_topic


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_in_a_pipe_is_its_markdown(tmp_path: Path, topic: str) -> None:
    done = run(tmp_path / "nkplan.db", "help", topic)
    text = read_topic(topic)
    if topic == "config":  # It says below its title what is so here.
        text = text.replace("\n\n", "\n\nNKPLAN_CONFIG is empty, so no config file is used.\n\n", 1)
    assert (done.code, done.out, done.err) == (0, text, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("topic", "width"), [*((topic, 80) for topic in TOPICS), ("words", 120)])
def test_a_topic_on_a_terminal_is_formatted_to_fit_its_width(tmp_path: Path, topic: str, width: int) -> None:
    shown = show(tmp_path / "nkplan.db", width, "help", topic, height=2000, NKPLAN_PAGER="cat")
    text = "\n".join(shown.lines)
    assert shown.code == 0
    assert shown.lines[0] == read_topic(topic).splitlines()[0].removeprefix("# ")
    for mark in ("**", "```", "<!--", "|---"):
        assert mark not in text
    # A line of an example may be longer than the terminal; prose and tables never are.
    assert not [line for line in shown.lines if line.startswith((" •", "─")) and len(line) > min(width, 100)]


def test_a_topic_longer_than_the_screen_goes_through_the_pager(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    pager = "sh -c 'echo paged; cat >/dev/null'"
    assert show(db, 80, "help", "words", height=24, NKPLAN_PAGER=pager).lines == ["paged"]
    shown = show(db, 80, "help", "words", "--no-pager", height=24, NKPLAN_PAGER=pager)
    assert "paged" not in shown.lines


@pytest.mark.parametrize("command", COMMANDS)
def test_help_command_prints_the_same_as_command_help(tmp_path: Path, command: str) -> None:
    db = tmp_path / "nkplan.db"
    done = run(db, "help", command)
    assert (done.code, done.err) == (0, "")
    assert done.out == run(db, command, "--help").out


def test_help_without_a_topic_lists_all_topics_and_commands(tmp_path: Path) -> None:
    done = run(tmp_path / "nkplan.db", "help")
    assert done.code == 0
    for topic, line in TOPICS.items():
        assert f"  {topic:12}  {line}\n" in done.out
    for command in COMMANDS:
        assert command in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(("typed", "advice"), [("jugding", "did you mean judging?"), ("zzz", "choose one")])
def test_an_unknown_topic_is_refused_with_the_list_of_topics(tmp_path: Path, typed: str, advice: str) -> None:
    done = run(tmp_path / "nkplan.db", "help", typed)
    assert (done.code, done.out) == (2, "")
    first, *lines = done.err.splitlines()
    assert first.startswith(f"nkplan: the manual has no topic '{typed}'; {advice}")
    assert lines == [f"  {topic:12}  {line}" for topic, line in TOPICS.items()]


@pytest.mark.parametrize("typed", ["dates", "Date"])
def test_the_manual_says_where_dates_are_described(tmp_path: Path, typed: str) -> None:
    done = run(tmp_path / "nkplan.db", "help", typed)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"nkplan: the manual has no topic '{typed}'; it is described in words: nkplan help words\n"
    )
    assert "yesterday" in run(tmp_path / "nkplan.db", "help", "words").out
