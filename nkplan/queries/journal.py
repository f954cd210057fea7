"""What the journal of changes says."""

from nkplan.queries.reader import Reader


def has_record(reader: Reader) -> bool:
    """Return whether anything was ever recorded in a database, including the record shipped with nkplan."""
    return bool(reader.fetch("journal.has_record").fetchone()["holds"])
