"""What undo and redo share: asking before many rows, doing it, saying what was done."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.cli.echo import MOST_LINES, Verbs, describe_reversal, reporting_write, say
from nkplan.cli.questions import Left, confirm, is_interactive, keeping_typed
from nkplan.cli.session import make_recorder, notice, prepare_database
from nkplan.errors import TooMany
from nkplan.layout.labels import Labels
from nkplan.queries.reader import reading
from nkplan.queries.settings import read_settings
from nkplan.text import list_words

if TYPE_CHECKING:
    from nkplan.store.undo import Reversal


def reverse(
    do: "Callable[..., Reversal]",
    targets: Sequence[str],
    given: Path | None,
    verbs: Verbs,
    *,
    yes: bool,
    dry_run: bool,
    asks: bool = False,
) -> None:
    """Undo or redo, as `do` does, and print what that changed; it `asks` before a project goes.

    Raises TooMany and Left.
    """
    path = prepare_database(given)
    with reading(path) as reader:
        labels = Labels(read_settings(reader).labels)
    recorder = make_recorder()
    if asks and targets and is_interactive() and not (yes or dry_run):
        with keeping_typed():
            _confirm_projects(do(path, targets, recorder, dry_run=True))
    try:
        done = do(path, targets, recorder, dry_run=dry_run, most=None if yes or dry_run else MOST_LINES)
    except TooMany as error:
        # No other program can write meanwhile if the question is asked within the transaction.
        if not is_interactive():
            raise
        notice(error.problem)
        with keeping_typed():
            if not confirm("Go on?", default=False):
                raise Left from None
        done = do(path, error.targets, recorder, dry_run=dry_run)
    with reporting_write(dry_run=dry_run):
        say(describe_reversal(done, labels, verbs))
    if dry_run:
        notice("dry run: nothing was recorded")


def _confirm_projects(reversal: "Reversal") -> None:
    """Ask before a project goes with all its updates: only the last one may be meant. Raises Left."""
    projects, updates = reversal.rows.projects, reversal.numbers["updates"]
    is_many = reversal.numbers.total() > MOST_LINES  # That is asked about anyway.
    if reversal.changes or not projects or updates < 2 or is_many:
        return
    names = list_words(one.id for one in projects)
    if not confirm(f"Retract {names} with {updates} updates?", default=False):
        raise Left
