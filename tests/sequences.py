"""Batches that refer to each other's rows, to load and undo in any sequence."""

import uuid

from nkplan.model.batch import Batch, Place, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Evidence, ProjectType, QuotaPeriod, Status


def make_id(*words: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(map(str, words))))


def make_batch(number: int, wording: int) -> Batch:
    """Make one of a few batches that refer to each other's rows; `wording` changes the content of its rows.

    Batch 1 adds a source, a place and a site; each batch has updates of that site and of one of the shipped
    record, and the later batches refer to the rows of batch 1.
    """
    source = Source(
        id="source", published=("2026-02", "2026-05")[wording], evidence=list(Evidence)[wording], title="S"
    )
    place = Place(id="place", name="Place", parent=("KP-02", "KP-03")[wording])
    site = Project(
        id="new-site", name=f"Site {wording}", type=ProjectType.SITE, kind="factory", place="place", year=2030
    )
    quota = Quota(
        project="20x10", kind="hospital", quantity=wording + 1, per=QuotaPeriod.YEAR, first_year=2000 + number
    )
    updates = tuple(
        Update(
            id=make_id(number, project, event_date),
            project=project,
            event_date=event_date,
            status=list(Status)[(number * 3 + wording + len(event_date)) % len(Status)],
            percent=None if wording else 10.0 * number,
            promised=f"20{26 + number}" if project == "new-site" else None,
            source="source",
        )
        for project in ("new-site", "unsan-factories")
        for event_date in ("2026", "2026-03")
    )
    if number == 1:
        return Batch(sources=(source,), places=(place,), projects=(site,), quotas=(quota,), updates=updates)
    inner = Place(id=f"inner-{number}", name=f"Inner {number}", parent="place")
    return Batch(places=(inner,), quotas=(quota,), updates=updates)
