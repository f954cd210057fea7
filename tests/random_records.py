"""Random records for property tests: small, valid, and with every field of nkplan/2 that is judged.

Days, projects and sources come from small pools, so that claims meet: on one day, about one site, of one
class. Ids are given, for the same claim may come twice.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from nkplan.dates import parse_date
from nkplan.model.vocabulary import Bound, Confidence, Evidence, Status

Row = dict[str, Any]

TODAY = date(2024, 6, 15)
"""The day on which random records are judged; all that is on record has begun by then."""

YEARS = (2020, 2021, 2022, 2023, 2024)
KINDS = ("factory", "farm")
UNITS = ("beds", "MW")
STAGES = ("groundbroken", "completed", "operating")
LISTS = ("kinds", "publishers", "places", "sources", "announcements", "projects", "quotas", "updates")


# ---- chances


def _maybe(strategy: st.SearchStrategy[Any], one_in: int = 2) -> st.SearchStrategy[Any]:
    """Draw a value, or None in all but one of so many cases."""
    return _weigh((one_in - 1, st.none()), (1, strategy))


def _weigh(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Draw from one of several strategies, each as often as its weight says (`one_of` does not)."""
    each = [strategy for weight, strategy in choices for _ in range(weight)]
    return st.integers(0, len(each) - 1).flatmap(each.__getitem__)


# ---- dates


def _write_simple(years: Sequence[int]) -> list[str]:
    return [
        *(f"{year}-{month:02}-{day:02}" for year in years for month in (1, 5, 6, 12) for day in (1, 15)),
        *(f"{year}-05-31" for year in years),
        *(f"{year}-{month:02}" for year in years for month in (1, 5, 6, 12)),
        *(f"{year}-Q{quarter}" for year in years for quarter in (1, 2, 4)),
        *(f"{year}-H{half}" for year in years for half in (1, 2)),
        *(f"{year}" for year in years),
    ]


def _is_date(written: str) -> bool:
    try:
        return parse_date(written).written == written
    except ValueError:
        return False


def _has_begun(written: str) -> bool:
    return parse_date(written).first_named_day <= TODAY


PAST = [written for written in _write_simple(YEARS) if _has_begun(written)]
"""Dates without a slash that have begun."""

COMING = _write_simple((*YEARS, 2025, 2027))


def _intervals(simple: Sequence[str]) -> list[str]:
    some = simple[::3]
    return [f"{one}/{other}" for one in some for other in some if _is_date(f"{one}/{other}") and one != other]


def _dates(simple: Sequence[str]) -> st.SearchStrategy[str]:
    """Draw a date: most without a slash, and each kind of interval."""
    plain = st.sampled_from(simple)
    return _weigh(
        (6, plain),
        (1, st.sampled_from(_intervals(simple))),
        (1, plain.map("{}/..".format)),
        (2, plain.map("../{}".format)),
    )


past_dates = _dates(PAST)
"""Dates of what has happened: events, publications, withdrawals."""

promised_dates = _dates(COMING)

days = st.sampled_from([date.fromisoformat(written) for written in COMING if len(written) == 10])
"""Days to ask for, before and after TODAY."""


# ---- rows


