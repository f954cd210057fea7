"""The findings of a check."""

from collections.abc import Iterable

from nkplan.layout.grid import Column, Grid
from nkplan.model.finding import Finding

COLUMNS = (
    Column("check", "Check"),
    Column("id", "ID"),
    Column("others", "Other IDs"),
    Column("what", "What"),
)


def make_findings(findings: Iterable[Finding]) -> Grid:
    """Make the grid of findings; the other ids stand in one cell, with spaces between."""
    return Grid(COLUMNS, ((one.check, one.id, " ".join(one.others), one.what) for one in findings))
