"""The marks of a map are the sites that `report` and `list` count; of those it cannot show it says so."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st
from program import run, run_json
from random_records import TODAY, Row, moments, records
from records import load, make_site
from test_agreement import recording
from test_charts import FILTERS, ask, write_days

from nkplan.layout.labels import NO_LABELS
from nkplan.layout.picture import SITE_MARKS, Meaning, Picture
from nkplan.model.filters import Filters
from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.queries.map import fetch
from nkplan.queries.reader import reading
from nkplan.reports.map import Facts, MapPlace, MapSite, Names, find_place, make_chart
from nkplan.text import count_cells

WORDS = {
    "verified complete": "verified",
    "only claimed": "claimed",
    "started": "started",
    "only promised": "promised",
}
SIGNS = {sign: str(mark) for mark, sign in SITE_MARKS.items()}
coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@st.composite
def placed_records(draw: st.DrawFn) -> Row:
    """Draw a record of which some places have coordinates."""
    content = draw(records())
    places = []
    for place in content["places"]:
        at = draw(st.one_of(st.none(), coordinates))
        places.append(place if at is None else {**place, "latitude": at[0], "longitude": at[1]})
    return {**content, "places": places}


def read_legend(text: str) -> dict[str, int]:
    """Read the numbers of the legend of a drawn map."""
    return {
        word: int(found[1])
        for key, word in WORDS.items()
        if (found := re.search(rf"[●◆+○] {key} (\d+)(?:  |$)", text, re.MULTILINE))
    }


def read_number(text: str, sentence: str) -> int:
    """Read the number of a sentence that may be broken into lines, 0 if it is not there."""
    found = re.search(sentence, text)
    return int(found[1]) if found else 0


@settings(max_examples=example_count(8, 25))
@given(placed_records(), moments(), st.sampled_from(FILTERS))
def test_the_marks_of_a_map_are_what_report_and_list_count(
    content: Row, moment: tuple[date | None, date | None], filters: tuple[str, ...]
) -> None:
    with recording(content) as db:
        given = (*filters, *write_days(*moment))
        rows, report = ask(db, "map", *given), ask(db, "report", "--by", "region", *given)
        if report is None:
            assert rows is None
            return
        assert [row["id"] for row in rows] == [row["id"] for row in ask(db, "list", *given)]
        for counted in report["rows"]:
            of_region = [row for row in rows if row["region"] == counted["region"]]
            marks = Counter(row["mark"] for row in of_region)
            assert len(of_region) == counted["named"]
            assert marks["verified"] == counted["complete_verified"]
            # What is both is drawn as verified; what is complete may not have been started.
            assert (
                0 <= marks["claimed"] + marks["verified"] - counted["complete_claimed"] <= marks["verified"]
            )
            assert len(of_region) - marks["promised"] >= counted["started"] >= marks["started"]
        verified = ask(db, "list", "--counted", "complete_verified", *given)
        assert {row["id"] for row in rows if row["mark"] == "verified"} == {row["id"] for row in verified}
        drawn = run(db, "map", *given, "-f", "table", COLUMNS="200", NKPLAN_TODAY=TODAY.isoformat()).out
        if not rows:
            assert drawn == ""
            return
        marks = Counter(row["mark"] for row in rows)
        assert read_legend(drawn) == {word: marks[word] for word in WORDS.values()}
        nowhere = sum(row["latitude"] is None for row in rows)
        if nowhere == len(rows):
            assert "no map: no place of these sites has coordinates" in drawn
        else:
            assert read_number(drawn, r"(\d+) sites? not drawn") == nowhere


@pytest.mark.parametrize(("width", "height"), [(60, 18), (80, 22), (120, 38), (240, 58)])
def test_the_marks_on_a_map_alone_and_of_several_are_all_sites(seeded: Path, width: int, height: int) -> None:
    rows = run_json(seeded, "map")
    picture = draw(seeded, width, height)
    lines = picture.write().splitlines()
    left = next(line.index("South Hamgyong ") for line in lines if "South Hamgyong " in line)
    end = next((at for at, line in enumerate(lines) if line.startswith("● verified")), len(lines))
    marks = [
        SIGNS[cell.sign]
        for row in picture.rows[:end]
        for cell in row[:left]
        if cell is not None and cell.meaning in SITE_MARKS and cell.sign in SIGNS
    ]
    shared = read_number(picture.write(), r"(\d+) marks stand for \d+ sites")
    sites = read_number(picture.write(), r"\d+ marks stand for (\d+) sites")
    drawn = sum(row["latitude"] is not None for row in rows)
    assert len(marks) - shared + sites == drawn == len(rows) - 5
    assert 0 < shared < sites / 2 + 1
    # Of sites at one place the furthest is shown.
    places: dict[str, set[str]] = {}
    for row in rows:
        places.setdefault(f"{row['latitude']} {row['longitude']}", set()).add(row["mark"])
    furthest = {min(found, key=list(SIGNS.values()).index) for found in places.values()}
    assert set(marks) <= furthest
    # Beside it each site has a mark once.
    beside = "".join(found[1] for line in lines if (found := re.search(r" \d+ ([●◆+○]+)$", line[left:])))
    assert Counter(SIGNS[sign] for sign in beside) == Counter(row["mark"] for row in rows)


def draw(db: Path, width: int, height: int, names: Names = Names.LATIN, **filters: Any) -> Picture:
    """Draw the map of a record."""
    with reading(db) as reader:
        facts = fetch(reader, Question(Moment(TODAY), Filters(**filters)))
    return make_chart(facts, NO_LABELS, names).draw(width, height)


PLACES = {
    one.id: one
    for one in (
        MapPlace("land", "Land", None, None, None, 1, 1),
        MapPlace("north", "North", None, "land", "north", 2, 2),
        MapPlace("bare", "Bare", None, "land", "bare"),
        MapPlace("town", "Town", None, "north", "north", 3, 3),
        MapPlace("street", "Street", None, "town", "north"),
        MapPlace("house", "House", None, "street", "north", 4, None),
        MapPlace("village", "Village", None, "north", "north"),
        MapPlace("farm", "Farm", None, "bare", "bare"),
    )
}


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("town", "town"), ("street", "town"), ("house", "town"), ("village", None), ("farm", None),
        ("north", "north"), ("bare", None), ("land", "land"), ("gone", None), (None, None),
    ],
)  # fmt: skip
def test_a_site_is_at_its_place_or_the_nearest_around_it_that_is_no_region(
    own: str | None, found: str | None
) -> None:
    place = find_place(MapSite("a", "A", own, own, None, None, None, None, None, False), PLACES)
    assert (place and place.id) == found


def test_a_cancelled_site_keeps_its_mark_as_in_the_report(tmp_path: Path) -> None:
    """Cancelled after the start of work, it counts as started and not as complete, in both."""
    db = tmp_path / "nkplan.db"
    claims = [("2024", "groundbroken"), ("2025", "cancelled")]
    updates = [
        {"project": "a", "event_date": day, "status": status, "evidence": "promiser"}
        for day, status in claims
    ]
    place = {"id": "p", "name": "Porto", "type": "city", "latitude": 1, "longitude": 1}
    load(db, kinds=["other"], places=[place], projects=[make_site("a", "p")], updates=updates)
    (site,), (region,) = run_json(db, "map"), run_json(db, "report", "--by", "region")["rows"]
    assert (site["status"], site["mark"]) == ("cancelled", "started")
    assert (region["started"], region["complete_claimed"]) == (1, 0)


def test_a_closer_map_has_the_names_of_places_and_only_sites_of_its_region(seeded: Path) -> None:
    text = draw(seeded, 120, 38, regions=("KP-07",)).write()
    assert "+ Phyonggang" in text
    # Its neighbours are named, and have no site.
    assert "South Pyongan" in text
    assert not re.search(r"South Pyongan +\d", text)
    assert "Phyonggang" not in draw(seeded, 120, 38).write()
    local = draw(seeded, 120, 38, Names.LOCAL, regions=("KP-07",)).write()
    assert "+ 평강군" in local
    assert "Phyonggang" not in local
    assert "Phyonggang" not in draw(seeded, 120, 38, Names.NONE, regions=("KP-07",)).write()


def load_places(
    db: Path, places: Sequence[Row], outlines: Sequence[Row], sites: Mapping[str, str | None]
) -> Path:
    """Load places, outlines and sites of which each is at one of the places."""
    load(
        db,
        kinds=["other"],
        places=[{"type": "city", **place} for place in places],
        outlines=outlines,
        projects=[make_site(id_, place) for id_, place in sites.items()],
    )
    return db


def square(place: str, west: float, south: float, side: float) -> Row:
    east, north = west + side, south + side
    ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
    return {"place": place, "geometry": {"type": "Polygon", "coordinates": [ring]}, "credit": f"of {place}"}


def test_outlines_are_those_of_regions_or_else_of_the_outermost_places(tmp_path: Path) -> None:
    places: list[Row] = [
        {"id": "land", "name": "Land"},
        {"id": "north", "name": "North", "parent": "land"},
        {"id": "town", "name": "Town", "parent": "north", "latitude": 2, "longitude": 2},
    ]
    every = [square("land", 0, 0, 9), square("north", 1, 1, 5), square("town", 2, 2, 1)]
    for number, (level, outlines, drawn) in enumerate(
        [
            ("1", every, "land"),
            ("2", every, "north"),
            ("2", [every[0], every[2]], "land"),
            ("2", every[2:], "town"),
        ]
    ):
        db = tmp_path / f"{number}.db"
        load(db, settings={"region_level": int(level)})
        load_places(db, places, outlines, {"a": "town"})
        with reading(db) as reader:
            facts = fetch(reader, Question(Moment(TODAY)))
        assert [one.place for one in facts.outlines] == [drawn]
        assert make_chart(facts, NO_LABELS).credits == (f"of {drawn}",)


def test_a_record_without_outlines_has_its_points_in_a_frame_with_their_names(tmp_path: Path) -> None:
    places = [
        {"id": "p", "name": "Porto", "latitude": 41.1, "longitude": -8.6},
        {"id": "l", "name": "Lisboa", "latitude": 38.7, "longitude": -9.1},
    ]
    db = load_places(tmp_path / "nkplan.db", places, [], {"a": "p", "b": "l"})
    picture = draw(db, 60, 20)
    text = picture.write()
    assert text.startswith("⡏⠉")
    assert "○ Lisboa" in text
    assert [one.meaning for one in picture.shapes] == [Meaning.FRAME]


def test_a_record_without_any_coordinates_has_its_numbers_alone(tmp_path: Path) -> None:
    db = load_places(tmp_path / "nkplan.db", [{"id": "p", "name": "Porto"}], [], {"a": "p", "b": None})
    picture = draw(db, 60, 20)
    assert picture.shapes == ()
    assert picture.write().splitlines() == [
        "Porto     1 ○  no region 1 ○",
        "● verified complete 0  ◆ only claimed 0  + started 0",
        "○ only promised 2",
        "no map: no place of these sites has coordinates",
    ]


def test_many_regions_and_many_sites_are_numbers_that_fit(tmp_path: Path) -> None:
    """Of 60 regions there is room for some beside the map; the last line says how many more there are."""
    places = [
        {"id": f"p{at}", "name": f"Region {at}", "latitude": at % 9, "longitude": at % 7} for at in range(60)
    ]
    sites = {f"s{at}-{number}": f"p{at}" for at in range(60) for number in range(1 if at else 90)}
    picture = draw(load_places(tmp_path / "nkplan.db", places, [], sites), 80, 22)
    lines = picture.write().splitlines()
    assert len(lines) <= 22
    assert any(line.endswith("Region 0  90 ○90") for line in lines)
    (more,) = [found for line in lines if (found := re.search(r"(\d+) more: (\d+)$", line))]
    assert more[1] == more[2]
    assert len([line for line in lines if re.search(r"Region \d+ ", line)]) + int(more[1]) == 60


def test_where_the_screen_is_too_narrow_for_a_number_the_line_says_that_it_is_cut() -> None:
    sites = tuple(
        MapSite(str(number), "A", "town", "Town", "north", "North", None, None, None, started=number % 2 == 0)
        for number in range(2000)
    )
    chart = make_chart(Facts(sites, PLACES), NO_LABELS)
    whole = chart.draw(60, 20).write().splitlines()
    lines = chart.draw(12, 20).write().splitlines()
    assert whole[0].endswith("  North 2000 +1000 ○1000")
    assert "North 2000 …" in lines
    assert "+ started 1…" in lines
    assert all(count_cells(line) <= 12 for line in lines)


@pytest.mark.parametrize(("latitude", "longitude"), [(1e308, 126.0), (float("inf"), 126.0), (40.0, -181.0)])
def test_what_is_nowhere_on_the_earth_is_not_on_the_map(latitude: float, longitude: float) -> None:
    assert MapPlace("far", "Far", latitude=latitude, longitude=longitude).position is None
    assert MapPlace("near", "Near", latitude=40.0, longitude=-180.0).position == (-180.0, 40.0)
