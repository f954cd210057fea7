"""How sites are counted: the headings, and the columns of the numbers."""

from typing import NamedTuple

from nkplan.layout.grid import Column
from nkplan.model.state import State


class Counts(NamedTuple):
    """Numbers of sites; `promised` is None if no number was promised."""

    promised: int | None = None
    named: int = 0
    started: int = 0
    claimed_complete: int = 0
    verified_complete: int = 0
    operating: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Add two counts; `promised` stays None only if both have none."""
        given = [one for one in (self.promised, other.promised) if one is not None]
        return Counts(
            promised=sum(given) if given else None,
            named=self.named + other.named,
            started=self.started + other.started,
            claimed_complete=self.claimed_complete + other.claimed_complete,
            verified_complete=self.verified_complete + other.verified_complete,
            operating=self.operating + other.operating,
        )


PROMISED = Column("promised", "Promised", is_number=True, blank="none", drop=10)
COUNT_COLUMNS = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("claimed_complete", "Claimed complete", is_number=True),
    Column("verified_complete", "Verified complete", is_number=True),
    Column("operating", "Operating", is_number=True),
)


def count_site(state: State, number: int = 1) -> Counts:
    """Count one site, or a number of sites in the same state, under every heading that applies."""
    return Counts(
        named=number,
        started=number * state.started,
        claimed_complete=number * (state.claimed is not None and state.claimed.is_complete),
        verified_complete=number * (state.verified is not None and state.verified.is_complete),
        operating=number * (state.status is not None and state.status.is_in_use),
    )
