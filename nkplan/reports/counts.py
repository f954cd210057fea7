"""Each count on record beside the named sites of its day, and in a unit what was promised."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nkplan.layout.grid import Column, Phrase, Value, make_grid, show
from nkplan.layout.report import Report
from nkplan.model.promise import DatedQuota
from nkplan.model.question import Question
from nkplan.model.vocabulary import COMPLETION, Status
from nkplan.reports.claims import describe_count, describe_period
from nkplan.reports.counted import Count, find_mismatches


class Counted(NamedTuple):
    """The counts in the order of their days, the named sites beside each by its id, and quotas in a unit.

    Quotas are in the order in which they apply.
    """

    counts: Sequence[Count]
    named: Mapping[str, int]
    quotas: Sequence[DatedQuota] = ()


_PROJECT = Column("project", "Project")
_DATE = Column("event_date", "Date")
_EVIDENCE = Column("evidence", "Evidence", is_word=True)
_SPEAKER = Column("speaker", "Speaker", wraps=True, min_width=11, drop=1)
_PROMISED = Column("promised", "Promised", is_number=True)
_NAMED = Column("named", "Named", is_number=True)
_CONTRADICTED = Column("contradicted", "Contradicted", wraps=True, min_width=12)
_COLUMNS = (
    _PROJECT,
    Column("name", "Name"),
    _DATE,
    Column("status", "Status", is_status=True),
    Column("count", "Count", is_number=True),
    Column("of", "Of", is_number=True),
    Column("unit", "Unit"),
    Column("bound", "Bound"),
    _EVIDENCE,
    Column("confidence", "Confidence"),
    _SPEAKER,
    Column("source", "Source"),
    Column("withdrawn", "Withdrawn"),
    _PROMISED,
    Column("promised_for", "Promised for"),
    _NAMED,
    _CONTRADICTED,
    Column("announcement", "Announcement"),
    Column("id", "Update"),
    Column("note", "Note"),
)


def make_report(facts: Counted, _: Question) -> Report:
    """List the counts by project, unit and status, and numbers promised in a unit that nobody counted."""
    contradicted: defaultdict[str, list[str]] = defaultdict(list)
    for conflict in find_mismatches(facts.counts, facts.named):
        for count in conflict.counts:
            contradicted[count.id].append(conflict.mismatch)
    rows = list(_name_rows(facts, contradicted))
    screen = [row | {"said": _describe(row), "evidence": _describe_evidence(row)} for row in rows]
    shown = (
        _PROJECT,
        _DATE,
        Column("said", "Count", wraps=True, min_width=14),
        _EVIDENCE._replace(wraps=True, min_width=11),
        _SPEAKER,
        Column("source", "Source", drop=0),
        *((_PROMISED,) if any(row["promised"] for row in rows) else ()),
        _NAMED,
        *((_CONTRADICTED,) if contradicted else ()),
    )
    note = "named: sites that had the status on that day: as claimed, beside an observation as verified"
    return Report("Counts", make_grid(_COLUMNS, rows), make_grid(shown, screen), (note,))


def _name_rows(facts: Counted, contradicted: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Value]]:
    promised = {
        (one.quota.project, one.quota.unit or "", one.quota.promised_status or COMPLETION): one.quota
        for one in facts.quotas
    }
    counted: set[tuple[str, str, Status]] = set()
    keyed: list[tuple[tuple[str, str, int], dict[str, Value]]] = []
    for count in facts.counts:
        # What was promised to be at the stage that is counted, or else to be complete.
        stages = ((count.project, count.unit, one) for one in (count.status, COMPLETION) if count.unit)
        stage = next((one for one in stages if one in promised), None)
        quota = None if stage is None else promised[stage]
        counted |= set() if stage is None else {stage}
        values: dict[str, Value] = {
            "project": count.project,
            "name": count.name,
            "event_date": count.event_date,
            "status": count.status,
            "count": count.number,
            "of": count.of,
            "unit": count.unit,
            "bound": count.bound,
            "evidence": count.evidence,
            "confidence": count.confidence,
            "speaker": count.speaker,
            "source": count.source,
            "withdrawn": count.withdrawn if count.is_withdrawn else None,
            "promised": quota and quota.quantity,
            "promised_for": quota and describe_period(quota.per, quota.first_year, quota.last_year),
            "named": facts.named.get(count.id),
            "contradicted": "; ".join(contradicted.get(count.id, ())) or None,
            "announcement": count.announcement,
            "id": count.id,
            "note": count.note,
        }
        keyed.append(((count.project, count.unit or "", count.status.rank), values))
    for key, quota in promised.items():
        project, unit, _ = key
        if key not in counted:
            values = {
                "project": project,
                "unit": unit,
                "promised": quota.quantity,
                "promised_for": describe_period(quota.per, quota.first_year, quota.last_year),
                "announcement": quota.announcement,
            }
            keyed.append(((project, unit or "", -1), values))
    # Within one project, unit and status the counts stay in the order of their days.
    yield from (values for _, values in sorted(keyed, key=lambda pair: pair[0]))


def _describe(row: Mapping[str, Value]) -> str:
    """Say how many of how many have a status, or what was promised and not counted."""
    if row.get("count") is None:
        return f"{row['unit']}: no count"
    fields = ("count", "of", "unit", "bound", "status")
    return describe_count({field: show(row.get(field)) for field in fields})


def _describe_evidence(row: Mapping[str, Value]) -> Phrase:
    """Say how the count is known, and what makes it weak."""
    parts = [(str(row.get("evidence") or ""), True)]
    parts += [(", low confidence", False)] if row.get("confidence") == "low" else []
    parts += [(f", withdrawn {row['withdrawn']}", False)] if row.get("withdrawn") else []
    return Phrase(parts)
