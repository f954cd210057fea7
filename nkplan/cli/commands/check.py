"""`nkplan check`: damage and inconsistencies in the database, and rebuilding what can be derived."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TextIO

import typer

from nkplan.cli.completion import complete_words
from nkplan.cli.options import Db, OutputOptions, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import database_path, notice, prepare_database, read_latest_day, refuse_overwriting
from nkplan.cli.synonyms import read_former
from nkplan.errors import BadInput, Damaged
from nkplan.model.finding import Check, Finding
from nkplan.queries.checks import find_inconsistencies
from nkplan.render.formats import Format, write_grid
from nkplan.reports.checks import make_findings
from nkplan.text import explain_unknown

FOUND = 1
"""The exit code if something is found."""


@grouped
def run(
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="CHECK",
            help=f"Run only this check; may be repeated: {', '.join(Check)}.",
            autocompletion=complete_words(Check),
        ),
    ] = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="First rebuild what can be derived from the record, and change nothing else."
        ),
    ] = False,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """Find damage and inconsistencies in the database; the exit code is 1 if there are any.

    \b
    nkplan check
    nkplan check --only moved-back --only uncited-source -f csv
    nkplan check --repair
    """
    checks = _read_checks(only or [])
    latest = read_latest_day()
    format_ = pick_format(options)
    path = database_path(db)
    if repair:
        refuse_overwriting(path, options.output)
        _repair(prepare_database(db), checks)
    with open_answer(db, None, options, may_be_changed=True) as (reader, answer):
        findings = tuple(find_inconsistencies(reader, checks, latest))
        answer.write(lambda out: _write(findings, format_, out, exact=options.exact))
        number = len(findings)
        found = f"{'1 finding' if number == 1 else f'{number} findings'}" if number else "nothing found"
        answer.note(f"{found} by {'1 check' if len(checks) == 1 else f'{len(checks)} checks'} of {path}")
    if findings:
        raise typer.Exit(FOUND)


def _write(findings: Sequence[Finding], format_: Format, out: TextIO, *, exact: bool) -> None:
    if format_ is Format.TABLE:
        from nkplan.render.terminal.findings import write_findings

        write_findings(findings, out)
    else:
        write_grid(make_findings(findings), format_, out, exact=exact)


def _repair(path: Path, checks: Sequence[Check]) -> None:
    """Rebuild what can be derived, and say what was rebuilt, or why nothing was if the file is damaged."""
    from nkplan.store.repair import repair

    try:
        rebuilt = repair(path, checks)
    except Damaged as error:
        notice(str(error))
        return
    for check, number in rebuilt.items():
        notice(f"rebuilt what {check} found: {'1 finding' if number == 1 else f'{number} findings'}")
    if not rebuilt:
        notice("nothing to rebuild")


def _read_checks(texts: Sequence[str]) -> list[Check]:
    """Read the names of checks, by default all; the result is in the order of `Check`."""
    names = [str(one) for one in Check]
    wanted = set()
    for text in texts:
        name = read_former(text.strip().casefold().replace("_", "-"))
        if name not in names:
            raise BadInput(f"--only: {explain_unknown('check', text, names)}")
        wanted.add(name)
    return [one for one in Check if not wanted or one in wanted]
