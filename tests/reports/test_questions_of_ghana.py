"""The questions of the design, asked of Ghana's record: a factory for each district, promised in 2016.

Each expected answer was worked out by hand from the rows of `tests/data/ghana.json`, never from the program's
output; the docstrings say how. The programme has no cohorts, and so its sites have no year.
"""

from pathlib import Path
from typing import Any

import pytest
from program import run
from questions import Ask, check_lists, counts, ids, make_ask, pick, read, read_notes

# What the sites show: the status by any evidence, by the promiser's word and by observation.
STATES: dict[tuple[str | None, str | None, str | None], str] = {
    ("operating", "operating", "operating"): "ekumfi-juice",
    ("operating", "operating", None): "blue-skies keda",
    ("idle", "operating", "idle"): "komenda",
    ("idle", "completed", "idle"): "akontombra-rice weddi",
    ("idle", None, "idle"): "jolinyiri-gari",
    # Opened in November 2024; the last to see it, in June 2020, saw it being built.
    ("completed", "completed", "building"): "walewale",
    ("completed", "completed", None): (
        "akuapem-gold asutsuare-soya atlantic-life casa-de-ropa ch-global dompim-palm dormaa-rice hohoe-tsc"
        " maagrace narubiz premium-foods savelugu-rice savelugu-tsc sekyere-maize shoe-fabriek"
    ),
    ("building", "building", None): "birim-oil central-oil fanteakwa-cassava",
    ("preparing", None, "preparing"): "tami",
    ("announced", "announced", None): (
        "adaklu-palm bongo-shea denkyira-palm ho-west-waste hohoe-poultry kasapin keta-cassava lawra-cotton"
        " nandom-shea obuasi-citrus sissala-cotton sissala-shea tumu-cassava wa-cattle wa-juice wa-shea"
    ),
    # Only the opposition says anything of them.
    (None, None, None): "everpure kasapreko krowor-ice unijay",
}

OF_2018 = (
    "lawra-cotton nandom-shea sissala-cotton sissala-shea tumu-cassava wa-cattle wa-juice wa-shea".split()
)
"""The eight plants of the Upper West that were approved on 7 May 2018 for 2020, and not heard of since."""

BEFORE_THE_END = ("--as-of", "2025-03-10")
"""The last day before the next government took the programme out of the budget."""


@pytest.fixture(scope="module")
def ask(ghana: Path) -> Ask:
    return make_ask(ghana)


def find_sites(status: str | None) -> set[str]:
    """Return the sites that have a status by any evidence."""
    return {site for states, sites in STATES.items() if states[0] == status for site in sites.split()}


# ---- 1. How much of what was promised is claimed done, and how much is verified?


def test_1_every_site_is_judged_by_what_counts(ask: Ask) -> None:
    """Komenda's start of 2022 is the promiser's own low claim: it is claimed, and reporters saw it idle."""
    found = {row["id"]: (row["status"], row["claimed"], row["verified"]) for row in ask("list")}
    assert found == {site: state for state, sites in STATES.items() for site in sites.split()}


