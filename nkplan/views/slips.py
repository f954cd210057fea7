"""How often a promised date was moved, and how late it came."""

from collections.abc import Iterable

from nkplan.report.slips import Slip
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report, show_range

_ID = Column("id", "ID")
_CHAIN, _OPENED = Column("chain", "Promised for (said on, by)"), Column("opened", "Opened")
_MOVED = Column("moved", "Moved by days", is_number=True)
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("type", "Type"),
    Column("dates", "Dates", is_number=True),
    Column("first_promised", "First promised"),
    Column("first_said", "Said"),
    Column("first_source", "Source"),
    Column("latest_promised", "Latest promised"),
    _MOVED,
    _OPENED,
    Column("late_least", "Days late, least", is_number=True),
    Column("late_most", "Days late, most", is_number=True),
    Column("open_ended", "Not opened"),
    Column("ratio_least", "Taken to promised, least", is_number=True),
    Column("ratio_most", "Taken to promised, most", is_number=True),
    _CHAIN,
)
_SCREEN = (
    _ID,
    _CHAIN,
    _OPENED,
    _MOVED,
    Column("late", "Days late", is_number=True),
    Column("ratio", "Times as long", is_number=True),
)


def make_report(slips: Iterable[Slip]) -> Report:
    """Tell the chain of promised dates, the days moved and missed, and the ratio, the latest first."""
    ordered = sorted(slips, key=lambda slip: (slip.late is None, slip.late and -slip.late.most, slip.project))
    rows, screen = [], []
    for one in ordered:
        first, last = one.chain[0], one.chain[-1]
        chain = ", then ".join(
            f"{given.promised} ({given.said}, {given.evidence or 'unknown'})" for given in one.chain
        )
        late: tuple[float | None, float | None] = one.late or (None, None)
        ratio: tuple[float | None, float | None] = one.ratio or (None, None)
        rows.append(
            (
                one.project,
                one.name,
                one.type,
                len(one.chain),
                first.promised,
                first.said,
                first.source,
                last.promised,
                one.moved,
                first.opened,
                *late,
                one.is_open_ended,
                *(number and round(number, 2) for number in ratio),
                chain,
            )
        )
        screen.append(
            (
                one.project,
                chain,
                first.opened or ("not yet" if one.is_open_ended else "unknown"),
                one.moved,
                show_range(*late),
                show_range(*ratio, digits=1),
            )
        )
    notes = (
        "days late: from the end of the first promised date to the opening, or until now; below 0 is early",
        "times as long: the time taken to the time first promised, both from when that was said",
    )
    return Report("Slips", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, tuple(screen)), notes)
