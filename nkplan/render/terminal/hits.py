"""Search results: a line for each, and under it the text with the search words in bold."""

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Marked
from nkplan.model.hit import Hit, SearchList
from nkplan.render.terminal.console import STYLES, make_console
from nkplan.reports.hits import cut, mark
from nkplan.text import clean
from nkplan.words import Word, make_pattern

_GAP = 2
_LEFT = max(map(len, SearchList)) + _GAP
_LONGEST = 200
_SHORTEST_TITLE = 12


def write_hits(found: Iterable[Hit], words: Sequence[Word], out: TextIO) -> None:
    """Draw search results one by one. A title is shortened if there is no room, an id never is."""
    console = make_console(out)
    pattern = make_pattern(words)
    room = console.width - _LEFT
    for one in found:
        lines = [_draw_head(one, mark(one.title, pattern), room)]
        if text := mark(one.text, pattern):
            lines.append(_draw_marked(cut(text, min(room, _LONGEST), cell_len)))
        table = Table.grid(padding=(0, _GAP, 0, 0))
        table.add_column(width=_LEFT - _GAP, no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row(Text(one.list, "dim"), Text("\n").join(lines))
        console.print(table)


def _draw_head(one: Hit, title: Marked, room: int) -> Text:
    """Draw the first line of a result: date, status, title and id."""
    head = Text()
    if one.date:
        head.append(clean(one.date)).append(" " * _GAP)
    if one.status:
        head.append(one.status, STYLES.get(one.status, "")).append(" " * _GAP)
    id_ = clean(one.id)
    if title:
        left = room - cell_len(head.plain) - cell_len(id_) - _GAP
        head.append_text(_draw_marked(cut(title, max(left, _SHORTEST_TITLE), cell_len))).append(" " * _GAP)
    return head.append(id_, Style(dim=True))


def _draw_marked(marked: Marked) -> Text:
    text = Text()
    for part, is_marked in marked.parts:
        text.append(part, "bold" if is_marked else "")
    return text