def test_1_of_260_factories_16_are_claimed_and_3_verified(ask: Ask, ghana: Path) -> None:
    """216 were promised by 2020 in August 2017, and 260 on 31 May 2019; 5 and 58 of these are parts of it.

    Work was shown at 20 of 1D1F's own 40 sites, and seen at Ekumfi, Walewale, Weddi and Jolinyiri. The
    promiser has Ekumfi, Blue Skies and Keda in use, and Walewale, Weddi and eleven more complete: 16. Seen
    complete are Ekumfi, in use, and Weddi and Jolinyiri, idle; by the latest evidence it is the 16 and
    Jolinyiri. All five common facilities are claimed complete; one, at Akontombra, was seen, idle. Komenda
    belongs to no programme, and was seen idle.
    """
    report = ask("report")
    rows = {row["programme"]: (row["promised"], *counts(row)) for row in report["rows"]}
    assert rows == {
        "1d1f": (260, 40, 20, 4, 16, 3, 17, 3, 1, 3),
        "1d1f-cuf": (5, 5, 5, 1, 5, 1, 5, 0, 0, 0),
        "1d1f-youth": (58, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        None: (None, 1, 1, 1, 1, 1, 1, 1, 0, 0),
    }
    # The parts are promised once, and Komenda stands under the sum.
    total = report["total"]
    assert (total["promised"], *counts(total)) == (260, 46, 25, 5, 21, 4, 22, 3, 1, 3)
    notes = read_notes(ghana)
    assert "One District One Factory: 216 replaced by 260 on 2019-05-31" in notes
    # Districts in which work was to start are no factories to open.
    assert "1 number promised in other units or stages: nkplan report promises" in notes
    (also,) = {row["also_promised"] for row in report["rows"]} - {None}
    assert also == "51 districts in 2017, to be started (2017-08)"


def test_1_by_kind_two_technology_centres_had_no_number(ask: Ask) -> None:
    """The centres at Savelugu and Hohoe are claimed complete; nobody promised how many there would be."""
    rows = ask("report", "--by", "kind")["rows"]
    assert [(row["kind"], row["promised"], row["promised_as"], *counts(row)) for row in rows] == [
        ("factory", 260, "number", 44, 23, 5, 19, 4, 20, 3, 1, 3),
        ("factory", None, "none", 1, 1, 1, 1, 1, 1, 1, 0, 0),
        ("technology-centre", None, "no number", 2, 2, 0, 2, 0, 2, 0, 0, 0),
    ]


def test_1_by_year_nothing_has_one(ask: Ask) -> None:
    """260 were promised for the years up to 2020 together; which year a site is of no source says."""
    rows = ask("report", "--by", "year")["rows"]
    assert read(rows, "year", "promised", "named", "complete_claimed") == [
        ("other", 260, 0, 0),
        (None, None, 46, 21),
        (None, None, 1, 1),
    ]


def test_1_by_region_central_has_the_only_one_seen_in_use(ask: Ask) -> None:
    """Ekumfi. There too Casa de Ropa and Komenda are claimed complete; Komenda was seen so, idle."""
    report = ask("report", "--by", "region")
    rows = {row["region"]: counts(row) for row in report["rows"]}
    assert rows["gh-central"] == (6, 4, 2, 3, 2, 3, 2, 1, 1)
    assert {region for region, row in rows.items() if row[7]} == {"gh-central"}
    # Of the Upper West's nine one has work to show, Jolinyiri, and that is no claim of the promiser's.
    assert rows["gh-upper-west"] == (9, 1, 1, 0, 1, 1, 0, 0, 0)
    # Every site has a region: 46 of programmes, and Komenda.
    assert counts(report["total"]) == (47, 26, 6, 22, 5, 23, 4, 1, 3)


def test_1_a_part_asked_for_alone_has_its_own_number(ask: Ask) -> None:
    for by in ("kind", "programme"):
        alone = ask("report", "--programme", "1d1f-youth", "--by", by)
        assert alone["total"]["promised"] == 58


@pytest.mark.parametrize("by", ["programme", "kind", "region", "status"])
def test_1_the_filter_of_each_row_lists_the_sites_that_it_counts(ask: Ask, ghana: Path, by: str) -> None:
    """All 47 sites are in the rows, each in one."""
    rows = ask("report", "--by", by)["rows"]
    assert sum(row["named"] for row in rows) == 47
    check_lists(ghana, rows)


# ---- 2. Which places of a year have not broken ground, or not opened?


def test_2_before_the_end_of_the_programme(ask: Ask) -> None:
    """Not started: the 16 that are no more than announced, Tami, and the four of the opposition's list.

    One of the 16, Obuasi, is a youth factory. Three are being built. Komenda was promised by none of these
    programmes and has opened, as have all the common facilities.
    """
    rows = ask("report", "missing", *BEFORE_THE_END)
    not_started = find_sites("announced") | find_sites("preparing") | find_sites(None)
    assert len(not_started) == 21
    assert ids(pick(rows, missing="not started")) == not_started
    assert ids(pick(rows, missing="not started", programme="1d1f-youth")) == {"obuasi-citrus"}
    assert ids(pick(rows, missing="not opened")) == find_sites("building")


def test_2_no_site_has_a_year_and_who_asks_for_one_is_told(ghana: Path) -> None:
    done = run(ghana, "report", "missing", "--year", "2020")
    assert (done.code, done.out) == (2, "")
    assert "nothing belongs to the year 2020" in done.err


# ---- 3. Which places were promised something and have nothing yet?


def test_3_of_what_is_not_cancelled_57_youth_factories_are_missing(ask: Ask) -> None:
    """1D1F was cancelled on 11 March 2025, so nothing of it is missing any more.

    The youth factories are only within it: of 58 one is named, Obuasi, and that was not begun.
    """
    assert read(ask("report", "missing"), "programme", "missing", "number", "id") == [
        ("1d1f-youth", "not named", 57, None),
        ("1d1f-youth", "not started", 1, "obuasi-citrus"),
    ]


def test_3_the_day_before_159_of_260_had_no_name(ask: Ask) -> None:
    """260 less 1D1F's own 38 factories (two of its 40 sites are centres), and the 5 and 58 of its parts."""
    rows = pick(ask("report", "missing", *BEFORE_THE_END), missing="not named")
    assert read(rows, "programme", "number") == [("1d1f", 260 - 38 - 5 - 58), ("1d1f-youth", 58 - 1)]


# ---- 4. How long from the start of work to opening?


def test_4_two_factories_have_a_sod_cut_and_an_opening(ask: Ask) -> None:
    """Ekumfi: August 2017 to 21 August 2020, 1086 to 1116 days.

    Six were first seen under work and took at least: Akuapem, being built in 2020 and opened in 2021, 1; the
    shoe factory, February 2021 to 7 October, 221; Casa de Ropa, 4 October 2019 to 21 August 2020, 322; Weddi,
    10 September 2020 to 10 August 2021, 334; Keda, September 2019 to June 2021, 610; CH Global, 2018 to 9
    September 2021, 983.

    Walewale's sod was cut on 16 December 2019. That it was in use in November 2022 became void when the
    promiser had it being built in September 2024; it opened in November 2024, after 1782 to 1811 days.

    The median of the least is between 334 and 610; how long six of eight took at most is unknown. The other
    13 that opened have no start (the common facility at Nsuta was being built in January 2020, and was seen
    open by 30 March 2022: any time after).
    """
    (row,) = pick(ask("report", "durations"), kind="factory")
    assert (row["n"], row["unknown"]) == (8, 13)
    assert (row["median_least"], row["median_most"]) == (472, None)
    assert (row["shortest"], row["shortest_most"]) == (1, 1116)
    assert (row["longest_least"], row["longest"]) == (1782, None)
    (centres,) = pick(ask("report", "durations"), kind="technology-centre")
    assert (centres["n"], centres["unknown"]) == (0, 2)


# ---- 5. Is a programme on pace, and when would it finish?


def test_5_by_the_end_of_2020_four_factories_had_opened(ask: Ask) -> None:
    """In 2018 Asutsuare; in 2020 Ekumfi, Casa de Ropa and Premium Foods.

    In 2021 Akuapem, CH Global, Keda, Maagrace, Narubiz, the shoe factory and Weddi; in 2022 Atlantic; in 2024
    Walewale. Blue Skies was seen open by 7 May 2024 and Jolinyiri on 26 November 2024; in which year either
    opened is unknown. The two centres are no factories. Before the cancellation all 260 had been due since
    the end of 2020; after it nothing is.
    """
    asked = ("year", "completed", "year_unknown", "due_so_far", "completed_so_far")
    rows = [row for row in pick(ask("report", "pace", *BEFORE_THE_END), programme="1d1f") if row["year"]]
    assert read(rows, *asked) == [
        (2018, 1, 0, 0, 1),
        (2019, 0, 0, 0, 1),
        (2020, 3, 0, 260, 4),
        (2021, 7, 0, 260, 11),
        (2022, 1, 0, 260, 12),
        (2023, 0, 0, 260, 12),
        (2024, 1, 2, 260, 15),
        (2025, 0, 0, 260, 15),
    ]
    today = [row for row in pick(ask("report", "pace"), programme="1d1f") if row["year"]]
    assert {row["due_so_far"] for row in today} == {None}
    # No number was promised for a year: the 51 districts of 2017 were to start.
    assert {row["promised"] for row in today} == {None}


def test_5_nothing_is_forecast_of_what_is_cancelled_done_or_not_begun(ask: Ask) -> None:
    rows = {row["programme"]: row for row in ask("report", "pace") if row["year"] is None}
    assert {id_: (row["promised"], row["announcement"]) for id_, row in rows.items()} == {
        "1d1f": (260, "before-2020"),
        "1d1f-cuf": (5, "cuf-plan"),
        "1d1f-youth": (58, "youth-plan"),
    }
    assert {row["earliest"] for row in rows.values()} == {None}
    assert rows["1d1f"]["refused"] == "it was cancelled on 2025-03-11"
    assert rows["1d1f-cuf"]["refused"] == "all of it has opened"
    assert "on record since 2020-07-23: 0" in rows["1d1f-youth"]["refused"]


def test_5_what_opened_of_the_parts_is_not_counted_with_the_whole(ask: Ask, ghana: Path) -> None:
    """The five facilities are among the 260 and not among 1D1F's own 15 that opened: who reads is told."""
    rows = {row["programme"]: row for row in ask("report", "pace") if row["year"] is None}
    assert {id_: row["completed"] for id_, row in rows.items()} == {
        "1d1f": 15,
        "1d1f-cuf": 5,
        "1d1f-youth": 0,
    }
    told = [note for note in read_notes(ghana, "pace") if " is part of " in note]
    assert told == [
        f"the number of {part} is part of that of 1d1f; what opened of it is in its rows only"
        for part in ("1d1f-cuf", "1d1f-youth")
    ]
    # Without the part's rows there is nothing to tell.
    assert " is part of " not in "".join(read_notes(ghana, "pace", "--programme", "1d1f-cuf"))


# ---- 6. What has had no news for N months?


def test_6_one_site_is_silent_that_is_not_cancelled(ask: Ask) -> None:
    """Obuasi was last heard of on 26 February 2020, 80 months ago; Komenda is idle and so not silent."""
    assert read(ask("report", "silent"), "id", "age_months") == [("obuasi-citrus", 80)]


def test_6_before_the_end_all_that_had_not_opened_had_been_silent(ask: Ask) -> None:
    """Not opened are 24, and the newest word on any is of 7 August 2022, on Upper Denkyira West.

    Of the four of which only the opposition speaks there is no news at all.
    """
    rows = ask("report", "silent", *BEFORE_THE_END)
    not_open = find_sites("announced") | find_sites("preparing") | find_sites("building") | find_sites(None)
    assert len(not_open) == 24
    assert ids(rows) == not_open
    assert ids(pick(rows, age_months=None)) == find_sites(None)
    (latest,) = pick(rows, id="denkyira-palm")
    assert (latest["last_evidence"], latest["age_months"]) == ("2022-08-07", 31)
    assert "denkyira-palm" not in ids(ask("report", "silent", "--months", "36", *BEFORE_THE_END))


# ---- 7. What was true on a day, and what was known on a day?


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        # Akomea's word that it works, of 4 November 2022, was printed on 4 December.
        (("--known-on", "2022-12-03"), ("building", "groundbroken", "building", None)),
        (("--known-on", "2022-12-31"), ("operating", "operating", "building", "2022-11-04")),
        # On 21 September 2024 the promiser had it being built: the claim of 2022 is void, and still a claim.
        (("--as-of", "2022-12-31"), ("building", "operating", "building", None)),
        (("--known-on", "2024-09-21"), ("building", "building", "building", None)),
        # That it was commissioned in November 2024 was printed in July 2025.
        (("--known-on", "2025-06-30"), ("building", "building", "building", None)),
        ((), ("completed", "completed", "building", "2024-11")),
    ],
)
def test_7_the_state_of_walewale_over_time(
    ask: Ask, moment: tuple[str, ...], state: tuple[str | None, ...]
) -> None:
    (row,) = pick(ask("list", *moment), id="walewale")
    assert (row["status"], row["claimed"], row["verified"], row["opened"]) == state


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        # The page on its opening of 30 May 2016 is of 2022. An undated one has it stop in June 2016.
        (("--known-on", "2021-12-31"), ("idle", None, "idle", "../2016-06")),
        (("--as-of", "2016-06-15"), ("completed", "completed", None, "2016-05-30")),
        # Before the programme was promised, as after it.
        (("--as-of", "2016-06-30"), ("idle", "completed", "idle", "2016-05-30")),
    ],
)
def test_7_the_state_of_komenda_over_time(
    ask: Ask, moment: tuple[str, ...], state: tuple[str | None, ...]
) -> None:
    (row,) = pick(ask("list", *moment), id="komenda")
    assert (row["status"], row["claimed"], row["verified"], row["opened"]) == state


