"""Small records that tests load into a database of their own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from program import Done, run


def load(db: Path, **content: Any) -> Done:
    """Load a file with this content; into a new database, with nothing else in it."""
    file = json.dumps({"format": "nkplan/2", **content}).encode()
    bare = [] if db.exists() else ["--bare"]
    done = run(db, "load", *bare, "-", stdin=file)
    assert done.code == 0, done.err
    return done


def make_site(id_: str, place: str | None = None, **more: str) -> Mapping[str, str]:
    """Return a site as a file has it."""
    site = {"id": id_, "name": id_.upper(), "type": "site", "kind": "other", **more}
    return site if place is None else {**site, "place": place}
