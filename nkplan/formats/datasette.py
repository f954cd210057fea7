"""What Datasette shows of a database: what its tables and columns are, and queries that answer questions.

The file is JSON. Datasette 0.65 takes all of it as its metadata (`-m`); the alphas of 1.0 take the queries
from their settings (`-c`), for which the same file will do. What a table is, and the queries, are in sql/
alone: the descriptions are the comments there. What others wrote goes into texts, which Datasette escapes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TextIO

from nkplan.json_text import dump
from nkplan.sql import read_sql, read_topic


class Table(NamedTuple):
    """How a table or view is shown: the columns to count by, that to sort by, and that which names a row.

    Numbers in `units` are shown with them. What is not hidden has every column described.
    """

    facets: Sequence[str] = ()
    sort: str | None = None
    sort_desc: str | None = None
    label_column: str | None = None
    units: Mapping[str, str] = {}
    columns: Mapping[str, str] = {}
    hidden: bool = False


_HIDDEN = Table(hidden=True)

_WIDELY = {
    "id": "The name by which other rows and the commands of nkplan refer to it.",
    "folded": "The id without case and in one Unicode form, to find it by.",
    "name": "What it is called.",
    "title": "What it is called.",
    "note": "What else is to be said about it.",
    "kind": "What it is, such as a factory or a hospital.",
    "place": "Where it is.",
    "parent": "What it belongs to.",
    "year": "The year it is for.",
    "unit": "What the number counts or measures.",
    "status": "The status that this gives the project.",
    "evidence": "How it is known: the evidence class.",
    "speaker": "Who said it.",
    "source": "The document that says it.",
    "announcement": "The statement in which it was promised.",
    "project": "The programme, cohort or site that it is about.",
    "position": "Its place in the order.",
    "item": "What the number is of, such as cost or capacity.",
    "value": "The number.",
    "effective_day": "The day by which it had surely happened.",
    "known_day": "The day by which it was known.",
    "change_id": "The change that recorded the row.",
    "undone_in": "The change that took the row back; none while it counts.",
    "promised_status": "The stage that is promised, if not completion.",
}
"""Columns that mean the same wherever they are."""

_STATE = {
    "status": "The latest status, by any evidence.",
    "claimed": "The latest status by the promiser's own word.",
    "verified": "The latest status that somebody independent has seen.",
    "started": "1 if work has begun, by anybody's word.",
    "started_seen": "1 if work was seen to have begun.",
    "progress": "How far it has come, in percent.",
    "last_date": "When the latest evidence is of.",
    "last_day": "The day by which that had surely happened.",
    "updates": "How many claims there are about it.",
    "start": "When work began.",
    "start_first": "The first day on which work can have begun.",
    "start_day": "The day by which work had surely begun.",
    "opened": "When it opened.",
    "opened_first": "The first day on which it can have opened.",
    "opened_day": "The day by which it had surely opened.",
    "used": "1 if it has been in use.",
    "cancelled_day": "Since when it is cancelled, itself or what it belongs to.",
    "promised_start": "By when work was promised to begin.",
    "promised": "By when it was promised to be complete.",
    "promised_use": "By when it was promised to be in use.",
    "promised_again": "By when it was promised to be in use again.",
}

_UPDATE = {
    "id": "A UUID.",
    "event_date": "When it happened, as precisely as the source says.",
    "status": "The status that the claim gives the project, or that its count is of.",
    "percent": "How far work has come, in percent.",
    "promised": "A date by which something is promised.",
    "count": "How many have the status, if the claim counts.",
    "of": "Out of how many.",
    "bound": "Whether the count is about, at least or at most so many.",
    "withdrawn": "When the source took the claim back.",
    "withdrawn_source": "The document that says so.",
    "confidence": "How sure it is: high, medium or low.",
    "counts_as": "What it counts as: a claim of the promiser, an observation that verifies, or less.",
    "rank": "The position of the status in the usual order, if the claim sets one.",
}

_FIGURE = {
    "year": "The year that the number is for.",
    "source": "The document that says it, if another.",
}

TABLES: Mapping[str, Table] = {
    "sites": Table(
        facets=("status", "claimed", "verified", "kind", "region_name", "programme", "year"),
        sort="id",
        units={"progress": "percent"},
        columns={
            **_STATE,
            "place_name": "What the place is called.",
            "region": "The region that the place is in.",
            "region_name": "What the region is called.",
            "programme": "The programme that it belongs to.",
            "programme_name": "What the programme is called.",
            "cohort": "The year or wave of the programme that it belongs to.",
        },
    ),
    "projects": Table(
        facets=("type", "kind", "parent", "year"),
        label_column="name",
        columns={
            "type": "A programme, a cohort (a year or wave of a programme) or a site.",
            "parent": "The programme or cohort that it belongs to.",
            "model": "The project after which it is made.",
        },
    ),
    "updates": Table(
        facets=("status", "evidence", "confidence", "project"),
        sort_desc="effective_day",
        units={"percent": "percent"},
        columns=_UPDATE,
    ),
    "active_updates": Table(sort_desc="effective_day", units={"percent": "percent"}, columns=_UPDATE),
    "states": Table(facets=("status", "claimed", "verified"), units={"progress": "percent"}, columns=_STATE),
    "promises": Table(
        facets=("stage", "project"),
        sort_desc="effective_day",
        columns={
            "id": "The claim that promises it.",
            "promised": "By when it was promised.",
            "promised_last": "The last day of that date.",
            "stage": "What was promised: the start of work, the opening, the first use, or use again.",
        },
    ),
    "quotas": Table(
        facets=("kind", "per", "announcement"),
        columns={
            "id": "Derived from what makes it distinct.",
            "quantity": "The number promised.",
            "per": "Whether it is for each year or for all years together.",
            "unit": "What is counted, if not sites.",
            "label": "What the sites are called.",
            "beside": "1 if a cohort's number is not part of its programme's.",
            "within": "The programme whose number includes it.",
            "first_year": "The first year that it is for.",
            "last_year": "The last year that it is for.",
        },
    ),
    "announcements": Table(
        facets=("speaker",),
        sort_desc="effective_day",
        label_column="title",
        columns={
            "announced": "When it was said.",
            "occasion": "At what occasion.",
            "said": "What was promised.",
        },
    ),
    "announcement_details": Table(
        facets=("part",),
        columns={"part": "A term that the speaker set, or context.", "text": "A sentence."},
    ),
    "announcement_figures": Table(columns=_FIGURE),
    "update_figures": Table(columns={**_FIGURE, "update": "The claim that states it."}),
    "sources": Table(
        facets=("publisher", "evidence"),
        sort_desc="published",
        label_column="title",
        columns={
            "publisher": "Who published it.",
            "published": "When it was published.",
            "retrieved": "When it was read.",
            "url": "Where it is.",
            "evidence": "The evidence class that its claims usually have.",
            "archive": "Where a copy of it is.",
            "page": "Its address without what tells two addresses of one page apart.",
        },
    ),
    "publishers": Table(
        facets=("evidence",),
        label_column="name",
        columns={"domain": "Its website.", "evidence": "The evidence class that its claims usually have."},
    ),
    "places": Table(
        facets=("type", "region"),
        sort="id",
        label_column="name",
        units={"latitude": "degree", "longitude": "degree"},
        columns={
            "full_name": "Its name with its type, such as county.",
            "local_name": "Its name in the local script.",
            "type": "A region, city, county or the like.",
            "parent": "The place that it is in.",
            "region": "The region that it is in, or itself.",
            "latitude": "North of the equator, in degrees.",
            "longitude": "East of Greenwich, in degrees.",
            "population": "How many people live there.",
            "population_year": "The year of that number.",
        },
    ),
    "place_names": Table(
        columns={
            "name": "A spelling of its name.",
            "folded": "The spelling without case, accents, spaces and hyphens, to find it by.",
        }
    ),
    "outlines": Table(
        columns={"geometry": "Its outline, in GeoJSON.", "credit": "Whom to name for the outline."}
    ),
    "tags": Table(facets=("tag",), columns={"tag": "The mark."}),
    "identifiers": Table(
        facets=("scheme",),
        columns={"scheme": "Whose id it is.", "identifier": "The id."},
    ),
    "organisations": Table(facets=("role",), columns={"role": "What it does there, such as owner."}),
    "kinds": Table(label_column="id", columns={"id": "The kind."}),
    "statuses": Table(
        sort="rank",
        columns={
            "status": "The status.",
            "rank": "Its position in the usual order.",
            "phase": "What it says about the work: before, work, open, halted or ended.",
            "reach": "How far it shows a project to have come.",
            "event": "What happens on its day: the start of work, the opening or the first use.",
            "percent": "The progress that it implies.",
            "meaning": "What the evidence says.",
            "oc4ids": "Its code in OC4IDS.",
            "iati": "Its code in IATI.",
            "gem": "Its code in the trackers of the Global Energy Monitor.",
        },
        units={"percent": "percent"},
    ),
    "evidence_classes": Table(
        columns={
            "evidence": "The class.",
            "counts_as": "What it counts as.",
            "meaning": "How the claim is known.",
        }
    ),
    "settings": Table(columns={"id": "What is set.", "value": "What it is set to."}),
    "changes": Table(
        facets=("command", "recorded_by"),
        sort_desc="id",
        label_column="summary",
        columns={
            "id": "Its number.",
            "uuid": "Its id in every copy of the database.",
            "command": "What was done.",
            "recorded": "When it was recorded.",
            "recorded_by": "Who recorded it.",
            "summary": "What it recorded.",
            "data_set": "The data set that its file belongs to.",
            "undone_in": "The change that undid all of it.",
            "undoes": "The change that it undid.",
            "redoes": "The change that it recorded again.",
        },
    ),
    "_sqlite_migrations": _HIDDEN,
    "dates": _HIDDEN,
    "reversed_changes": _HIDDEN,
    "former_rows": _HIDDEN,
    "recorded_again": _HIDDEN,
    "former_ids": _HIDDEN,
    "texts": _HIDDEN,
    "words": _HIDDEN,
    "unfinished": _HIDDEN,
    "contradicted": _HIDDEN,
    "known_updates": _HIDDEN,
    "dated": _HIDDEN,
    "judged": _HIDDEN,
    "judged_unfinished": _HIDDEN,
    "possibly_void": _HIDDEN,
    "possibly_contradicted": _HIDDEN,
    "valid_updates": _HIDDEN,
    "moving_updates": _HIDDEN,
    "status_updates": _HIDDEN,
    "beginnings": _HIDDEN,
    "progress_updates": _HIDDEN,
    "states_of_parents": _HIDDEN,
    "searched": _HIDDEN,
    "indexed": _HIDDEN,
}
"""Every table and view of the schema.