def test_7_what_was_promised_at_the_end_of_2018(ask: Ask) -> None:
    """216 and, as a part, the five facilities; the 260 came in May 2019, the youth factories in July 2020.

    That the facilities were planned in 2017 is on a page of 2022, but what was announced is known from its
    own day. Of 1D1F's sites 17 had been named: Asutsuare, open, Birim and Fanteakwa, being built, and Ekumfi,
    Kasapin, Tami, the eight of the Upper West and the three of 2016. Ekumfi's sod of 2017 is on a page of
    2023, and that CH Global had begun on one of 2021. Nothing but Komenda had been seen.
    """
    rows = ask("report", "--as-of", "2018-12-31", "--known-on", "2018-12-31")["rows"]
    asked = ("programme", "promised", "named", "started", "complete_claimed", "complete_verified")
    assert read(rows, *asked) == [
        ("1d1f", 216, 17, 3, 1, 0),
        ("1d1f-cuf", 5, 0, 0, 0, 0),
        (None, None, 1, 1, 0, 1),
    ]


# ---- 8. What is past its promised date?


def test_8_two_are_overdue_today(ask: Ask) -> None:
    """Obuasi: December 2020, 2154 days ago (1826 to the end of 2025, and 328).

    Komenda opened in 2016 and idled; use again was promised for the first quarter of 2022: 1699 days (1461 to
    the end of March 2026, and 238). That it processes, a low claim of 2022, was refuted the same year.
    """
    assert read(ask("report", "overdue"), "id", "promised", "to_be", "days_late") == [
        ("obuasi-citrus", "2020-12", "opened", 2154),
        ("komenda", "2022-Q1", "in use again", 1699),
    ]


