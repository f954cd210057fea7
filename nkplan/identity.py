"""The ids that are derived from what a row says, so that the same claim or promise always has the same."""

import json
import uuid
from collections.abc import Sequence
from hashlib import sha1

from nkplan.model.batch import Update
from nkplan.model.promise import Quota
from nkplan.text import write_number

_UPDATE_IDS = uuid.UUID("5a3b1f0e-6d0b-5c77-9a51-0d4f6e2b8c13").bytes
_QUOTA_IDS = uuid.UUID("0f6c2f57-3f0c-5d5e-8a53-6b1d0a2c9e41").bytes
_CHANGE_IDS = uuid.UUID("b1d5a0f4-5f0b-5b0e-9d59-6c7f0f3f9a27").bytes
_ENCODE = json.JSONEncoder().encode


def derive_update_id(update: Update) -> str:
    """Return the id of a claim: always the same for the same claim from one source.

    It follows from what is claimed, of which project, when and by which source; a claim of a note alone has
    the note in it too. Evidence class, speaker, bound and confidence, and the note of another claim, change
    nothing, so that a correction of these is reported as a difference and does not become a second claim.
    """
    claim = _list_claim(update)
    further = (update.count, update.of, update.unit, update.promised_status)
    if any(part is not None for part in further):
        claim += [None if part is None else write_number(part) for part in further[:2]]
        claim += further[2:]
    elif claim[2] is claim[3] is claim[4] is None:
        claim.append(update.note)
    return _make_uuid(_UPDATE_IDS, claim)


def derive_old_update_id(update: Update) -> str:
    """Return the id that a claim has in a file in the format nkplan/1, which has fewer fields."""
    return _make_uuid(_UPDATE_IDS, _list_claim(update))


def _list_claim(update: Update) -> list[str | None]:
    percent = None if update.percent is None else f"{update.percent:g}"
    return [update.project, update.event_date, update.status, percent, update.promised, update.source]


def derive_quota_id(quota: Quota) -> str:
    """Return the id of a quota: it follows from what the number is promised for, not from the number."""
    return _make_uuid(
        _QUOTA_IDS,
        [
            quota.project,
            quota.kind,
            quota.per,
            quota.first_year,
            quota.last_year,
            quota.announcement,
            quota.unit,
            quota.promised_status,
        ],
    )


def derive_change_id(number: int, recorded: str, recorded_by: str, command: str, summary: str) -> str:
    """Return the UUID of a change that was recorded without one: the same in every copy of its database."""
    return _make_uuid(_CHANGE_IDS, [number, recorded, recorded_by, command, summary])


def _make_uuid(namespace: bytes, parts: Sequence[str | int | None]) -> str:
    """Return a version 5 UUID of a JSON list, as uuid.uuid5 does in five times the time."""
    digits = sha1(namespace + _ENCODE(parts).encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