Datasette hides no view, and with a table those whose names begin with its name.
"""

_PARAMETERS = {"history": ["project"]}
"""What a query asks for."""


class About(NamedTuple):
    """What the record says about itself: `licence` is that of its data, `credit` whom to name for them."""

    title: str | None = None
    about: str | None = None
    licence: str | None = None
    credit: str | None = None


def write_metadata(about: About, database: str, columns: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """Write the file for a database, which Datasette calls by its name without its ending.

    `columns` are those of each table and view that it has.
    """
    shown = {
        "title": about.title,
        "description": about.about,
        "license": about.licence,
        "source": about.credit,
    }
    content = {
        **_leave_out_empty(shown),
        "databases": {
            database: {
                **_leave_out_empty({"description": about.about}),
                "tables": {
                    name: _describe(name, TABLES[name], columns[name]) for name in TABLES if name in columns
                },
                "queries": dict(list_queries()),
            }
        },
    }
    out.write(f"{dump(content, indent=2)}\n")


def list_queries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the queries that answer questions, by name, as Datasette takes them."""
    for name, block in read_topic("datasette").items():
        title, _, description = _read_comment(block).partition(". ")
        sql = re.sub(r"^--.*\n", "", block, flags=re.MULTILINE).strip().removesuffix(";")
        yield (
            name,
            {
                "title": title,
                "description": description,
                **_leave_out_empty({"params": _PARAMETERS.get(name)}),
                "sql": sql,
            },
        )


