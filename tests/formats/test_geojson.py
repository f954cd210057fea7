"""Outlines of places are loaded from GeoJSON, each for the place that its feature names."""

import json
import re
import sqlite3
from contextlib import closing
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import pytest
from each import for_each
from program import Done, run, run_json

SQUARE = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
PLACES = {
    "format": "nkplan/2",
    "places": [
        {"id": "KP-07", "name": "Kangwon", "local_name": "강원도", "names": ["Gangwon-do"]},
        {"id": "north", "name": "Northland"},
        {"id": "town-1", "name": "Newtown", "local_name": "신읍", "parent": "north"},
        {"id": "town-2", "name": "Newtown", "parent": "KP-07"},
    ],
}


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Return a database with a few places."""
    path = tmp_path / "towns.db"
    assert run(path, "load", "-", "--bare", stdin=json.dumps(PLACES).encode()).code == 0
    return path


def make_feature(ring: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collect(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": [*features]}


def load(db: Path, content: Any, *options: str) -> Done:
    return run(db, "load", "-", *options, stdin=json.dumps(content).encode())


def read_outlines(db: Path) -> list[dict[str, Any]]:
    outlines: list[dict[str, Any]] = run_json(db, "export").get("outlines", [])
    return outlines


def test_outlines_are_recorded_simplified_and_once(towns: Path) -> None:
    number = 500
    circle = [[10 + cos(2 * pi * at / number), 10 + sin(2 * pi * at / number), 7.5] for at in range(number)]
    file = towns.with_name("map.geojson")
    features = (make_feature([*circle, circle[0]], name="Northland"), make_feature(iso="KP-07"))
    file.write_text(json.dumps(collect(*features, licence="CC BY 4.0")), "utf-8")
    dry = run(towns, "load", str(file), "--dry-run")
    assert read_outlines(towns) == []
    done = run(towns, "load", str(file))
    kept = sum(len(one["geometry"]["coordinates"][0]) for one in read_outlines(towns))
    assert done.out == f"{file}: recorded: 2 outlines; {kept} of 506 points kept\n"
    assert dry.out == done.out.replace("recorded:", "would be recorded:")
    # A circle of 2 degrees within a map of 10: a line may be off by 0.01.
    assert 20 < kept < 50
    assert [(one["place"], one["credit"]) for one in read_outlines(towns)] == [
        ("KP-07", "CC BY 4.0"),
        ("north", "CC BY 4.0"),
    ]
    assert read_outlines(towns)[0]["geometry"] == {"type": "Polygon", "coordinates": [SQUARE]}
    again = run(towns, "load", str(file))
    assert again.out == f"{file}: nothing new; already recorded: 2 outlines; {kept} of 506 points kept\n"


@for_each(
    ("feature", "place"),
    [
        (make_feature(place="KP-07"), "KP-07"),
        (make_feature(ISO_3166_2="kp-07", name="Elsewhere"), "KP-07"),
        (make_feature(id="north"), "north"),
        (make_feature(id="1", name="northland"), "north"),
        ({**make_feature(name="Nowhere"), "id": "town-2"}, "town-2"),
        (make_feature(hangul="강원도"), "KP-07"),
        (make_feature(NAME_EN="GANGWON DO", note=3), "KP-07"),
        (make_feature(name="Newtown, Kangwon"), "town-2"),
        # Of levels the lowest is meant: the others are around it.
        (make_feature(NAME_0="Nowhere", NAME_1="Kangwon", GID_1="X.1_1"), "KP-07"),
        (make_feature(ADM1_EN="Kangwon", ADM2_EN="Newtown, Kangwon", ADM2_PCODE="X1"), "town-2"),
        (make_feature(RGN24CD="E1", RGN24NM="Northland"), "north"),
        # Two names that each mean several places mean the one that both mean.
        (make_feature(name="Newtown", **{"name:ko": "신읍"}), "town-1"),
    ],
)
def test_a_feature_names_its_place_by_an_id_or_any_name(towns: Path, feature: Any, place: str) -> None:
    done = load(towns, feature, "--credit", "Me")
    assert (done.code, done.err) == (0, "")
    [outline] = read_outlines(towns)
    assert (outline["place"], outline["credit"]) == (place, "Me")
    assert run(towns, "undo").code == 0


def test_where_no_region_has_a_code_as_its_id_the_names_decide(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    places = {"format": "nkplan/2", "places": [{"id": "gh-af", "name": "Ahafo", "full_name": "Ahafo Region"}]}
    assert run(db, "load", "-", "--bare", stdin=json.dumps(places).encode()).code == 0
    # As geoBoundaries and Natural Earth publish them.
    for properties in (
        {"shapeName": "Ahafo Region", "shapeISO": "GH-XX", "shapeID": "1", "shapeGroup": "GHA"},
        {"name": "Ahafo", "iso_3166_2": "GH-XX", "admin": "Ghana"},
    ):
        assert load(db, collect(make_feature(**properties))).code == 0
        assert [one["place"] for one in read_outlines(db)] == ["gh-af"]
        assert run(db, "undo").code == 0
    refused = load(db, collect(make_feature(place="GH-XX", name="Ahafo")))
    assert "there is no place 'GH-XX'; write the id of one on record" in refused.err


CONVERT = "as with ogr2ogr -t_srs EPSG:4326 NEW.geojson OLD.geojson"
ADVICE = 'add a property "place" with its id (nkplan list places), or leave the feature out'


@for_each(
    ("content", "sentences"),
    [
        (
            collect(make_feature(name="Kangwon"), make_feature(name="Nowhere"), make_feature(x="y")),
            [
                f"features[1] ('Nowhere'): no place is called 'Nowhere'; {ADVICE}",
                f"features[2] ('y'): it does not say of which place it is; {ADVICE}",
            ],
        ),
        (
            collect(make_feature(name="Newtown")),
            [f"features[0] ('Newtown'): 'Newtown' can be any of town-1 and town-2; {ADVICE}"],
        ),
        (
            collect(make_feature(name="Kangwon", full_name="Northland")),
            [f"features[0] ('Kangwon'): 'Kangwon' and 'Northland' can be any of KP-07 and north; {ADVICE}"],
        ),
        (
            collect(make_feature(iso="KR-42", name="Kangwon")),
            ["features[0] ('Kangwon'): iso: there is no place 'KR-42'; write the id of one on record"],
        ),
        (
            collect({**make_feature(place="north"), "geometry": None}),
            ["features[0] ('north'): geometry: it has none; leave the feature out"],
        ),
        (
            collect({**make_feature(place="north"), "geometry": {"type": "Point", "coordinates": [1, 2]}}),
            [
                (
                    "features[0] ('north'): geometry: it is a 'Point'; "
                    "only a Polygon or a MultiPolygon is an outline"
                )
            ],
        ),
        (
            # One sentence for a file that is projected as a whole.
            collect(*2 * [make_feature([[200000, 4000000], [1, 2], [2, 2], [1, 1]], place="north")]),
            [
                (
                    "features[0] ('north'): geometry: ring 1, point 1, [200000, 4000000], "
                    f"is not longitude and latitude in degrees; convert it to WGS 84 (EPSG:4326), {CONVERT}"
                )
            ],
        ),
        (
            collect(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5179"}}),
            [
                (
                    "crs: it is 'urn:ogc:def:crs:EPSG::5179', and only WGS 84 can be read; "
                    f"convert it, {CONVERT}"
                )
            ],
        ),
        (collect(3), ['features[0]: it is no feature; write an object with "type": "Feature"']),
        ({"type": "FeatureCollection"}, ["features: there is no list of them; write one in brackets"]),
        (
            collect(make_feature(place="north"), make_feature(place="NORTH")),
            ["features[1] ('NORTH'): north appears earlier (features[0] ('north')): keep one"],
        ),
    ],
)
def test_what_cannot_be_an_outline_is_a_fault_that_says_where(
    towns: Path, content: Any, sentences: list[str]
) -> None:
    before = towns.read_bytes()
    done = load(towns, content)
    number = "1 fault" if len(sentences) == 1 else f"{len(sentences)} faults"
    assert (done.code, done.out) == (2, "")
    head, *lines = done.err.splitlines()
    assert head == f"nkplan: standard input: {number}, so nothing was written"
    assert [line.strip() for line in lines] == sentences
    assert towns.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[" * 100_000, "it is nested too deeply to be GeoJSON"),
        (b'{"type": "Topology"}', f"type: it is TopoJSON; convert it, {CONVERT}"),
        (b'{"type": "Polygon"}', "type: it is a 'Polygon'; write a FeatureCollection of GeoJSON"),
        (
            b'{"type": "FeatureCollection", "features": [}',
            "line 1, column 44: it is not JSON: expecting value",
        ),
        (b"\xff", "line 1: it is not UTF-8 text; save the file as UTF-8"),
        (b"[]", "it is a list; write a FeatureCollection of GeoJSON"),
    ],
    ids=["deep", "topology", "polygon", "cut", "bytes", "list"],
)
def test_a_file_called_geojson_is_read_as_such(towns: Path, content: bytes, sentence: str) -> None:
    file = towns.with_name("map.geojson")
    file.write_bytes(content)
    done = run(towns, "load", str(file))
    assert (done.code, done.err) == (
        2,
        f"nkplan: {file}: 1 fault, so nothing was written\n  {sentence}\n",
    )


def test_other_files_of_outlines_are_to_be_converted(towns: Path) -> None:
    file = towns.with_name("my map.kml")
    file.write_text("<kml/>", "utf-8")
    done = run(towns, "load", str(file))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"nkplan: {file} is no GeoJSON, the only format of outlines that is read; convert it, as with"
        f" ogr2ogr -t_srs EPSG:4326 NEW.geojson '{file}'\n"
    )
    sent = load(towns, {"type": "Topology", "objects": {}, "arcs": []})
    assert sent.err.endswith(f"\n  type: it is TopoJSON; convert it, {CONVERT}\n")


@for_each("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_the_usual_system_of_coordinates_may_be_named(towns: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert load(towns, collect(make_feature(place="north"), crs=crs), "--dry-run").code == 0


def test_a_later_map_corrects_an_outline_and_an_undo_gives_the_first_back(towns: Path) -> None:
    assert load(towns, collect(make_feature(place="north"), license="A")).code == 0
    first = read_outlines(towns)
    larger = make_feature([[1, 1], [3, 1], [2, 2], [1, 1]], place="north")
    refused = load(towns, collect(larger, license="B"))
    assert refused.code == 2
    assert (
        "it conflicts with north as stored: geometry is Polygon of 4 points here and Polygon of 5 points in"
        " the database; credit is 'B' here and 'A' in the database"
    ) in refused.err
    assert load(towns, collect(larger, license="B"), "--amend", "--yes").out.splitlines() == [
        "outline north  Polygon of 5 points",
        "  geometry      Polygon of 5 points -> Polygon of 4 points",
        "  credit        A -> B",
        "standard input: corrected: 1 outline; 4 of 4 points kept",
    ]
    second = read_outlines(towns)
    assert run(towns, "undo").code == 0
    assert read_outlines(towns) == first
    assert run(towns, "redo").code == 0
    assert read_outlines(towns) == second


def test_a_place_with_an_outline_is_not_undone_alone_and_its_log_has_both(towns: Path) -> None:
    more = {"format": "nkplan/2", "places": [{"id": "isle", "name": "Isle"}]}
    assert load(towns, more).code == 0
    assert load(towns, collect(make_feature(name="isle"))).code == 0
    refused = run(towns, "undo", "3")
    assert refused.code != 0
    assert "outline isle, recorded by change 4, needs the place isle" in refused.err
    assert [row["change"] for row in run_json(towns, "log", "isle")] == [4, 3]
    assert run_json(towns, "show", "isle")["outline"] == "Polygon of 5 points"
    assert "outline isle  Polygon of 5 points" in run(towns, "undo").out
    assert run_json(towns, "show", "isle")["outline"] is None
    assert read_outlines(towns) == []


def test_an_outline_is_not_edited_field_by_field(towns: Path) -> None:
    assert load(towns, collect(make_feature(place="north"))).code == 0
    done = run(towns, "edit", "outline/north", "credit=X")
    advice = "nkplan show and log take that; a file loaded with --amend corrects it"
    assert (done.code, done.err) == (2, f"nkplan: an outline is known by its place: {advice}\n")


def test_a_credit_is_for_geojson(towns: Path) -> None:
    done = load(towns, PLACES, "--credit", "Me")
    assert (done.code, done.err) == (
        2,
        "nkplan: --credit is for GeoJSON; in other files an outline has a field credit: write it there\n",
    )


@for_each(
    "coordinates",
    [
        "[[[1e999, 0], [1, 0], [1, 1], [1e999, 0]]]",
        f"[[[{'9' * 400}, 0], [1, 0], [1, 1], [{'9' * 400}, 0]]]",
        f"[[[{'9' * 5000}, 0], [1, 0], [1, 1], [{'9' * 5000}, 0]]]",
        "[[[500, 0], [501, 0], [501, 1], [500, 0]]]",
        "[" * 990 + "]" * 990,
        "[]",
        '[{"0": 1}]',
        '[[[1, 1], [2, 1], [2, 2], [1, 1]]], "coordinates": 5',
    ],
)
def test_an_outline_that_another_program_spoiled_is_named_and_left_out_of_the_map(
    towns: Path, coordinates: str
) -> None:
    load(towns, collect(make_feature(id="north")))
    site = {"id": "mill", "name": "Mill", "type": "site", "kind": "mill", "place": "town-1"}
    load(towns, {"format": "nkplan/2", "kinds": ["mill"], "projects": [site]})
    spoiled = f'{{"type": "Polygon", "coordinates": {coordinates}}}'
    with closing(sqlite3.connect(towns)) as connection, connection:
        connection.execute("UPDATE outlines SET geometry = ?", [spoiled])
    assert run(towns, "map", "-f", "table").code == 0
    assert re.match("check.*\nwrong-outline\tnorth\t", run(towns, "check", "--only", "wrong-outline").out)
    exported = run(towns, "export")
    assert (exported.code, exported.out) == (4, "")
    assert exported.err.startswith("nkplan: the outline of 'north' is damaged (")
    # It can be corrected, and an undo gives back what was there.
    assert load(towns, collect(make_feature(id="north")), "--amend", "--yes").code == 0
    assert run(towns, "export").code == 0
    assert run(towns, "undo").code == 0
    with closing(sqlite3.connect(towns)) as connection:
        assert connection.execute("SELECT geometry FROM outlines").fetchall() == [(spoiled,)]


def test_geojson_is_read_as_such_whatever_its_file_is_called(towns: Path) -> None:
    for name in ("map.jsonl", "map.json", "map.txt"):
        file = towns.parent / name
        file.write_text(json.dumps(collect(make_feature(name="Nowhere"))), "utf-8")
        done = run(towns, "load", str(file))
        assert done.code == 2
        assert "features[0] ('Nowhere'): no place is called 'Nowhere'" in done.err, name
