"""What an update claims and what a quota promises, in plain words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nkplan.text import write_number

if TYPE_CHECKING:  # A report of numbers needs no rows of a file.
    from nkplan.model.batch import Figure


def describe_count(shown: Mapping[str, str]) -> str:
    """Say how many of how many have a status, as in `about 106 of 278 operating`; empty without a count.

    `shown` has the fields of an update as text, empty if it has none.
    """
    if not shown["count"]:
        return ""
    of = f"of {shown['of']}" if shown["of"] else ""
    return " ".join(filter(None, [shown["bound"], shown["count"], of, shown["unit"], shown["status"]]))


def describe_promise(promised: str, stage: str | None) -> str:
    """Say for when something is promised, and which stage if it is not completion."""
    return f"promised for {promised}" + (f" ({stage})" if stage else "")


def describe_period(per: str, first: int | str | None, last: int | str | None) -> str:
    """Say for which years a number is promised: `each year, 2024 to 2026`, `in 2017`, `in all, by 2020`."""
    if per == "year" and first and first == last:
        return f"in {first}"
    whole = "each year" if per == "year" else "in all"
    if not last:
        return f"{whole}, from {first}" if first else whole
    if not first:
        return f"{whole}, {'to' if per == 'year' else 'by'} {last}"
    return f"{whole}, {first} to {last}" if first != last else f"{whole}, {first}"


def name_counted(is_one: bool, unit: str | None, label: str | None) -> str:
    """Say what a number promised counts: its unit, or what the sites are called, or else sites."""
    return unit or label or ("site" if is_one else "sites")


def describe_figure(figure: "Figure") -> str:
    """Say what a figure is, as in `cost: 12 million USD (2017)`."""
    year = f" ({figure.year})" if figure.year else ""
    source = f" [{figure.source}]" if figure.source else ""
    note = f", {figure.note}" if figure.note else ""
    return f"{figure.item}: {write_number(figure.value)} {figure.unit}{year}{note}{source}"
