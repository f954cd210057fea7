"""The list of sites says the same of a site whether it is read as a row or as a site."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nkplan.model.state import Site, State
from nkplan.model.vocabulary import Status
from nkplan.reports.sites import list_rows, list_values
from nkplan.rows.state import read_site

STATUSES = st.one_of(st.none(), st.sampled_from([str(status) for status in Status]))
DATES = st.one_of(
    st.none(),
    st.sampled_from(["2024", "2024-03", "2024-03-15", "../2024-05", "2024-05/..", "2023-Q3/2024-H1"]),
)
DAYS = st.one_of(
    st.none(), st.sampled_from(["0001-01-01", "2023-07-01", "2024-03-15", "2024-06-01", "9999-12-31"])
)
FLAGS = st.integers(0, 1)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "year": st.one_of(st.none(), st.integers(2020, 2025)),
    "status": STATUSES,
    "claimed": STATUSES,
    "verified": STATUSES,
    "started": FLAGS,
    "started_seen": FLAGS,
    "progress": st.one_of(st.none(), st.sampled_from([0.0, 12.5, 100.0])),
    "last_date": DATES,
    "last_day": DAYS,
    "updates": st.integers(0, 3),
    **dict.fromkeys(
        ("start", "opened", "promised_start", "promised", "promised_use", "promised_again"), DATES
    ),
    **dict.fromkeys(("start_first", "start_day", "opened_first", "opened_day", "cancelled_day"), DAYS),
    "used": FLAGS,
}
KEYS = (*Site._fields[:-1], *State._fields)
ROWS = st.tuples(*(COLUMNS.get(key, st.just(key)) for key in KEYS))


@given(
    st.lists(ROWS, max_size=8), st.sampled_from([date(2024, 6, 1), date(2026, 11, 24)]), st.integers(0, 40)
)
def test_rows_have_the_values_of_their_sites(rows: list[tuple[Any, ...]], today: date, months: int) -> None:
    assert list(list_rows(rows, today, months)) == [
        list_values(read_site(row), today, months) for row in rows
    ]


def test_a_site_is_read_from_the_columns_of_its_fields() -> None:
    given = dict.fromkeys(KEYS) | {
        **{key: f"2024-03-{at + 1:02}" for at, key in enumerate(KEYS)},
        "status": "idle",
        "claimed": "operating",
        "verified": "closed",
        "started": 1,
        "started_seen": 0,
        "used": 1,
        "progress": 5.0,
        "updates": 3,
        "year": 2024,
    }
    site = read_site([given[key] for key in KEYS])
    read = {**dict(zip(Site._fields, site[:-1], strict=False)), **site.state._asdict()}
    days = {"last_day", "start_first", "start_day", "opened_first", "opened_day", "cancelled_day"}
    assert {key: value.isoformat() if key in days else value for key, value in read.items()} == given
