"""How the columns of a list are named: by their keys or headings, in any case."""

from collections.abc import Iterable, Sequence

from nkplan.cli.synonyms import read_former
from nkplan.errors import BadInput
from nkplan.layout.grid import Column
from nkplan.layout.labels import Labels
from nkplan.text import explain_unknown


def read_columns(
    columns: Sequence[Column], names: Iterable[str], labels: Labels, where: str = "--columns"
) -> list[str]:
    """Read the columns to show and return their keys; `where` says where they are named. Raises BadInput."""
    keys = [read_column(columns, name, labels, where) for name in names if name.strip()]
    if not keys:
        known = ", ".join(column.key for column in columns)
        raise BadInput(f"{where}: it names no column; name some of {known}, separated by commas")
    return list(dict.fromkeys(keys))


def read_column(columns: Sequence[Column], name: str, labels: Labels, where: str) -> str:
    """Read a column and return its key; the record may have a label for its heading. Raises BadInput."""
    typed = read_former(_fold_key(name))
    keys = [column.key for column in columns]
    if typed in keys:
        return typed
    headings = {
        _fold_key(title): column.key
        for column in columns
        for title in (column.title, labels.fill(column.title))
    }
    if typed not in headings:
        raise BadInput(f"{where}: {explain_unknown('column', name, keys)}")
    return headings[typed]


def _fold_key(text: str) -> str:
    return text.strip().casefold().replace("-", "_").replace(" ", "_")
