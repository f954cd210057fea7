"""What each command promises to the user who types it."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from program import read_ids, run, run_json

from nkplan.model.batch import Batch
from nkplan.model.vocabulary import ProjectType
from nkplan.reports.counting import Counts

Sites = list[dict[str, Any]]

GROUPS = ("kind", "region", "year", "programme", "status")
ID = re.compile(r"\b[0-9a-f]{12}\b")
COUNTS = Counts._fields[1:]


@pytest.fixture
def sites(record: Path) -> Sites:
    """Return every site of the shipped record with all its columns."""
    found: Sites = run_json(record, "list")
    return found


def choose(sites: Sites, **wanted: object) -> list[str]:
    return [site["id"] for site in sites if all(site[key] == value for key, value in wanted.items())]


# ---- the first run, and which database


def test_the_first_run_creates_the_database_and_says_so_in_one_line(
    shipped: tuple[Batch, ...], tmp_path: Path
) -> None:
    db = tmp_path / "new.db"
    first = run(db, "list")
    assert first.err.splitlines() == [f"nkplan: created {db} with the record that comes with nkplan"]
    sites = {one.id for one in shipped[1].projects if one.type is ProjectType.SITE}
    assert "songchon-factories" in sites
    assert read_ids(first) == sorted(sites)
    assert run(db, "list").err == ""


def test_db_overrides_nkplan_db_which_overrides_the_default_path(tmp_path: Path) -> None:
    other, named = tmp_path / "other.db", tmp_path / "named.db"
    run(other, "add", "Only here", "--kind", "canal", "--on", "2024")
    assert read_ids(run(named, "--db", str(other), "list", "only")) == ["only-here"]
    assert read_ids(run(named, "list", "only", "--db", str(other))) == ["only-here"]
    assert not named.exists()
    assert read_ids(run(named, "list", "only")) == []
    done = run(named, "list", NKPLAN_DB=None)
    assert done.code == 0
    assert str(tmp_path / ".local" / "share" / "nkplan" / "nkplan.db") in done.err


def test_the_version_and_the_help_are_printed(record: Path) -> None:
    assert run(record, "--version").out == "nkplan 0.2.0\n"
    for arguments in (("--help",), ("-h",)):
        assert "Track announced projects" in run(record, *arguments).out


# ---- list


def test_a_filter_lists_exactly_the_sites_that_match(record: Path, sites: Sites) -> None:
    cases = [
        (("--kind", "hospital"), choose(sites, kind="hospital")),
        (("--status", "operating"), choose(sites, status="operating")),
        (("--region", "South Phyongan"), choose(sites, region_name="South Pyongan")),
        (("--region", "KP-02"), choose(sites, region="KP-02")),
        (("--region", "평안남도"), choose(sites, region="KP-02")),
        (("--programme", "20x10"), choose(sites, programme="20x10")),
        (("--year", "2024"), choose(sites, year=2024)),
        (("--unverified",), choose(sites, unverified=True)),
        (("--overdue",), choose(sites, overdue=True)),
        (("--silent",), choose(sites, silent=True)),
        (("--kind", "factory", "--status", "operating"), choose(sites, kind="factory", status="operating")),
    ]
    for arguments, expected in cases:
        assert expected, arguments
        assert len(expected) < len(sites)
        assert read_ids(run(record, "list", *arguments)) == expected, arguments


def test_unverified_means_claimed_further_than_verified(sites: Sites) -> None:
    unverified = set(choose(sites, unverified=True))
    assert "songchon-factories" in unverified  # operating by state media, building by Seoul's images
    assert "unpha-factories" in unverified  # the image after its opening sets no status
    assert "jungphyong-greenhouse-farm" in unverified  # operating by state media, idle by an image
    assert "kimhyongjik-factories" not in unverified  # people there saw its goods
    assert "grand-canal" not in unverified  # an announcement claims nothing done


def test_the_farm_promised_for_2024_is_overdue_and_the_opened_hospital_is_not(
    record: Path, sites: Sites
) -> None:
    """Two sites were promised for 2024; one of them, the hospital of Pyongyang, opened in October 2025.

    Everything promised for 2025 is claimed open, and 2026 is not over on the day that the test judges by. On
    1 January 2027 the 20 factories, the 20 hospitals and the 11 service centres of 2026 are overdue too.
    """
    assert choose(sites, overdue=True) == ["pyongyang-chicken-farm"]
    late = read_ids(run(record, "list", "--overdue", NKPLAN_TODAY="2027-01-01"))
    assert set(late) == {"pyongyang-chicken-farm", *choose(sites, year=2026)}
    assert len(late) == 1 + 20 + 20 + 11


def test_months_sets_how_long_a_site_must_be_silent(record: Path, sites: Sites) -> None:
    """A site that is open is never silent: that nothing more is said of it is to be expected."""
    unfinished = [site for site in sites if site["status"] not in {"completed", "operating", "idle"}]
    for months in (0, 20, 22, 36):
        expected = [site["id"] for site in unfinished if site["age_months"] >= months]
        assert read_ids(run(record, "list", "--months", str(months))) == expected
        assert read_ids(run(record, "list", "--silent", "--months", str(months))) == expected
    # Not heard of since January 2024, but for a doubt about the farm in August; of Huichon since 2019.
    silent = ["atomic-power-stations", "grand-canal", "pyongyang-chicken-farm", "tidal-power-stations"]
    for words in (("--silent",), ("--months", "24")):
        assert read_ids(run(record, "list", *words)) == sorted([*silent, "huichon-power-station"])


def test_text_matches_names_ids_and_every_spelling_of_a_place(record: Path) -> None:
    for text in ("songchon", "Sŏngch'ŏn", "성천", "SEONGCHEON", "Songchon County"):
        assert read_ids(run(record, "list", text)) == ["songchon-factories"], text


def test_an_empty_list_names_the_filters_and_the_number_of_sites_without_each(record: Path) -> None:
    done = run(record, "list", "--kind", "hospital", "--status", "idle")
    assert (done.code, read_ids(done)) == (0, [])
    told = "no site matches --kind hospital --status idle"
    without = "without --kind hospital there is 1, without --status idle there are 26"
    assert done.err == f"nkplan: {told}; {without}\n"


def test_missing_values_sort_last_in_either_direction(record: Path) -> None:
    for more in ((), ("--reverse",)):
        rows = run_json(record, "list", "--sort", "promised", *more)
        known = [row["promised"] is not None for row in rows]
        assert known == sorted(known, reverse=True)
    ages = [row["age_months"] for row in run_json(record, "list", "--sort", "last-evidence")]
    assert ages == sorted(ages, reverse=True)
    statuses = [row["status"] for row in run_json(record, "list", "--sort", "status")]
    # All that is said of Huichon has low confidence and sets no status.
    order = ["announced", "groundbroken", "building", "completed", "operating", "idle", None]
    assert statuses == sorted(statuses, key=order.index)
    assert set(statuses) == set(order)


def test_columns_appear_in_the_order_requested(record: Path) -> None:
    done = run(record, "list", "--columns", "promised,id,overdue")
    assert done.out.splitlines()[0] == "promised\tid\toverdue"


def test_a_list_in_a_pipe_is_limited_only_on_request(record: Path, sites: Sites) -> None:
    every = [site["id"] for site in sites]
    assert len(every) > 50  # More than a terminal shows by default.
    assert read_ids(run(record, "list")) == every
    limited = run(record, "list", "--limit", "5")
    assert read_ids(limited) == every[:5]
    assert limited.err == f"nkplan: 5 of {len(every)} shown; --limit 0 for all\n"
    assert read_ids(run(record, "list", "--limit", "0")) == every


# ---- show


def test_show_prints_everything_about_a_site_with_every_source(record: Path) -> None:
    page = run_json(record, "show", "songchon")
    assert (page["type"], page["id"]) == ("site", "songchon-factories")
    assert len(page["timeline"]) == 14
    first, *_, last, note = page["timeline"]
    assert (first["event_date"], first["status"], first["evidence"]) == (
        "2024-02-28",
        "groundbroken",
        "promiser",
    )
    assert (last["event_date"], last["status"]) == ("2025-09", "operating")
    assert last["url"].startswith("https://kcnawatch.org/newstream/1756980128")
    # KCNA wrote on 4 September; the report of a quarter comes last, for it may mean the end of it.
    assert (note["event_date"], note["status"], note["confidence"]) == ("2025-Q3", None, "low")
    assert (page["claimed"], page["verified"], page["unverified"]) == ("operating", "building", True)
    first, *later = page["announcements"]
    assert (first["id"], first["announced"], first["speaker"]) == (
        "20x10-policy",
        "2024-01-15",
        "Kim Jong Un",
    )
    # Later announcements about the whole programme apply to its sites too; those about 2026 do not.
    assert [(one["id"], one["announced"]) for one in later] == [
        ("20x10-widening-2024", "2024-08-31"),
        ("20x10-policy-speech-2026", "2026-03-23"),
    ]


def test_show_prints_the_quotas_and_cohorts_of_a_programme_with_counts(record: Path) -> None:
    page = run_json(record, "show", "20x10")
    # The party congress of February 2026 repeated the number of January 2024, for 2026 and after.
    assert [
        (quota["project"], quota["quantity"], quota["per"], quota["announced"]) for quota in page["quotas"]
    ] == [
        ("20x10", 20, "year", "2024-01-15"),
        ("20x10", 200, "total", "2024-01-15"),
        ("20x10-2026", 20, "year", "2026-02-21"),
    ]
    # Sixty of the two hundred are named, twenty a year; 140 remain for the years without a cohort.
    assert [(row["cohort"], row["promised"], row["named"]) for row in page["progress_by_year"]] == [
        ("20x10-2024", 20, 20),
        ("20x10-2025", 20, 20),
        ("20x10-2026", 20, 20),
        (None, 140, 0),
    ]
    assert page["model"] == "kimhwa-factories"
    # Ten years were promised, and no report gives the date of their end.
    assert {entry["promised"] for entry in page["timeline"]} == {None}


def test_show_prints_every_date_that_a_hospital_was_promised_for(record: Path) -> None:
    """Ordered for October 2020, promised for 2024 in January and again in February, then for October 2025."""
    page = run_json(record, "show", "pyongyang-general-hospital")
    assert [one["announced"] for one in page["announcements"]] == ["2020-03-17", "2024-01-15", "2025-02-28"]
    promised = [entry["promised"] for entry in page["timeline"] if entry["promised"]]
    assert promised == ["2020-10-10", "2024", "2024", "2025-10"]


@pytest.mark.parametrize(
    ("text", "type_", "id_"),
    [
        ("20x10-2024", "cohort", "20x10-2024"),
        (
            "state-budget-2024",
            "announcement",
            "state-budget-2024",
        ),  # The ids of other announcements start with it.
        ("cabinet", "announcement", "cabinet-authority-2024"),
        ("38n-202502", "source", "38n-20250227"),
        ("South Pyongan", "place", "KP-02"),
        ("kp-02-songchon", "place", "kp-02-songchon"),
        ("성천군", "place", "kp-02-songchon"),
        ("Songchon regional factories", "site", "songchon-factories"),
    ],
)
def test_show_finds_anything_by_part_of_its_id_or_name(record: Path, text: str, type_: str, id_: str) -> None:
    page = run_json(record, "show", text)
    assert (page["type"], page["id"]) == (type_, id_)


def test_show_prints_everything_promised_in_a_place(record: Path) -> None:
    """Factories in two counties a year, hospitals in those of 2026, and the paper mill in Unsan."""
    page = run_json(record, "show", "South Pyongan")
    assert {site["id"] for site in page["sites"]} == {
        "songchon-factories",
        "sukchon-factories",
        "sinyang-factories",
        "pukchang-factories",
        "phyongwon-factories",
        "maengsan-factories",
        "phyongwon-hospital",
        "maengsan-hospital",
        "unsan-paper-mill",
    }
    assert len(page["sites"]) == 9
    assert page["local_name"] == "평안남도"


def test_show_prints_everything_that_a_source_claims(record: Path) -> None:
    page = run_json(record, "show", "38n-20250227")
    assert page["evidence"] == "expert"
    assert len(page["timeline"]) == 20
    assert {entry["evidence"] for entry in page["timeline"]} == {"expert"}


def test_show_prints_the_figures_of_an_announcement(record: Path) -> None:
    page = run_json(record, "show", "state-budget-2024")
    assert [figure["value"] for figure in page["figures"]] == [0.2, 3.4, 15.9, 15.9]


# ---- report


def test_a_report_counts_the_sites_that_list_prints(record: Path, sites: Sites) -> None:
    rows = run_json(record, "report")["rows"]
    total = {name: sum(row[name] for row in rows) for name in COUNTS}
    assert total["named"] == len(sites)
    complete = {"completed", "operating", "idle", "closed"}
    for name, column in (("claimed", "claimed"), ("verified", "verified"), ("latest", "status")):
        assert total[f"complete_{name}"] == sum(site[column] in complete for site in sites)
        assert total[f"in_use_{name}"] == len(choose(sites, **{column: "operating"}))


@pytest.mark.parametrize("group", [None, *GROUPS])
def test_the_rows_of_a_report_add_up_to_its_total(record: Path, sites: Sites, group: str | None) -> None:
    """Promised: 200 places of 20x10, 3 hospitals in 2025 and 100 in the plan, 20 service centres in 2026.

    The homes for coal miners have no year yet, and no other promise has a number.
    """
    report = run_json(record, "report", *(("--by", group) if group else ()))
    measured = [row for row in report["rows"] if row.get("promised_as") in {"number", "in all"}]
    for count in COUNTS:
        assert sum(row[count] for row in measured or report["rows"]) == report["total"][count]
    assert sum(row["named"] for row in report["rows"]) == len(sites)
    if "promised" in report["total"]:
        promised = 200 + 3 + 100 + 20
        assert sum(row["promised"] or 0 for row in report["rows"]) == report["total"]["promised"] == promised
    else:
        assert group in {"region", "status"}


def test_the_first_year_of_20x10_is_fully_claimed_and_mostly_unverified(record: Path) -> None:
    rows = run_json(record, "report")["rows"]
    year = next(row for row in rows if row["year"] == 2024)
    assert [year[key] for key in ("promised", *COUNTS)] == [20, 20, 20, 20, 20, 2, 20, 3, 2, 5]


def test_a_programme_without_a_number_shows_no_number_and_not_zero(record: Path) -> None:
    row = next(row for row in run_json(record, "report")["rows"] if row["programme"] == "greenhouse-farms")
    assert row["promised"] is None
    line = next(line for line in run(record, "report").out.splitlines() if line.startswith("greenhouse"))
    assert line.split("\t")[3] == ""
    table = run(record, "report", "-f", "table").out
    assert "no number" in next(line for line in table.splitlines() if line.startswith("Greenhouse"))


# ---- add, update


def test_an_added_site_joins_the_cohort_of_its_year_which_is_created_once(record: Path) -> None:
    for name in ("Anju factories", "Mundok factories"):
        place = name.split()[0]
        done = run(
            record, "add", name, "--programme", "20x10", "--year", "2027", "--place", place, "--on", "2026-11"
        )
        assert done.code == 0, done.err
    page = run_json(record, "show", "20x10-2027")
    assert [site["id"] for site in page["sites"]] == ["anju-factories", "mundok-factories"]
    assert page["progress_by_year"][0]["promised"] == 20
    rows = {row["year"]: row["promised"] for row in run_json(record, "show", "20x10")["progress_by_year"]}
    assert rows == {2024: 20, 2025: 20, 2026: 20, 2027: 20, None: 120}


def test_an_added_project_is_announced_with_date_source_and_promise(record: Path) -> None:
    done = run(
        record, "add", "New dam", "--kind", "dam", "--new-kind", "--promised", "2027-Q3", "--on", "2026-03",
        "--source", "https://example.org/dam", "--title", "A dam", "--publisher", "The Paper",
        "--published", "2026-03-05", "--evidence", "promiser", "--confidence", "low",
        "--note", "On a river.",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "status        none -> announced" in done.out
    assert "promised for  none -> 2027-Q3" in done.out
    page = run_json(record, "show", "new-dam")
    (entry,) = page["timeline"]
    wanted = {"event_date": "2026-03", "promised": "2027-Q3", "confidence": "low", "note": "On a river."}
    wanted |= {"title": "A dam", "publisher": "The Paper", "published": "2026-03-05"}
    assert wanted.items() <= entry.items()
    assert read_ids(run(record, "list", "--kind", "dam")) == ["new-dam"]


def test_a_second_project_of_the_same_name_gets_another_id(record: Path) -> None:
    first = ("add", "Twin", "--kind", "canal", "--on", "2026")
    run(record, *first)
    assert "project twin-2" in run(record, *first, "--place", "Anju").out
    assert "project twin-3" in run(record, "add", "Twin", "--kind", "other", "--on", "2026").out


@pytest.mark.sampled
@pytest.mark.parametrize("more", [(), ("--place", "Anju"), ("--programme", "20x10", "--year", "2027")])
@pytest.mark.parametrize(
    "source", [(), ("--source", "https://example.org/dam", "--title", "A dam", "--published", "2026-03")]
)
def test_the_same_command_again_adds_nothing(
    record: Path, more: tuple[str, ...], source: tuple[str, ...]
) -> None:
    for number, name in enumerate(("Twin", "Twin works", "Twin")):
        done = run(record, "add", name, "--kind", "canal", "--on", "2026", *more, *source)
        assert done.code == 0, done.err
        if number < 2:
            before = run(record, "export").out
    assert "twin is on record already; it is not added again" in done.err
    assert run(record, "export").out == before


def test_an_update_prints_each_value_before_and_after(record: Path) -> None:
    done = run(record, "update", "songchon", "idle", "--on", "2026-01", "--evidence", "imagery")
    assert done.out.splitlines()[0] == "songchon-factories  Songchon regional factories"
    assert "  status        operating -> idle" in done.out
    assert "  verified      building -> idle" in done.out
    assert "  last evidence 2025-Q3 -> 2026-01" in done.out
    assert "unsourced" in done.out
    assert run_json(record, "list", "songchon")[0]["status"] == "idle"


def test_an_update_without_a_source_is_shown_as_unsourced(record: Path) -> None:
    run(record, "update", "songchon", "idle", "--on", "2026-01")
    assert "unsourced" in run(record, "show", "songchon", "-f", "table").out
    assert run_json(record, "show", "songchon")["timeline"][-1]["source"] is None


def test_an_older_update_does_not_change_the_state(record: Path) -> None:
    done = run(record, "update", "songchon", "building", "--on", "2024-04", "--evidence", "on-site")
    assert "status        operating, as before" in done.out


def test_a_link_creates_one_source_whose_class_applies_from_then_on(record: Path) -> None:
    link = ("--source", "https://www.example.org/a?b=c")
    seen = ("--on", "2026-01", "--evidence", "on-site")
    first = run(record, "update", "songchon", "idle", *seen, *link)
    assert "source example" in first.out
    second = run(record, "update", "kusong-factories", "idle", "--on", "2026-02", *link)
    assert second.code == 0, second.err
    assert "source example" not in second.out.splitlines()[0]
    entry = run_json(record, "show", "kusong-factories")["timeline"][-1]
    assert (entry["evidence"], entry["url"]) == ("on-site", "https://www.example.org/a?b=c")


def test_an_update_without_a_date_takes_that_of_its_source_and_says_so(record: Path) -> None:
    done = run(record, "update", "songchon", "operating", "--source", "kcnaw-ownproducts", "--note", "n")
    assert "dated 2025-09-04" in done.err
    assert "2025-09-04, operating, state media" in done.out


def test_several_projects_are_updated_all_or_none(record: Path) -> None:
    before = record.read_bytes()
    assert run(record, "update", "songchon", "idle", "--also", "nowhere", "--on", "2026").code == 3
    assert record.read_bytes() == before
    also = ("--also", "kusong-f", "--also", "hamju")
    done = run(record, "update", "songchon", "idle", *also, "--on", "2026")
    assert done.code == 0
    idle = read_ids(run(record, "list", "--status", "idle"))
    shown_idle = ["jungphyong-greenhouse-farm"]  # seen idle in RFA's images of early 2025
    assert idle == sorted(["hamju-factories", "kusong-factories", "songchon-factories", *shown_idle])
    assert run(record, "undo").code == 0
    assert read_ids(run(record, "list", "--status", "idle")) == shown_idle


def test_the_same_update_given_twice_is_recorded_once(record: Path) -> None:
    words = ("update", "songchon", "idle", "--on", "2025-09", "--source", "kcnaw-ownproducts")
    run(record, *words)
    before = record.read_bytes()
    again = run(record, *words)
    assert (again.code, again.out) == (0, "")
    assert "has this update already" in again.err
    assert record.read_bytes() == before


def test_a_claim_on_record_is_not_recorded_again_without_its_note(record: Path) -> None:
    """If it were the same update its note would be lost, and if it were another it would count twice."""
    before = record.read_bytes()
    done = run(record, "update", "songchon", "operating", "--on", "2025-09", "--source", "kcnaw-ownproducts")
    assert (done.code, done.out) == (2, "")
    assert "confidence is absent here and 'medium' in the database" in done.err
    assert "note is absent here and 'Chestnut jam and other" in done.err
    assert record.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "Dam", "--kind", "canal", "--on", "2026"),
        ("update", "songchon", "idle", "--on", "2026", "--source", "https://e.org/1"),
        ("undo",),
        ("load", "more.json"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_dry_run_shows_what_would_happen_and_writes_nothing(
    record: Path, arguments: tuple[str, ...]
) -> None:
    run(record, "update", "kusong-factories", "idle", "--on", "2026")
    row = {"project": "songchon-factories", "event_date": "2026", "status": "idle"}
    text = json.dumps({"format": "nkplan/2", "updates": [row]})
    (record.parent / "more.json").write_text(text, "utf-8")
    before = record.read_bytes()
    dry = run(record, *arguments, "--dry-run")
    assert dry.code == 0, dry.err
    assert "dry run: nothing was recorded" in dry.err
    assert record.read_bytes() == before
    real = run(record, *arguments)
    assert record.read_bytes() != before
    told = dry.out.replace("would undo", "undid").replace("would be recorded", "recorded")
    assert ID.sub("", told.replace("would record", "recorded    ")) == ID.sub("", real.out)
    assert dry.out != real.out


# ---- undo


def test_undo_prints_what_it_undoes_and_keeps_it_in_the_history(record: Path) -> None:
    before = run_json(record, "list")
    run(record, "update", "songchon", "idle", "--on", "2026-01", "--evidence", "on-site")
    done = run(record, "undo")
    assert done.out.startswith("undid update of 2")
    assert "songchon-factories: 2026-01, idle, on-site, unsourced" in done.out
    assert "status        idle -> operating" in done.out
    assert run_json(record, "list") == before
    entry = run_json(record, "show", "songchon")["timeline"][-1]
    assert (entry["event_date"], entry["retracted"] is not None) == ("2026-01", True)
    assert "retracted" in run(record, "show", "songchon", "-f", "table").out


def test_an_update_of_the_shipped_record_can_be_retracted_by_part_of_its_id(record: Path) -> None:
    """Without RFA's image of 2025, KCNA has the farm running since 2020, and NK Pro saw it built in 2019."""
    timeline = run_json(record, "show", "jungphyong-greenhouse-farm")["timeline"]
    (entry,) = (entry for entry in timeline if entry["status"] == "idle")
    done = run(record, "undo", entry["id"][-12:])
    assert "status        idle -> operating" in done.out
    assert run_json(record, "show", "jungphyong-greenhouse-farm")["verified"] == "building"
    assert run(record, "undo", entry["id"]).code == 3


