"""Which one thing a typed text means: a whole id before a part, and the nearest id if there is none."""

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest
from program import run, run_json

from nkplan.errors import NotFound
from nkplan.queries.names import (
    explain_missing,
    find_kind,
    find_last_source,
    find_place,
    find_project,
    find_publisher,
    find_region,
    find_source,
)
from nkplan.queries.reader import reading

Form = Literal["NFC", "NFD"]

ROWS = {
    "format": "nkplan/2",
    "kinds": ["Mill"],
    "places": [
        {"id": "AB", "name": "S\u014fng", "names": ["kp-1"]},
        {"id": "kp-1", "name": "Two"},
        {"id": "ab-c", "name": "Three", "parent": "AB"},
    ],
    "sources": [{"id": one, "title": f"source {one}"} for one in ("AB", "ab-c", "both")],
    "announcements": [
        {"id": "BOTH", "title": "announcement BOTH", "announced": "2024", "said": "x"},
        {"id": "ab-c-d", "title": "announcement ab-c-d", "announced": "2024", "said": "x"},
    ],
    "projects": [
        {"id": one, "name": f"project {one}", "type": "programme", "kind": "mill"}
        for one in ("AB", "ab-c", "Both")
    ],
}


@pytest.fixture
def ids(tmp_path: Path) -> Path:
    """Return a database with ids that are parts of others, and one that three lists have in other cases."""
    db = tmp_path / "nkplan.db"
    done = run(db, "load", "-", "--bare", stdin=json.dumps(ROWS).encode())
    assert done.code == 0, done.err
    return db


@pytest.mark.parametrize("typed", ["AB", "ab", " ab ", "Ab"])
def test_a_whole_id_in_whatever_case_wins_over_a_part_wherever_ids_are_looked_up(
    ids: Path, typed: str
) -> None:
    with reading(ids) as reader:
        for find in (find_project, find_place, find_source, find_region):
            assert find(reader, typed) == "AB"
        assert find_kind(reader, "mill") == find_kind(reader, "Mill") == "Mill"


def test_a_whole_id_in_another_case_wins_over_a_part(ids: Path) -> None:
    with reading(ids) as reader:
        assert find_project(reader, "AB-C") == "ab-c"
        assert find_source(reader, "BOTH") == "both"


@pytest.mark.parametrize(
    ("typed", "shown"), [("both", "source"), ("BOTH", "announcement"), ("Both", "project"), ("AB", "project")]
)
def test_show_prefers_the_list_that_has_the_id_as_typed(ids: Path, typed: str, shown: str) -> None:
    page = json.loads(run(ids, "show", typed, "-f", "json").out)
    assert page["id"] == typed
    assert page["type"] == ("programme" if shown == "project" else shown)


def test_an_id_as_typed_wins_over_the_name_of_a_place(ids: Path) -> None:
    with reading(ids) as reader:
        assert find_place(reader, "kp-1") == "kp-1"
        assert find_place(reader, "KP 1") == "AB"