def test_8_before_the_end_fourteen_were(ask: Ask) -> None:
    """1530 days from the end of 2020 to 10 March 2025: the eight plants of the Upper West, and Obuasi.

    Kasapin was to be in use by the end of 2018 (731 more), Akuapem by November 2020 (31 more) and Walewale by
    the end of 2020: both opened and were not said to be in use since. Central Oil was to open in November
    2021, 1196 days before (1096 to 2024, and 100), and Komenda to work again by March 2022 (1075). Ekumfi
    and Casa de Ropa have kept theirs.
    """
    found = {row["id"]: (row["to_be"], row["days_late"]) for row in ask("report", "overdue", *BEFORE_THE_END)}
    assert found == dict.fromkeys([*OF_2018, "obuasi-citrus"], ("opened", 1530)) | {
        "kasapin": ("in use", 2261),
        "akuapem-gold": ("in use", 1561),
        "walewale": ("in use", 1530),
        "central-oil": ("opened", 1196),
        "komenda": ("in use again", 1075),
    }


# ---- 9. How often was a date moved, by how much, and who gave it?


def test_9_every_chain_of_dates(ask: Ask) -> None:
    """From the end of the first date to the stage, to 11 March 2025 if it was cancelled, or to now.

    From the end of 2020 it is 1531 to the cancellation. Dates that reporters gave are forecasts: December
    2019 for Ekumfi, and September 2023 for Walewale.
    """
    late = {(row["id"], row["to_be"]): row for row in ask("report", "slips")}
    promised = ("first_promised", "latest_promised", "moved", "kept", "late_least", "late_most")
    cancelled = {
        **{(site, "opened"): ("2020", "2020", 0, None, 1531, 1531) for site in OF_2018},
        # By 2020, then before December's elections: the same day.
        ("1d1f", "opened"): ("2020", "2020-12", 0, None, 1531, 1531),
        ("kasapin", "in use"): ("2018-12", "2018-12", 0, None, 2262, 2262),
        ("akuapem-gold", "in use"): ("2020-11", "2020-11", 0, None, 1562, 1562),
        ("walewale", "in use"): ("2020-12", "2020-12", 0, None, 1531, 1531),
        ("central-oil", "opened"): ("2021-11", "2021-11", 0, None, 1197, 1197),
    }
    open_ended = {
        ("obuasi-citrus", "opened"): ("2020-12", "2020-12", 0, None, 2154, 2154),
        # 2154 less 31, for January 2021.
        ("1d1f-youth", "opened"): ("2021-01", "2021-01", 0, None, 2123, 2123),
        # 1096 to the end of June 2026, and 147.
        ("1d1f-youth", "in use"): ("2023-06", "2023-06", 0, None, 1243, 1243),
        # The end of 2021, then the first quarter of 2022: 1699 and 90.
        ("komenda", "in use again"): ("2021-12", "2022-Q1", 90, None, 1789, 1789),
    }
    kept = {
        ("ekumfi-juice", "opened"): ("2018", "2018", 0, "2020-08-21", 599, 599),
        ("ekumfi-juice", "in use"): ("2019-12", "2019-12", 0, "2021-07-05", 552, 552),
        ("casa-de-ropa", "opened"): ("2019-12", "2019-12", 0, "2020-08-21", 234, 234),
        # September 2020 by its builders, then 22 November 2024: 1461 and 53. It opened that November.
        ("walewale", "opened"): ("2020-09", "2024-11-22", 1514, "2024-11", 1493, 1522),
    }
    found = {key: tuple(row[name] for name in promised) for key, row in late.items()}
    assert found == cancelled | open_ended | kept
    assert {key for key, row in late.items() if row["cancelled"] == "2025-03-11"} == set(cancelled)
    assert {key for key, row in late.items() if not row["open_ended"]} == set(kept)


