"""What the journal of changes tells."""

from nkplan.queries.reader import Reader


def holds_record(reader: Reader) -> bool:
    """Tell whether anything was ever recorded in a database, be it the record that comes with nkplan."""
    return bool(reader.fetch("journal.holds_record").fetchone()["holds"])
