"""What the journal of changes says."""

from nkplan.queries.reader import Reader


def holds_record(reader: Reader) -> bool:
    """Return whether anything was ever recorded in a database, including the record shipped with nkplan."""
    return bool(reader.fetch("journal.holds_record").fetchone()["holds"])