def test_9_who_gave_the_dates_for_komenda_and_walewale(ask: Ask) -> None:
    """The minister in August 2021, the president on 18 October: the promiser both times."""
    chains = {(row["id"], row["to_be"]): row["chain"] for row in ask("report", "slips")}
    assert (
        chains["komenda", "in use again"]
        == "2021-12 (2021-08, promiser), then 2022-Q1 (2021-10-18, promiser)"
    )
    assert (
        chains["walewale", "opened"]
        == "2020-09 (2020-06-24, promiser), then 2024-11-22 (2024-11-19, promiser)"
    )
    said = {one["promised"]: one["speaker"] for one in ask("show", "komenda")["timeline"] if one["promised"]}
    assert said == {"2021-12": "the minister", "2022-Q1": "Nana Akufo-Addo"}


def test_9_ekumfi_took_twice_as_long_as_promised(ask: Ask) -> None:
    """Said on 1 September 2017: 486 days to the end of 2018, and 1085 to 21 August 2020."""
    (row,) = pick(ask("report", "slips"), id="ekumfi-juice", to_be="opened")
    assert (row["first_said"], row["first_source"]) == ("2017-09-01", "ghanamma-20170903")
    assert row["ratio_least"] == row["ratio_most"] == pytest.approx(1085 / 486, abs=0.005)


# ---- 10. Where do sources contradict each other?


def test_10_three_opened_twice_and_one_was_built_after_it_was_in_use(ask: Ask) -> None:
    """Akontombra was handed over in May 2021 and commissioned in September.

    Asutsuare: in June 2018 and on 7 August. Nsuta: established by 30 March 2022, says the president, and
    completed in June. Walewale: in production on 4 November 2022, and its machines being installed on 21
    September 2024, both by the promiser's word.
    """
    rows = ask("report", "conflicts")
    assert read(rows, "conflict", "project", "event_date", "status") == [
        (1, "akontombra-rice", "2021-05-05", "completed"),
        (1, "akontombra-rice", "2021-09-05", "completed"),
        (2, "asutsuare-soya", "2018-06", "completed"),
        (2, "asutsuare-soya", "2018-08-07", "completed"),
        (3, "sekyere-maize", "../2022-03-30", "completed"),
        (3, "sekyere-maize", "2022-06", "completed"),
        (4, "walewale", "2022-11-04", "operating"),
        (4, "walewale", "2024-09-21", "building"),
    ]
    assert {row["clash"] for row in rows if row["project"] != "walewale"} == {"two opening dates"}


def test_10_what_is_no_contradiction(ask: Ask) -> None:
    """Komenda: working and rusting in 2022, for both can be true of a year.

    Ekumfi: that it has collapsed, on the day that a radio team sees it work, is the opposition's word. Counts
    of what is completed rise: 19, 107, 125; that 76 operated of 232, then of 170, is no contradiction.
    """
    projects = ids(ask("report", "conflicts"), "project")
    assert not projects & {"komenda", "ekumfi-juice", "1d1f", "1d1f-cuf", "1d1f-youth"}


# ---- 11. What does the government claim that nobody independent has confirmed?


def test_11_22_sites_rest_on_the_promisers_word(ask: Ask) -> None:
    """Claimed complete or in use and never seen: 17. Walewale and Komenda were seen building and idle.

    Three are claimed to be being built. Weddi and Akontombra, claimed complete, were seen idle: complete.
    """
    rows = ask("report", "unverified")
    unseen = "blue-skies keda " + STATES["completed", "completed", None]
    assert len(unseen.split()) == 17
    assert ids(pick(rows, verified=None)) == set(unseen.split()) | find_sites("building")
    assert {row["id"]: row["verified"] for row in rows if row["verified"]} == {
        "komenda": "idle",
        "walewale": "building",
    }
    assert len(rows) == 22


# ---- 12. What is the whole history of one project, with every source?


