"""What was announced and promised, and what the sites of it have reached."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.programmes import list_quotas
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.promises import Announced, Owner, Promises, Reached, UnitCount


def fetch(reader: Reader, question: Question) -> Promises:
    """Return the announcements and quotas, and what became of the projects that they are about."""
    quotas = list_quotas(reader)
    announcements = _list_announced(reader)
    owners = _list_owners(
        reader,
        {one.quota.project for one in quotas}
        | {project for one in announcements for project in one.projects},
    )
    chosen = choose_projects(reader, question.filters)
    return Promises(
        announcements=announcements,
        quotas=[one for one in quotas if one.quota.project in owners],
        owners=owners,
        reached=_list_reached(reader, owners.values()),
        counts=_list_counts(reader, {one.quota.project for one in quotas if one.quota.unit is not None}),
        chosen=None if chosen is None else frozenset(json.loads(chosen)),
    )


def _list_announced(reader: Reader) -> list[Announced]:
    projects: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for row in reader.fetch("questions.list_announced_projects"):
        projects[row["announcement"]][row["project"]] = row["promised"]
    return [
        Announced(
            id=row["id"],
            title=row["title"],
            announced=row["announced"],
            speaker=row["speaker"],
            source=row["source"],
            projects=projects[row["id"]],
        )
        for row in reader.fetch("questions.list_announced")
    ]


def _list_owners(reader: Reader, projects: Collection[str]) -> dict[str, Owner]:
    return {
        row["id"]: Owner(
            id=row["id"],
            name=row["name"],
            type=row["type"],
            kind=row["kind"],
            year=row["year"],
            parents=tuple(filter(None, (row["parent"], row["grandparent"]))),
            cancelled_day=row["cancelled_day"] and date.fromisoformat(row["cancelled_day"]),
        )
        for row in reader.fetch("questions.list_owners", projects=json.dumps(sorted(projects)))
    }


def _list_reached(reader: Reader, owners: Collection[Owner]) -> Iterator[Reached]:
    """Count the sites that have come equally far; parents are looked up once for all of their sites."""
    parents = {row["id"]: row for row in reader.fetch("sites.list_parents")}
    sites = json.dumps([one.id for one in owners if one.type == "site"])
    rows = reader.fetch("questions.list_reached", sites=sites)
    rows.row_factory = None  # Plain tuples can be counted directly.
    statuses: dict[str | None, Status] = {str(one): one for one in Status}
    for (site, parent, kind, year, claimed, verified, started), number in Counter(rows).items():
        of = parents.get(parent)
        programme = of["programme"] if of else None
        yield Reached(
            number=number,
            within=tuple(dict.fromkeys(one for one in (site, parent, programme) if one is not None)),
            kind=kind,
            year=year or (of["year"] if of else None),
            started=started == 1,
            claimed=statuses.get(claimed),
            verified=statuses.get(verified),
        )


def _list_counts(reader: Reader, projects: Collection[str]) -> Iterator[UnitCount]:
    if not projects:
        return
    for row in reader.fetch("questions.list_counts_in_units", projects=json.dumps(sorted(projects))):
        yield UnitCount(
            project=row["project"],
            status=Status(row["status"]),
            number=row["count"],
            unit=row["unit"],
            event_date=row["event_date"],
            claimed=row["counts_as"] == "claim",
        )
