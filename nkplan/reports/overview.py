"""What was announced and what became of it, on one screen."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.overview import Announced, Facts
from nkplan.model.question import Grouping, Question
from nkplan.reports.counting import BARS
from nkplan.reports.next import rank_sites
from nkplan.reports.progress import Progress, ProgressRow, count_progress

MOST_PROGRAMMES = 5
_MOST_TO_LOOK_AT = 2

_COLUMNS = (
    Column("programme", "Programme ID"),
    Column("name", "Programme"),
    Column("announced", "Announced"),
    Column("speaker", "By"),
    Column("announcement", "Announcement"),
    Column("promised", "Promised", is_number=True, blank="no number"),
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("complete_claimed", "Claimed", is_number=True),
    Column("complete_verified", "Verified", is_number=True),
)
_SCREEN = ("name", "announced", "promised", "complete_claimed", "complete_verified")


class Overview(NamedTuple):
    """The overview: the title of the record, announcements, the largest programmes, and lines for readers.

    Each of `lines` has a label and a text.
    """

    title: str
    announced: tuple[Announced, ...]
    number: int
    report: Report
    lines: tuple[tuple[str, str], ...]


def make_overview(facts: Facts, question: Question, changed: str | None) -> Overview:
    """Make the overview; `changed` says when and how the record was changed last."""
    progress = count_progress(facts.tallies, facts.programmes, Grouping.PROGRAMME)
    rows = _choose_largest(progress)
    values = [_name_values(row, facts.first_announced.get(str(row.id))) for row in rows]
    grid = make_grid(_COLUMNS, values)
    screen = make_grid(tuple(column for column in _COLUMNS if column.key in _SCREEN), values)
    report = Report(
        "Overview",
        grid,
        screen,
        bars=BARS,
    )
    return Overview(
        facts.title or "Announced projects",
        _choose_announced(facts, rows),
        len(facts.announced),
        report,
        (*_tell_rest(progress, rows), *_tell_changed(changed), *_tell_next(facts, question)),
    )


def _choose_largest(progress: Progress) -> list[ProgressRow]:
    """Choose the programmes of which most was promised, else most is named, each once."""
    found: dict[str, ProgressRow] = {}
    for row in progress.rows:
        # What has a number comes first.
        if row.id is not None:
            found.setdefault(row.id, row)
    order = sorted(found.values(), key=lambda row: (-(row.counts.promised or 0), -row.counts.named, row.name))
    return order[:MOST_PROGRAMMES]


def _name_values(row: ProgressRow, first: Announced | None) -> dict[str, Value]:
    return row.counts._asdict() | {
        "programme": row.id,
        "name": row.name,
        "announced": first and first.announced,
        "speaker": first and first.speaker,
        "announcement": first and first.title,
    }


def _choose_announced(facts: Facts, rows: Sequence[ProgressRow]) -> tuple[Announced, ...]:
    """Choose the announcement that began what is largest, and the last one."""
    largest = facts.first_announced.get(str(rows[0].id)) if rows else None
    chosen = [*([largest] if largest else facts.announced[:1]), *facts.announced[-1:]]
    return tuple(dict.fromkeys(chosen))


def _tell_rest(progress: Progress, rows: Sequence[ProgressRow]) -> Iterator[tuple[str, str]]:
    """Say what is not among the rows."""
    shown = {row.id for row in rows}
    others = {row.id for row in progress.rows if row.id is not None} - shown
    named = sum(row.counts.named for row in progress.rows if row not in rows)
    counted = ((len(others), "programme"), (named, "site"))
    told = [f"{number} {what}{'' if number == 1 else 's'}" for number, what in counted if number]
    if told:
        yield "Besides", f"{' and '.join(told)}: nkplan report"


def _tell_changed(changed: str | None) -> Iterator[tuple[str, str]]:
    if changed is not None:
        yield "Last change", changed


def _tell_next(facts: Facts, question: Question) -> Iterator[tuple[str, str]]:
    ranked = rank_sites(facts.sites, facts.contradicted, facts.sources, question.day, question.silent_months)
    label = "Look at"
    for one in ranked[:_MOST_TO_LOOK_AT]:
        yield label, f"{one.site.id}: {'; '.join(one.words)}"
        label = ""