def describe_columns(name: str, columns: Sequence[str]) -> dict[str, str]:
    """Return what each column of a table or view is, as far as that is said."""
    said = {**_WIDELY, **TABLES[name].columns}
    return {column: said[column] for column in columns if column in said}


@cache
def describe_tables() -> Mapping[str, str]:
    """Return what each table and view is, from the comments in the schema.

    Of a longer comment it is the first paragraph; what has none of its own shares the one before.
    """
    found: dict[str, str] = {}
    comment = ""
    for match in re.finditer(
        r"((?:^--.*\n)*)^CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (\w+)", read_sql("schema"), re.MULTILINE
    ):
        comment = match[1] or comment
        found[match[2]] = _read_comment(comment)
    return found


def _read_comment(text: str) -> str:
    """Read the comment that a text begins with, to the end of its first paragraph."""
    lines = [line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--")]
    return " ".join(lines[: lines.index("")] if "" in lines else lines)


def _describe(name: str, table: Table, columns: Sequence[str]) -> dict[str, Any]:
    described = {"description": describe_tables()[name]}
    if table.hidden:
        return {**described, "hidden": True}
    settings = table._asdict()
    return {
        **described,
        **_leave_out_empty(
            {
                "columns": describe_columns(name, columns),
                **{key: settings[key] for key in ("units", "facets", "sort", "sort_desc", "label_column")},
            }
        ),
    }


def _leave_out_empty(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if value}
