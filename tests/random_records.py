"""Random records for property tests: small, valid, and with every field of nkplan/2 that is judged.

Days, projects and sources come from small pools, so that claims meet: on one day, about one site, of one
class. Ids are given, for the same claim may come twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import permutations, product
from typing import Any, NamedTuple
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

Chance = Callable[[float], Any]
"""What is chosen by a number from 0 to below 1; by 0, what is simplest.

The fields of a row are chosen by the bytes of one draw: a draw for each would take most of the tests' time.
"""


def _of(*values: Any) -> Chance:
    """Choose one of these values, each as often as the others."""
    return lambda number: values[int(number * len(values))]


_none = _of(None)


def _maybe(chance: Chance, one_in: int = 2) -> Chance:
    """Choose a value, or None in all but one of so many cases."""
    return _weigh((one_in - 1, _none), (1, chance))


def _weigh(*choices: tuple[int, Chance]) -> Chance:
    """Choose by one of several chances, each as often as its weight says."""
    each = [chance for weight, chance in choices for _ in range(weight)]

    def choose(number: float) -> Any:
        place, rest = divmod(number * len(each), 1)
        return each[int(place)](rest)

    return choose


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


def _dates(simple: Sequence[str]) -> Chance:
    """Choose a date: most without a slash, and each kind of interval."""
    return _weigh(
        (6, _of(*simple)),
        (1, _of(*_intervals(simple))),
        (1, _of(*map("{}/..".format, simple))),
        (2, _of(*map("../{}".format, simple))),
    )


past_dates = _dates(PAST)
"""Dates of what has happened: events, publications, withdrawals."""

promised_dates = _dates(COMING)

DAYS = [date.fromisoformat(written) for written in COMING if len(written) == len("2020-01-01")]
"""Days to ask for, before and after TODAY."""

_days = _of(*DAYS)
days = st.sampled_from(DAYS)


# ---- rows


class _Rows(NamedTuple):
    """Rows to draw, each by as many bytes.

    What is the same for all rows is made once: a strategy for the rows of each record would be checked by
    Hypothesis again and again, which would take longer than to draw from it.
    """

    size: int
    fill: Callable[[bytes], Row]

    def draw(self, draw: st.DrawFn) -> Row:
        """Draw one row."""
        return self.fill(draw(_bytes(self.size)))

    def draw_list(self, draw: st.DrawFn, fewest: int, most: int) -> list[Row]:
        """Draw several rows."""
        return list(map(self.fill, draw(_lists_of_bytes(self.size, fewest, most))))

    def map(self, change: Callable[[Row], Any]) -> st.SearchStrategy[Any]:
        """Return a strategy for rows with a change."""
        return _bytes(self.size).map(lambda drawn: change(self.fill(drawn)))


@cache
def _bytes(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


@cache
def _lists_of_bytes(size: int, fewest: int, most: int) -> st.SearchStrategy[list[bytes]]:
    return st.lists(_bytes(size), min_size=fewest, max_size=most)


_numbers = cache(st.integers)
"""Strategies for the numbers from one to another."""


def _rows(**fields: Chance) -> _Rows:
    """Return rows of which each field is drawn by two bytes; what is None is left out."""
    return _rows_of(fields)


def _form(**fields: Chance) -> Mapping[str, Chance]:
    return fields


def _rows_of(*forms: Mapping[str, Chance]) -> _Rows:
    """Return rows with the fields of one of several forms."""
    size = 2 * (1 + max(map(len, forms)))

    def fill(drawn: bytes) -> Row:
        form, *parts = (int.from_bytes(drawn[at : at + 2]) / 65536 for at in range(0, size, 2))
        fields = forms[int(form * len(forms))]
        # A form may have fewer fields than another.
        named = zip(fields.items(), parts, strict=False)
        return _drop_missing({name: choose(part) for (name, choose), part in named})

    return _Rows(size, fill)


def _drop_missing(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _number(rows: Sequence[Row], prefix: str) -> list[Row]:
    return [{"id": f"{prefix}{number}", **row} for number, row in enumerate(rows, 1)]


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _named(rows: Sequence[Row], one_in: int = 2) -> Chance:
    """Choose the id of one of these rows, or None."""
    return _maybe(_of(*_ids(rows)), one_in) if rows else _none


evidence = _weigh((4, _of("promiser")), (2, _of("imagery")), (5, _of(*map(str, Evidence))))
statuses = _of(*map(str, Status))

_figures = _maybe(_of([{"item": "cost", "value": 12.5, "unit": "million", "year": 2021}]), 8)

_sources = _rows(
    title=_of("A report"),
    publisher=_maybe(_of("A paper")),
    published=_maybe(past_dates),
    retrieved=_maybe(past_dates, 3),
    evidence=_maybe(evidence),
)


def _announcements(sources: Sequence[Row]) -> _Rows:
    return _rows(
        title=_of("A speech"),
        announced=past_dates,
        said=_of("Something is to be built."),
        speaker=_maybe(_of("A minister")),
        occasion=_maybe(_of("An assembly")),
        source=_named(sources),
        figures=_figures,
    )


_places: list[Row] = [
    {"id": "north", "name": "North", "type": "region"},
    {"id": "south", "name": "South", "type": "region"},
    {"id": "north-town", "name": "Town", "type": "city", "parent": "north"},
]


_cohort_years = _weigh(
    (3, _of(())),
    (3, _of((None,))),
    (1, _of(*((year,) for year in YEARS))),
    (3, _of(*((None, year) for year in YEARS))),
    (1, _of(*permutations(YEARS, 2))),
)
"""The years of a programme's cohorts; None is a wave."""


