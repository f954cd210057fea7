"""`nkplan help`: the manual, by topic, and the help of a command."""

import textwrap
from typing import Annotated

import typer
from typer.core import TyperGroup

from nkplan.cli.app import COMMANDS
from nkplan.cli.completion import complete_words
from nkplan.cli.options import NoPager, OutputOptions
from nkplan.cli.output import delivering, is_screen, write_to_stdout
from nkplan.errors import BadInput, NkplanError, UnknownTopic
from nkplan.manual import SUBJECTS, TOPICS, read_topic
from nkplan.text import quote, suggest


def run(
    *,
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="TOPIC",
            help="A topic of the manual, or a command.",
            autocompletion=complete_words(TOPICS | COMMANDS),
            show_default=False,
        ),
    ] = None,
    man: Annotated[
        bool, typer.Option("--man", help="Print all of the manual as a man page, and no TOPIC.")
    ] = False,
    no_pager: NoPager = False,
) -> None:
    """Read the manual: a topic, or the help of a command; without TOPIC, the list of topics.

    \b
    nkplan help judging
    nkplan help update
    nkplan help formats > formats.md
    nkplan help --man > nkplan.1
    """
    if man:
        if topic is not None:
            raise BadInput(f"--man prints all of the manual; leave {topic} out")
        from nkplan.cli.man_page import make_man_page

        _print(make_man_page(context.find_root()))
    elif topic is None:
        topics = "".join(f"  {line}\n" for line in _list_topics())
        commands = textwrap.fill(", ".join(COMMANDS), 78, initial_indent="  ", subsequent_indent="  ")
        _print(f"Topics of the manual, for nkplan help TOPIC:\n{topics}\n")
        _print(f"Commands, for nkplan help COMMAND:\n{commands}\n")
    elif topic in COMMANDS:
        _print(f"{_read_command(context, topic)}\n")
    elif topic == "config":
        _show_config_topic(no_pager=no_pager)
    elif topic in TOPICS:
        _show(read_topic(topic), no_pager=no_pager)
    elif subject := SUBJECTS.get(topic.casefold()):
        problem = f"the manual has no topic {quote(topic)}"
        raise BadInput(problem, f"it is described in {subject}: nkplan help {subject}")
    else:
        near = suggest(topic, [*TOPICS, *COMMANDS])
        advice = f"did you mean {near}?" if near else "choose one of these topics, or a command"
        raise UnknownTopic(f"the manual has no topic {quote(topic)}", advice, _list_topics())


def _print(text: str) -> None:
    write_to_stdout(lambda out: out.write(text))


def _list_topics() -> list[str]:
    width = max(map(len, TOPICS))
    return [f"{name:{width}}  {line}" for name, line in TOPICS.items()]


def _read_command(context: typer.Context, name: str) -> str:
    """Return the help of a command, the same text as with its option --help."""
    parent = context.find_root()
    assert isinstance(parent.command, TyperGroup)
    command = parent.command.get_command(parent, name)
    assert command is not None
    return command.get_help(command.make_context(name, [], parent, resilient_parsing=True))


def _show_config_topic(*, no_pager: bool) -> None:
    """Show the topic of the config file, with what is so here below its title; a fault is told after it."""
    from nkplan.cli.config import describe_config

    title, text = read_topic("config").split("\n", 1)
    fault = None
    try:
        described = describe_config()
    except NkplanError as error:
        fault, described = error, "The config file cannot be used as it is; what to correct is said last.\n"
    _show(f"{title}\n\n{described}{text}", no_pager=no_pager)
    if fault is not None:
        raise fault


def _show(markdown: str, *, no_pager: bool) -> None:
    """Print a topic: drawn, and paged if it is long, on a terminal; elsewhere the Markdown itself."""
    if not is_screen(None):
        _print(markdown)
        return
    from nkplan.render.terminal.manual import write_topic

    with delivering(OutputOptions(no_pager=no_pager)) as answer:
        answer.write(lambda out: write_topic(markdown, out))