def test_12_the_history_of_walewale(ask: Ask) -> None:
    """Twelve updates; the three of an interested party are shown and judged for nothing."""
    shown = ask("show", "walewale")
    told = [(one["event_date"], one["status"], one["evidence"], one["source"]) for one in shown["timeline"]]
    assert sorted(told, key=str) == [
        ("2019-12-16", "groundbroken", "promiser", "cfm-walewale"),
        ("2019-12-19", "groundbroken", "interested", "gw-20221204"),
        ("2020-06-24", "building", "on-site", "gw-20200624"),
        ("2020-06-24", None, "promiser", "gw-20200624"),
        ("2021", None, "promiser", "fba-premium"),
        ("2022-11-04", "operating", "promiser", "gw-20221204"),
        ("2022-11-05", "building", "interested", "gw-20221204"),
        ("2023", "building", "on-site", "go-walewale"),
        ("2024-09-21", "building", "promiser", "dg-20240921"),
        ("2024-11", "completed", "promiser", "overseer-202507"),
        ("2024-11-19", None, "promiser", "graphic-20241119"),
        ("2025-07-08", "idle", "interested", "overseer-202507"),
    ]
    assert all(one["title"] and one["publisher"] for one in shown["timeline"])
    # What was promised of it as a part of the programme.
    assert {"promise-2016", "launch-2017", "before-2020"} <= ids(shown["announcements"])


# ---- 13. What changed since a day?


def test_13_since_2025(ask: Ask, ghana: Path) -> None:
    """The programme was cancelled, Walewale's opening became known, and Weddi was found shut.

    Ekumfi was seen working in March 2025, and Komenda idle in May, as before. That the next government's
    minister finds Walewale idle is an interested party's word.
    """
    rows = ask("report", "changes", "--since", "2025")
    assert read(rows, "id", "updates", "status_before", "status", "verified_before", "verified") == [
        ("1d1f", 2, "announced", "cancelled", None, None),
        ("walewale", 1, "building", "completed", "building", "building"),
        ("weddi", 1, "completed", "idle", None, "idle"),
    ]
    assert "news that moved nothing: ekumfi-juice and komenda" in read_notes(
        ghana, "changes", "--since", "2025"
    )


def test_13_since_2024(ask: Ask, ghana: Path) -> None:
    """At the end of 2023 Walewale was in use by the promiser's word, for nobody who counts had doubted it.

    New in 2024: the visit to Blue Skies, and the page on Jolinyiri. Of 1D1F there were three counts more: 321
    projects, 142 districts, over 169 companies.
    """
    rows = {row["id"]: row for row in ask("report", "changes", "--since", "2024")}
    moved = {id_: (row["updates"], row["status_before"], row["status"]) for id_, row in rows.items()}
    assert moved == {
        "1d1f": (5, "announced", "cancelled"),
        "blue-skies": (1, None, "operating"),
        "jolinyiri-gari": (2, None, "idle"),
        "walewale": (3, "operating", "completed"),
        "weddi": (1, "completed", "idle"),
    }
    assert (rows["walewale"]["opened_before"], rows["walewale"]["opened"]) == ("2022-11-04", "2024-11")
    assert (rows["walewale"]["promised_before"], rows["walewale"]["promised"]) == ("2020-09", "2024-11-22")
    assert {id_: row["counts"] for id_, row in rows.items() if row["counts"]} == {"1d1f": 3}
    notes = read_notes(ghana, "changes", "--since", "2024")
    assert "news that moved nothing: akontombra-rice, ekumfi-juice and komenda" in notes


# ---- 14. What has opened but is not shown to be in use, or is shown to be idle?


def test_14_four_are_idle_and_three_in_use(ask: Ask, ghana: Path) -> None:
    """Idle: found locked, shut for want of tomatoes, without power, rusting. Use was seen at Ekumfi alone."""
    rows = ask("report", "use")
    assert ids(pick(rows, use="idle")) == find_sites("idle")
    assert ids(pick(rows, use="in use")) == find_sites("operating") == {"blue-skies", "ekumfi-juice", "keda"}
    assert ids(pick(rows, use="opened only")) == find_sites("completed")
    assert "23 opened: 3 in use, 16 opened only, 4 idle; use is verified for 1" in read_notes(ghana, "use")


# ---- 15. Which regions and places are covered?


def test_15_37_districts_of_14_regions(ask: Ask, ghana: Path) -> None:
    """47 sites: five have a region and no district, and five districts have more than one.

    Wa has three, and Savelugu, Hohoe and Sissala West two each, which leaves 37. Bono East and Savannah
    have none. Places: the 241 districts on file.
    """
    answer = ask("report", "coverage")
    found = {
        row["region"].removeprefix("gh-"): tuple(
            row[key] for key in ("places", "named", "started", "opened", "sites")
        )
        for row in answer["rows"]
    }
    assert found == {
        "ahafo": (6, 1, 0, 0, 1),
        # Of Premium Foods only the region is known.
        "ashanti": (31, 2, 1, 1, 3),
        "bono": (11, 2, 2, 2, 2),
        "bono-east": (11, 0, 0, 0, 0),
        # Ekumfi, Casa de Ropa and Komenda opened, Central Oil is being built; Tami, Upper Denkyira West.
        "central": (21, 6, 4, 3, 6),
        # Nor is the shoe factory's district known. Birim and Fanteakwa are being built.
        "eastern": (30, 5, 5, 3, 6),
        # Atlantic and Asutsuare, and Krowor, of which the opposition speaks, as of three without a district.
        "greater-accra": (29, 3, 2, 2, 6),
        "north-east": (6, 1, 1, 1, 1),
        "northern": (16, 1, 1, 1, 2),
        "oti": (8, 1, 1, 1, 1),
        "savannah": (7, 0, 0, 0, 0),
        "upper-east": (14, 1, 0, 0, 1),
        "upper-west": (11, 6, 1, 1, 9),
        "volta": (18, 4, 1, 1, 5),
        "western": (14, 3, 3, 3, 3),
        "western-north": (8, 1, 1, 1, 1),
    }
    total = answer["total"]
    assert [total[key] for key in ("places", "named", "started", "opened", "sites")] == [241, 37, 23, 20, 47]
    assert "14 of 16 rows have a site" in read_notes(ghana, "coverage")