def _rows(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    """Draw a row; what is None is left out."""
    return st.fixed_dictionaries(fields).map(_drop_missing)


def _drop_missing(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _number(rows: Sequence[Row], prefix: str) -> list[Row]:
    return [{"id": f"{prefix}{number}", **row} for number, row in enumerate(rows, 1)]


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _named(rows: Sequence[Row], one_in: int = 2) -> st.SearchStrategy[Any]:
    """Draw the id of one of these rows, or None."""
    return _maybe(st.sampled_from(_ids(rows)), one_in) if rows else st.none()


evidence = _weigh(
    (4, st.just("promiser")), (2, st.just("imagery")), (5, st.sampled_from([*map(str, Evidence)]))
)
statuses = st.sampled_from([str(status) for status in Status])

_figures = _maybe(st.just([{"item": "cost", "value": 12.5, "unit": "million", "year": 2021}]), 8)

_sources = _rows(
    title=st.just("A report"),
    publisher=_maybe(st.just("A paper")),
    published=_maybe(past_dates),
    retrieved=_maybe(past_dates, 3),
    evidence=_maybe(evidence),
)


def _announcements(sources: Sequence[Row]) -> st.SearchStrategy[Row]:
    return _rows(
        title=st.just("A speech"),
        announced=past_dates,
        said=st.just("Something is to be built."),
        speaker=_maybe(st.just("A minister")),
        occasion=_maybe(st.just("An assembly")),
        source=_named(sources),
        figures=_figures,
    )


_places: list[Row] = [
    {"id": "north", "name": "North", "type": "region"},
    {"id": "south", "name": "South", "type": "region"},
    {"id": "north-town", "name": "Town", "type": "city", "parent": "north"},
]


@st.composite
def _projects(draw: st.DrawFn) -> list[Row]:
    """Draw programmes, their cohorts (each year once, or without a year) and sites of each, or of none."""
    kinds = st.sampled_from(KINDS)
    programmes = [
        {"id": f"programme{number}", "name": f"Programme {number}", "type": "programme", "kind": draw(kinds)}
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    cohorts = []
    for programme in programmes:
        years = draw(st.lists(_maybe(st.sampled_from(YEARS), 4), max_size=2, unique=True))
        for year in years:
            id_ = f"{programme['id']}-{year or 'wave'}"
            row = {"id": id_, "name": f"Cohort {id_}", "type": "cohort", "kind": programme["kind"]}
            cohorts.append(_drop_missing({**row, "parent": programme["id"], "year": year}))
    parents = [*_ids(cohorts), *_ids(cohorts), *_ids(programmes), None]
    dated = {row["id"] for row in cohorts if "year" in row}
    sites = [
        _drop_missing(
            {
                "id": f"site{number}",
                "name": f"Site {number}",
                "type": "site",
                "kind": draw(kinds),
                "parent": parent,
                "place": draw(_named(_places)),
                # One of a cohort of a year has no other year.
                "year": None if parent in dated else draw(_maybe(st.sampled_from(YEARS), 6)),
                "tags": draw(_maybe(st.just(["model"]), 6)),
            }
        )
        for number, parent in enumerate(draw(st.lists(st.sampled_from(parents), min_size=1, max_size=3)), 1)
    ]
    return [*programmes, *cohorts, *sites]


_both_booleans = st.tuples(st.booleans(), st.booleans())


@st.composite
def _quotas(draw: st.DrawFn, projects: Sequence[Row], announcements: Sequence[Row]) -> list[Row]:
    """Draw quotas of programmes and cohorts, and quotas with a unit of any project."""
    programmes = [row["id"] for row in projects if row["type"] == "programme"]
    quotas = []
    for number in range(draw(st.integers(0, 4))):
        project = draw(st.sampled_from(projects))
        is_site = project["type"] == "site"
        per = draw(st.sampled_from(["year", "total"]))
        years = sorted(draw(st.tuples(st.sampled_from(YEARS), st.sampled_from((*YEARS, 2026)))))
        # The number of a cohort of a year is for that year.
        has_first, has_last = (False, False) if "year" in project else draw(_both_booleans)
        # The number of a programme can only be within that of an earlier one, so there are no circles.
        outer = [id_ for id_ in programmes if project["type"] == "programme" and id_ < project["id"]]
        row = {
            "id": str(UUID(int=1000 + number)),
            "project": project["id"],
            "kind": draw(st.sampled_from([project["kind"], project["kind"], *KINDS])),
            "quantity": draw(st.integers(1, 6)),
            "per": per,
            "unit": draw(st.sampled_from(UNITS) if is_site else _maybe(st.sampled_from(UNITS), 5)),
            "label": draw(_maybe(st.just("counties"), 4)),
            "promised_status": draw(_maybe(st.sampled_from(STAGES), 4)),
            "beside": True if project["type"] == "cohort" and draw(st.booleans()) else None,
            "within": draw(_maybe(st.sampled_from(outer))) if outer else None,
            "first_year": years[0] if has_first else None,
            "last_year": years[1] if has_last else None,
            "announcement": draw(_named(announcements)),
        }
        quotas.append(_drop_missing(row))
    return quotas


_crowded_dates = st.sampled_from(["2021-06-15", "2022", "2022-05", "2022-06-01", "../2022-06-01"])
"""A few dates, so that claims of one day meet."""


def _crowd(projects: Sequence[Row]) -> list[str]:
    """Return the ids to draw from; the first site, which has most claims, comes more often."""
    sites = [row["id"] for row in projects if row["type"] == "site"]
    return [*sites[:1] * 4, *sites, *_ids(projects)]


def _updates(
    projects: Sequence[Row], sources: Sequence[Row], announcements: Sequence[Row]
) -> st.SearchStrategy[Row]:
    return _rows(
        project=st.sampled_from(_crowd(projects)),
        event_date=_weigh((2, past_dates), (1, _crowded_dates)),
        status=_weigh((9, statuses), (1, st.none())),
        percent=_maybe(st.sampled_from([0, 40, 80, 100]), 6),
        promised=_maybe(promised_dates, 3),
        promised_status=_maybe(st.sampled_from(STAGES)),
        count=_maybe(st.integers(0, 5), 8),
        of=_maybe(st.integers(0, 9), 3),
        unit=_maybe(st.sampled_from(UNITS), 3),
        bound=_maybe(st.sampled_from([str(bound) for bound in Bound]), 4),
        figures=_figures,
        speaker=_maybe(st.just("A minister"), 8),
        withdrawn=_maybe(past_dates, 8),
        withdrawn_source=_named(sources, 3),
        evidence=_weigh((1, st.none()), (4, evidence)),
        confidence=_maybe(st.sampled_from([str(confidence) for confidence in Confidence]), 3),
        source=_named(sources),
        announcement=_named(announcements, 8),
        note=_maybe(st.just("As reported."), 6),
    ).map(_make_valid)


def _counts(projects: Sequence[Row], sources: Sequence[Row]) -> st.SearchStrategy[Row]:
    """Draw an update that is only a count, most of them of what is completed."""
    return _rows(
        project=st.sampled_from(list(reversed(_ids(projects)))),
        event_date=past_dates,
        status=_weigh((2, st.just("completed")), (1, st.sampled_from(STAGES))),
        count=st.integers(0, 5),
        of=_maybe(st.integers(5, 9), 3),
        unit=_maybe(st.just(UNITS[0]), 4),
        bound=_maybe(st.sampled_from([str(bound) for bound in Bound]), 5),
        evidence=evidence,
        source=_named(sources),
    )


def _make_valid(update: Row) -> Row:
    """Leave out what makes sense only with something that is not there."""
    if "count" in update:
        update.setdefault("status", "completed")
        if update.get("of", update["count"]) < update["count"]:
            del update["of"]
    else:
        for name in ("of", "unit", "bound"):
            update.pop(name, None)
    if "promised" not in update:
        update.pop("promised_status", None)
    if "withdrawn" not in update:
        update.pop("withdrawn_source", None)
    if not update.keys() & {"status", "percent", "promised", "count", "note"}:
        update["note"] = "Nothing new."
    return update


@st.composite
def records(draw: st.DrawFn, most_updates: int = 14) -> Row:
    """Draw the content of an nkplan/2 file that loads on TODAY."""
    sources = _number(draw(st.lists(_sources, max_size=3)), "source")
    announcements = _number(draw(st.lists(_announcements(sources), max_size=2)), "speech")
    projects = draw(_projects())
    quotas = draw(_quotas(projects, announcements))
    update = _weigh((7, _updates(projects, sources, announcements)), (1, _counts(projects, sources)))
    updates = draw(st.lists(update, min_size=4, max_size=most_updates))
    settings = _drop_missing({"title": "A record", "silent_months": draw(_maybe(st.integers(1, 30)))})
    return {
        "format": "nkplan/2",
        "settings": settings,
        "kinds": list(KINDS),
        "places": _places,
        "sources": sources,
        "announcements": announcements,
        "projects": projects,
        "quotas": quotas,
        "updates": give_ids(updates),
    }


def updates(record: Row, **fixed: Any) -> st.SearchStrategy[Row]:
    """Draw one more update of a record; of the `fixed` fields those that are None are left out."""
    drawn = _updates(record["projects"], record["sources"], record["announcements"])
    id_ = str(UUID(int=1 + len(record["updates"])))
    return drawn.map(lambda row: _make_valid(_drop_missing({**row, "id": id_, **fixed})))


@st.composite
def counted_records(draw: st.DrawFn) -> Row:
    """Draw a record with counts of programmes and cohorts, and claims about the sites that they count."""
    record = draw(records(most_updates=4))
    within = {row["parent"]: row for row in record["projects"] if "parent" in row}
    owners = [row["id"] for row in record["projects"] if row["id"] in within] or [record["projects"][0]["id"]]
    sites = [row["id"] for row in record["projects"] if row["type"] == "site" and "parent" in row]
    counts = st.lists(updates(record, count=1, of=None, promised=None), max_size=6)
    claims = st.lists(updates(record, count=None, of=None, unit=None, bound=None), max_size=6)
    counted = st.sampled_from(
        ["completed", "completed", "completed", "groundbroken", "building", "announced"]
    )
    told = [
        {
            **row,
            "project": draw(st.sampled_from(owners)),
            "count": draw(st.integers(0, 2)),
            "status": draw(counted),
        }
        for row in draw(counts)
    ]
    told += [
        {**row, "project": draw(st.sampled_from(sites)), "status": draw(counted)}
        for row in (draw(claims) if sites else ())
    ]
    return {**record, "updates": give_ids([*record["updates"], *told])}


def quotas(record: Row, **fixed: Any) -> st.SearchStrategy[Row]:
    """Draw one more quota of a programme of a record that has one; `fixed` is as in `updates`."""
    programmes = [row["id"] for row in record["projects"] if row["type"] == "programme"]
    row = {
        "project": st.sampled_from(programmes),
        "kind": st.sampled_from(KINDS),
        "quantity": st.integers(1, 6),
        "per": st.sampled_from(["year", "total"]),
        "first_year": _maybe(st.just(YEARS[0])),
        "last_year": _maybe(st.just(YEARS[-1])),
    }
    id_ = str(UUID(int=2000))
    return st.fixed_dictionaries(row).map(lambda drawn: _drop_missing({**drawn, "id": id_, **fixed}))


@st.composite
def moments(draw: st.DrawFn) -> tuple[date | None, date | None]:
    """Draw the days of `--as-of` and `--known-on`, or None."""
    return draw(_maybe(days)), draw(_maybe(days))


def give_ids(updates: Sequence[Row]) -> list[Row]:
    """Give each update an id of its own, so that a claim may come twice."""
    return [{**row, "id": str(UUID(int=number))} for number, row in enumerate(updates, 1)]
