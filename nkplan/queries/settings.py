"""The settings of the record."""

from nkplan.model.settings import LABEL, REGION_LEVEL, SILENT_MONTHS, Settings
from nkplan.queries.reader import Reader

_MOST = 2**63 - 1
"""The largest number that a file can set."""


def read_settings(reader: Reader) -> Settings:
    """Read the settings. A record of another day is read by the present ones too.

    A number that nkplan could not have recorded counts as not set.
    """
    given = {row["id"]: row["value"] for row in reader.fetch("sites.list_settings")}
    return Settings(
        title=given.get("title"),
        about=given.get("about"),
        licence=given.get("licence"),
        credit=given.get("credit"),
        region_level=read_number(given.get("region_level")) or REGION_LEVEL,
        silent_months=read_number(given.get("silent_months")) or SILENT_MONTHS,
        labels={name.removeprefix(LABEL): value for name, value in given.items() if name.startswith(LABEL)},
    )


def read_number(text: str | None) -> int | None:
    """Read a whole number from 1 that a file can set; None if it is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(_MOST)):
        return None
    return number if 1 <= (number := int(text)) <= _MOST else None
