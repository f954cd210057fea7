"""`nkplan list` lists what a noun names, says what it understood, and why a list is empty."""

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from each import for_each, spread
from hypothesis import given
from hypothesis import strategies as st
from program import Done, read_ids, run, run_json, show
from records import add_tags, load, make_site
from test_architecture import list_loaded

from nkplan.cli.commands.list import run as list_command
from nkplan.dates import parse_date
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries import lists
from nkplan.reports.lists import BY_NAME, NOUNS, SITES, make_plural
from nkplan.text import count_cells

LABELLED_PLURAL = "provinces"


def list_ids(db: Path, *arguments: str) -> list[str]:
    return list(read_ids(run(db, "list", *arguments)))


def read_heading(db: Path, *arguments: str) -> str:
    done = run(db, "list", *arguments, "-f", "table", COLUMNS="120")
    assert done.code == 0, done.err
    return done.out.splitlines()[0]


# ---- the first word


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_a_noun_lists_what_it_names_in_singular_and_plural(seeded: Path, noun: Any) -> None:
    every = run_json(seeded, "list", noun.name)
    assert run_json(seeded, "list", noun.singular) == every
    assert run_json(seeded, "list", noun.name.upper()) == every
    assert every or noun.name == "tags"
    assert all(list(row) == noun.keys for row in every)


def test_the_number_of_each_noun_is_that_of_the_record(seeded: Path) -> None:
    export = json.loads(run(seeded, "export").out)
    active = {name: rows for name, rows in export.items() if isinstance(rows, list)}
    by_type = {kind: [row for row in active["projects"] if row["type"] == kind] for kind in
               ("programme", "cohort", "site")}  # fmt: skip
    expected = {
        "sites": by_type["site"],
        "programmes": by_type["programme"],
        "programs": by_type["programme"],
        "cohorts": by_type["cohort"],
        "announcements": active["announcements"],
        "promises": active["quotas"],
        "sources": active["sources"],
        "places": active["places"],
        "updates": active["updates"],
        "kinds": active["kinds"],
    }
    for noun, rows in expected.items():
        assert run(seeded, "list", noun, "--count").out == f"{len(rows)}\n", noun


@for_each(
    ("typed", "heading", "options"),
    [
        (["hospitals"], "Hospitals (kind hospital)", ["--kind", "hospital"]),
        (["hospital"], "Hospitals (kind hospital)", ["--kind", "hospital"]),
        (["FACTORIES"], "Factories (kind factory)", ["--kind", "factory"]),
        (["chicken", "farms"], "Chicken farms (kind chicken-farm)", ["--kind", "chicken-farm"]),
        (["chicken farm"], "Chicken farms (kind chicken-farm)", ["--kind", "chicken-farm"]),
        (["grain-facilities"], "Grain facilities (kind grain-facility)", ["--kind", "grain-facility"]),
        (["sites"], "Sites", []),
        (["factories", "songchon"], 'Factories (kind factory) with "songchon"', ["--place", "Songchon"]),
    ],
)
def test_a_kind_is_a_noun_and_the_heading_says_what_was_understood(
    seeded: Path, typed: list[str], heading: str, options: list[str]
) -> None:
    assert list_ids(seeded, *typed) == list_ids(seeded, *options)
    assert read_heading(seeded, *typed) == f"{heading}, as of today, 2026-11-24"
    past = read_heading(seeded, *typed, "--as-of", "2026-01-31")
    assert past == f"{heading}, as of 2026-01-31, as known today, 2026-11-24"


def test_the_first_word_is_a_noun_only_if_it_is_exactly_one(seeded: Path) -> None:
    for typed in ("sit", "announce", "hospit", "sitess", "hospitalss"):
        done = run(seeded, "list", typed, "-f", "table")
        assert not done.out.startswith(("Announcements", "Hospitals"))
        text = run(seeded, "list", "sites", typed, "--count")
        assert run(seeded, "list", typed, "--count").out == text.out


def test_after_the_noun_a_word_is_text_even_if_it_is_a_noun(seeded: Path) -> None:
    assert read_heading(seeded, "sites", "hospital").startswith('Sites with "hospital", ')
    named = list_ids(seeded, "sites", "hospital")
    assert "pyongyang-general-hospital" in named
    assert list_ids(seeded, "sites", "cohort") == []


def test_regions_are_listed_under_the_records_own_word_too(seeded: Path, ghana: Path) -> None:
    regions = [row["id"] for row in run_json(seeded, "list", "places") if row["id"] == row["region"]]
    for word in ("provinces", "province", "regions", "Region"):
        assert list_ids(seeded, word) == regions
    assert read_heading(seeded, "provinces") == "Provinces (places that are regions)"
    assert len(list_ids(ghana, "regions")) > 1


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("factory", "factories"),
        ("canal", "canals"),
        ("bus", "buses"),
        ("box", "boxes"),
        ("church", "churches"),
        ("wash", "washes"),
        ("railway", "railways"),
        ("chicken-farm", "chicken-farms"),
    ],
)
def test_a_plural_is_made_as_in_english(singular: str, plural: str) -> None:
    assert make_plural(singular) == plural


