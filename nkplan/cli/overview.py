"""`nkplan` alone: what was announced and what became of it, on one screen."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from nkplan.cli.options import MomentOptions, OutputOptions
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import database_path, read_moment
from nkplan.layout.labels import Labels
from nkplan.model.journal import Change
from nkplan.model.question import Question
from nkplan.queries.overview import fetch
from nkplan.queries.settings import read_settings
from nkplan.render.formats import Format, write_report
from nkplan.reports.overview import make_overview

COMMANDS = (
    ("nkplan list --unverified", "what is claimed and not confirmed"),
    ("nkplan show ID", "all that is known of one thing, with every source"),
    ("nkplan update ID STATUS LINK", "record what is new; more: nkplan --help"),
)
"""What to go on with."""


def run(db: Path | None, *, no_pager: bool) -> None:
    """Write the overview: a table in a pipe, a screen on a terminal."""
    options = OutputOptions(no_pager=no_pager)
    format_ = pick_format(options)
    moment = read_moment(MomentOptions())
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        question = Question(moment, months=settings.silent_months, silent_months=settings.silent_months)
        facts = fetch(reader, question)
        overview = make_overview(facts, question, _tell_change(facts.last_change))
        labels = Labels(settings.labels)
        if format_ is Format.TABLE:
            from nkplan.render.terminal.overview import write_overview

            answer.write(lambda out: write_overview(overview, moment, COMMANDS, out, labels))
        else:
            answer.write(lambda out: write_report(overview.report, moment, format_, out, labels))
        if not (overview.announced or overview.report.grid.rows):
            path = database_path(db)
            answer.note(f"{path} has no announcements yet; add some with `nkplan add` or `nkplan load`")


def _tell_change(change: Change | None) -> str | None:
    """Say when, by which command and by whom the record was changed, by the clock here."""
    if change is None:
        return None
    day = change.recorded[:10]
    with suppress(ValueError, OverflowError, OSError):
        day = datetime.fromisoformat(change.recorded).astimezone().date().isoformat()
    return f"{day}, {change.command} by {change.recorded_by}: {change.summary}"