_programmes = _rows(kind=_of(*KINDS), years=_cohort_years)


def _projects(draw: st.DrawFn, fewest_programmes: int) -> list[Row]:
    """Draw programmes, their cohorts (each year once, or without a year) and sites of each, or of none."""
    programmes = []
    cohorts = []
    for number in range(1, draw(_numbers(fewest_programmes, 2)) + 1):
        drawn = _programmes.draw(draw)
        programme = {"id": f"programme{number}", "name": f"Programme {number}", "kind": drawn["kind"]}
        programmes.append({**programme, "type": "programme"})
        for year in drawn["years"]:
            id_ = f"{programme['id']}-{year or 'wave'}"
            row = {"id": id_, "name": f"Cohort {id_}", "type": "cohort", "kind": programme["kind"]}
            cohorts.append(_drop_missing({**row, "parent": programme["id"], "year": year}))
    site = _rows(
        kind=_of(*KINDS),
        parent=_of(*_ids(cohorts), *_ids(cohorts), *_ids(programmes), None),
        place=_named(_places),
        year=_maybe(_of(*YEARS), 6),
        tags=_maybe(_of(["model"]), 6),
    )
    sites = [
        {"id": f"site{number}", "name": f"Site {number}", "type": "site", **row}
        for number, row in enumerate(site.draw_list(draw, 1, 3), 1)
    ]
    # A site of a cohort of a year has that year.
    dated = {row["id"] for row in cohorts if "year" in row}
    for row in sites:
        if row.get("parent") in dated:
            row.pop("year", None)
    return [*programmes, *cohorts, *sites]


_spans = _of(*(sorted(years) for years in product(YEARS, (*YEARS, 2026))))
"""A first and a last year."""


def _quotas(draw: st.DrawFn, projects: Sequence[Row], announcements: Sequence[Row]) -> list[Row]:
    """Draw quotas of programmes and cohorts, and quotas with a unit of any project."""
    programmes = [row["id"] for row in projects if row["type"] == "programme"]
    quotas = []
    for number in range(draw(_numbers(0, 4))):
        project = projects[draw(_numbers(0, len(projects) - 1))]
        # The number of a programme can only be within that of an earlier one, so there are no circles.
        outer = [id_ for id_ in programmes if project["type"] == "programme" and id_ < project["id"]]
        row = _rows(
            kind=_of(project["kind"], project["kind"], *KINDS),
            quantity=_of(*range(1, 7)),
            per=_of("year", "total"),
            unit=_of(*UNITS) if project["type"] == "site" else _maybe(_of(*UNITS), 5),
            label=_maybe(_of("counties"), 4),
            promised_status=_maybe(_of(*STAGES), 4),
            beside=_maybe(_of(True)) if project["type"] == "cohort" else _none,
            within=_maybe(_of(*outer)) if outer else _none,
            span=_spans,
            # The number of a cohort of a year is for that year.
            has_first_year=_none if "year" in project else _maybe(_of(True)),
            has_last_year=_none if "year" in project else _maybe(_of(True)),
            announcement=_named(announcements),
        )
        drawn = row.draw(draw)
        for name, year in zip(("first_year", "last_year"), drawn.pop("span"), strict=True):
            if drawn.pop(f"has_{name}", False):
                drawn[name] = year
        quotas.append({"id": str(UUID(int=1000 + number)), "project": project["id"], **drawn})
    return quotas


