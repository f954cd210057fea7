"""The application: its commands by name, each in a module of that name that is loaded when it is called."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import nkplan
from nkplan.cli.options import NoPager
from nkplan.errors import BadInput
from nkplan.text import explain_unknown

COMMANDS = {
    "list": "Sites, filtered; one line each.",
    "show": "One project, announcement, place or source, whole.",
    "report": "Progress against promises, and more questions.",
    "search": "Words in all names, notes, titles and statements.",
    "check": "What is wrong with the file or inconsistent in it.",
    "add": "A newly announced project.",
    "update": "A dated, sourced update of a project.",
    "undo": "Take back what was recorded.",
    "load": "Record a file like seed.json.",
    "export": "All that stands, as a file to load.",
    "backup": "A copy of the database.",
    "restore": "Put a backup in the database's place.",
    "help": "The manual, by topic; the help of a command.",
}
"""The commands in the order of a person's work, each with what it is for in a line."""

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(TyperGroup):
    """Builds a command only when it is called: all of them take longer than to import Typer."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:
                return None  # A shell that asks what to offer is offered nothing.
            raise BadInput(explain_unknown("command", cmd_name, list(COMMANDS)))
        module = import_module(f"nkplan.cli.commands.{cmd_name}")
        single = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
        kind = getattr(module, "Command", TyperCommand)
        single.command(cmd_name, cls=kind, context_settings=_CONTEXT)(module.run)
        return typer.main.get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    name="nkplan",
    cls=_Commands,
    help="Keeps apart what was promised, what is claimed done and what is verified, with date and source.",
    # Rich would be loaded for each --help, and takes [brackets] in it for markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_CONTEXT,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"nkplan {nkplan.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db",
            metavar="FILE",
            readable=False,
            help="The database; else NKPLAN_DB, else one in the user's data folder.",
        ),
    ] = None,
    no_pager: NoPager = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take what all commands have in common; their own options fall back on it."""
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
