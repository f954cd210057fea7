"""The settings of the record."""

from nkplan.model.settings import REGION_LEVEL, SILENT_MONTHS, Settings
from nkplan.model.vocabulary import Setting
from nkplan.queries.reader import Reader

_LABEL = "label "
_MOST_DIGITS = 18
"""Every number of so many digits fits the integers of SQLite."""


def read_settings(reader: Reader) -> Settings:
    """Read the settings. A record of another day is read by the present ones too.

    A number that nkplan could not have recorded counts as not set.
    """
    given = {row["id"]: row["value"] for row in reader.fetch("names.list_settings")}
    return Settings(
        title=given.get(Setting.TITLE),
        about=given.get(Setting.ABOUT),
        region_level=_read_number(given.get(Setting.REGION_LEVEL)) or REGION_LEVEL,
        silent_months=_read_number(given.get(Setting.SILENT_MONTHS)) or SILENT_MONTHS,
        labels={name.removeprefix(_LABEL): value for name, value in given.items() if name.startswith(_LABEL)},
    )


def _read_number(text: str | None) -> int | None:
    """Read a whole number from 1; None if it is none."""
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if text is not None and is_number else None