# ---- 16. What should be looked at next?


@pytest.mark.parametrize(
    ("site", "weight", "reasons"),
    [
        # 5 for the contradiction, 3 for what is unverified, 1 for the single source of its opening.
        (
            "walewale",
            9,
            "claims contradict each other; completed is claimed, building verified; one source for completed",
        ),
        (
            "obuasi-citrus",
            7,
            "2154 days past 2020-12, to be opened; no news for 80 months; one source for announced",
        ),
        ("komenda", 7, "1699 days past 2022-Q1, to be in use again; operating is claimed, idle verified"),
        # Seen idle by two, so that only its two openings are left.
        ("akontombra-rice", 5, "claims contradict each other"),
        # Of a cancelled programme nothing is overdue or silent.
        ("wa-juice", 1, "one source for announced"),
    ],
)
def test_16_why_to_look_at_a_site(ask: Ask, site: str, weight: int, reasons: str) -> None:
    (row,) = pick(ask("report", "next"), id=site)
    assert (row["weight"], row["reasons"]) == (weight, reasons)


def test_16_walewale_comes_first_and_what_gives_no_reason_is_left_out(ask: Ask) -> None:
    """Ekumfi is seen in use by several; of the opposition's four nothing is known that could be doubted."""
    rows = ask("report", "next")
    assert rows[0]["id"] == "walewale"
    assert ids(ask("list")) - ids(rows) == {"ekumfi-juice"} | find_sites(None)


# ---- 17. What was announced on a day, by whom, and what became of it; which promise replaced which?


BECAME = ("named", "started", "complete_claimed", "complete_verified")


def test_17_what_was_announced_at_the_launch_and_what_became_of_it(ask: Ask) -> None:
    """August 2017: 216 factories by 2020, and work in 51 districts that year. 260 replaced the 216.

    Of the 38 factories of 1D1F itself work was shown at 18, 14 are claimed complete and 3 were seen so. No
    site has a year: which were promised for 2017 is unknown. The common facilities were planned some time in
    2017, which can have been in August.
    """
    rows = ask("report", "promises", "--on", "2017-08")
    assert ids(rows, "announcement") == {"launch-2017", "cuf-plan"}
    rows = pick(rows, announcement="launch-2017")
    assert {row["speaker"] for row in rows} == {"Nana Akufo-Addo, Gifty Ohene-Konadu"}
    asked = ("quantity", "label", "promised_status", "replaced_by", "cancelled", *BECAME)
    assert read(rows, *asked) == [
        (216, "factories", None, "260 (2019-05-31)", "2025-03-11", 38, 18, 14, 3),
        (51, "districts", "groundbroken", None, "2025-03-11", None, None, None, None),
    ]


def test_17_what_became_of_the_other_promises(ask: Ask) -> None:
    """Of 2016: a factory in each district, without a number of its own, so all 40 sites of 1D1F.

    The 260 have the same factories as the 216 before. All five facilities are claimed complete, and one was
    seen. Of the 58 youth factories one is named. The parts were not cancelled with the whole.
    """
    rows = {row["announcement"]: row for row in ask("report", "promises")}
    asked = ("announced", "speaker", "quantity", "replaced_by", "cancelled", *BECAME)
    assert read([rows[one] for one in ("promise-2016", "before-2020", "cuf-plan", "youth-plan")], *asked) == [
        ("2016-06-18", "Nana Akufo-Addo", None, None, "2025-03-11", 40, 20, 16, 3),
        ("2019-05-31", "Gifty Ohene-Konadu", 260, None, "2025-03-11", 38, 18, 14, 3),
        ("2017", None, 5, None, None, 5, 5, 5, 1),
        ("2020-07-23", "Ken Ofori-Atta", 58, None, None, 1, 0, 0, 0),
    ]


@pytest.mark.parametrize(
    "number",
    [
        # For one year, not for each of several.
        "51 districts in 2017, to be started",
        "216 factories in all, by 2020",
        "260 factories in all, by 2020",
    ],
)
def test_17_a_promised_number_is_shown_with_the_years_it_is_for(ghana: Path, number: str) -> None:
    assert f"{number}  1d1f, factory" in run(ghana, "show", "1d1f", "-f", "table").out


# ---- 18. What counts did the promiser give, and what do the named sites show?


