"""What undo and redo share: asking before many rows, doing it, saying what was done."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.cli.echo import MOST_LINES, Verbs, describe_reversal, reporting_write, say
from nkplan.cli.questions import Left, confirm, is_interactive
from nkplan.cli.session import make_recorder, notice, prepare_database
from nkplan.errors import TooMany
from nkplan.layout.labels import Labels
from nkplan.queries.reader import reading
from nkplan.queries.settings import read_settings

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
) -> None:
    """Undo or redo, as `do` does, and print what that changed. Raises TooMany and Left."""
    path = prepare_database(given)
    with reading(path) as reader:
        labels = Labels(read_settings(reader).labels)
    recorder = make_recorder()
    try:
        done = do(path, targets, recorder, dry_run=dry_run, most=None if yes or dry_run else MOST_LINES)
    except TooMany as error:
        # No other program can write meanwhile if the question is asked within the transaction.
        if not is_interactive():
            raise
        notice(error.problem)
        if not confirm("Go on?", default=False):
            raise Left from None
        done = do(path, error.targets, recorder, dry_run=dry_run)
    with reporting_write(dry_run=dry_run):
        say(describe_reversal(done, labels, verbs))
    if dry_run:
        notice("dry run: nothing was recorded")
