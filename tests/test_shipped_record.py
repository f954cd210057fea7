"""The record that comes with nkplan says correctly what was announced, and what became of it.

The expected values were worked out by hand from the research behind the record: for each project a list of
events, each with its source. If a number or a day follows from several events, the test says how.
"""

import csv
import json
from collections import Counter
from itertools import pairwise
from math import dist
from pathlib import Path

import pytest
from conftest import TODAY
from program import ROOT

from nkplan.dates import parse_date
from nkplan.identity import derive_update_id
from nkplan.judgement import age_in_months, find_overdue, is_silent, is_unverified
from nkplan.links import list_domains, normalize_link
from nkplan.model.batch import Announcement, Batch, Project, Publisher, Source, Update
from nkplan.model.outline import Outline
from nkplan.model.state import Site
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.queries.names import find_publisher
from nkplan.queries.reader import reading
from nkplan.queries.sites import list_sites
from nkplan.validation import list_references

FIRST_YEAR = (
    "songchon kusong sukchon unpha kyongsong orang onchon kujang unsan yonthan unchon jaeryong tongsin usi"
    " kosan ichon hamju kumya kimhyongjik jangphung"
).split()


# The day on which each place's factories were opened, according to state media.
OPENINGS = {
    2024: {
        "songchon": "2024-12-20", "jaeryong": "2025-01-07", "sukchon": "2025-01-08", "unpha": "2025-01-10",
        "kyongsong": "2025-01-12", "unchon": "2025-01-14", "yonthan": "2025-01-16", "hamju": "2025-01-18",
        "onchon": "2025-01-20", "kujang": "2025-01-24", "usi": "2025-01-25", "kosan": "2025-01-29",
        "kusong": "2025-01-30", "orang": "2025-01-31", "jangphung": "2025-02-01", "kumya": "2025-02-03",
        "tongsin": "2025-02-05", "unsan": "2025-02-07", "ichon": "2025-02-09", "kimhyongjik": "2025-02-11",
    },
    2025: {
        "kangdong": "2025-12-15", "sinyang": "2025-12-15", "puryong": "2025-12-15", "rangrim": "2025-12-15",
        "taegwan": "2025-12-15", "hwangju": "2025-12-16", "pukchang": "2025-12-18", "janggang": "2025-12-18",
        "cholwon": "2025-12-18", "jangyon": "2025-12-18", "sinpho": "2025-12-19", "koksan": "2025-12-20",
        "paechon": "2025-12-20", "kimjongsuk": "2025-12-20", "sepho": "2025-12-20", "kilju": "2025-12-23",
        "jongphyong": "2025-12-24", "yomju": "2025-12-26", "kaephung": "2025-12-26",
        "ryonggang": "2025-12-29",
    },
}  # fmt: skip

# The day on which ground was broken in each place of 2026; for two places only the month is known.
STARTS_OF_2026 = {
    "unryul": "2026-01-29", "phyongwon": "2026-01-31",
    "sinuiju-area": "2026-02-03", "kangnam": "2026-02-03", "maengsan": "2026-02-03", "rakwon": "2026-02-05",
    "songhwa": "2026-02-06", "musan": "2026-02-06", "taean": "2026-02-06", "phanmun": "2026-02-06",
    "sinphyong": "2026-02", "sonchon": "2026-02",
    "pongsan": "2026-02-08", "sijung": "2026-02-08", "sinhung": "2026-02-08", "thongchon": "2026-02-08",
    "hwaphyong": "2026-02-09", "phyonggang": "2026-02-09", "myonggan": "2026-02-09", "samsu": "2026-02-09",
}  # fmt: skip


@pytest.fixture(scope="session")
def seed(shipped: tuple[Batch, ...]) -> Batch:
    return shipped[1]


@pytest.fixture(scope="session")
def sites(seeded: Path) -> dict[str, Site]:
    """Return every site as the program judges it, by id."""
    with reading(seeded) as reader:
        return {site.id: site for site in list_sites(reader)}


def members(seed: Batch, cohort: str) -> set[str]:
    return {one.id for one in seed.projects if one.parent == cohort}


def announcement(seed: Batch, id_: str) -> Announcement:
    return next(one for one in seed.announcements if one.id == id_)


def project(seed: Batch, id_: str) -> Project:
    return next(one for one in seed.projects if one.id == id_)


def updates(seed: Batch, project_: str, **wanted: object) -> list[Update]:
    return [
        one
        for one in seed.updates
        if one.project == project_ and all(getattr(one, key) == value for key, value in wanted.items())
    ]


def words(one: Announcement) -> str:
    return " ".join(
        [one.title, one.said, *one.terms, *one.context, *(figure.note or "" for figure in one.figures)]
    )


def test_the_shipped_files_have_no_fault(shipped: tuple[Batch, ...]) -> None:
    assert [batch.faults for batch in shipped] == [(), ()]


def test_no_reference_dangles_and_every_source_is_cited(shipped: tuple[Batch, ...]) -> None:
    places, seed = shipped
    known = {
        "kinds": set(seed.kinds),
        "places": {one.id for one in places.places},
        "sources": {one.id for one in seed.sources},
        "announcements": {one.id for one in seed.announcements},
        "projects": {one.id for one in seed.projects},
    }
    cited = set()
    for row in (*seed.announcements, *seed.projects, *seed.quotas, *seed.updates):
        for reference in list_references(row):
            assert reference.id in known[reference.list], (row, reference)
            cited.add(reference.id)
    assert known["sources"] <= cited


def list_edges(outline: Outline) -> list[list[tuple[float, float]]]:
    """List the outer edges of an outline; the shipped ones have no holes."""
    polygons = json.loads(outline.geometry)["coordinates"]
    every = polygons if "Multi" in outline.geometry else [polygons]
    assert all(len(polygon) == 1 for polygon in every)
    return [[(x, y) for x, y in polygon[0]] for polygon in every]


