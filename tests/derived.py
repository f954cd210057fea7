"""The checks of what follows from the rows on record, which no command may leave out of date."""

from nkplan.model.finding import Check

DERIVED = (
    Check.DAMAGED_FILE,
    Check.BROKEN_REFERENCE,
    Check.CIRCLE,
    Check.STALE_KEYS,
    Check.STALE_NAMES,
    Check.STALE_DAYS,
    Check.STALE_STATE,
    Check.STALE_SEARCH,
    Check.WRONG_REGION,
)
"""The checks of what is derived from the rows, and of what they name."""

CHECK_DERIVED = ("check", *(part for check in DERIVED for part in ("--only", str(check))))
"""The command that runs these."""
