"""A page of a site, with the way to its neighbours."""

from collections.abc import Mapping

from nkplan.layout.addresses import CALENDAR, CHANGES, FEED, INDEX, name_page, relate
from nkplan.layout.grid import Grid, Value
from nkplan.layout.labels import Labels
from nkplan.layout.page import Section
from nkplan.layout.site import SitePage
from nkplan.model.settings import Settings
from nkplan.render.html.environment import draw, list_observations, render
from nkplan.reports.counting import BARS

ID_LISTS = {
    "announcements": "announcements",
    "places": "places",
    "publishers": "publishers",
    "sources": "sources",
}
"""The list in which the ids of a section are, unless they are of projects."""

_LONG = 10
"""From so many rows on a table can be sorted and searched."""
_FILTERS = ("kind", "type", "status", "claimed", "verified", "publisher", "evidence")
_NAMES = {"id": ("name", "title"), "programme": ("name",), "cohort": ("name",)}
"""Under the id of a row stands its name, so that a column of names beside it is not needed."""


class SiteWriter:
    """Writes the pages of one site: `titles` are those of the rows that have a page, by list and key.

    `base` is where the site will be, or empty.
    """

    def __init__(self, titles: Mapping[tuple[str, str], str], settings: Settings, base: str) -> None:
        self._titles, self._settings, self._base = titles, settings, base
        self._labels = Labels(settings.labels)
        self._files = {row: f"{name_page(*row)}.html" for row in titles}

    def write_page(self, one: SitePage) -> str:
        """Return a page; its links are relative, so that it can be read from a folder too."""
        here = f"{one.name}.html"

        def find_address(list_: str, id_: str) -> str | None:
            file = self._files.get((list_, id_))
            return None if file is None or file == here else relate(one.name, file)

        def find_name(list_: str, id_: str) -> str:
            return self._titles.get((list_, id_), id_)

        page = self._labels.fill_page(one.page)
        values = {
            "page": page._replace(sections=tuple(_part_rows(_name_rows(each)) for each in page.sections)),
            "site_page": one,
            "id_lists": ID_LISTS,
            "bars": BARS,
            "picture": draw,
            "long": _LONG,
            "has_long": any(map(_is_long, page.sections)),
            "filters": _FILTERS,
            "label": self._labels.name,
            "observations": list_observations(self._labels),
            "credit": self._settings.credit,
            "licence": self._settings.licence,
            "address": lambda file: relate(one.name, file),
            "canonical": f"{self._base}{here}" if self._base else None,
            "feed": FEED,
            "calendar": CALENDAR,
            "home": f"{INDEX}.html",
            "changes": f"{CHANGES}.html",
        }
        return render("site.html", values=values, find_address=find_address, find_name=find_name)


def _is_long(section: Section) -> bool:
    return section.grid is not None and section.style == "table" and len(tuple(section.grid.rows)) >= _LONG


def _part_rows(section: Section) -> Section:
    """Put the rows for which no number was promised below the sum, in which they are not; say why."""
    grid = section.grid
    keys = [] if grid is None else [column.key for column in grid.columns]
    if grid is None or grid.total is None or "promised_as" not in keys:
        return section
    at, word = keys.index("promised"), keys.index("promised_as")
    above: list[tuple[Value, ...]] = []
    below: list[tuple[Value, ...]] = []
    for row in grid.rows:
        told = row[word] if row[at] is None else row[at]
        those = below if row[word] in {"no number", "none"} else above
        those.append((*row[:at], told, *row[word + 1 :]))
    total = (*grid.total[: at + 1], *grid.total[word + 1 :])
    columns = (*grid.columns[:word], *grid.columns[word + 1 :])
    rows, rest = (above, below) if above else (below, above)
    return section._replace(grid=Grid(columns, tuple(rows), total, tuple(rest)))


def _name_rows(section: Section) -> Section:
    """Leave out of a table the names of rows whose ids are shown as their names."""
    grid = section.grid
    if grid is None or section.style != "table":
        return section
    keys = [column.key for column in grid.columns]
    pairs = ((id_, name) for id_, names in _NAMES.items() for name in names if id_ in keys and name in keys)
    if (pair := next(pairs, None)) is None:
        return section
    at, of_name = map(keys.index, pair)

    def name_row(row: tuple[Value, ...]) -> tuple[Value, ...]:
        # A row without an id has only its name.
        named = row[of_name] if row[at] is None else row[at]
        return tuple(named if to == at else value for to, value in enumerate(row) if to != of_name)

    columns = list(grid.columns)
    columns[at] = columns[at]._replace(title=columns[of_name].title)
    del columns[of_name]
    return section._replace(
        grid=Grid(
            tuple(columns),
            tuple(map(name_row, grid.rows)),
            None if grid.total is None else name_row(grid.total),
            tuple(map(name_row, grid.below)),
        )
    )
