"""The record that comes with nkplan says what was announced, and what became of the first year."""

import pytest

from nkplan.admission import list_references
from nkplan.dates import parse_date
from nkplan.model.batch import Announcement, Batch, Project, Update
from nkplan.model.vocabulary import Evidence, ProjectType, QuotaPeriod, Status

FIRST_YEAR = (
    "songchon kusong sukchon unpha kyongsong orang onchon kujang unsan yonthan unchon jaeryong tongsin usi"
    " kosan ichon hamju kumya kimhyongjik jangphung"
).split()


@pytest.fixture(scope="session")
def seed(shipped: tuple[Batch, ...]) -> Batch:
    return shipped[1]


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


def test_every_reference_leads_to_a_row_and_every_source_is_cited(shipped: tuple[Batch, ...]) -> None:
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


# ---- the eighteen things that were said on 15 January 2024


def test_row_1_the_speech_its_day_and_speaker(seed: Batch) -> None:
    one = announcement(seed, "20x10-policy")
    assert (one.announced, one.speaker) == ("2024-01-15", "Kim Jong Un")
    assert "Supreme People's Assembly" in (one.occasion or "")
    assert "16 January 2024" in words(one)


def test_row_2_twenty_counties_a_year_and_two_hundred_in_all(seed: Batch) -> None:
    numbers = {(one.per, one.quantity) for one in seed.quotas if one.project == "20x10"}
    assert numbers == {(QuotaPeriod.YEAR, 20), (QuotaPeriod.TOTAL, 200)}
    readings = {one.promised for one in updates(seed, "20x10") if one.promised}
    assert readings == {"2033", "2034"}


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
        ("rural-policies", "housing"),
    ],
)
def test_rows_7_9_10_12_13_programmes_without_a_number(seed: Batch, programme: str, kind: str) -> None:
    one = project(seed, programme)
    assert (one.type, one.kind) == (ProjectType.PROGRAMME, kind)
    assert updates(seed, programme, status=Status.ANNOUNCED, event_date="2024-01-15")
    assert programme not in {quota.project for quota in seed.quotas}


def test_row_8_the_hospital_of_pyongyang_promised_twice(seed: Batch) -> None:
    promised = [(one.event_date, one.promised) for one in updates(seed, "pyongyang-general-hospital")]
    assert promised == [("2020-03-17", "2020-10-10"), ("2024-01-15", "2024")]


def test_row_9_the_chicken_farms_first_and_model(seed: Batch) -> None:
    assert project(seed, "chicken-farms").model == "kwangchon-chicken-farm"
    assert updates(seed, "kwangchon-chicken-farm", status=Status.COMPLETED, event_date="2024-01")
    assert updates(seed, "pyongyang-chicken-farm", status=Status.ANNOUNCED, promised="2024")


def test_row_11_a_canal_first_mentioned_in_2022(seed: Batch) -> None:
    assert project(seed, "grand-canal").place is None
    assert [one.event_date for one in updates(seed, "grand-canal")] == ["2022-09-08", "2024-01-15"]


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
    assert one.announced == "2024-01-16"
    assert "missile" in words(one)


@pytest.mark.parametrize("part", ["2021", "2023", "2016", "1970s", "Kim Il Sung", "twelve years"])
def test_rows_16_and_18_the_background(seed: Batch, part: str) -> None:
    assert part in words(announcement(seed, "20x10-policy"))


def test_row_17_an_outside_expert(seed: Batch) -> None:
    (one,) = [one for one in updates(seed, "20x10") if "Peter Ward" in (one.note or "")]
    assert (one.evidence, one.status) == (Evidence.EXPERT, None)


# ---- the first twenty


def test_the_first_year_has_its_twenty_places_and_no_other(seed: Batch) -> None:
    sites = [one.id for one in seed.projects if one.parent == "20x10-2024"]
    assert sites == [f"{name}-factories" for name in FIRST_YEAR]
    assert project(seed, "20x10-2024").year == 2024


@pytest.mark.parametrize("name", FIRST_YEAR)
def test_each_of_the_twenty_broke_ground_and_opened_by_the_states_word(seed: Batch, name: str) -> None:
    site = f"{name}-factories"
    claims = updates(seed, site, evidence=Evidence.STATE_MEDIA)
    broken = [one for one in claims if one.status is Status.GROUNDBROKEN]
    assert min(parse_date(one.event_date).start for one in broken) >= parse_date("2024-02-28").start
    opened = [parse_date(one.event_date) for one in claims if one.status is Status.COMPLETED]
    first = min(day.end for day in opened if day.start == day.end)
    assert parse_date("2024-12-20").start <= first <= parse_date("2025-02-11").end


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        ("unsan", {"2025-02-07", "2025-03-07"}),
        ("hamju", {"2025-01-18", "2025-01-19"}),
        ("tongsin", {"2025-02-04", "2025-02-05"}),
    ],
)
def test_openings_that_sources_date_differently_are_all_there(
    seed: Batch, name: str, dates: set[str]
) -> None:
    assert {one.event_date for one in updates(seed, f"{name}-factories", status=Status.COMPLETED)} == dates


def test_reports_of_one_event_are_updates_of_their_own(seed: Batch) -> None:
    opening = updates(seed, "songchon-factories", event_date="2024-12-20", status=Status.COMPLETED)
    assert len(opening) == len({one.source for one in opening}) == 3


def test_a_table_drawn_from_state_media_verifies_nothing(seed: Batch) -> None:
    table = [one for one in seed.updates if one.source == "38n-20250227"]
    assert len(table) == 20
    assert not any(one.evidence and one.evidence.verifies for one in table)


def test_days_that_are_not_known_are_not_made_up(seed: Batch) -> None:
    """NK News dates thirteen starts to 6 to 10 March: that is a month, and a note."""
    starts = [one for one in seed.updates if one.source == "nknews-202403"]
    assert {one.event_date for one in starts} == {"2024-03"}
    assert all("6 to 10 March" in (one.note or "") for one in starts)


# ---- the gazetteer


def test_the_gazetteer_has_every_province_city_county_and_district(shipped: tuple[Batch, ...]) -> None:
    places = {one.id: one for one in shipped[0].places}
    provinces = [one for one in places.values() if one.parent is None]
    second = [one for one in places.values() if one.parent in {province.id for province in provinces}]
    assert (len(provinces), len(second)) == (13, 201)
    assert places["kp-02-songchon"].parent == "KP-02"
    assert places["kp-14-onchon"].parent == "KP-14"
    assert {one.id for one in places.values() if one.name == "Unsan"} == {"kp-02-unsan", "kp-03-unsan"}


def test_the_reports_of_the_session_have_no_address_that_is_known(seed: Batch) -> None:
    one = next(one for one in seed.sources if one.id == "nknews-20240116")
    assert (one.published, one.url, one.evidence) == ("2024-01-16", None, Evidence.STATE_MEDIA)
    spoken = [one for one in seed.announcements if one.announced.startswith("2024-01-1")]
    assert len(spoken) == 10
    assert {one.source for one in spoken} == {"nknews-20240116"}


def test_every_update_has_a_source_and_a_class_and_an_id_that_none_shares(seed: Batch) -> None:
    assert all(one.source and one.evidence for one in seed.updates)
    assert len({one.id for one in seed.updates}) == len(seed.updates)


def test_no_event_is_later_than_the_source_that_reports_it(seed: Batch) -> None:
    published = {one.id: one.published for one in seed.sources}
    for one in seed.updates:
        if day := published[one.source or ""]:
            assert parse_date(one.event_date).start <= parse_date(day).end, one
