"""Writing: the one way into the database. Every command that writes is one transaction in here.

`create_database` makes the file on the first run, `record` takes in a batch, `undo` takes something back,
`migrate` upgrades what an older nkplan made, `repair` makes anew what follows from the rest.
"""

from nkplan.store.migrations import Migrated, migrate
from nkplan.store.record import Move, Recorded, create_database, make_update_id, record
from nkplan.store.repair import repair
from nkplan.store.undo import Change, Undone, undo

__all__ = [
    "Change", "Migrated", "Move", "Recorded", "Undone",
    "create_database", "make_update_id", "migrate", "record", "repair", "undo",
]  # fmt: skip