# ---- text


def test_each_word_must_be_in_the_id_the_name_or_a_name_of_the_place_or_region(seeded: Path) -> None:
    every = run_json(seeded, "list")
    south = [row["id"] for row in every if row["region_name"] == "South Pyongan"]
    assert list_ids(seeded, "south", "pyongan") == list_ids(seeded, "south pyongan") == south
    assert read_heading(seeded, "south", "pyongan").startswith('Sites with "south" and "pyongan", ')
    assert list_ids(seeded, "평안남도") == south
    assert list_ids(seeded, "성천군") == list_ids(seeded, "songchon") == ["songchon-factories"]
    assert list_ids(seeded, "pyongan", "hospital", "south") == [
        id_ for id_ in south if id_.endswith("-hospital")
    ]


@for_each(
    ("typed", "found"),
    [
        (("announcements", "2024-01-15", "canal"), "grand-canal-2024"),
        (("announcements", "canal", "jong", "un"), "grand-canal-2022"),
        (("sources", "NK", "News", "backward"), "nknews-20240116"),
        (("places", "성천군"), "kp-02-songchon"),
        (("programmes", "rural"), "rural-policies"),
        (("cohorts", "2025", "hospitals"), "county-hospitals-2025"),
        (("kinds", "canal"), "canal"),
    ],
)
def test_text_is_looked_for_in_the_names_of_what_is_listed(
    seeded: Path, typed: tuple[str, ...], found: str
) -> None:
    assert found in list_ids(seeded, *typed)
    assert len(list_ids(seeded, *typed)) < len(list_ids(seeded, typed[0]))


def test_the_updates_of_a_text_are_those_of_the_projects_that_it_names(seeded: Path) -> None:
    rows = run_json(seeded, "list", "updates", "south", "pyongan")
    sites = list_ids(seeded, "south", "pyongan")
    assert {row["project"] for row in rows} == set(sites)
    assert len(rows) == sum(row["updates"] for row in run_json(seeded, "list", "south", "pyongan"))


# ---- filters: each against a plain computation on what is exported


@cache
def read_export(db: Path) -> dict[str, Any]:
    return dict(json.loads(run(db, "export").out))


def find_day(written: str, told: str | None) -> str:
    """Return by which day an event had surely happened, as the design says it."""
    happened = parse_date(written)
    if told is not None:
        day = parse_date(told).effective_day
        if happened.start <= day <= happened.effective_day:
            return day.isoformat()
    return happened.effective_day.isoformat()


class Plain:
    """The shipped record as plain lists, with what filters ask of it."""

    def __init__(self, db: Path) -> None:
        export = read_export(db)
        self.sources = {row["id"]: row for row in export["sources"]}
        self.sites = {row["id"]: row for row in run_json(db, "list")}
        self.updates = [one for one in export["updates"] if "withdrawn" not in one]
        self.of_site: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in self.updates:
            self.of_site[one["project"]].append(one)

    def publisher(self, row: dict[str, Any]) -> str:
        return str(self.sources.get(row.get("source"), {}).get("publisher", ""))

    def day(self, row: dict[str, Any]) -> str:
        source = self.sources.get(row.get("source"), {})
        return find_day(row["event_date"], source.get("published") or source.get("retrieved"))

    def find(self, wanted: Callable[[dict[str, Any]], bool]) -> list[str]:
        """Return the sites with an update that is wanted."""
        return sorted(id_ for id_ in self.sites if any(map(wanted, self.of_site[id_])))


@cache
def read_plain(db: Path) -> Plain:
    return Plain(db)


@pytest.mark.parametrize("axis", ["claimed", "verified"])
@pytest.mark.parametrize("status", [*Status, "none"])
def test_sites_by_what_is_claimed_or_verified(seeded: Path, axis: str, status: str) -> None:
    wanted = None if status == "none" else status
    expected = [id_ for id_, row in read_plain(seeded).sites.items() if row[axis] == wanted]
    assert list_ids(seeded, f"--{axis}", status) == expected


@pytest.mark.parametrize("evidence", [*Evidence, "none", "satellite"])
def test_sites_with_evidence_of_a_class(seeded: Path, evidence: str) -> None:
    wanted = {"none": None, "satellite": "imagery"}.get(evidence, evidence)
    expected = read_plain(seeded).find(lambda one: one.get("evidence") == wanted)
    assert list_ids(seeded, "--evidence", evidence) == expected


@pytest.mark.parametrize("part", ["Yonhap", "nk news", "KCNA Watch", "mbc"])
def test_sites_of_which_a_publisher_reported(seeded: Path, part: str) -> None:
    plain = read_plain(seeded)
    expected = plain.find(lambda one: part.casefold() in plain.publisher(one).casefold())
    assert expected
    assert list_ids(seeded, "--publisher", part) == expected


@pytest.mark.parametrize("since", ["2024-06", "2026", "2026-07-03", "1990", "2026-10"])
def test_sites_with_evidence_since_a_day(seeded: Path, since: str) -> None:
    plain = read_plain(seeded)
    first = parse_date(since).start.isoformat()
    expected = plain.find(lambda one: one.get("evidence") != "interested" and plain.day(one) >= first)
    assert list_ids(seeded, "--since", since) == expected