def test_every_region_has_an_outline_around_its_places(shipped: tuple[Batch, ...]) -> None:
    """By the gazetteer's own coordinates; of the outlines is known what they lack."""
    places = {one.id: one for one in shipped[0].places}
    edges = {one.place: list_edges(one) for one in shipped[0].outlines}
    assert {*edges} == {one.id for one in places.values() if one.parent is None}
    outside = set()
    for one in places.values():
        if one.latitude is not None and one.longitude is not None:
            region = one
            while region.parent is not None:
                region = places[region.parent]
            if not any(is_within((one.longitude, one.latitude), ring) for ring in edges[region.id]):
                outside.add(one.id)
    assert outside == {"kp-01-unjong", "kp-03-sindo"}


def is_within(point: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    """Return whether a line to the east of a point crosses a ring an odd number of times."""
    x, y = point
    crossed = [
        (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in pairwise(ring)
    ]
    return sum(crossed) % 2 == 1


def test_borders_between_regions_are_the_same_line(shipped: tuple[Batch, ...]) -> None:
    """What is the line of one region only has no region on its other side."""
    rings = [ring for one in shipped[0].outlines for ring in list_edges(one)]
    lines = Counter(frozenset(pair) for ring in rings for pair in pairwise(ring))
    assert {*lines.values()} == {1, 2}
    for (ax, ay), (bx, by) in [[*pair] for pair, number in lines.items() if number == 1][::12]:
        x, y, length = (ax + bx) / 2, (ay + by) / 2, dist((ax, ay), (bx, by))
        aside = (by - ay) / length / 2000, (ax - bx) / length / 2000
        sides = [(x + aside[0], y + aside[1]), (x - aside[0], y - aside[1])]
        assert [any(is_within(side, ring) for ring in rings) for side in sides].count(True) == 1


def test_the_record_says_its_licence_and_whom_to_credit(shipped: tuple[Batch, ...]) -> None:
    gazetteer, seed = shipped
    said = {row.id: row.value for row in seed.settings}
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n")
    assert said["licence"] == "MIT licence"
    for source, licence in (
        ("OCHA", "CC BY 3.0 IGO"),
        ("GeoNames", "CC BY 4.0"),
        ("OpenStreetMap", "ODbL 1.0"),
    ):
        assert source in said["credit"]
        assert licence in said["credit"]
        assert source in (gazetteer.about or "")
        assert licence in (gazetteer.about or "")
    [credit] = {one.credit for one in gazetteer.outlines}
    assert credit is not None
    assert all(name in credit for name in ("Natural Earth", "OCHA", "WFP", "COD-AB", "CC BY 3.0 IGO"))


# ---- the eighteen statements of 15 January 2024


def test_row_1_the_speech_its_day_and_speaker(seed: Batch) -> None:
    one = announcement(seed, "20x10-policy")
    assert (one.announced, one.speaker) == ("2024-01-15", "Kim Jong Un")
    assert "Supreme People's Assembly" in (one.occasion or "")
    assert "16 January 2024" in words(one)


def test_row_2_twenty_counties_a_year_and_two_hundred_in_all(seed: Batch) -> None:
    numbers = {(one.per, one.quantity) for one in seed.quotas if one.project == "20x10"}
    assert numbers == {(QuotaPeriod.YEAR, 20), (QuotaPeriod.TOTAL, 200)}
    # The article says "within ten years" and names no last year, so the programme has no promised date.
    assert not any(one.promised for one in updates(seed, "20x10"))


def test_row_3_the_model_is_kimhwa_finished_in_2022(seed: Batch) -> None:
    assert project(seed, "20x10").model == "kimhwa-factories"
    assert project(seed, "kimhwa-factories").place == "kp-07-kimhwa"
    assert updates(seed, "kimhwa-factories", status=Status.COMPLETED, event_date="2022")


@pytest.mark.parametrize("site", ["jaeryong", "yonthan", "usi", "jangphung"])
def test_row_4_it_starts_with_four_named_places(seed: Batch, site: str) -> None:
    (one,) = updates(seed, f"{site}-factories", status=Status.ANNOUNCED)
    assert (one.event_date, one.announcement) == ("2024-01-15", "20x10-policy")
    if site == "jangphung":
        assert "Kaesong" in (one.note or "")


@pytest.mark.parametrize(
    "part",
    ["answers", "favouritism", "resources", "Politburo", "preparations", "one stage", "empty words", "gap"],
)
def test_rows_5_and_6_the_terms_and_the_admission(seed: Batch, part: str) -> None:
    assert part in words(announcement(seed, "20x10-policy"))


@pytest.mark.parametrize(
    ("programme", "kind"),
    [
        ("provincial-hospitals", "hospital"),
        ("chicken-farms", "chicken-farm"),
        ("greenhouse-farms", "greenhouse-farm"),
        ("atomic-and-tidal-power", "power-station"),
    ],
)
def test_rows_7_9_10_12_programmes_without_a_number(seed: Batch, programme: str, kind: str) -> None:
    one = project(seed, programme)
    assert (one.type, one.kind) == (ProjectType.PROGRAMME, kind)
    assert updates(seed, programme, status=Status.ANNOUNCED, event_date="2024-01-15")
    assert programme not in {quota.project for quota in seed.quotas}


def test_row_13_rural_policies_are_the_background_of_the_article(seed: Batch) -> None:
    """The promise is that of December 2021; what the article adds is a remark of its own."""
    assert project(seed, "rural-policies").kind == "housing"
    (remark,) = [one for one in updates(seed, "rural-policies") if one.source == "nknews-20240116"]
    assert (remark.status, remark.announcement, remark.evidence) == (None, None, Evidence.EXPERT)
    assert {one.announcement for one in updates(seed, "rural-policies", status=Status.ANNOUNCED)} == {
        "rural-programme-2021"
    }


def test_row_8_the_hospital_of_pyongyang_had_been_promised_before(seed: Batch) -> None:
    """The order of March 2020 and the promise of the speech are both on record, each with its own source."""
    promises = [one for one in updates(seed, "pyongyang-general-hospital") if one.announcement]
    assert [(one.event_date, one.promised, one.announcement) for one in promises[:2]] == [
        ("2020-03-17", "2020-10-10", "pyongyang-general-hospital-2020"),
        ("2024-01-15", "2024", "pyongyang-general-hospital-2024"),
    ]
    assert promises[0].source != promises[1].source == "nknews-20240116"


def test_row_9_the_chicken_farms_first_and_model(seed: Batch) -> None:
    assert project(seed, "chicken-farms").model == "kwangchon-chicken-farm"
    assert updates(seed, "kwangchon-chicken-farm", status=Status.COMPLETED, event_date="2024-01")
    assert updates(seed, "pyongyang-chicken-farm", status=Status.ANNOUNCED, promised="2024")


def test_row_11_a_canal_first_mentioned_in_2022(seed: Batch) -> None:
    """Kim Il Sung's idea of a canal, which state media date to 1952, was first reported in 2023."""
    assert project(seed, "grand-canal").place is None
    announced = updates(seed, "grand-canal", status=Status.ANNOUNCED)
    assert sorted(one.event_date for one in announced) == [
        "2022-09-08",
        "2022-10",
        "2023-11-23",
        "2024-01-15",
    ]
    (thought,) = [one for one in updates(seed, "grand-canal") if one.event_date < "2022"]
    assert (thought.status, thought.source) == (None, "kcnaw-20231123-canal")


def test_row_12_two_kinds_of_power_stations(seed: Batch) -> None:
    names = {one.id for one in seed.projects if one.parent == "atomic-and-tidal-power"}
    assert names == {"atomic-power-stations", "tidal-power-stations"}


def test_row_14_the_authority_of_the_cabinet(seed: Batch) -> None:
    text = words(announcement(seed, "cabinet-authority-2024"))
    assert "Cabinet" in text
    assert "population" in text


def test_row_15_the_figures_of_the_budget(seed: Batch) -> None:
    one = announcement(seed, "state-budget-2024")
    figures = [(figure.year, figure.value, figure.unit) for figure in one.figures]
    assert figures == [
        (2023, 0.2, "percent"),
        (2024, 3.4, "percent"),
        (2023, 15.9, "percent of spending"),
        (2024, 15.9, "percent of spending"),
    ]
    assert one.announced == "2024-01-15"
    assert "missile" in words(one)


@pytest.mark.parametrize(
    "part",
    [
        "2021",
        "2023",
        "may mean the state",
        "2016",
        "1970s",
        "Kim Il Sung",
        "attitude of officials",
        "twelve years",
        "backward",
        "within every province, city and county",
        "cooperation with the South",
    ],
)
def test_rows_16_and_18_the_background(seed: Batch, part: str) -> None:
    assert part in words(announcement(seed, "20x10-policy"))


def test_row_17_an_outside_expert(seed: Batch) -> None:
    (one,) = [one for one in updates(seed, "20x10") if "Peter Ward" in (one.note or "")]
    assert (one.evidence, one.status) == (Evidence.EXPERT, None)
    assert {"refrigerators", "China"} <= set((one.note or "").replace(",", "").split())


# ---- the first twenty


def test_the_first_year_has_its_twenty_places_and_no_other(seed: Batch) -> None:
    sites = [one.id for one in seed.projects if one.parent == "20x10-2024"]
    assert sites == [f"{name}-factories" for name in FIRST_YEAR]
    assert project(seed, "20x10-2024").year == 2024


@pytest.mark.parametrize("name", FIRST_YEAR)
def test_the_promiser_claims_the_start_and_opening_of_each_of_the_twenty(seed: Batch, name: str) -> None:
    site = f"{name}-factories"
    claims = updates(seed, site, evidence=Evidence.PROMISER)
    broken = [one for one in claims if one.status is Status.GROUNDBROKEN]
    assert min(parse_date(one.event_date).start for one in broken) >= parse_date("2024-02-28").start
    opened = [parse_date(one.event_date) for one in claims if one.status is Status.COMPLETED]
    first = min(day.end for day in opened if day.start == day.end)
    assert parse_date("2024-12-20").start <= first <= parse_date("2025-02-11").end


@pytest.mark.parametrize(
    ("site", "day", "report"),
    [
        ("hamju-factories", "2025-01-18", ("news1-20250119", "2025-01-19")),
        ("unsan-factories", "2025-02-07", ("dailynk-unsan", "2025-03-07")),
        ("tanchon-power-station", "2017-05-18", ("dnk-20250317-tanchon", "2017-05-19")),
        ("unryul-hospital", "2026-01-29", ("herald-20260201-phyongwon", "2026-01-30")),
    ],
)
def test_a_day_that_a_source_gives_by_mistake_is_a_note(
    seed: Batch, site: str, day: str, report: tuple[str, str]
) -> None:
    """Each took the day of a report, or another month, for the day of the ceremony."""
    stages = (Status.GROUNDBROKEN, Status.COMPLETED)
    told = [one for one in updates(seed, site) if one.source == report[0] and one.event_date == report[1]]
    assert [one.status for one in told] == [None]
    assert day in {one.event_date for one in updates(seed, site) if one.status in stages}
    assert report[1] not in {one.event_date for one in updates(seed, site) if one.status in stages}


def test_the_opening_that_a_table_has_a_day_early_is_of_low_confidence(seed: Batch) -> None:
    """Choson Sinbo has the opening of Tongsin on 5 February 2025, and 38 North's table on the 4th."""
    (early,) = updates(seed, "tongsin-factories", event_date="2025-02-04")
    assert (early.evidence, early.confidence) == (Evidence.EXPERT, Confidence.LOW)
    assert updates(seed, "tongsin-factories", status=Status.COMPLETED, event_date="2025-02-05")


def test_each_report_of_one_event_is_a_separate_update(seed: Batch) -> None:
    opening = updates(seed, "songchon-factories", event_date="2024-12-20", status=Status.COMPLETED)
    assert len(opening) == len({one.source for one in opening}) == 3


def test_a_table_drawn_from_state_media_verifies_nothing(seed: Batch) -> None:
    table = [one for one in seed.updates if one.source == "38n-20250227"]
    assert len(table) == 20
    assert not any(one.evidence and one.evidence.verifies for one in table)


def test_unknown_days_are_not_invented(seed: Batch) -> None:
    """NK News dates thirteen starts to 6 to 10 March; they are recorded as the month, with a note."""
    starts = [one for one in seed.updates if one.source == "nknews-202403"]
    assert {one.event_date for one in starts} == {"2024-03"}
    assert all("6 to 10 March" in (one.note or "") for one in starts)


# ---- the gazetteer


def test_the_gazetteer_has_every_region_city_county_and_district(shipped: tuple[Batch, ...]) -> None:
    places = {one.id: one for one in shipped[0].places}
    regions = [one for one in places.values() if one.parent is None]
    second = [one for one in places.values() if one.parent in {region.id for region in regions}]
    assert (len(regions), len(second)) == (13, 201)
    assert places["kp-02-songchon"].parent == "KP-02"
    assert places["kp-14-onchon"].parent == "KP-14"
    assert {one.id for one in places.values() if one.name == "Unsan"} == {"kp-02-unsan", "kp-03-unsan"}


def test_the_speech_of_january_2024_is_cited_without_a_url(seed: Batch) -> None:
    one = next(one for one in seed.sources if one.id == "nknews-20240116")
    assert (one.published, one.url, one.evidence) == ("2024-01-16", None, Evidence.PROMISER)
    spoken = [one for one in seed.announcements if one.announced.startswith("2024-01-1")]
    assert len([one for one in spoken if one.source == "nknews-20240116"]) == 9
    # The finance minister's report and the agenda of the same session have sources with a link.
    assert {one.id for one in spoken if one.source != "nknews-20240116"} == {
        "state-budget-2023-result",
        "state-budget-2024-session",
    }


def test_every_update_has_a_source_an_evidence_class_and_a_unique_id(seed: Batch) -> None:
    assert all(one.source and one.evidence for one in seed.updates)
    ids = {one.id or derive_update_id(one) for one in seed.updates}
    assert len(ids) == len(seed.updates)


def test_no_event_is_later_than_the_source_that_reports_it(seed: Batch) -> None:
    published = {one.id: one.published for one in seed.sources}
    for one in seed.updates:
        if day := published[one.source or ""]:
            assert parse_date(one.event_date).start <= parse_date(day).end, one


# ---- the second and the third year


def test_the_first_year_is_claimed_complete_from_december_to_february(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """The first to open was Songchon and the last Kim Hyong Jik; state media give a day for each of the 20.

    One of the reports on Ichon gives only the month.
    """
    assert members(seed, "20x10-2024") == {f"{name}-factories" for name in OPENINGS[2024]}
    assert (min(OPENINGS[2024].values()), max(OPENINGS[2024].values())) == ("2024-12-20", "2025-02-11")
    others = {"ichon": {"2025-02"}}
    for name, day in OPENINGS[2024].items():
        site = f"{name}-factories"
        claims = updates(seed, site, status=Status.COMPLETED, evidence=Evidence.PROMISER)
        assert {one.event_date for one in claims} == {day} | others.get(name, set()), name
        claimed = sites[site].state.claimed
        assert claimed is not None
        assert claimed.is_complete, name


def test_two_of_the_first_year_are_verified_to_have_opened(seed: Batch, sites: dict[str, Site]) -> None:
    """People at two reported their goods or their opening."""
    verified = {id_: sites[id_].state.verified for id_ in members(seed, "20x10-2024")}
    assert {id_: status for id_, status in verified.items() if status and status.is_complete} == {
        "unsan-factories": Status.OPERATING,
        "kimhyongjik-factories": Status.OPERATING,
    }


@pytest.mark.parametrize("site", ["sukchon", "unpha", "jaeryong"])
def test_an_image_of_cold_roofs_is_an_observation_without_a_status(seed: Batch, site: str) -> None:
    """RFA's images of 11 January 2025, days after the openings, show neither a finished nor an idle plant."""
    (seen,) = updates(seed, f"{site}-factories", source="kbs-20250119")
    assert (seen.evidence, seen.status) == (Evidence.IMAGERY, None)


def test_the_first_year_was_called_complete_when_one_of_the_twenty_had_opened(seed: Batch) -> None:
    """KCNA did so on 20 December 2024, the day of the first opening; the last two claims were true."""
    told = updates(seed, "20x10-2024", status=Status.COMPLETED, evidence=Evidence.PROMISER)
    assert sorted((one.event_date, one.source) for one in told) == [
        ("2024-12-20", "pravda-dprk-20241221"),
        ("2025-02", "octubre-20250226"),
        ("2025-02-11", "yna-20250212"),
    ]
    assert min(OPENINGS[2024].values()) == "2024-12-20"
    assert sorted(OPENINGS[2024].values())[1] > "2024-12-20"


def test_kim_hyong_jik_was_paused_before_its_opening_and_has_trouble_operating(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """Low voltage in December 2024, idle after the opening of 11 February, prosecutors in August 2025.

    The state claims only the opening; people there reported its goods, in April and August.
    """
    site = "kimhyongjik-factories"
    told = [
        (one.event_date, one.status) for one in updates(seed, site, evidence=Evidence.ON_SITE) if one.status
    ]
    assert sorted(told) == [
        ("2024-12", Status.PAUSED),
        ("2025-02", Status.IDLE),
        ("2025-02", Status.IDLE),
        ("2025-04", Status.OPERATING),
        ("2025-08", Status.OPERATING),
        ("2025-08-12", Status.OPERATING),
    ]
    claims = updates(seed, site, status=Status.COMPLETED, evidence=Evidence.PROMISER)
    assert [(one.event_date, one.source) for one in claims] == [
        ("2025-02-11", "kcnaw-khj"),
        ("2025-02-11", "yna-20250212"),
    ]
    (inquiry,) = updates(seed, site, event_date="2025-08-12")
    assert "Prosecutors" in (inquiry.note or "")
    state = sites[site].state
    assert (state.status, state.claimed, state.verified) == (
        Status.OPERATING,
        Status.COMPLETED,
        Status.OPERATING,
    )
    assert state.opened == "2025-02-11"
    assert not is_unverified(state)


def test_the_second_year_is_claimed_complete_and_none_of_it_is_verified(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """Each place has one opening day, the same in state media and in 38 North's table, its only sources."""
    assert members(seed, "20x10-2025") == {f"{name}-factories" for name in OPENINGS[2025]}
    assert len(OPENINGS[2025]) == 20
    for name, day in OPENINGS[2025].items():
        site = f"{name}-factories"
        openings = updates(seed, site, status=Status.COMPLETED)
        assert {one.event_date for one in openings} == {day}, name
        assert {one.evidence for one in openings} == {Evidence.PROMISER, Evidence.EXPERT}, name
        state = sites[site].state
        assert (state.claimed, state.verified, state.opened) == (Status.COMPLETED, None, day), name
        assert is_unverified(state)


def test_the_third_year_has_twenty_starts_in_twelve_days_and_two_without_a_day(seed: Batch) -> None:
    """The first was Unryul's on 29 January, and the last four were on 9 February.

    The ceremonies of Sinphyong and Sonchon are known from a headline of 8 February and an index. No source
    says that they were on the 7th, so only the month is recorded. A later report that sums up the starts of
    the month has no day either, and changes none.
    """
    assert members(seed, "20x10-2026") == {f"{name}-factories" for name in STARTS_OF_2026}
    assert len(STARTS_OF_2026) == 20
    for name, day in STARTS_OF_2026.items():
        starts = {one.event_date for one in updates(seed, f"{name}-factories", status=Status.GROUNDBROKEN)}
        assert day in starts
        assert starts <= {day, "2026-02"}, name
    known = sorted(day for day in STARTS_OF_2026.values() if len(day) > len("2026-02"))
    assert (known[0], known[-1], len(known)) == ("2026-01-29", "2026-02-09", 18)


def test_no_site_of_the_third_year_is_opened_or_verified(seed: Batch, sites: dict[str, Site]) -> None:
    places = members(seed, "20x10-2026")
    for id_ in places:
        state = sites[id_].state
        assert (state.started, state.opened, state.verified) == (True, None, None), id_
        assert state.claimed in {Status.GROUNDBROKEN, Status.BUILDING}, id_
    own = [one for one in seed.updates if one.project in places]
    assert not any(one.evidence and one.evidence.verifies for one in own)
    assert not any(one.status and one.status.is_complete for one in own)


def test_in_the_third_year_only_two_places_have_a_claimed_percentage(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """KCNA says that Sinuiju's area was half done on 31 May, and Rakwon's plants 67.5 percent on 3 July."""
    told = [
        (one.project, one.event_date, one.percent, one.evidence)
        for one in seed.updates
        if one.project in members(seed, "20x10-2026") and one.percent is not None
    ]
    assert sorted(told) == [
        ("rakwon-factories", "2026-07-03", 67.5, Evidence.PROMISER),
        ("sinuiju-area-factories", "2026-05-31", 50, Evidence.PROMISER),
    ]
    building = {id_ for id_ in members(seed, "20x10-2026") if sites[id_].state.status is Status.BUILDING}
    assert building == {"rakwon-factories", "sinuiju-area-factories"}


def test_a_table_of_openings_is_neither_a_claim_nor_an_observation(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """38 North gives days of ceremonies, and does not say that it observed anything.

    Its two tables have 20 openings of the first year, and 20 of the second plus the hospital of Kangdong.
    """
    tables = {"38n-20250227": 20, "38n-20260115": 21}
    for table, openings in tables.items():
        rows = [one for one in seed.updates if one.source == table and one.status]
        assert len(rows) == openings
        assert {(one.status, one.evidence) for one in rows} == {(Status.COMPLETED, Evidence.EXPERT)}
    assert not Evidence.EXPERT.verifies
    assert sites["kangdong-hospital"].state.verified is None


# ---- hospitals and the canal


def test_the_hospital_of_pyongyang_had_three_promised_dates_and_opened_in_2025(
    seed: Batch, sites: dict[str, Site]
) -> None:
    """Ordered for 10 October 2020, promised for 2024 in the speech and a month later, then for October 2025.

    It was opened on 6 October 2025, and the state claims that its first patients came on 3 November. That
    the building was finished in February 2025 is not an opening, and nobody independent saw it in use.
    """
    site = "pyongyang-general-hospital"
    chain = sorted((one.event_date, one.promised, one.source) for one in updates(seed, site) if one.promised)
    assert chain == [
        ("2020-03-17", "2020-10-10", "yna-20200319-pgh"),
        ("2024-01-15", "2024", "nknews-20240116"),
        ("2024-02", "2024", "newspic-20240212-pgh"),
        ("2025-02-27", "2025-10", "newspic-20250228-pgh"),
    ]
    opened = updates(seed, site, status=Status.COMPLETED)
    assert {(one.event_date, one.evidence) for one in opened} == {("2025-10-06", Evidence.PROMISER)}
    used = updates(seed, site, status=Status.OPERATING)
    assert [(one.event_date, one.evidence) for one in used] == [("2025-11-03", Evidence.PROMISER)]
    judged = sites[site]
    assert (judged.state.promised, judged.state.opened) == ("2025-10", "2025-10-06")
    assert (judged.state.claimed, judged.state.verified) == (Status.OPERATING, Status.BUILDING)
    assert is_unverified(judged.state)
    assert find_overdue(judged.state, TODAY) is None


def test_the_canal_is_announced_and_silent(seed: Batch, sites: dict[str, Site]) -> None:
    """It was last mentioned in January 2024, 34 months before the test's day; no mention ever had a date.

    That the policy speech of March 2026 does not name it is not evidence about it.
    """
    state = sites["grand-canal"].state
    assert (state.status, state.claimed, state.verified) == (Status.ANNOUNCED, Status.ANNOUNCED, None)
    assert not state.started
    assert (state.last_date, state.promised) == ("2024-01-15", None)
    assert age_in_months(state, TODAY) == 34
    assert is_silent(state, TODAY)
    first = announcement(seed, "grand-canal-2022")
    assert (first.announced, first.source) == ("2022-09-08", "newspim-20220912-canal")


@pytest.mark.parametrize(
    ("id_", "day", "source", "quotas"),
    [
        ("provincial-hospitals-2024", "2024-01-15", "nknews-20240116", set()),
        ("20x10-widening-2024", "2024-08-31", "chosonsinbo-20240904", set()),
        (
            "hospitals-20-a-year-2025",
            "2025-02-06",
            "chosonsinbo-20250211",
            {
                ("county-hospitals-2025", 3, QuotaPeriod.TOTAL, 2025, 2025),
                ("county-hospitals", 20, QuotaPeriod.YEAR, 2026, None),
            },
        ),
        (
            "county-hospitals-100-2026",
            "2026-02-21",
            "kcna-en-20260226",
            {("county-hospitals", 100, QuotaPeriod.TOTAL, 2026, 2030)},
        ),
    ],
)
def test_the_promise_of_hospitals_was_changed_three_times(
    seed: Batch, id_: str, day: str, source: str, quotas: set[tuple[object, ...]]
) -> None:
    """First hospitals in the regions, without a number; then next to the factories, still without one.

    Then three in 2025 and twenty places a year from 2026, and finally a hundred places in five years. No
    number replaces another: all are on record, each with its announcement.
    """
    one = announcement(seed, id_)
    assert (one.announced, one.source) == (day, source)
    assert "ospital" in one.said
    made = {
        (quota.project, quota.quantity, quota.per, quota.first_year, quota.last_year)
        for quota in seed.quotas
        if quota.announcement == id_
    }
    assert made == quotas


def test_every_quota_of_hospitals_has_its_announcement(seed: Batch) -> None:
    made = Counter(quota.announcement for quota in seed.quotas if quota.kind == "hospital")
    assert made == {"hospitals-20-a-year-2025": 2, "county-hospitals-100-2026": 1}


def test_the_three_pilot_hospitals_opened_and_one_is_operating(seed: Batch, sites: dict[str, Site]) -> None:
    """State media say Kangdong opened on 19 November 2025, Kusong on 13 and Ryonggang on 29 December.

    The state reports patients only at Ryonggang; a report of patients at Kangdong does not say how it knows.
    """
    opened = {id_: sites[id_].state.opened for id_ in members(seed, "county-hospitals-2025")}
    assert opened == {
        "kangdong-hospital": "2025-11-19",
        "kusong-hospital": "2025-12-13",
        "ryonggang-hospital": "2025-12-29",
    }
    in_use = {id_ for id_ in opened if sites[id_].state.status is Status.OPERATING}
    assert in_use == {"ryonggang-hospital"}
    assert {sites[id_].state.verified for id_ in opened} == {None}


# ---- places


def test_songchon_is_in_south_pyongan(seed: Batch, sites: dict[str, Site]) -> None:
    assert project(seed, "songchon-factories").place == "kp-02-songchon"
    site = sites["songchon-factories"]
    assert (site.region, site.region_name) == ("KP-02", "South Pyongan")


@pytest.mark.parametrize(
    ("spellings", "place", "projects"),
    [
        (
            ("Rakwon", "Ragwon"),
            "kp-08-rakwon",
            {"factories", "hospital", "service-centre", "offshore-farm", "greenhouse-farm"},
        ),
        (("Hwaphyong", "Hwapyong"), "kp-04-hwaphyong", {"factories", "hospital", "service-centre"}),
        (("Phyongwon", "Pyongwon"), "kp-02-phyongwon", {"factories", "hospital"}),
        (("Phanmun", "Panmun"), "kp-15-phanmun", {"factories", "hospital", "service-centre"}),
        (("Rangrim", "Rangnim"), "kp-04-rangrim", {"factories"}),
        (("Unryul", "Unnyul"), "kp-05-unryul", {"factories", "hospital", "service-centre"}),
    ],
)
def test_a_place_with_two_spellings_is_one_place(
    shipped: tuple[Batch, ...], spellings: tuple[str, str], place: str, projects: set[str]
) -> None:
    """One research file spells a county one way, and the other file or a source another way."""
    places, seed = shipped
    for spelling in spellings:
        found = [one.id for one in places.places if spelling in (one.name, *one.names)]
        assert found == [place], spelling
    short = place[len("kp-00-") :]
    built = {one.id for one in seed.projects if one.place == place}
    assert built == {f"{short}-{what}" for what in projects}


def test_a_county_with_factories_and_a_hospital_has_two_sites(seed: Batch, sites: dict[str, Site]) -> None:
    """In 2026 each place gets both; of the pilots, Kusong has factories of 2024, the others of 2025."""
    factories = {sites[id_].place: id_ for id_ in members(seed, "20x10-2026")}
    hospitals = {sites[id_].place: id_ for id_ in members(seed, "county-hospitals-2026")}
    assert len(factories) == len(hospitals) == 20
    assert set(factories) == set(hospitals)
    assert not set(factories.values()) & set(hospitals.values())
    pilots = {
        sites[f"{name}-hospital"].place: sites[f"{name}-factories"].place
        for name in ("kangdong", "kusong", "ryonggang")
    }
    assert all(one == other for one, other in pilots.items())


def test_events_of_a_hospital_are_not_recorded_for_the_factories_next_to_it(seed: Batch) -> None:
    """Kangdong's hospital was started on 6 February 2025 and opened in November, before the factories."""
    hospital = {one.event_date for one in updates(seed, "kangdong-hospital") if one.status}
    factories = {one.event_date for one in updates(seed, "kangdong-factories") if one.status}
    assert {"2025-02-06", "2025-11-19"} <= hospital
    assert factories == {"2025-02-28", "2025-12-15"}
    assert not hospital & factories


# ---- nothing of the research is missing or recorded twice


def read_research() -> list[dict[str, str]]:
    """Return each source of the research files: the file, its id there and its URL."""
    with (Path(__file__).parent / "research_sources.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


# Sources that were read in a copy on another site.
COPIES = (
    "pravda-dprk-20241221 dailynk-unsan dailynk-khj-aug2025 dailynk-kujang-2024 newsare-hwangju"
    " nknews-202606-sinuiju nkn-pgh-opening tpu-2024-pgh-sat upi-pefafa-202105-shamgyong"
    " tpu-kangdong-electricity tpu-2024-kangdong-elite news1-2025-rfa-idle tpu-2026-sinuiju-sat"
    " kinu-co2227-canal ulsanfocus-20220502 nkn-20251121-hoeyang livein-donga-hoeyang janes-7star-2024"
    " spn-98020 yna-20240130-committee dnk-2024-yomju"
).split()

# Sources of November 2026 that the record does not cite: of sites that belong to no promise of the
# announcement, of headlines that say nothing, and of prices of seafood.
LEFT_OUT = (
    "dnk-20260305-seafood dnk-jsh-column kcna-en-20260219-hwasong5 kcna-en-20260828-station"
    " kcna-en-20260107-kwangchon kcna-en-20260123-offshore mailru-20260121-onpho pravda-20250626-kalma"
    " magyarnemzet-202506-kalma tass-20250626-kalma"
).split()

# A page that is linked at another host than the bare number in the research.
MOVED = {
    "http://175.45.176.75/index.php/detail_com/comde/irn250227001/48/ru": (
        "http://vok.rep.kp/index.php/detail_com/comde/irn250227001/48/ru"
    )
}


def test_the_sources_of_the_record_are_those_of_the_research(seed: Batch) -> None:
    """Compared by URL, because two files have 35 in common, under ids that may differ.

    What was read in a copy on another site has no link, like the blog's repost of NK News. Of the
    speech on KCNA's page the research read only the opening, and cites that page for nothing. Another test
    checks that the record cites all of its sources.
    """
    research = read_research()
    assert Counter(row["research"] for row in research) == {
        "factories-20x10": 165,
        "other-projects": 196,
        "new-events-2026-11": 39,
        "second-look-2026-11": 3,
    }
    linked = [one for one in seed.sources if one.url]
    ids = {one.id for one in seed.sources}
    assert not ids & set(LEFT_OUT)
    left = {"kcna-spa10-speech", *COPIES, *LEFT_OUT}
    dropped = {normalize_link(row["url"]) for row in research if row["url"] and row["id"] in left}
    wanted = {normalize_link(MOVED.get(row["url"], row["url"])) for row in research if row["url"]} - dropped
    addresses = [one.url for one in linked]
    assert set(addresses) == wanted
    assert len(addresses) == len(wanted)
    assert {one.id for one in seed.sources if not one.url} == {"nknews-20240116", *COPIES}


def test_a_source_that_was_read_in_a_copy_says_so(seed: Batch) -> None:
    notes = {one.id: one.note or "" for one in seed.sources}
    assert all("Cited without a link" in notes[id_] for id_ in COPIES)


def test_only_a_page_without_a_date_has_the_day_on_which_it_was_fetched(seed: Batch) -> None:
    assert {one.id: one.retrieved for one in seed.sources if one.retrieved} == {
        "dailynk-kujang-2024": "2024-07-03",
        "tpu-2024-pgh-sat": "2024-12-14",
        "dailynk-unsan": "2025-04-27",
        "asiareview-khj": "2025-08-31",
    }
    assert not any(one.published for one in seed.sources if one.retrieved)


def test_the_record_says_to_which_day_it_goes(seed: Batch) -> None:
    """What it has of the months since March 2026 is the word of state media."""
    (about,) = [row.value for row in seed.settings if row.id == "about"]
    late = [one for one in seed.updates if parse_date(one.event_date).start >= parse_date("2026-03").start]
    assert {one.evidence for one in late} == {Evidence.PROMISER}
    assert "since March 2026 rests on state media alone" in about
    told = max(one.event_date for one in late if one.confidence is not Confidence.LOW)
    assert told == "2026-08-25"
    assert "25 August 2026" in about
    published = {one.id: one.published for one in seed.sources}
    assert max(published[one.source or ""] or "" for one in late) == "2026-09-23"
    assert "23 September" in about


def test_an_undated_page_of_the_new_events_sets_no_status_over_a_dated_one(seed: Batch) -> None:
    """Songchon and Sukchon are said to stand still by a page without a date: a note, and no status."""
    for site in ("songchon", "sukchon"):
        (told,) = updates(seed, f"{site}-factories", source="spn-98020")
        assert (told.status, told.confidence) == (None, Confidence.LOW)


def test_what_was_seen_on_a_day_had_begun_by_then(seed: Batch) -> None:
    """Who sees ground broken, or a reactor run, knows only that it has begun by that day."""
    seen = [one for one in seed.updates if one.evidence and one.evidence.verifies and one.count is None]
    starts = {one.event_date for one in seen if one.status in {Status.GROUNDBROKEN, Status.COMPLETED}}
    assert starts == {"../2025-02-14"}
    opened = {one.project for one in seed.updates if one.status is Status.COMPLETED and one.count is None}
    used = [one for one in seen if one.status is Status.OPERATING and one.project not in opened]
    assert {one.project for one in used} == {"yongbyon-light-water-reactor"}
    assert min(parse_date(one.event_date) for one in used).written == "../2025-03-03"


# ---- numbers in other units


def test_a_number_of_homes_or_hectares_is_promised_in_its_unit(seed: Batch) -> None:
    assert {(one.project, one.quantity, one.per, one.unit) for one in seed.quotas if one.unit} == {
        ("coal-mine-villages", 20_000, QuotaPeriod.YEAR, "homes"),
        ("new-homes", 370_000, QuotaPeriod.TOTAL, "families"),
        ("pyongyang-flats", 50_000, QuotaPeriod.TOTAL, "flats"),
        ("sinuiju-greenhouse-farm", 450, QuotaPeriod.TOTAL, "hectares"),
    }
    # The homes of the miners' settlements are among the 370,000.
    assert [one.within for one in seed.quotas if one.project == "coal-mine-villages"] == ["new-homes"]


def test_what_was_built_is_counted_by_whoever_says_so(seed: Batch) -> None:
    """Only Daily NK's image of Kangdong is an observation; News1 counts for itself; the rest are claims."""
    counts = {
        (one.project, one.count, one.of, one.unit, one.bound, one.evidence)
        for one in seed.updates
        if one.count is not None
    }
    assert counts == {
        ("20x10", 40, None, None, None, Evidence.PROMISER),
        ("20x10-2024", 19, 20, None, None, Evidence.EXPERT),
        ("pyongyang-flats", 50_000, None, "flats", Bound.AT_LEAST, Evidence.PROMISER),
        ("pyongyang-flats", 60_000, None, "houses and public buildings", Bound.ABOUT, Evidence.PROMISER),
        ("rural-policies", 110_000, None, "families", Bound.AT_LEAST, Evidence.PROMISER),
        ("rural-policies", 113_000, None, "families", Bound.AT_LEAST, Evidence.PROMISER),
        ("rural-policies", 1_860, None, "villages", Bound.AT_LEAST, Evidence.PROMISER),
        ("pyongyang-general-hospital", 1_000, None, "beds", Bound.AT_LEAST, Evidence.PROMISER),
        ("ryonpho-greenhouse-farm", 280, None, "hectares", None, Evidence.PROMISER),
        ("ryonpho-greenhouse-farm", 1_000, None, "homes", Bound.ABOUT, Evidence.PROMISER),
        ("kangdong-greenhouse-farm", 260, None, "hectares", Bound.ABOUT, Evidence.IMAGERY),
        ("kangdong-greenhouse-farm", 1_000, None, "greenhouses", Bound.ABOUT, Evidence.IMAGERY),
        ("sinuiju-greenhouse-farm", 1_150, None, "greenhouses", Bound.AT_LEAST, Evidence.PROMISER),
    }


def test_a_conditional_number_is_in_words_only(seed: Batch) -> None:
    """70 percent of the territory is reached if it is twenty places a year, Kim said."""
    speech = announcement(seed, "20x10-policy-speech-2026")
    assert [(one.value, one.unit) for one in speech.figures] == [(100, "places")]
    assert "70 percent" in words(speech)
    # Kim named more than 60 coastal cities and counties, and did not promise each of them a farm at sea.
    assert not any(one.quantity == 60 for one in seed.quotas)


def test_no_source_reports_an_event_twice(seed: Batch) -> None:
    """An update is a duplicate if its project, source and whole claim are those of another.

    One pair of reports shares source and month but says two things: NK Pro gives the area of Kangdong's
    greenhouses, 215 hectares, and the number of the main type, 660.
    """
    told = Counter(
        (one.project, one.source, one.event_date, one.status, one.percent, one.promised, one.count, one.unit)
        for one in seed.updates
    )
    twice = [claim for claim, times in told.items() if times > 1]
    assert twice == [("kangdong-greenhouse-farm", "eastfruit-kangdong", "2024-03", *[None] * 5)]
    pair = updates(seed, "kangdong-greenhouse-farm", source="eastfruit-kangdong")
    assert sorted(part for part in ("215", "660") for one in pair if part in (one.note or "")) == [
        "215",
        "660",
    ]


def test_no_source_reports_an_event_by_its_day_and_again_by_its_month(seed: Batch) -> None:
    """A source that gives a status for a day does not give it again for the month or year around it.

    The exception, a look back at Kwangchon, dates Kim's visit to 22 July 2020 and a thousand homes to the end
    of that year.
    """
    stated = [one for one in seed.updates if one.status]
    vague = {
        (one.project, one.source)
        for one in stated
        for other in stated
        if (one.project, one.source, one.status) == (other.project, other.source, other.status)
        and len(one.event_date) < len(other.event_date)
        and parse_date(one.event_date).start
        <= parse_date(other.event_date).start
        <= parse_date(one.event_date).end
    }
    assert vague == {("kwangchon-chicken-farm", "kcnaw-visit-sultry")}


# ---- hospitals that a source names at their place


def test_a_hospital_that_no_source_names_at_its_place_is_announced_and_not_begun(seed: Batch) -> None:
    """At nine of the ceremonies of 2026 hospitals were spoken of for twenty areas, and none for the place.

    KCNA saw the hospital of Sinuiju's area being built on 31 May; so twelve of the twenty are begun.
    """
    implied = "sinuiju-area kangnam maengsan pongsan sijung sinhung thongchon sinphyong sonchon".split()
    begun = set()
    for site in sorted(members(seed, "county-hospitals-2026")):
        stages = {one.status for one in updates(seed, site) if one.status}
        if stages & {Status.GROUNDBROKEN, Status.BUILDING}:
            begun.add(site)
        if site.removesuffix("-hospital") in implied:
            assert Status.ANNOUNCED in stages, site
            assert Status.GROUNDBROKEN not in stages, site
    named = members(seed, "county-hospitals-2026") - {f"{name}-hospital" for name in implied}
    assert begun == named | {"sinuiju-area-hospital"}
    assert len(begun) == 12


@pytest.fixture(scope="session")
def published(seeded: Path, seed: Batch) -> list[tuple[Source, Publisher | None]]:
    """Return every source that has a link, with the publisher that the program finds for it."""
    with reading(seeded) as reader:
        return [(source, find_publisher(reader, source.url)) for source in seed.sources if source.url]


def test_every_link_of_the_record_has_a_publisher(published: list[tuple[Source, Publisher | None]]) -> None:
    assert len(published) > 300
    assert [source.url for source, publisher in published if publisher is None] == []


def test_a_source_names_the_publisher_of_its_domain_and_may_say_more(
    published: list[tuple[Source, Publisher | None]],
) -> None:
    def bare(name: str) -> str:
        return name.removeprefix("The ").replace("-", " ").casefold()

    for source, publisher in published:
        assert publisher is not None
        assert source.publisher is not None
        # As in `KCNA (Japanese)` and `Reuters via Yahoo News Australia`.
        assert bare(publisher.name) in bare(source.publisher), source.id


def test_the_usual_class_of_a_publisher_is_that_of_all_its_sources_and_of_the_promisers_outlets(
    published: list[tuple[Source, Publisher | None]], seed: Batch
) -> None:
    classes: dict[str, list[Evidence | None]] = {}
    for source, publisher in published:
        assert publisher is not None
        classes.setdefault(publisher.domain, []).append(source.evidence)
    usual = {publisher.domain: publisher.evidence for publisher in seed.publishers if publisher.evidence}
    assert {domain: set(classes[domain]) for domain in usual} == {
        domain: {evidence} for domain, evidence in usual.items()
    }
    # What an agency of the promiser prints is its word, wherever it is read.
    own = ["kcna.kp", "kcna.co.jp", "kcnawatch.org", "rodong.rep.kp", "vok.rep.kp", "pyongyangtimes.com.kp"]
    assert {usual[domain] for domain in own} == {Evidence.PROMISER}
    # Whoever both relays and finds out has no usual class: it is asked for.
    assert {"38north.org", "nknews.org", "dailynk.com", "news1.kr", "world.kbs.co.kr"}.isdisjoint(usual)


def test_no_publisher_of_the_record_is_a_part_of_another_without_need(seed: Batch) -> None:
    names = {publisher.domain: publisher for publisher in seed.publishers}
    for publisher in seed.publishers:
        around = [names[one] for one in list_domains(f"https://{publisher.domain}/")[1:] if one in names]
        assert all((one.name, one.evidence) != (publisher.name, publisher.evidence) for one in around)
