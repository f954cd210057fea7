"""What to look at first, and why."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.judgement import age_in_months, find_overdue, is_silent, is_unverified
from nkplan.layout.grid import Column, Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.settings import SILENT_MONTHS
from nkplan.model.state import Site
from nkplan.reports.sites import pick_columns


class Reason(StrEnum):
    """Why a site is worth a look, by descending weight."""

    CONTRADICTED = "contradicted"
    OVERDUE = "overdue"
    UNVERIFIED = "unverified"
    SILENT = "silent"
    SINGLE_SOURCE = "single source"


_WEIGHTS = {reason: len(Reason) - at for at, reason in enumerate(Reason)}
"""The weight of each reason: 5 for a contradiction, down to 1 for a single source."""


class RankedSite(NamedTuple):
    """A site to look at: its reasons in words, and their total weight."""

    site: Site
    words: tuple[str, ...]
    weight: int


def rank_sites(
    sites: Iterable[Site],
    contradicted: frozenset[str],
    sources: Mapping[str, int],
    day: date,
    silent_months: int = SILENT_MONTHS,
) -> list[RankedSite]:
    """Sort the sites worth a look: by the weight of their reasons, then the longest silence first.

    `contradicted` are the sites with a conflict, `sources` those whose status has one source or none, with
    how many it has.
    """
    weighed = (_weigh(site, contradicted, sources, day, silent_months) for site in sites)
    ranked = [one for one in weighed if one.words]
    return sorted(ranked, key=lambda one: (-one.weight, one.site.state.last_day or date.min, one.site.id))


def _weigh(
    site: Site, contradicted: frozenset[str], sources: Mapping[str, int], day: date, silent_months: int
) -> RankedSite:
    found: dict[Reason, str] = {}
    state = site.state
    if site.id in contradicted:
        found[Reason.CONTRADICTED] = "claims contradict each other"
    if promise := find_overdue(state, day):
        late = (day - parse_date(promise.date).end).days
        found[Reason.OVERDUE] = f"{late} days past {promise.date}, to be {promise.stage}"
    if is_unverified(state):
        seen = state.verified or "nothing"
        found[Reason.UNVERIFIED] = f"{state.claimed} is claimed, {seen} verified"
    if is_silent(state, day, silent_months):
        age = age_in_months(state, day)
        found[Reason.SILENT] = "no news on record" if age is None else f"no news for {age} months"
    if (number := sources.get(site.id)) is not None:
        found[Reason.SINGLE_SOURCE] = f"{'one' if number else 'no'} source for {state.status}"
    return RankedSite(site, tuple(found.values()), sum(map(_WEIGHTS.__getitem__, found)))


_OWN = (Column("weight", "Weight", is_number=True), Column("reasons", "Reasons", wraps=True, min_width=24))
_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name", "status"),
    *_OWN,
    *pick_columns("last_evidence"),
)
_SCREEN = (*pick_columns("id"), *_OWN, *pick_columns("last_evidence"))


def make_report(
    facts: tuple[Iterable[Site], frozenset[str], Mapping[str, int]], question: Question
) -> Report:
    """List the sites that are worth a look, the highest weight first."""
    sites, contradicted, sources = facts
    ranked = rank_sites(sites, contradicted, sources, question.day, question.silent_months)
    # There can be very many: only the rows of the form that is asked for are made.
    rows = (
        (
            one.site.id,
            one.site.name,
            one.site.kind,
            one.site.place_name,
            one.site.state.status,
            one.weight,
            "; ".join(one.words),
            one.site.state.last_date,
        )
        for one in ranked
    )
    screen = ((one.site.id, one.weight, "; ".join(one.words), one.site.state.last_date) for one in ranked)
    weights = ", ".join(f"{reason} {weight}" for reason, weight in _WEIGHTS.items())
    return Report("Next", Grid(_COLUMNS, rows), Grid(_SCREEN, screen), (f"weights: {weights}",))