def test_sites_of_which_somebody_spoke(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    update = {"event_date": "2025", "status": "building", "evidence": "promiser"}
    load(
        db,
        kinds=["other"],
        projects=[make_site("a"), make_site("b"), make_site("c")],
        updates=[
            {**update, "project": "a", "speaker": "Ama Mensah"},
            {**update, "project": "b", "speaker": "Kofi Boateng"},
            {**update, "project": "c"},
        ],
    )
    assert list_ids(db, "--speaker", "mensah") == ["a"]
    assert list_ids(db, "--speaker", "mensah,KOFI") == list_ids(db, "--speaker", "a") == ["a", "b"]
    done = run(db, "list", "--speaker", "Mensa Amah")
    assert (done.code, done.out) == (2, "")
    assert "there is no speaker 'Mensa Amah'" in done.err


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--evidence", "imagery"], lambda plain, one: one.get("evidence") == "imagery"),
        (["--since", "2026-09"], lambda plain, one: plain.day(one) >= "2026-09-01"),
        (["--publisher", "yonhap"], lambda plain, one: "yonhap" in plain.publisher(one).casefold()),
        (["--speaker", "Ri Il Hwan"], lambda plain, one: one.get("speaker") == "Ri Il Hwan"),
        (["--status", "groundbroken,idle"], lambda plain, one: one.get("status") in {"groundbroken", "idle"}),
        (["--status", "none"], lambda plain, one: "status" not in one),
        (
            ["--on", "2024-12"],
            lambda plain, one: (
                parse_date(one["event_date"]).start.isoformat() >= "2024-12-01"
                and parse_date(one["event_date"]).end.isoformat() <= "2024-12-31"
            ),
        ),
        (
            ["--kind", "hospital", "--verified", "building"],
            lambda plain, one: (
                one["project"] in plain.sites
                and plain.sites[one["project"]]["kind"] == "hospital"
                and plain.sites[one["project"]]["verified"] == "building"
            ),
        ),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_updates_by_what_they_say_and_by_their_project(
    seeded: Path, options: list[str], wanted: Callable[[Plain, dict[str, Any]], bool]
) -> None:
    plain = read_plain(seeded)
    keys = ("project", "event_date", "status", "evidence", "source", "note")
    updates = [one for one in read_export(seeded)["updates"] if wanted(plain, one)]
    expected = sorted([str(one.get(key)) for key in keys] for one in updates)
    assert expected
    rows = run_json(seeded, "list", "updates", *options)
    assert sorted([str(row[key]) for key in keys] for row in rows) == expected


@pytest.mark.parametrize("day", ["2015-12-31", "2024-12-31", "2026-03-23", "2026-11-23"])
def test_the_updates_of_a_past_day_are_those_that_had_happened(seeded: Path, day: str) -> None:
    plain = read_plain(seeded)
    expected = [one for one in read_export(seeded)["updates"] if plain.day(one) <= day]
    assert run(seeded, "list", "updates", "--as-of", day, "--count").out == f"{len(expected)}\n"
    announced = list(run_json(seeded, "list", "announcements", "--as-of", day))
    assert all(parse_date(one["announced"]).start.isoformat() <= day for one in announced)


def test_no_more_updates_are_read_than_are_shown(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a million only some are shown; the database sorts and cuts them."""
    read: list[str] = []
    read_value = lists._read_value  # noqa: SLF001

    def count(key: str, value: Any) -> Any:
        read.append(key)
        return read_value(key, value)

    monkeypatch.setattr(lists, "_read_value", count)
    for more in ([], ["--sort", "note"], ["--evidence", "imagery"], ["songchon"]):
        read.clear()
        assert len(list_ids(seeded, "updates", *more, "--limit", "3")) == 3
        assert read.count("id") == 3


def test_a_name_with_a_comma_is_one_name_and_other_commas_part_two(seeded: Path) -> None:
    whole = list_ids_of(seeded, "announcements", "--speaker", "ko jong bom, minister of finance")
    assert whole == ["state-budget-2023-result"]
    both = list_ids_of(seeded, "announcements", "--speaker", "Ko Jong Bom,Il Hwan")
    assert sorted(both) == ["20x10-plan-2026", *whole]


@pytest.mark.parametrize("typed", [",", "KCNA,", ",KCNA", "KCNA,,"])
def test_a_comma_with_nothing_beside_it_finds_no_publisher_with_one(seeded: Path, typed: str) -> None:
    for noun in ("sites", "sources", "updates"):
        done = run(seeded, "list", noun, "--publisher", typed)
        said = f"nkplan: --publisher: {typed!r} has nothing before or after a comma; leave it out\n"
        assert (done.code, done.out, done.err) == (2, "", said)


def test_updates_by_who_recorded_them(record: Path) -> None:
    run(record, "update", "songchon", "operating", "--on", "2026-11", "--evidence", "expert", USER="ama")
    rows = run_json(record, "list", "updates", "--author", "AMA")
    assert [(row["project"], row["event_date"]) for row in rows] == [("songchon-factories", "2026-11")]
    assert list_ids(record, "changes", "--author", "ama") == read_ids(run(record, "log", "--author", "ama"))
    assert run(record, "list", "changes").out == run(record, "log").out


def test_announcements_and_promises_by_day_speaker_publisher_and_programme(seeded: Path) -> None:
    every = {row["id"]: row for row in run_json(seeded, "list", "announcements")}
    on = [id_ for id_, row in every.items() if row["announced"] == "2024-01-15"]
    assert set(list_ids_of(seeded, "announcements", "--on", "2024-01-15")) >= set(on)
    assert "20x10-policy" in on
    assert set(list_ids_of(seeded, "announcements", "--speaker", "Il Hwan")) == {"20x10-plan-2026"}
    of_hospitals = list_ids_of(seeded, "announcements", "--kind", "hospital")
    assert {"county-hospitals-100-2026", "pyongyang-general-hospital-2020"} <= set(of_hospitals)
    assert not [id_ for id_ in of_hospitals if "farm" in id_]
    promises = run_json(seeded, "list", "promises", "--programme", "county-hospitals")
    assert {row["project"] for row in promises} == {"county-hospitals", "county-hospitals-2025"}
    assert {row["quantity"] for row in run_json(seeded, "list", "promises", "--year", "2021")} == {50000}
    assert run_json(seeded, "list", "promises", "--on", "2024-01-15") == [
        row for row in run_json(seeded, "list", "promises") if row["announced"] == "2024-01-15"
    ]


def list_ids_of(db: Path, noun: str, *options: str) -> list[str]:
    return [row["id"] for row in run_json(db, "list", noun, *options)]


def test_a_promise_is_listed_as_it_was_made(seeded: Path) -> None:
    (homes,) = [row for row in run_json(seeded, "list", "promises") if row["unit"] == "homes"]
    assert homes | {"id": ""} == {
        "project": "coal-mine-villages", "kind": "housing", "quantity": 20000, "unit": "homes", "label": None,
        "period": "each year", "promised_status": None, "announced": "2026-03-23",
        "announcement": "policy-speech-2026", "replaced_by": None, "speaker": "Kim Jong Un", "per": "year",
        "first_year": None, "last_year": None, "within": "new-homes", "beside": None, "id": "",
    }  # fmt: skip


def test_a_promise_names_what_replaced_it(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    said = {"title": "Mills", "said": "Mills."}
    quota = {"project": "mills", "kind": "other", "per": "total"}
    load(
        db,
        kinds=["other"],
        announcements=[
            {"id": "first", "announced": "2020", **said},
            {"id": "second", "announced": "2022", **said},
        ],
        projects=[{"id": "mills", "name": "Mills", "type": "programme", "kind": "other"}],
        quotas=[
            {**quota, "quantity": 10, "announcement": "first"},
            {**quota, "quantity": 5, "announcement": "second"},
        ],
    )
    rows = run_json(db, "list", "promises")
    assert [(row["quantity"], row["replaced_by"]) for row in rows] == [(5, None), (10, "second")]


def test_sources_by_publisher_evidence_and_day(seeded: Path) -> None:
    sources = {row["id"]: row for row in read_export(seeded)["sources"]}
    found = list_ids_of(seeded, "sources", "--publisher", "nk news")
    assert sorted(found) == sorted(
        id_ for id_, row in sources.items() if "nk news" in row.get("publisher", "").casefold()
    )
    assert set(list_ids_of(seeded, "sources", "--evidence", "imagery")) == {
        id_ for id_, row in sources.items() if row.get("evidence") == "imagery"
    }
    assert set(list_ids_of(seeded, "sources", "--on", "2024-01-16")) == {
        id_ for id_, row in sources.items() if row.get("published", row.get("retrieved")) == "2024-01-16"
    }


@given(st.data())
def test_a_list_has_as_many_rows_as_its_count_says(tagged: Path, data: st.DataObject) -> None:
    noun = data.draw(st.sampled_from(NOUNS))
    options = draw_filters(data, noun.filters)
    if noun.has_moment and data.draw(st.booleans()):
        options += [data.draw(st.sampled_from(["--as-of", "--known-on"])), "2025-06-30"]
    words = data.draw(st.sampled_from([[], [], ["pyong"], ["2024", "factor"]]))
    counted = run(tagged, "list", noun.name, *words, *options, "--count")
    listed = run(tagged, "list", noun.name, *words, *options, "-f", "json", "--limit", "0")
    assert counted.code == listed.code, (counted, listed)
    if counted.code == 0:
        assert int(counted.out) == len(json.loads(listed.out))
        if not int(counted.out):
            assert counted.err == listed.err
            assert len(listed.err.splitlines()) == 1
        again = run_json(tagged, "list", noun.name, *words, *options, "--limit", "3")
        assert again == json.loads(listed.out)[:3]


@given(st.data())
def test_a_repeated_filter_lists_what_any_of_its_values_lists(tagged: Path, data: st.DataObject) -> None:
    noun = data.draw(st.sampled_from([noun for noun in NOUNS if set(noun.filters) & set(VALUES)]))
    name = data.draw(st.sampled_from([one for one in noun.filters if one in VALUES]))
    values = data.draw(st.lists(st.sampled_from(VALUES[name]), min_size=2, max_size=3, unique=True))
    alone = [run_json(tagged, "list", noun.name, f"--{name}", value) for value in values]
    both = run_json(tagged, "list", noun.name, *chain.from_iterable((f"--{name}", one) for one in values))
    assert both == run_json(tagged, "list", noun.name, f"--{name}", ",".join(values))
    expected = {json.dumps(row) for rows in alone for row in rows}
    assert {json.dumps(row) for row in both} == expected


VALUES = {
    "kind": ["hospital", "factory", "canal"],
    "status": ["building", "none", "completed", "announced"],
    "region": ["South Pyongan", "none", "Kaesong"],
    "place": ["Songchon", "Hamju"],
    "programme": ["20x10", "county-hospitals", "new-homes"],
    "year": ["2024", "none", "2026"],
    "tag": ["followed", "factories"],
    "claimed": ["operating", "none", "groundbroken"],
    "verified": ["none", "building", "operating"],
    "evidence": ["imagery", "on-site", "none", "promiser"],
    "publisher": ["Yonhap", "38 North", "kcna"],
    "speaker": ["Kim Jong Un", "Il Hwan"],
    "author": ["first", "nobody"],
}
ONCE = {
    "on": ["2024-01-15", "2024", "2025-H2"],
    "since": ["2024", "2026-03"],
    "counted": ["started", "complete_claimed"],
    "months": ["12"],
    "unverified": [""],
    "overdue": [""],
    "silent": [""],
}


def draw_filters(data: st.DataObject, names: Iterable[str]) -> list[str]:
    """Draw some of these filters, each with a value."""
    chosen = data.draw(st.lists(st.sampled_from(sorted(names)), max_size=3, unique=True)) if names else []
    options: list[str] = []
    for name in chosen:
        value = data.draw(st.sampled_from((VALUES | ONCE)[name]))
        options += [f"--{name}", value] if value else [f"--{name}"]
    return options


@pytest.fixture(scope="session")
def tagged(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped record with tags; tests must not write to it."""
    path = tmp_path_factory.mktemp("lists") / "nkplan.db"
    path.write_bytes(seeded.read_bytes())
    add_tags(path)
    return path


def test_every_filter_of_a_noun_is_an_option_and_has_values_here() -> None:
    options = list_command.__annotations__
    for noun in NOUNS:
        assert set(noun.filters) <= set(options)
        assert set(noun.filters) <= {*VALUES, *ONCE}


# ---- what does not fit


@for_each(
    ("typed", "said"),
    [
        (
            ("announcements", "--verified", "none"),
            "--verified does not fit announcements; announcements take --on, ",
        ),
        (("sources", "--kind", "hospital"), "sources take --publisher, --evidence, --on and --since"),
        (("places", "--year", "2024"), "--year does not fit places; places take --region and --place"),
        (("kinds", "--programme", "20x10"), "--programme does not fit kinds; kinds take words alone"),
        (("changes", "--overdue"), "--overdue does not fit changes; changes take --since and --author"),
        (("sites", "--author", "kim"), "--author does not fit sites; sites take --status, "),
        (("--on", "2024"), "--on does not fit sites; sites take --status, "),
        (("hospitals", "--on", "2024"), "--on does not fit sites; "),
        (("hospitals", "--kind", "factory"), "--kind: the kind is hospital already"),
        (("sources", "--as-of", "2024"), "--as-of does not fit sources; it goes with sites, announcements, "),
        (("tags", "--known-on", "2024"), "--known-on does not fit tags; it goes with sites, "),
        (("--status", "open"), "'open' can be completed, operating and idle; write those you mean"),
        (("--status", "done"), "as in --status completed,operating,idle"),
        (("--verified", "open"), "as in --verified completed,operating,idle"),
        (("--year", "2024-2026"), "--year: '2024-2026' is not a year; write --year 2024,2025,2026"),
        (("--sort", "newest"), "write --sort=-last_evidence"),
        (("updates", "--sort", "date"), "write --sort=-event_date"),
        (("sources", "--sort", "oldest"), "write --sort=published"),
        (("announcements", "--sort", "spekaer"), "did you mean speaker?"),
        (("updates", "--columns", "verified"), "--columns: there is no column 'verified'"),
        (("--publisher", "Yonhp"), "there is no publisher 'Yonhp'; did you mean Yonhap?"),
        (("updates", "--speaker", "Kim Jong Il, Kim Jong Umm"), "there is no speaker 'Kim Jong Il'"),
        (("--since", "2027"), "--since: 2027 has not begun yet"),
        (("--json",), "there is no option --json; write -f json"),
        (("-n", "5"), "there is no option -n; write --limit 5"),
        (("-n5",), "there is no option -n; write --limit 5"),
        (("--program", "20x10"), "there is no option --program; write --programme"),
        (("--late",), "there is no option --late; write --overdue"),
        (("updates", "--in", "2024-01"), "there is no option --in; write --on"),
        (("updates", "--source", "NK News"), "there is no option --source; write --publisher"),
        (("announcements", "--by", "kim"), "there is no option --by; write --speaker or --author"),
        (("updates", "--until", "2024-02"), "write --on with both days, as in --on 2024-01/2024-03"),
        (("updates", "--last", "10"), "there is no option --last; write --limit 10"),
        (("--opened",), "there is no option --opened; write --status completed,operating,idle"),
        (("--type", "hospital"), "there is no option --type; write --kind"),
        (("--verified",), "--verified needs a value; write --verified STATUS"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence_that_says_what_does(
    seeded: Path, typed: tuple[str, ...], said: str
) -> None:
    done = run(seeded, "list", *typed)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_other_commands_say_the_same_of_an_option_that_they_do_not_have(seeded: Path) -> None:
    assert run(seeded, "report", "--csv").err == "nkplan: there is no option --csv; write -f csv\n"
    assert run(seeded, "log", "-n", "20").err == "nkplan: there is no option -n; write --limit 20\n"
    assert run(seeded, "log", "--by", "kim").err == "nkplan: there is no option --by; write --author\n"
    assert run(seeded, "update", "songchon", "--link", "x").err.endswith("; write --source\n")
    assert "there is no option --json; see nkplan undo --help" in run(seeded, "undo", "--json").err


# ---- why a list is empty


@for_each(
    ("typed", "said"),
    [
        (
            ("--kind", "hospital", "--year", "2024"),
            (
                "no site matches --kind hospital --year 2024;"
                " without --kind hospital there are 20, without --year 2024 there are 26"
            ),
        ),
        (
            ("hospitals", "--year", "2024"),
            "no site of the kind hospital matches --year 2024; without it there are 26",
        ),
        (
            ("--status", "idle", "--kind", "canal", "--region", "Kaesong"),
            "no site matches --status idle --kind canal --region Kaesong; without filters there are 124",
        ),
        (("nonsense",), "no site matches nonsense; without it there are 124"),
        (("announcements", "nonsense"), "no announcement matches nonsense; without it there are 49"),
        (("housing",), "there is no site of the kind housing on record; there are 124 sites"),
        (
            ("--as-of", "1900"),
            "nothing was on record on 1900-12-31: the first of 124 sites is known from 1952-04",
        ),
        (
            ("updates", "--as-of", "1900"),
            "nothing was on record on 1900-12-31: the first of 733 updates is known from 1952-04",
        ),
        (
            ("announcements", "--known-on", "1980"),
            "nothing was on record on 1980-12-31: the first of 49 announcements is known from 1981-06-05",
        ),
        (
            ("--programme", "20x10", "--as-of", "2023"),
            (
                "no site matches --programme 20x10 --as-of 2023;"
                " without --programme 20x10 there are 16, without --as-of 2023 there are 60"
            ),
        ),
        (("20x10",), "no site matches 20x10; write nkplan list --programme 20x10"),
        (("20X10-2025",), "no site matches 20X10-2025; write nkplan list --programme 20x10 --year 2025"),
        (("2025",), "no site matches 2025; write nkplan list --year 2025"),
        (("operating",), "no site matches operating; write nkplan list --status operating"),
        (("unverified",), "no site matches unverified; write nkplan list --unverified"),
        (("overdue",), "no site matches overdue; write nkplan list --overdue"),
        (("silent", "--as-of", "2025"), "no site matches silent; write nkplan list --silent --as-of 2025"),
    ],
)
def test_an_empty_list_says_why(seeded: Path, typed: tuple[str, ...], said: str) -> None:
    done = run(seeded, "list", *typed)
    assert (done.code, done.err) == (0, f"nkplan: {said}\n")
    assert len(done.out.splitlines()) == 1
    assert run(seeded, "list", *typed, "--count").out == "0\n"


@for_each(
    ("typed", "command"),
    [
        (("updates", "January", "2024"), "list updates --on 2024-01"),
        (("updates", "2024-01"), "list updates --on 2024-01"),
        (("updates", "15 January 2024"), "list updates --on 2024-01-15"),
        (("updates", "songchon", "in", "2024-12"), "list updates songchon --on 2024-12"),
        (("updates", "since", "2026-06"), "list updates --since 2026-06"),
        (("January", "2024"), "list updates --on 2024-01"),
        (("late",), "list --overdue"),
        (("stalled",), "list --silent"),
        (("opened",), "list --status completed,operating,idle"),
        (("completed", "hospitals"), "list hospitals --status completed"),
        (("factories", "2025"), "list factories --year 2025"),
        (("unverified", "factories", "2025"), "list factories --unverified --year 2025"),
        (("contradictions",), "report conflicts"),
        (("latest",), "list updates"),
        (("NK", "News"), "list sources --publisher 'NK News'"),
        (("updates", "NK", "News"), "list updates --publisher 'NK News'"),
        (("minister",), "list announcements --speaker minister"),
        (("함흥",), "show '함흥'"),
    ],
)
def test_a_date_a_filter_or_a_name_after_list_is_answered_with_what_finds_it(
    seeded: Path, typed: tuple[str, ...], command: str
) -> None:
    done = run(seeded, "list", *typed)
    assert done.err.startswith("nkplan: no ")
    assert done.err.endswith(f"; write nkplan {command}\n")
    assert len(run(seeded, *shlex.split(command)).out.splitlines()) > 1


@for_each(
    ("typed", "command"),
    [
        (("updates", "2024"), "updates --on 2024"),
        (("announcements", "2024"), "announcements --on 2024"),
        (("sources", "2024"), "sources --on 2024"),
        (("Kim", "Jong", "Un"), "announcements --speaker 'Kim Jong Un'"),
        (("sources", "NK", "News"), "sources --publisher 'NK News'"),
    ],
)
def test_a_list_that_has_a_date_or_somebodys_name_as_text_says_what_lists_by_it(
    seeded: Path, typed: tuple[str, ...], command: str
) -> None:
    done = run(seeded, "list", *typed)
    said = f"the words were looked for as text; what is meant may be: nkplan list {command}\n"
    assert done.err.endswith(said)
    meant = run(seeded, *shlex.split(f"list {command}"))
    assert meant.code == 0
    assert "as text" not in meant.err
    for words in (("songchon",), ("updates", "songchon"), ("south", "pyongan"), ("sources", "kim", "visit")):
        assert "as text" not in run(seeded, "list", *words).err


def test_an_empty_list_says_how_a_typed_day_was_read(seeded: Path) -> None:
    for option, typed in (("--on", "Nov"), ("--on", "24 Nov 2026"), ("--since", "today")):
        stored = "2026-11" if typed == "Nov" else "2026-11-24"
        said = run(seeded, "list", "updates", option, typed).err
        assert said.startswith(f"nkplan: no update matches {option} {stored}; without it there are ")


def test_the_word_sites_after_the_noun_is_not_answered_with_the_noun(seeded: Path) -> None:
    said = run(seeded, "list", "sites", "sites").err
    assert said == "nkplan: no site matches sites; without it there are 124\n"


def test_the_command_that_an_empty_list_names_lists_something(seeded: Path) -> None:
    for word in ("20x10", "20x10-2025", "2025", "operating", "unverified", "overdue", "imagery"):
        _, _, command = run(seeded, "list", word).err.strip().partition("write nkplan ")
        assert list_ids(seeded, *command.split()[1:]), word


def test_the_day_that_an_empty_list_names_is_the_first_with_a_row(seeded: Path) -> None:
    for noun in ("sites", "announcements", "programmes", "cohorts", "promises", "updates"):
        for option in ("--as-of", "--known-on"):
            said = run(seeded, "list", noun, option, "1900").err
            first = parse_date(said.strip().rpartition(" from ")[2])
            assert run(seeded, "list", noun, option, first.end.isoformat(), "--count").out != "0\n", said


def test_an_update_that_records_an_announcement_is_known_from_its_day(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    load(
        db,
        kinds=["other"],
        sources=[{"id": "report", "title": "A report", "published": "2024-03-01"}],
        announcements=[{"id": "speech", "title": "A speech", "announced": "2024-01-15", "said": "A dam."}],
        projects=[{"id": "dam", "name": "Dam", "type": "site", "kind": "other"}],
        updates=[
            {
                "project": "dam", "event_date": "2024-01-15", "status": "announced", "evidence": "promiser",
                "source": "report", "announcement": "speech",
            }
        ],
    )  # fmt: skip
    for noun in ("update", "site"):
        said = run(db, "list", noun, "--known-on", "2024-01-14").err
        assert said.endswith(f"on record on 2024-01-14: the only {noun} is known from 2024-01-15\n")
        assert run(db, "list", noun, "--known-on", "2024-01-15", "--count").out == "1\n"


def test_a_list_of_tags_without_any_says_how_to_tag(seeded: Path) -> None:
    assert run(seeded, "list", "tags").err == (
        f"nkplan: {seeded} has no tags yet; tag a project with `nkplan tag ID TAG`\n"
    )


def test_tags_are_listed_with_the_number_of_projects_that_have_them(tagged: Path) -> None:
    rows = {row["tag"]: row["projects"] for row in run_json(tagged, "list", "tags")}
    assert rows == {"doubtful": 2, "factories": 1, "followed": 2, "programmes": 2, "to visit": 3}


# ---- order and columns


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_every_column_sorts_up_and_down_with_empty_values_last(tagged: Path, noun: Any) -> None:
    for key in spread(noun.keys, 4):
        up = [row[key] for row in run_json(tagged, "list", noun.name, "--sort", key, "--limit", "0")]
        rows = run_json(tagged, "list", noun.name, f"--sort=-{key}", "--limit", "0")
        down = [row[key] for row in rows]
        assert run_json(tagged, "list", noun.name, "--sort", key, "--reverse", "--limit", "1") == rows[:1]
        known = [value for value in up if value is not None]
        assert up == known + [None] * (len(up) - len(known))
        assert down[: len(known)].count(None) == 0
        assert sorted(map(str, up)) == sorted(map(str, down))


def test_a_list_is_sorted_by_date_as_the_dates_are_judged(seeded: Path) -> None:
    rows = run_json(seeded, "list", "announcements")
    ends = [parse_date(row["announced"]).start for row in rows]
    assert rows[0]["announced"] == "2026-06-22"
    assert ends[-1] == min(ends)
    opened = [row["opened"] for row in run_json(seeded, "list", "--sort=-opened")]
    assert opened[0] == "2026-02-01"


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_headings_are_names_that_columns_and_sort_take(tagged: Path, noun: Any) -> None:
    columns = ",".join(noun.keys)
    rows = run_json(tagged, "list", noun.name, "--columns", columns, "--limit", "2")
    titles = [column.title.replace("Region", "Province") for column in noun.columns]
    if noun is not SITES and noun.name != "places":
        titles = [column.title for column in noun.columns]
    assert run_json(tagged, "list", noun.name, "--columns", ",".join(titles), "--limit", "2") == rows
    for title, key in spread(list(zip(titles, noun.keys, strict=True)), 4):
        assert run(tagged, "list", noun.name, "--sort", title).out == (
            run(tagged, "list", noun.name, "--sort", key).out
        ), title


# ---- forms


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_every_noun_has_every_form(tagged: Path, tmp_path: Path, noun: Any) -> None:
    rows = run_json(tagged, "list", noun.name, "--limit", "4")
    lines = run(tagged, "list", noun.name, "--limit", "4", "-f", "jsonl").out.splitlines()
    assert list(map(json.loads, lines)) == rows
    for form in ("tsv", "csv"):
        done = run(tagged, "list", noun.name, "--limit", "4", "-f", form)
        assert len(done.out.splitlines()) == 1 + len(rows)
    assert run(tagged, "list", noun.name, "-f", "md").out.count("| ---") >= 1
    file = tmp_path / "list.csv"
    assert run(tagged, "list", noun.name, "-o", str(file)).code == 0
    assert file.read_text("utf-8") == run(tagged, "list", noun.name, "-f", "csv").out


@pytest.mark.sampled
@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
@pytest.mark.parametrize("width", [80, 120])
def test_no_list_is_wider_than_the_screen(tagged: Path, noun: Any, width: int) -> None:
    shown = show(tagged, width, "list", noun.name, "--no-pager")
    assert shown.code == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.raw.decode()).split("\r\n")
    assert [line for line in lines if count_cells(line) > width] == []


def test_a_long_unit_or_tag_is_shortened_where_the_screen_ends(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    load(
        db,
        kinds=["other"],
        projects=[
            {"id": "dam", "name": "Dam", "type": "programme", "kind": "other", "tags": ["to-visit-" * 10]}
        ],
        quotas=[
            {"project": "dam", "kind": "other", "quantity": 5, "per": "total", "unit": "kilowatt-hours " * 5}
        ],
    )
    for noun, start in (("promises", "kilowatt-hours"), ("tags", "to-visit-")):
        shown = show(db, 80, "list", noun)
        assert all(len(line) <= 80 for line in shown.lines)
        assert start in shown.lines[-1]
        assert "…" in shown.lines[-1]


@for_each(
    ("typed", "meant"),
    [
        ("anouncements", "nkplan list announcements"),
        ("promsies", "nkplan list promises"),
        ("hospitls", "nkplan list hospitals"),
        ("factorys", "nkplan list factories"),
        ("songchn", "songchon-factories"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest(seeded: Path, typed: str, meant: str) -> None:
    done = run(seeded, "list", typed)
    assert (done.code, done.err) == (0, f"nkplan: no site matches {typed}; did you mean {meant}?\n")


def test_a_list_of_all_sites_loads_nothing_that_only_other_lists_need(record: Path) -> None:
    others = {"nkplan.cli.lists", "nkplan.reports.lists", "nkplan.queries.lists", "nkplan.cli.journal"}
    options = ((), ("--kind", "factory", "-f", "csv"), ("--unverified",), ("--count",), ("updates",))
    *loaded, of_updates = list_loaded(record, [("list", *more) for more in options])
    assert not set().union(*loaded) & others
    assert others <= of_updates


def test_a_refused_list_makes_no_database(tmp_path: Path) -> None:
    for typed in (
        ("--sort", "nme"),
        ("updates", "--columns", "nme"),
        ("kinds", "--year", "2024"),
        ("--on", "2024"),
    ):
        assert run(tmp_path / "nkplan.db", "list", *typed).code == 2
    assert list(tmp_path.iterdir()) == []


def check_same(one: Done, other: Done) -> None:
    assert (one.code, one.out, one.err) == (other.code, other.out, other.err)


def test_programs_are_programmes(seeded: Path) -> None:
    assert BY_NAME["programs"] is BY_NAME["programme"]
    check_same(run(seeded, "list", "programs"), run(seeded, "list", "programmes"))
