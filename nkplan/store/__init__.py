"""Writing: the one way into the database. Every command that writes is one transaction in here.

`create_database` makes the file on the first run, `record` takes in a batch, `undo` takes something back,
`migrate` upgrades what an older nkplan made, `repair` makes anew what follows from the rest. `back_up` copies
the database, and `restore` puts a copy in its place.
"""

from nkplan.store.backup import Copied, back_up, restore
from nkplan.store.migrations import Migrated, migrate
from nkplan.store.record import Move, Recorded, Tell, create_database, make_update_id, record, record_made
from nkplan.store.repair import repair
from nkplan.store.undo import Change, Undone, undo

__all__ = [
    "Change", "Copied", "Migrated", "Move", "Recorded", "Tell", "Undone",
    "back_up", "create_database", "make_update_id", "migrate", "record", "record_made",
    "repair", "restore", "undo",
]  # fmt: skip
