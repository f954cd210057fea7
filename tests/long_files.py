"""JSON Lines files with any number of updates, and pipes that pause in the middle of one."""

import json
import time
from pathlib import Path

HEAD = {"format": "nkplan/2", "about": "by lines"}
SITE = {"list": "projects", "id": "new-site", "name": "New", "type": "site", "kind": "factory"}
UPDATE = {"list": "updates", "project": "new-site", "event_date": "2025-01", "status": "building"}


def make_many(path: Path, updates: int) -> Path:
    notes = "A note of some length that a source has of this event, as it was told. " * 6
    with path.open("w", encoding="utf-8") as out:
        for row in (HEAD, SITE):
            out.write(f"{json.dumps(row)}\n")
        for at in range(updates):
            out.write(
                json.dumps({**UPDATE, "percent": at % 100, "note": f"{at} {notes}", "id": f"{at:032x}"})
            )
            out.write("\n")
    return path


def feed(content: bytes, pipe: Path) -> None:
    half = len(content) // 2
    with pipe.open("wb") as opened:
        opened.write(content[:half])
        opened.flush()
        time.sleep(1.3)
        opened.write(content[half:])
