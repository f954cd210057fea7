"""How far each site had come at the end of each period, and the dates it was promised for."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from nkplan.layout.picture import Meaning
from nkplan.model.filters import Filters
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries import slips
from nkplan.queries.charts.ticks import Ticks
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.reports.charts.periods import Unit
from nkplan.reports.charts.sites import Facts, Promised, find_mark, sort_key


def fetch(reader: Reader, question: Question, unit: Unit | None, most: int) -> Facts:
    """Return the sites that match, at most so many (0 for all) in the order of their opening."""
    every = sorted(list_sites(reader, question.filters), key=sort_key)
    sites = every[:most] if most else every
    if not sites:
        return Facts()
    promised = list_promised(reader, question, [(one.id, one.cohort) for one in sites])

    # Which sites are shown is decided on the last day; before it they are shown however far they had come.
    own = Filters(named=tuple(one.id for one in sites))

    def judge(reader: Reader, _: Question) -> Mapping[str, Meaning]:
        rows = reader.fetch("charts.list_marks_of_sites", own)
        return {
            row["id"]: find_mark(_read(row["claimed"]), _read(row["verified"]), row["started"])
            for row in rows
        }

    ids = json.dumps(own.named)
    earliest = reader.fetch("charts.find_first_day", projects=ids).fetchone()["day"]
    periods = Ticks(reader, question, judge).list_periods(unit, bool, earliest)
    return Facts(tuple(sites), tuple(periods), promised, len(every) - len(sites))


def _read(text: Any) -> Status | None:
    return None if text is None else Status(text)


def list_promised(
    reader: Reader, question: Question, sites: Sequence[tuple[str, str | None]]
) -> Mapping[str, tuple[Promised, ...]]:
    """Return the dates that each site, or else its cohort, was to open by, in the order of saying.

    The sites are given by their ids, each with that of its cohort.
    """
    cohorts = dict.fromkeys(cohort for _, cohort in sites if cohort is not None)
    named = Filters(named=(*(id_ for id_, _ in sites), *cohorts))
    chains: dict[str, list[Promised]] = {}
    given = [one for one in slips.fetch(reader, question._replace(filters=named)) if one.stage == "opening"]
    for project, dates in groupby(given, key=lambda one: one.project):
        chain: list[Promised] = []
        for one in dates:
            # To repeat a date is not to move it.
            if not chain or chain[-1].written != one.promised:
                chain.append(Promised(one.promised, one.said))
        chains[project] = chain
    return {id_: tuple(chains.get(id_) or chains.get(cohort or "") or ()) for id_, cohort in sites}
