"""The application that commands register with, and what holds for all of them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

import nkplan

app = typer.Typer(
    name="nkplan",
    help="Keeps apart what was promised, what is claimed done and what is verified, with date and source.",
    # Rich would be loaded for each --help, and takes [brackets] in it for markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
            "--db", metavar="FILE", help="The database; else NKPLAN_DB, else the user's data folder."
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Keep what is common to all commands."""
    context.obj = db
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
