"""What is wrong with the file, and what is inconsistent in the data.

A check is a block of sql/checks.sql with the check's name, whose rows are the findings; what no query can
judge is judged in reports/checks.py.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from nkplan.contradictions import find_contradicted
from nkplan.database import DAMAGE_ERRORS, is_of_content
from nkplan.model.finding import Check, Finding
from nkplan.model.vocabulary import Status
from nkplan.outlines import load_geometry, read_geometry
from nkplan.queries.missing import count_named
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.reports.checks import (
    Circling,
    Location,
    Spelling,
    StoredKeys,
    StoredText,
    Within,
    compare_quotas,
    find_circles,
    find_far_places,
    find_number_circles,
    find_stale_keys,
    find_stale_names,
    find_stale_words,
    find_wrong_links,
    list_circles,
    list_number_circles,
)
from nkplan.rows.table import make_row
from nkplan.rows.vocabulary import TABLES, compare_vocabulary
from nkplan.sql.schema import INDEX_OF_WORDS, Difference

_BLOCKING = {Check.DAMAGED_FILE: "the file is damaged", Check.CHANGED_SCHEMA: "the schema is incomplete"}
"""The checks whose findings can stop later checks, each with the reason that those give."""

STATUSES = {
    "started": json.dumps([status for status in Status if status.is_started]),
    "steps": json.dumps([status for status in Status if status.is_step]),
    "reach": json.dumps({status: status.reach for status in Status}),
}
"""Facts about statuses that the checks need, as JSON."""


def find_inconsistencies(reader: Reader, checks: Iterable[Check], latest: date) -> Iterator[Finding]:
    """Iterate over the findings of some checks, check by check, each by id.

    `latest` is the last day on which something can have happened.

    A damaged file or an incomplete schema can make a check fail; if an earlier check has found the cause, the
    failure is a finding.
    """
    cause = ""
    for check in checks:
        found = []
        try:
            for one in _run_check(reader, check, latest):
                found.append(one)  # noqa: PERF402
        except (sqlite3.DatabaseError, *DAMAGE_ERRORS) as error:
            if check is Check.DAMAGED_FILE and is_of_content(error):
                index = reader.find_stopping_index(error)
                advice = f"drop the index {index}" if index else "restore a backup with nkplan restore"
                what = f"{error}; {advice}"
                found = found or [Finding(check, "database", (), what)]
            elif cause and is_of_content(error):
                what = f"this check cannot run while {cause} ({error})"
                found = [Finding(check, "database", (), what)]
            else:
                raise
        if found and not cause:
            cause = _BLOCKING.get(check, "")
        yield from found


def _run_check(reader: Reader, check: Check, latest: date) -> Iterator[Finding]:
    if check in _OWN:
        yield from _OWN[check](reader)
    else:
        name = f"checks.find_{check.replace('-', '_')}"
        yield from _make_findings(check, reader.fetch(name, today=latest.isoformat(), **STATUSES))


def _find_damage(reader: Reader) -> Iterator[Finding]:
    # On a read-only connection SQLite does not check the rows against their CHECK constraints.
    return _make_findings(
        Check.DAMAGED_FILE, reader.fetch_from_copy("checks.find_damaged_file", without_index=True)
    )


def _find_changed_schema(reader: Reader) -> Iterator[Finding]:
    for one in reader.compare_schema():
        yield Finding(Check.CHANGED_SCHEMA, one.name, (), _describe(one))


def _find_changed_vocabulary(reader: Reader) -> Iterator[Finding]:
    for table in TABLES:
        for word in compare_vocabulary(table, reader.fetch(f"checks.read_{table}")):
            what = f"the row {word} is not the one of this version; run nkplan check --repair"
            yield Finding(Check.CHANGED_VOCABULARY, table, (), what)


def _find_circles(reader: Reader) -> Iterator[Finding]:
    rows = reader.fetch("checks.list_circling")
    yield from find_circles(list_circles(Circling(*tuple(row)[:5]) for row in rows))
    parts = [Within(*row) for row in reader.fetch("checks.list_parts_of_numbers")]
    yield from find_number_circles(list_number_circles(parts))


def _find_stale_keys(reader: Reader) -> Iterator[Finding]:
    return find_stale_keys(StoredKeys(**dict(row)) for row in reader.fetch("checks.list_keys"))


def _find_stale_names(reader: Reader) -> Iterator[Finding]:
    return find_stale_names(Spelling(**dict(row)) for row in reader.fetch("checks.find_stale_names"))


def _find_stale_states(reader: Reader) -> Iterator[Finding]:
    yield from _make_findings(Check.STALE_STATE, reader.fetch("checks.find_stale_state"))
    rows = map(tuple, reader.fetch("questions.list_possibly_contradicted"))
    stored = {row["project"] for row in reader.fetch("questions.list_contradicted")}
    for project in sorted(stored.symmetric_difference(find_contradicted(rows))):
        what = "its claims contradict each other, and it is not stored so"
        if project in stored:
            what = "its claims do not contradict each other, and it is stored that they do"
        yield Finding(Check.STALE_STATE, project, (), f"{what}; run nkplan check --repair")


def _find_stale_search(reader: Reader) -> Iterator[Finding]:
    texts = (StoredText(**dict(row)) for row in reader.fetch("checks.list_folded_texts"))
    differing = _make_findings(Check.STALE_SEARCH, reader.fetch("checks.find_stale_search"))
    yield from sorted([*differing, *find_stale_words(texts)])
    if not _has_whole_index(reader):
        what = "the index of words does not match the texts it covers; run nkplan check --repair"
        yield Finding(Check.STALE_SEARCH, "words", (), what)


def _find_far_places(reader: Reader) -> Iterable[Finding]:
    rows = reader.fetch("checks.list_located_places")
    return sorted(find_far_places(Location(**dict(row)) for row in rows))


def _make_findings(check: Check, rows: Iterable[sqlite3.Row]) -> Iterator[Finding]:
    for row in rows:
        others = tuple(one for one in json.loads(row["others"]) if one is not None)
        yield Finding(check, row["id"], others, row["what"])


def _describe(one: Difference) -> str:
    """Say what is wrong with a part of the schema, and what to do about it."""
    if one.is_added:
        return (
            f"nkplan did not make this trigger on {one.table}, and writes nothing while it is there;"
            " drop it, as nkplan check --repair does"
        )
    if one.stored_type is None:
        what = f"the {one.type} is missing"
    elif one.stored_type == one.type:
        what = f"the {one.type} is not the one that this version creates"
    else:
        what = f"a {one.stored_type} has the name of the {one.type}"
    if not one.is_derived:
        lost = "rows" if "table" in {one.type, one.stored_type} else "the rows of its table"
        return f"{what}, and {lost} cannot be rebuilt; restore a backup with nkplan restore"
    if (one.statement or "").startswith("CREATE UNIQUE"):
        return f"{what}; run nkplan check --repair, which can create it if no row is duplicated"
    return f"{what}; run nkplan check --repair"


def _has_whole_index(reader: Reader) -> bool:
    try:
        list(reader.fetch_from_copy("checks.compare_index"))
        return not list(reader.fetch_from_copy("checks.find_wrong_rank"))
    except sqlite3.DatabaseError as error:
        # SQLite has many words for it; if it lacks a part, that is the cause.
        lacking = {one.name for one in reader.compare_schema()} & {"texts", "indexed", *INDEX_OF_WORDS}
        if lacking or not is_of_content(error):
            raise
        return False


def _find_wrong_outlines(reader: Reader) -> Iterator[Finding]:
    for row in reader.fetch("export.all_outlines"):
        try:
            read_geometry(load_geometry(row["geometry"]))
        except ValueError as error:
            advice = "correct it with nkplan load --amend, or restore a backup"
            what = f"its outline is damaged: {error}; {advice}"
            yield Finding(Check.WRONG_OUTLINE, row["place"], (), what)


def _compare_quotas(reader: Reader) -> Iterator[Finding]:
    return compare_quotas(
        list_programmes(reader),
        (make_row("projects", row) for row in reader.fetch("questions.list_cohorts")),
        count_named(reader),
    )


_OWN: Mapping[Check, Callable[[Reader], Iterable[Finding]]] = {
    Check.DAMAGED_FILE: _find_damage,
    Check.CHANGED_SCHEMA: _find_changed_schema,
    Check.CHANGED_VOCABULARY: _find_changed_vocabulary,
    Check.CIRCLE: _find_circles,
    Check.STALE_KEYS: _find_stale_keys,
    Check.STALE_NAMES: _find_stale_names,
    Check.STALE_STATE: _find_stale_states,
    Check.WRONG_LINK: lambda reader: find_wrong_links(map(tuple, reader.fetch("checks.list_links"))),
    Check.STALE_SEARCH: _find_stale_search,
    Check.FAR_AWAY: _find_far_places,
    Check.WRONG_OUTLINE: _find_wrong_outlines,
    Check.QUOTA_DIFFERS: lambda reader: sorted(_compare_quotas(reader)),
}
"""The checks that are more than a query whose rows are the findings."""