def test_undo_of_a_named_update_says_retracted(record: Path) -> None:
    id_ = run_json(record, "show", "unpha")["timeline"][-1]["id"]
    assert run(record, "undo", id_, "--dry-run").out.startswith("would retract 1 update\n")
    assert run(record, "undo", id_).out.startswith("retracted 1 update\n")


def test_an_update_prints_only_the_projects_that_it_names_or_changes(record: Path) -> None:
    """Recording a source again after an undo judges everything that cites it again."""
    source = ("--source", "https://example.org/report", "--evidence", "press")
    run(record, "update", "songchon", "operating", "--on", "2025-09", *source)
    run(record, "undo")
    done = run(record, "update", "grand-canal", "preparing", "--on", "2026-03", *source)
    assert "grand-canal" in done.out
    assert "songchon" not in done.out


def test_an_undone_project_can_be_added_again(record: Path) -> None:
    run(record, "add", "Dam", "--kind", "canal", "--on", "2026")
    run(record, "undo")
    assert run(record, "show", "dam").code == 3
    assert "project dam " in run(record, "add", "Dam", "--kind", "other", "--on", "2026").out
    assert run_json(record, "show", "dam")["kind"] == "other"


# ---- load


def test_a_file_loaded_a_second_time_has_nothing_new(record: Path) -> None:
    text = json.dumps(
        {
            "format": "nkplan/2",
            "sources": [{"id": "s", "url": "https://e.org/s", "evidence": "on-site"}],
            "updates": [
                {"project": "songchon-factories", "event_date": "2026", "status": "idle", "source": "s"}
            ],
        }
    )
    done = run(record, "load", "-", stdin=text.encode())
    assert done.out.splitlines()[0] == "standard input: recorded: 1 source and 1 update"
    assert "  status        operating -> idle" in done.out
    before = record.read_bytes()
    again = run(record, "load", "-", stdin=text.encode())
    assert again.out == "standard input: nothing new; already recorded: 1 source and 1 update\n"
    assert record.read_bytes() == before
    assert run(record, "undo").code == 0
    assert run_json(record, "list", "songchon")[0]["status"] == "operating"