_crowded_dates = _of("2021-06-15", "2022", "2022-05", "2022-06-01", "../2022-06-01")
"""A few dates, so that claims of one day meet."""


def _crowd(projects: Sequence[Row]) -> list[str]:
    """Return the ids to draw from; the first site, which has most claims, comes more often."""
    sites = [row["id"] for row in projects if row["type"] == "site"]
    return [*sites[:1] * 4, *sites, *_ids(projects)]


def _updates(
    projects: Sequence[Row], sources: Sequence[Row], announcements: Sequence[Row]
) -> Mapping[str, Chance]:
    """Return the fields of an update."""
    return _form(
        project=_of(*_crowd(projects)),
        event_date=_weigh((2, past_dates), (1, _crowded_dates)),
        status=_weigh((9, statuses), (1, _none)),
        percent=_maybe(_of(0, 40, 80, 100), 6),
        promised=_maybe(promised_dates, 3),
        promised_status=_maybe(_of(*STAGES)),
        count=_maybe(_of(*range(6)), 8),
        of=_maybe(_of(*range(10)), 3),
        unit=_maybe(_of(*UNITS), 3),
        bound=_maybe(_of(*map(str, Bound)), 4),
        figures=_figures,
        speaker=_maybe(_of("A minister"), 8),
        withdrawn=_maybe(past_dates, 8),
        withdrawn_source=_named(sources, 3),
        evidence=_weigh((1, _none), (4, evidence)),
        confidence=_maybe(_of(*map(str, Confidence)), 3),
        source=_named(sources),
        announcement=_named(announcements, 8),
        note=_maybe(_of("As reported."), 6),
    )


def _counts(projects: Sequence[Row], sources: Sequence[Row]) -> Mapping[str, Chance]:
    """Return the fields of an update that is only a count, most of them of what is completed."""
    return _form(
        project=_of(*reversed(_ids(projects))),
        event_date=past_dates,
        status=_weigh((2, _of("completed")), (1, _of(*STAGES))),
        count=_of(*range(6)),
        of=_maybe(_of(*range(5, 10)), 3),
        unit=_maybe(_of(UNITS[0]), 4),
        bound=_maybe(_of(*map(str, Bound)), 5),
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


_settings = _rows(title=_of("A record"), silent_months=_maybe(_of(*range(1, 31))))


@st.composite
def records(draw: st.DrawFn, most_updates: int = 14, fewest_programmes: int = 0) -> Row:
    """Draw the content of an nkplan/2 file that loads on TODAY."""
    sources = _number(_sources.draw_list(draw, 0, 3), "source")
    announcements = _number(_announcements(sources).draw_list(draw, 0, 2), "speech")
    projects = _projects(draw, fewest_programmes)
    quotas = _quotas(draw, projects, announcements)
    seven = [_updates(projects, sources, announcements)] * 7
    every = _rows_of(*seven, _counts(projects, sources)).draw_list(draw, 4, most_updates)
    updates = list(map(_make_valid, every))
    settings = _settings.draw(draw)
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
    drawn = _rows_of(_updates(record["projects"], record["sources"], record["announcements"]))
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
    row = _rows(
        project=_of(*programmes),
        kind=_of(*KINDS),
        quantity=_of(*range(1, 7)),
        per=_of("year", "total"),
        first_year=_maybe(_of(YEARS[0])),
        last_year=_maybe(_of(YEARS[-1])),
    )
    id_ = str(UUID(int=2000))
    return row.map(lambda drawn: _drop_missing({**drawn, "id": id_, **fixed}))


def moments() -> st.SearchStrategy[tuple[date | None, date | None]]:
    """Draw the days of `--as-of` and `--known-on`, or None."""
    return _rows(as_of=_maybe(_days), known_on=_maybe(_days)).map(
        lambda row: (row.get("as_of"), row.get("known_on"))
    )


def give_ids(updates: Sequence[Row]) -> list[Row]:
    """Give each update an id of its own, so that a claim may come twice."""
    return [{**row, "id": str(UUID(int=number))} for number, row in enumerate(updates, 1)]
