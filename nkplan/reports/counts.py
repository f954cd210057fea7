"""The columns of counts that reports share."""

from nkplan.layout.grid import Column

COUNT_COLUMNS = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("claimed_complete", "Claimed complete", is_number=True),
    Column("verified_complete", "Verified complete", is_number=True),
    Column("operating", "Operating", is_number=True),
)
PROMISED = Column("promised", "Promised", is_number=True, blank="none", drop=10)