def test_18_beside_each_count_stand_the_named_sites_of_its_day(ask: Ask) -> None:
    """The promiser's own word on the 40 sites of 1D1F, by the end of each day.

    In use: Ekumfi from July 2021, Keda from September 2021, and, in 2023, Walewale. Complete by June 2018:
    Asutsuare; by April 2022: Akuapem, Asutsuare, Atlantic, Casa de Ropa, CH Global, Ekumfi, Hohoe, Keda,
    Maagrace, Narubiz, Premium Foods, Savelugu, the shoe factory and Weddi, and by October none more.

    Being built: Birim, CH Global and Fanteakwa by April 2019; Casa de Ropa, Ekumfi and Keda by December. In
    August 2020 Casa de Ropa and Ekumfi open, and in September Weddi is being built; Akuapem by the end of
    2020, and the shoe factory in February 2021. In September 2021 it is Akuapem, Birim, Fanteakwa and the
    shoe factory; in March 2022 Birim, Central Oil and Fanteakwa.

    At whatever stage: 21 were on the promiser's record on 13 December 2019, and at the end of 2023 also
    Atlantic, Central Oil, Hohoe's centre, Keta, Maagrace, Narubiz, Premium Foods, Savelugu's, the shoe
    factory, Upper Denkyira West, Walewale and Weddi; then Blue Skies.
    """
    rows = [row for row in ask("report", "counts", "--programme", "1d1f") if row["unit"] is None]
    found = {(row["status"], row["event_date"]): (row["count"], row["of"], row["named"]) for row in rows}
    assert len(found) == len(rows)
    assert found == {
        ("preparing", "2021-09-09"): (24, 278, 0),
        ("preparing", "2022-03-30"): (24, 278, 0),
        ("building", "2019-04"): (22, None, 3),
        ("building", "2019-05-07"): (22, 181, 3),
        ("building", "2019-12-13"): (26, None, 6),
        ("building", "2020-07-23"): (156, 232, 6),
        ("building", "2020-Q3"): (94, 170, 5),
        ("building", "2021-03-09"): (112, 232, 7),
        ("building", "2021-09-09"): (150, 278, 4),
        ("building", "2022-03-30"): (148, 278, 3),
        ("completed", "2018-06-21"): (19, None, 1),
        ("completed", "2022-04-22"): (107, 278, 14),
        ("completed", "2022-10-22"): (125, 296, 14),
        ("operating", "2019-04"): (45, None, 0),
        ("operating", "2019-05-07"): (57, 181, 0),
        ("operating", "2019-12-13"): (58, None, 0),
        ("operating", "2020-07-23"): (76, 232, 0),
        ("operating", "2020-Q3"): (76, 170, 0),
        ("operating", "2021-03-09"): (76, 232, 0),
        ("operating", "2021-09-09"): (104, 278, 1),
        ("operating", "2022-03-30"): (106, 278, 2),
        ("operating", "2023"): (126, None, 3),
        ("announced", "2019-12-13"): (200, None, 21),
        ("announced", "2023"): (300, None, 33),
        ("announced", "2024-05-07"): (321, None, 34),
        ("announced", "2024-07-01"): (169, None, 34),
    }


def test_18_the_parts_and_what_is_contradicted(ask: Ask) -> None:
    """All five facilities were named, and none of the 57 youth factories that were said to be built.

    So few sites are named that no count is contradicted by them.
    """
    rows = ask("report", "counts")
    parts = [row for row in rows if row["project"] != "1d1f"]
    assert read(parts, "project", "event_date", "count", "of", "named") == [
        ("1d1f-cuf", "2022-03-30", 5, 5, 5),
        ("1d1f-youth", "2022-04", 57, 58, 0),
    ]
    assert {row["contradicted"] for row in rows} == {None}


def test_18_a_count_has_what_its_source_said(ask: Ask) -> None:
    (row,) = pick(ask("report", "counts"), event_date="2024-07-01")
    asked = ("status", "count", "bound", "evidence", "confidence", "speaker", "source")
    assert read([row], *asked) == [
        ("announced", 169, "at least", "promiser", "low", "the nominee for deputy minister", "gna-20240701")
    ]


def test_18_a_count_is_no_status_of_its_programme(ask: Ask) -> None:
    """In 2022, 57 of the 58 youth factories were said to be built; the last count of 1D1F is of July 2024.

    The programme itself was cancelled in 2025, and all its common facilities were said to be complete by
    2022.
    """
    statuses = {id_: ask("show", id_)["status"] for id_ in ("1d1f", "1d1f-cuf", "1d1f-youth")}
    assert statuses == {"1d1f": "cancelled", "1d1f-cuf": "completed", "1d1f-youth": "announced"}


def test_18_a_count_that_is_found_shows_no_status_as_if_it_were_the_programmes(ask: Ask) -> None:
    """Graphic's figures of May 2019: 57 of 181 operate, 22 are being built. The opening of a site is one."""
    found = ask("search", "Graphic", "--list", "update")
    assert read(found, "id", "date", "status") == [("1d1f", "2019-05-07", None)] * 2
    assert read(ask("search", '"President Mahama"', "--list", "update"), "id", "status") == [
        ("komenda", "completed")
    ]


# ---- 19. How much in other units, promised, claimed, verified?


def test_19_districts_were_counted_and_never_promised_as_a_unit(ask: Ask) -> None:
    """112, 154 of 260, and 142 districts with a project: in May 2024 fewer than in July 2020.

    Nothing was promised in a unit, and no site is a district, so beside these stands nothing. As they are of
    projects at whatever stage, their fall is no contradiction. Jobs are figures and not judged.
    """
    rows = [row for row in ask("report", "counts") if row["unit"]]
    assert read(rows, "event_date", "status", "count", "of", "unit", "promised", "named", "contradicted") == [
        ("2019-12-13", "announced", 112, None, "districts", None, None, None),
        ("2020-07-23", "announced", 154, 260, "districts", None, None, None),
        ("2024-05-07", "announced", 142, None, "districts", None, None, None),
    ]
    figures: list[dict[str, Any]] = ask("show", "count-2024-05")["figures"]
    assert (170000, "jobs") in read(figures, "value", "unit")