def test_a_whole_id_of_an_update_wins_and_one_undone_stays_undone(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection:
        (id_,) = connection.execute("SELECT min(id) FROM updates").fetchone()
    assert run(record, "undo", id_.upper()).code == 0
    done = run(record, "undo", id_)
    assert done.code == 3
    assert "has already been undone" in done.err


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_found_in_every_form(ids: Path, form: Form) -> None:
    with reading(ids) as reader:
        typed = normalize(form, "S\u014fng")
        assert find_place(reader, typed) == "AB"
        assert find_region(reader, typed) == "AB"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_typed_is_recorded_and_answered_composed(record: Path, form: Form) -> None:
    typed = normalize(form, "S\u014fng \uc131\ucc9c")
    added = run(record, "add", typed, "--kind", "factory", "--id", "zz", "--on", "2026", "--note", typed)
    assert added.code == 0, added.err
    cited = ("--source", "https://example.org/x", "--title", typed, "--publisher", typed)
    assert run(record, "update", "zz", "idle", "--on", "2026", *cited, LOGNAME=typed).code == 0
    assert run(record, "list", typed, "-f", "json").out.count('"zz"') == 1
    with closing(sqlite3.connect(record)) as connection:
        stored = [
            text
            for table, columns in (
                ("projects", "name"),
                ("updates", "note"),
                ("sources", "title || publisher"),
                ("changes", "summary || recorded_by"),
            )
            for (text,) in connection.execute(f"SELECT {columns} FROM {table}")
            if text
        ]
    composed = normalize("NFC", typed)
    assert sum(composed in text for text in stored) >= 4
    assert all(text == normalize("NFC", text) for text in stored)


def test_the_nearest_of_very_many_ids_is_found_in_less_than_a_second(record: Path) -> None:
    """The target is 0.1 s on an idle machine for 100,000 ids; difflib alone takes twenty seconds."""
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.executemany(
            "INSERT INTO projects (id, folded, name, type, kind, change_id)"
            " VALUES (?1, ?1, 'X', 'site', 'factory', 1)",
            ((f"place{number:06}-factories-{number % 7}",) for number in range(100_000)),
        )
    with reading(record) as reader:
        started = time.process_time()
        with pytest.raises(NotFound, match=r"did you mean kcnaw-ownproducts\?$"):
            find_source(reader, "kncaw-ownproducts")
        told = str(explain_missing(reader, "project", "songchn", ["projects"], advice="none"))
        assert told == "there is no project 'songchn'; did you mean songchon-factories?"
        assert time.process_time() - started < 0.4


PUBLISHERS = {
    "format": "nkplan/2",
    "kinds": ["mill"],
    "publishers": [
        {"domain": "agency.kp", "name": "Agency"},
        {"domain": "english.agency.kp", "name": "Agency in English", "evidence": "promiser"},
        {"domain": "blogs.org", "name": "Blogs"},
        {"domain": "\ud55c\uad6d.kr", "name": "Hanguk"},
        {"domain": "xn--mnchen-3ya.de", "name": "Munich"},
        {"domain": "192.0.2.1", "name": "A radio"},
    ],
    "sources": [{"id": one, "url": f"https://agency.kp/{one}"} for one in ("s1", "s2", "s3")],
    "projects": [{"id": "p", "name": "P", "type": "programme", "kind": "mill"}],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("publishers") / "nkplan.db"
    done = run(db, "load", "-", "--bare", stdin=json.dumps(PUBLISHERS).encode())
    assert done.code == 0, done.err
    return db


@pytest.fixture
def publishers(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://agency.kp/a", "Agency"),
        ("http://www.agency.kp:8080/a", "Agency"),
        ("https://AGENCY.kp./", "Agency"),
        ("https://m.agency.kp/a", "Agency"),
        ("https://english.agency.kp/a", "Agency in English"),
        ("https://www.a.b.english.agency.kp/a", "Agency in English"),
        ("https://web.archive.org/web/20240101000000/https://english.agency.kp/a", "Agency in English"),
        ("https://archive.today/2024/https://agency.kp/a", "Agency"),
        ("https://somebody.blogs.org/", "Blogs"),
        ("https://\ud55c\uad6d.kr/", "Hanguk"),
        ("https://news.xn--3e0b707e.kr/", "Hanguk"),
        ("https://m\u00fcnchen.de/", "Munich"),
        ("http://192.0.2.1/a", "A radio"),
        # Neither what only ends alike, nor what is in another part of the link, nor a last label alone.
        ("https://newsagency.kp/", None),
        ("https://agency.kp.example.org/", None),
        ("https://agency.kp@example.org/agency.kp?agency.kp", None),
        ("https://other.kp/", None),
        ("https://kp/", None),
        ("https://org/", None),
        ("http://3.192.0.2.1.example.org/", None),
        ("http://[2001:db8::1]/", None),
        ("https://web.archive.org/web/20240101000000/https://example.org/a", None),
        ("agency.kp", None),
        ("https://agency .kp/", None),
        ("", None),
    ],
)
def test_the_publisher_of_a_link_is_that_of_its_host_or_of_the_nearest_domain_around_it(
    publishers: Path, link: str, name: str | None
) -> None:
    with reading(publishers) as reader:
        found = find_publisher(reader, link)
    assert (None if found is None else found.name) == name


def test_a_publisher_has_its_usual_class_or_none_and_once_undone_is_not_found(publishers: Path) -> None:
    with reading(publishers) as reader:
        found = find_publisher(reader, "https://english.agency.kp/")
        assert found == ("english.agency.kp", "Agency in English", "promiser", found and found.origin)
        plain = find_publisher(reader, "https://agency.kp/")
        assert plain is not None
        assert plain.evidence is None
    more = {"format": "nkplan/2", "publishers": [{"domain": "x.english.agency.kp", "name": "X"}]}
    assert run(publishers, "load", "-", stdin=json.dumps(more).encode()).code == 0
    with reading(publishers) as reader:
        assert find_publisher(reader, "https://x.english.agency.kp/")[1] == "X"  # type: ignore[index]
    assert run(publishers, "undo").code == 0
    with reading(publishers) as reader:
        assert find_publisher(reader, "https://x.english.agency.kp/") == found


def test_a_publisher_is_found_as_fast_among_a_hundred_thousand(publishers: Path) -> None:
    with closing(sqlite3.connect(publishers)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO publishers (domain, name, change_id) SELECT 'a' || i || '.org', 'A', 1 FROM n"
        )
    with reading(publishers) as reader:
        before = time.process_time()
        assert find_publisher(reader, "https://" + "a." * 100 + "a77.org/") is not None
        assert time.process_time() - before < 0.05


def test_the_last_source_is_that_of_the_update_recorded_last_and_not_the_latest_dated(
    publishers: Path,
) -> None:
    def find() -> str | None:
        with reading(publishers) as reader:
            return find_last_source(reader)

    def update(*words: str) -> None:
        done = run(publishers, "update", "p", *words)
        assert done.code == 0, done.err

    assert find() is None
    update("building", "--on", "2024-05", "--source", "s2", "--evidence", "press")
    assert find() == "s2"
    update("groundbroken", "--on", "2024-01", "--source", "s1", "--evidence", "press")
    assert find() == "s1"
    update("--note", "to be looked at", "--on", "2024-06")
    assert find() == "s1"
    update("paused", "--on", "2024-07", "--source", "https://agency.kp/new", "--evidence", "press")
    assert (find() or "").startswith("agency-")
    assert run(publishers, "undo").code == 0
    assert find() == "s1"
    # Whoever adds a source means it next.
    assert run(publishers, "add", "source", "https://agency.kp/added").code == 0
    assert (find() or "").startswith("agency-")


def test_what_a_new_database_starts_with_is_no_last_source(seeded: Path) -> None:
    with reading(seeded) as reader:
        assert find_last_source(reader) is None


def show(db: Path, *words: str) -> dict[str, Any]:
    done = run(db, "show", *words, "-f", "json")
    assert done.code == 0, done.err
    page: dict[str, Any] = json.loads(done.out)
    return page


@pytest.fixture
def linked(publishers: Path) -> Path:
    """Return a database in which each publisher has a source, and more have links that only look alike."""
    links = {
        "own": "https://agency.kp/a",
        "w3": "https://www.agency.kp/a?b=c",
        "mobile": "https://m.agency.kp/a",
        "copied": "https://web.archive.org/web/20240101000000/https://agency.kp/z",
        "english": "https://english.agency.kp/a",
        "alike": "https://newsagency.kp/a",
        "within": "https://example.org/agency.kp",
        "hanguk": "https://\ud55c\uad6d.kr/a",
        "munich": "https://m\u00fcnchen.de/a",
        "radio": "http://192.0.2.1/a",
    }
    rows = [{"id": id_, "url": url} for id_, url in links.items()]
    done = run(publishers, "load", "-", stdin=json.dumps({"format": "nkplan/2", "sources": rows}).encode())
    assert done.code == 0, done.err
    return publishers


@pytest.mark.parametrize(
    ("domain", "sources"),
    [
        ("agency.kp", {"s1", "s2", "s3", "own", "w3", "mobile", "copied"}),
        ("english.agency.kp", {"english"}),
        ("blogs.org", set()),
        ("\ud55c\uad6d.kr", {"hanguk"}),
        ("xn--mnchen-3ya.de", {"munich"}),
        ("192.0.2.1", {"radio"}),
    ],
)
def test_a_publisher_is_shown_with_the_sources_for_which_it_is_found(
    linked: Path, domain: str, sources: set[str]
) -> None:
    page = show(linked, domain)
    assert (page["type"], page["id"]) == ("publisher", domain)
    assert {source["id"] for source in page["sources"]} == sources
    with reading(linked) as reader:
        for source in page["sources"]:
            assert find_publisher(reader, source["url"])[0] == domain  # type: ignore[index]


@pytest.mark.parametrize(
    "typed", ["english.agency.kp", "WWW.English.Agency.kp", "english", " blogs ", "BLOGS"]
)
def test_a_publisher_is_shown_by_its_domain_or_a_part_that_nothing_else_has(linked: Path, typed: str) -> None:
    assert show(linked, typed)["type"] == ("source" if typed == "english" else "publisher")


@pytest.mark.parametrize("typed", ["\x00", "\udcff", "www.", "no.such.domain"])
def test_what_no_domain_can_be_names_no_publisher(linked: Path, typed: str) -> None:
    done = run(linked, "show", typed)
    assert done.code == 3
    assert "no project, announcement, place, source or publisher" in done.err


def test_a_mistyped_domain_is_answered_with_the_nearest(linked: Path) -> None:
    assert "did you mean blogs.org?" in run(linked, "show", "blgs.org").err


UNDONE = {
    "jam-works": ("add", "Jam works", "--kind", "factory", "--on", "2026", "--evidence", "press"),
    "newton": ("add", "place", "Newton", "parent=KP-02"),
    "paper-of-newton": ("add", "source", "A paper", "id=paper-of-newton"),
    "newton-speech": ("add", "announcement", "Newton speech", "announced=2026", "said=Mills."),
    "newton.example": ("add", "publisher", "newton.example", "name=News"),
}
"""What adds a row, by its id."""


@pytest.mark.parametrize("id_", UNDONE)
def test_what_was_undone_is_told_with_the_change_and_how_it_comes_back(record: Path, id_: str) -> None:
    assert run(record, *UNDONE[id_]).code == 0
    assert run(record, "undo").code == 0
    undo = json.loads(run(record, "log", "-f", "json", "--limit", "1").out)[0]["change"]
    told = f"; {id_} was undone by change {undo}, and nkplan redo {undo} puts it back\n"
    asked: list[tuple[str, ...]] = [("show", id_), ("show", id_[:-1].upper())]
    asked += {
        "jam-works": [("update", id_, "idle", "2026"), ("edit", id_, "note=x")],
        "newton": [("list", "--place", id_), ("add", "place", "X", f"parent={id_}")],
        "paper-of-newton": [("update", "songchon", "idle", "2026", "--source", id_), ("edit", id_, "note=x")],
    }.get(id_, [])
    for words in asked:
        done = run(record, *words)
        assert (done.code, done.out, done.err[-len(told) :]) == (3, "", told), (words, done)
    assert run(record, "redo", str(undo)).code == 0
    assert run(record, "show", id_).code == 0


def test_what_is_on_record_is_meant_before_what_was_undone(record: Path) -> None:
    add = ("--kind", "factory", "--on", "2026", "--evidence", "press")
    for name in ("Jam works", "Jam workshop", "Soy works"):
        assert run(record, "add", name, *add).code == 0
    assert run(record, "undo").code == 0
    assert run_json(record, "show", "jam-works")["id"] == "jam-works"
    assert "undone" not in run(record, "show", "jam-w").err
    for _ in range(2):
        assert run(record, "undo").code == 0
    # Of several that can be meant none is said to be.
    done = run(record, "show", "jam-work")
    assert (done.code, "undone" in done.err) == (3, False), done
    assert "jam-works was undone" in run(record, "show", "jam-works").err
