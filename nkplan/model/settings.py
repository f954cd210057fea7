"""The settings of a record: what it is called, and what it says of itself that answers depend on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

REGION_LEVEL = 1
"""The level of places that are regions, if a record does not set one: the outermost."""

SILENT_MONTHS = 24
"""After this many months without news a project is silent, if a record does not set another number.

The Global Energy Monitor calls a project shelved after as many.
"""

LABEL = "label "
"""What the id of a setting begins with that is the record's own word for the word that follows."""


class Settings(NamedTuple):
    """The settings, each with what holds if the record does not set it.

    `licence` is that of the data, `credit` whom to name where they are shown. `labels` has the record's own
    word for a word of this program: an evidence class, or `region`.
    """

    title: str | None = None
    about: str | None = None
    licence: str | None = None
    credit: str | None = None
    region_level: int = REGION_LEVEL
    silent_months: int = SILENT_MONTHS
    labels: Mapping[str, str] = MappingProxyType({})
