"""The words of a record in place of this program's own, in what is drawn for people.

Data always has the program's words, so that a file means the same whatever record it comes from.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nkplan.layout.grid import Grid, Phrase, Value
from nkplan.model.vocabulary import LABELLED, LONGEST_LABEL
from nkplan.text import clean

if TYPE_CHECKING:
    # A list needs neither, and each costs a two-hundredth of its start.
    from nkplan.layout.page import Fact, Page, Section
    from nkplan.layout.report import Report


class Labels:
    """The labels of a record, by word. They are text from outside: they are cleaned and cut here."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        tidy = {word: clean(label).strip()[:LONGEST_LABEL] for word, label in (given or {}).items()}
        self._labels = {word: label for word, label in tidy.items() if label and word in LABELLED}

    def name(self, word: str) -> str:
        """Return the label of a word, in capitals where the word is; a word without a label stays."""
        label = self._labels.get(word.casefold())
        if label is None:
            return word
        return label[:1].upper() + label[1:] if word[:1].isupper() else label

    def fill(self, text: str) -> str:
        """Return a text with the labels of the words in it; only a Phrase says which parts are words."""
        if not isinstance(text, Phrase):
            return text
        return "".join(self.name(part) if is_word else part for part, is_word in text.parts)

    def fill_grid(self, grid: Grid) -> Grid:
        """Return a grid with labels in its headings and cells; rows are read only as they are asked for."""
        if not self._labels:
            return grid
        columns = tuple(column._replace(title=self.fill(column.title)) for column in grid.columns)
        of_words = frozenset(at for at, column in enumerate(columns) if column.is_word)

        def fill(row: tuple[Value, ...]) -> tuple[Value, ...]:
            return tuple(self._fill_value(value, is_word=at in of_words) for at, value in enumerate(row))

        rows: Iterable[tuple[Value, ...]] = map(fill, grid.rows)
        # Who is given rows that can be counted may count them.
        if isinstance(grid.rows, tuple):
            rows = tuple(rows)
        return Grid(
            columns, rows, None if grid.total is None else fill(grid.total), tuple(map(fill, grid.below))
        )

    def fill_report(self, report: "Report") -> "Report":
        """Return a report with labels wherever a reader sees a word."""
        return report._replace(
            title=self.fill(report.title),
            grid=self.fill_grid(report.grid),
            screen=None if report.screen is None else self.fill_grid(report.screen),
            notes=tuple(map(self.fill, report.notes)),
        )

    def fill_page(self, page: "Page") -> "Page":
        """Return a page with labels in its facts and sections."""
        return page._replace(
            facts=tuple(map(self._fill_fact, page.facts)),
            sections=tuple(map(self._fill_section, page.sections)),
        )

    def _fill_value(self, value: Value, *, is_word: bool) -> Value:
        if not isinstance(value, str):
            return value
        return self.name(value) if is_word else self.fill(value)

    def _fill_fact(self, fact: "Fact") -> "Fact":
        # The value itself stays: a link or a status is known by it.
        shown = fact.shown
        if fact.is_word and isinstance(fact.value, str):
            shown = self.name(fact.value)
        return fact._replace(title=self.fill(fact.title), shown=None if shown is None else self.fill(shown))

    def _fill_section(self, section: "Section") -> "Section":
        return section._replace(
            title=self.fill(section.title),
            grid=None if section.grid is None else self.fill_grid(section.grid),
            texts=tuple(map(self.fill, section.texts)),
        )


NO_LABELS = Labels()
"""For what keeps the program's words."""
