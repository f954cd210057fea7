"""The application: its commands by name, each in a module of that name, loaded when the command is called."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import nkplan
from nkplan.cli.options import NoPager
from nkplan.cli.strict import StrictCommand, StrictGroup
from nkplan.errors import BadInput

COMMANDS = {
    "list": "List sites, announcements, promises, sources and more.",
    "show": "Show all that is known of one thing, with every source.",
    "report": "Compare progress with promises, and answer other questions.",
    "chart": "Draw what became of promises over time, as a picture.",
    "map": "Draw where sites are, and how far each has come.",
    "publish": "Make a page to send on, or a site of the whole record.",
    "search": "Search all names, notes, titles and statements.",
    "check": "Find damage and inconsistencies in the database.",
    "add": "Add a newly announced project, or another row.",
    "update": "Record a dated, sourced update of a project.",
    "undo": "Undo the last change, or what is named.",
    "redo": "Redo what was undone.",
    "log": "List who recorded what, and when.",
    "edit": "Correct any row on record, or the settings.",
    "tag": "Tag projects, to list and report what you follow.",
    "init": "Start a record of your own, or with the shipped one.",
    "load": "Load announcements, projects and updates from a file.",
    "export": "Export everything on record, in the format that load reads.",
    "backup": "Copy the database to a file.",
    "restore": "Replace the database with a backup.",
    "help": "Read the manual, by topic, or the help of a command.",
}
"""The commands in the order in which they are usually needed, each with a one-line description."""

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@cache
def build_command(name: str) -> Any:
    """Build the command of this name from the function `run` of its module."""
    module = import_module(f"nkplan.cli.commands.{name}")
    single = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    kind = getattr(module, "Command", StrictCommand)
    single.command(name, cls=kind, context_settings=_CONTEXT)(module.run)
    return typer.main.get_command(single)


class _Commands(StrictGroup):
    """Builds a command only when it is called: building all of them takes longer than importing Typer."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # Shell completion has nothing to offer for an unknown command.
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from nkplan.cli.guesses import explain_command

            raise BadInput(explain_command(args[0], args[1:], list(COMMANDS), ctx.params.get("db")))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        return build_command(cmd_name)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Offer the commands, without building each for its help, and the options."""
        from nkplan.cli.shells import offer_words

        return [*offer_words(COMMANDS, incomplete), *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    name="nkplan",
    cls=_Commands,
    help="Track announced projects: what was promised, claimed and verified, with dates and sources.",
    # Otherwise every --help loads Rich, which takes [brackets] for markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_CONTEXT,
)


@cache
def build_app() -> Any:
    """Build the application, once for all the runs of a process, as its commands are."""
    return typer.main.get_command(app)


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
            help="The database; by default that of NKPLAN_DB, of the config file, or nkplan.db in your data"
            " folder.",
        ),
    ] = None,
    no_pager: NoPager = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Read the options common to all commands; without a command, show the overview."""
    if context.invoked_subcommand is None:
        from nkplan.cli.overview import run

        run(db, no_pager=no_pager)