# ---- edge cases


@pytest.mark.parametrize("text", ["!!", "-", "...", "\u3000"])
def test_text_without_a_letter_or_digit_matches_nothing_or_is_refused(record: Path, text: str) -> None:
    done = run(record, "list", "--", text)
    assert done.code == 2 or read_ids(done) == []


@pytest.mark.parametrize("months", ["0", "13", "24", "60"])
def test_the_column_silent_uses_the_months_of_the_filter(record: Path, months: str) -> None:
    rows = run_json(record, "list", "--months", months)
    assert [row["id"] for row in rows if not row["silent"]] == []


@pytest.mark.parametrize(
    ("group", "option", "key"),
    [("kind", "--kind", "kind"), ("region", "--region", "region"), ("status", "--status", "status")],
)
def test_each_row_of_a_report_counts_the_sites_that_list_prints_for_its_group(
    record: Path, group: str, option: str, key: str
) -> None:
    rows = [row for row in run_json(record, "report", "--by", group)["rows"] if row[key] is not None]
    assert rows
    # What has a number and what has none of a kind are two rows.
    named: Counter[str] = Counter()
    for row in rows:
        named[row[key]] += row["named"]
    for value, number in named.items():
        assert number == len(read_ids(run(record, "list", option, value))), value


def test_the_case_of_the_scheme_and_host_of_a_link_does_not_matter(record: Path) -> None:
    words = ("--on", "2026-01", "--evidence", "on-site", "--source")
    first = run(record, "update", "songchon", "idle", *words, "https://example.org/Paper")
    assert first.code == 0, first.err
    second = run(record, "update", "kusong-factories", "idle", *words, "HTTPS://Example.ORG/Paper")
    assert second.code == 0, second.err
    assert not second.out.startswith("source ")


def test_minus_zero_percent_is_refused_or_printed_without_the_minus(record: Path) -> None:
    done = run(record, "update", "songchon", "--percent=-0", "--on", "2026")
    assert done.code == 2 or "-0%" not in done.out


def test_an_added_programme_and_its_cohort_are_not_counted_as_sites(record: Path, sites: Sites) -> None:
    made = (
        ("add", "Dams", "--kind", "canal", "--type", "programme", "--on", "2026"),
        ("add", "Dams of 2026", "--type", "cohort", "--programme", "dams", "--year", "2026", "--on", "2026"),
    )
    for words in made:
        assert run(record, *words).code == 0
    assert read_ids(run(record, "list")) == [site["id"] for site in sites]
    assert run(record, "add", "A dam", "--programme", "dams", "--year", "2026", "--on", "2026").code == 0
    assert read_ids(run(record, "list", "--programme", "dams")) == ["a-dam"]
    assert run_json(record, "show", "a-dam")["cohort"] == "dams-of-2026"


def test_loading_a_file_without_rows_says_so(record: Path) -> None:
    done = run(record, "load", "-", stdin=b'{"format": "nkplan/2"}')
    assert done.code == 0
    assert done.out == "standard input: there are no rows in it; nothing changed\n"
