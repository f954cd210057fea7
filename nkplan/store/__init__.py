"""Writing: the one way into the database. Every command that writes is one transaction in here.

`create_database` makes the file on the first run, `record` takes in a batch, `record_lines` a long file,
`undo` takes something back.
"""

from nkplan.store.record import Move, Recorded, create_database, make_update_id, record
from nkplan.store.stream import record_lines
from nkplan.store.undo import Change, Undone, undo

__all__ = [
    "Change",
    "Move",
    "Recorded",
    "Undone",
    "create_database",
    "make_update_id",
    "record",
    "record_lines",
    "undo",
]
