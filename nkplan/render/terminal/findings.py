"""Findings: under the name of each check, the rows that it found, each with its sentence."""

from collections.abc import Iterable
from itertools import groupby
from typing import TextIO

from rich.padding import Padding
from rich.text import Text

from nkplan.model.finding import Check, Finding
from nkplan.render.terminal.console import make_console
from nkplan.text import clean

_INDENT = 4


def write_findings(findings: Iterable[Finding], out: TextIO) -> None:
    """Draw findings in their order, grouped by check; draw nothing if there are none."""
    console = make_console(out)
    for number, (check, group) in enumerate(groupby(findings, key=lambda one: one.check)):
        found = list(group)
        if number:
            console.print()
        console.print(_make_heading(check, len(found)))
        for one in found:
            console.print(Padding(Text(clean(one.id), "cyan"), (0, 0, 0, _INDENT // 2)))
            console.print(Padding(Text(clean(one.what)), (0, 0, 0, _INDENT)))
            if one.others:
                # An id is broken only if it alone is wider than the screen.
                others = Text(clean("  ".join(one.others)), "dim", overflow="fold")
                console.print(Padding(others, (0, 0, 0, _INDENT)))


def _make_heading(check: Check, count: int) -> Text:
    return Text.assemble((check, "bold"), f"  {check.subject}", (f"  {count}", "bold"))
