"""A record of several countries: its regions are the places within the outermost ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from program import run, run_json
from records import load, make_site

PLACES = [
    {"id": "xa", "name": "Aland"},
    {"id": "xb", "name": "Bland"},
    {"id": "a1", "name": "North", "parent": "xa"},
    {"id": "a2", "name": "South", "parent": "xa"},
    {"id": "b1", "name": "West", "parent": "xb"},
    {"id": "a1-d1", "name": "Done", "parent": "a1"},
    {"id": "a1-d2", "name": "Dtwo", "parent": "a1"},
    {"id": "a2-d1", "name": "Dthree", "parent": "a2"},
    {"id": "b1-d1", "name": "Dfour", "parent": "b1"},
    {"id": "a1-d1-v", "name": "Village", "parent": "a1-d1"},
]
SITES = [
    make_site("in-village", "a1-d1-v"),
    make_site("in-district", "a1-d2"),
    make_site("in-region", "a2"),
    make_site("in-country", "xa"),
    make_site("nowhere"),
]
OPENING = {"project": "in-village", "event_date": "2024", "status": "completed"}
REGIONS = {"in-village": "a1", "in-district": "a1", "in-region": "a2", "in-country": None, "nowhere": None}


def make_content(**settings: Any) -> dict[str, Any]:
    content = {"kinds": ["other"], "places": PLACES, "projects": SITES, "updates": [OPENING]}
    return {"settings": settings, **content} if settings else content


@pytest.fixture
def countries(tmp_path: Path) -> Path:
    db = tmp_path / "countries.db"
    load(db, **make_content(region_level=2))
    return db


def read_lines(told: str) -> list[str]:
    """Return the ids of findings."""
    return [line.split("\t")[1] for line in told.splitlines()[1:]]


def list_regions(db: Path) -> dict[str, str | None]:
    return {row["id"]: row["region"] for row in run_json(db, "list")}


def test_a_site_is_in_the_region_around_it_and_a_site_of_a_country_in_none(countries: Path) -> None:
    assert list_regions(countries) == REGIONS
    names = {row["id"]: row["region_name"] for row in run_json(countries, "list")}
    assert (names["in-village"], names["in-region"], names["in-country"]) == ("North", "South", None)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("North", ["in-district", "in-village"]),
        ("a2", ["in-region"]),
        ("b1", []),
        ("none", ["in-country", "nowhere"]),
        ("South,none", ["in-country", "in-region", "nowhere"]),
    ],
)
def test_the_filter_takes_regions_and_none(countries: Path, typed: str, found: list[str]) -> None:
    assert [row["id"] for row in run_json(countries, "list", "--region", typed)] == found


def test_the_filter_takes_no_country_and_no_district(countries: Path) -> None:
    for typed in ("Aland", "xa", "Done"):
        done = run(countries, "list", "--region", typed)
        assert (done.code, done.out) == (2, "")
        assert "write one of North, South and West" in done.err
    assert len(run_json(countries, "list", "--place", "Aland")) == 4


def test_the_progress_by_region_has_one_row_for_what_is_in_none(countries: Path) -> None:
    rows = run_json(countries, "report", "--by", "region")["rows"]
    assert [(row["region"], row["name"], row["named"]) for row in rows] == [
        ("a1", "North", 2),
        ("a2", "South", 1),
        (None, "no region", 2),
    ]


def test_coverage_counts_the_places_directly_within_each_region(countries: Path) -> None:
    answer = run_json(countries, "report", "coverage")
    columns = ("region", "places", "named", "opened", "sites")
    assert [tuple(row[key] for key in columns) for row in answer["rows"]] == [
        ("a1", 2, 2, 1, 2),
        # Its site is in the region itself, not in the one place within it.
        ("a2", 1, 0, 0, 1),
        ("b1", 1, 0, 0, 0),
    ]
    assert answer["total"]["sites"] == 3
    assert "2 of 3 rows have a site" in run(countries, "report", "coverage", "-f", "table").out
    alone = run_json(countries, "report", "coverage", "--region", "South")["rows"]
    assert [tuple(row[key] for key in columns) for row in alone] == [("a2", 1, 0, 0, 1)]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        # The district around the village, of the two in its region.
        ("a1-d1-v", [("a1", 1, 1, 1, 1)]),
        ("a1-d2", [("a1", 1, 1, 0, 1)]),
        ("a1-d2,a2-d1", [("a1", 1, 1, 0, 1), ("a2", 1, 0, 0, 0)]),
        ("a1", [("a1", 2, 2, 1, 2)]),
        ("xa", [("a1", 2, 2, 1, 2), ("a2", 1, 0, 0, 1)]),
    ],
)
def test_coverage_of_a_place_has_the_regions_around_and_within_it_and_no_other_place(
    countries: Path, place: str, expected: list[tuple[object, ...]]
) -> None:
    rows = run_json(countries, "report", "coverage", "--place", place)["rows"]
    columns = ("region", "places", "named", "opened", "sites")
    assert [tuple(row[key] for key in columns) for row in rows] == expected


def test_loading_and_undoing_the_level_derives_the_regions_again(tmp_path: Path) -> None:
    db = tmp_path / "countries.db"
    load(db, **make_content())
    outermost = {one: None if one == "nowhere" else "xa" for one in REGIONS}
    assert list_regions(db) == outermost
    for level, regions in ((2, REGIONS), (3, {**dict.fromkeys(REGIONS), **DISTRICTS})):
        load(db, settings={"region_level": level})
        assert list_regions(db) == regions
        assert run(db, "check", "--only", "wrong-region").code == 0
        assert run(db, "undo").code == 0
        assert list_regions(db) == outermost
        assert run(db, "check", "--only", "wrong-region").code == 0


DISTRICTS = {"in-village": "a1-d1", "in-district": "a1-d2"}


def test_an_export_loaded_again_has_the_same_regions(countries: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "export.json", tmp_path / "again.db"
    assert run(countries, "export", "-o", str(file)).code == 0
    assert json.loads(file.read_text("utf-8"))["settings"] == {"region_level": 2}
    assert run(again, "load", "--bare", str(file)).code == 0
    assert list_regions(again) == REGIONS


def test_countries_far_apart_are_not_far_away_in_a_region(tmp_path: Path) -> None:
    """Places in no region belong to none together: no distance between them is usual."""
    db = tmp_path / "countries.db"
    places = [
        {"id": f"c{number}", "name": f"C{number}", "latitude": latitude, "longitude": 0.0}
        for number, latitude in enumerate((0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 80.0))
    ]
    load(db, settings={"region_level": 2}, places=places)
    assert run(db, "check", "--only", "far-away").out == "check\tid\tothers\twhat\n"
    load(db, places=[{"id": "r", "name": "R", "parent": "c0", "latitude": 0.0, "longitude": 0.0}])
    load(
        db,
        places=[
            {
                "id": f"r-{one['id']}",
                "name": one["name"],
                "parent": "r",
                "latitude": one["latitude"],
                "longitude": 0,
            }
            for one in places
        ],
    )
    assert read_lines(run(db, "check", "--only", "far-away").out) == ["r-c6"]
