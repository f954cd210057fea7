"""What a site of the whole record is made from, beside what `show` reads of each thing."""

from collections.abc import Iterator
from itertools import count, islice

from nkplan.model.journal import Change
from nkplan.queries.journal import list_touched
from nkplan.queries.reader import Reader
from nkplan.reports.feed import MOST_ROWS, RecordedChange
from nkplan.reports.site import LastChange, PageRow

_AT_ONCE = 100


def list_rows(reader: Reader) -> list[PageRow]:
    """List the rows that have a page."""
    return [PageRow(*row) for row in reader.fetch_tuples("site.list_rows")]


def list_last_changes(reader: Reader) -> dict[tuple[str, str], LastChange]:
    """Return when each row last changed, by its list and key."""
    return {
        (list_, key): LastChange(own or whole, whole)
        for list_, key, own, whole in reader.fetch_tuples("site.list_last_changes")
    }


def find_beginning(reader: Reader) -> tuple[str, str]:
    """Return the UUID of the first change and its instant: what tells this record from others."""
    row = reader.fetch("site.find_first_change").fetchone()
    return row["uuid"], row["recorded"]


def list_recorded(reader: Reader) -> Iterator[RecordedChange]:
    """Iterate over the changes that are not undone, the last first."""
    for skipped in count(0, _AT_ONCE):
        rows = reader.fetch("site.list_changes_to_publish", skipped=skipped)
        some = list(islice(rows, _AT_ONCE))
        rows.close()
        for row in some:
            fields = dict(row)
            uuid = fields.pop("uuid")
            yield _read_recorded(reader, uuid, Change(**fields))
        if len(some) < _AT_ONCE:
            return


def _read_recorded(reader: Reader, uuid: str, change: Change) -> RecordedChange:
    rows = reader.fetch("site.count_active_rows_of_change", change=change.id)
    numbers = {row["list"]: row["number"] for row in rows}
    made = RecordedChange(uuid, change.recorded, change.command, numbers)
    if sum(numbers.values()) > MOST_ROWS:
        return made
    touched = list(islice(list_touched(reader, change), MOST_ROWS + 1))
    return made._replace(touched=touched) if len(touched) <= MOST_ROWS else made
