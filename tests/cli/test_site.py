"""`nkplan publish --site`: the whole record as linked pages."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from examples import example_count
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from program import TODAY, run
from random_records import TODAY as RANDOM_TODAY
from random_records import Row, records
from records import load, make_empty
from test_agreement import recording

from nkplan.cli.site import list_files
from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.queries.details import read_project
from nkplan.queries.progress import fetch as fetch_progress
from nkplan.queries.publication import StepReader
from nkplan.queries.reader import reading_copy
from nkplan.queries.site import list_rows
from nkplan.reports.charts.progress import list_steps
from nkplan.reports.progress import count_progress
from nkplan.reports.publication import count_part

if TYPE_CHECKING:
    from browser import Browser

HOSTILE = '<script>alert(1)</script><img src=x onerror="a"> ]]> & \' "'
RECORD: dict[str, Any] = {
    "settings": {"title": f"Mills {HOSTILE}", "about": f"About {HOSTILE}"},
    "kinds": ["mill"],
    "publishers": [{"domain": "e.org", "name": f"Paper {HOSTILE}", "evidence": "press"}],
    "places": [
        {"id": "land", "name": "Land"},
        {"id": "town", "name": f"Town {HOSTILE}", "parent": "land", "latitude": 40.0, "longitude": 125.0},
        {"id": "con", "name": "Far", "parent": "land"},
    ],
    "sources": [
        {"id": "paper", "title": f"Page {HOSTILE}", "publisher": "Paper", "published": "2024-03-02",
         "url": "https://e.org/1?a=1&b=2"},
        {"id": "other", "title": "Other", "published": "2024"},
    ],
    "announcements": [
        {"id": "speech", "title": f"Speech {HOSTILE}", "announced": "2024-01-15", "said": f"Mills. {HOSTILE}",
         "speaker": "The minister", "source": "paper"},
    ],
    "projects": [
        {"id": "plan", "name": f"Plan {HOSTILE}", "type": "programme", "kind": "mill"},
        {"id": "wave", "name": "Wave", "type": "cohort", "kind": "mill", "parent": "plan", "year": 2024},
        {"id": "Mill-A", "name": f"Mill A {HOSTILE}", "type": "site", "kind": "mill", "parent": "wave",
         "place": "town", "tags": ["secret-tag"], "note": HOSTILE},
        {"id": "mill-b", "name": "Mill B", "type": "site", "kind": "mill", "parent": "wave", "place": "con"},
        {"id": "mill-c", "name": "Mill C", "type": "site", "kind": "mill", "model": "Mill-A"},
    ],
    "quotas": [
        {"project": "plan", "kind": "mill", "quantity": 2, "per": "total", "announcement": "speech"}
    ],
    "outlines": [
        {"place": "land", "credit": f"Drawn by {HOSTILE}",
         "geometry": {"type": "Polygon", "coordinates": [[[124, 39], [126, 39], [126, 41], [124, 39]]]}},
    ],
    "updates": [
        {"project": "wave", "event_date": "2024-01-15", "status": "announced", "promised": "2025",
         "evidence": "promiser", "speaker": "The minister, of mills", "source": "paper",
         "announcement": "speech"},
        {"project": "Mill-A", "event_date": "2024-11-05", "status": "completed", "evidence": "promiser",
         "source": "paper", "note": HOSTILE},
        {"project": "mill-b", "event_date": "2025-06-01", "status": "building", "evidence": "promiser",
         "promised": "2026-11", "source": "other"},
        {"project": "mill-c", "event_date": "2026-03-01", "status": "building", "evidence": "imagery",
         "source": "other"},
    ],
}  # fmt: skip
"""Among others: an id in capitals, one that no file can have on every system, and hostile text."""


@cache
def make_database() -> bytes:
    """Make a database with the record of three mills, recorded on a known day."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "nkplan.db")
        path.write_bytes(make_empty())
        load(path, **RECORD)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE changes SET recorded = '2026-11-01T10:00:00Z'")
        return path.read_bytes()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return a database with the record of three mills."""
    path = tmp_path / "nkplan.db"
    path.write_bytes(make_database())
    return path


def publish(db: Path, *arguments: str, today: str = TODAY) -> Path:
    done = run(db, "publish", "--site", "site", *arguments, NKPLAN_TODAY=today)
    assert (done.code, done.out) == (0, ""), done.err
    return db.parent / "site"


def find_times(site: Path) -> dict[str, int]:
    return {
        str(path.relative_to(site)): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()
    }


def find_changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return changed - {".nkplan-site.json"}


class Document(HTMLParser):
    """A page: its tags, the values of attributes by tag and name, and its text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def list_links(self) -> Iterator[str]:
        for _, attributes in self.tags:
            yield from (attributes[name] for name in ("href", "src") if name in attributes)


def read_pages(site: Path) -> dict[str, Document]:
    return {
        str(path.relative_to(site)): Document(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def test_every_page_is_reached_from_the_first_and_no_link_is_dead(db: Path) -> None:
    site = publish(db)
    pages = read_pages(site)
    reached, new = set(), {"index.html"}
    while new:
        name = new.pop()
        reached.add(name)
        for link in pages[name].list_links():
            if urlsplit(link).scheme or link.startswith("#"):
                continue
            target, _, part = urljoin(name, link).partition("#")
            assert (site / target).is_file(), (name, link)
            assert not part or f'id="{part}"' in (site / target).read_text("utf-8"), (name, link)
            if target in pages and target not in reached:
                new.add(target)
    assert reached == pages.keys()
    rows = {"project": 5, "place": 3, "source": 2, "announcement": 1, "publisher": 1}
    lists = ("index", "changes", "projects", "places", "sources", "announcements", "publishers")
    assert len(pages) == sum(rows.values()) + len(lists)
    for folder, number in rows.items():
        assert sum(name.startswith(f"{folder}/") for name in pages) == number
    assert "project/mill-a.html" in pages
    assert not list(site.glob("place/con.*"))


def test_a_page_leads_to_what_it_is_within_and_what_it_names(db: Path) -> None:
    pages = read_pages(publish(db))

    def list_targets(name: str) -> set[str]:
        return {urljoin(name, link) for link in pages[name].list_links()}

    assert list_targets("project/mill-a.html") >= {
        *("index.html", "projects.html", "project/plan.html", "project/wave.html", "place/town.html"),
        *("source/paper.html", "announcement/speech.html", "project/mill-c.html"),
        *("changes.html", "changes.atom", "promised.ics", "project/mill-a.json", "https://e.org/1?a=1&b=2"),
    }
    assert 'class="id"><a href="../source/paper.html">paper</a>' in (
        db.parent / "site" / "project" / "mill-a.html"
    ).read_text("utf-8")
    assert list_targets("project/plan.html") >= {
        "project/wave.html",
        "project/mill-a.html",
        "project/mill-b.html",
    }
    assert list_targets("place/land.html") >= {"place/town.html", "project/mill-a.html"}
    assert list_targets("source/paper.html") >= {
        *("project/wave.html", "project/mill-a.html", "announcement/speech.html", "publisher/e.org.html"),
    }
    assert "source/paper.html" in list_targets("publisher/e.org.html")


def test_facts_name_what_they_lead_to_and_do_not_repeat_the_heading(db: Path) -> None:
    site = publish(db)
    page = (site / "project/mill-c.html").read_text("utf-8")
    assert re.findall("<dt>(.*?)</dt>", page)[:2] == ["Kind", "Modelled on"]
    assert f'<a href="mill-a.html">Mill A {escape(HOSTILE)[:20]}' in page
    assert re.findall(
        "<dt>Programme</dt>\n<dd>(.*?) &lt;", (site / "project/wave.html").read_text("utf-8")
    ) == ['<a href="plan.html">Plan']


def test_each_page_says_what_it_is(db: Path) -> None:
    pages = read_pages(publish(db, "--url", "https://e.org/mills"))
    for name, page in pages.items():
        metas = {one["name"]: one["content"] for tag, one in page.tags if tag == "meta" and "name" in one}
        assert metas["description"], name
        canonical = [one["href"] for tag, one in page.tags if tag == "link" and one["rel"] == "canonical"]
        assert canonical == [f"https://e.org/mills/{name}"]
        types = {one["type"] for tag, one in page.tags if tag == "link" and one["rel"] == "alternate"}
        assert types == {"application/atom+xml", "text/calendar", "application/json"}
    sitemap = (db.parent / "site" / "sitemap.xml").read_text("utf-8")
    assert set(re.findall("<loc>https://e.org/mills/([^<]*)</loc>", sitemap)) == pages.keys()
    assert set(re.findall("<lastmod>([^<]*)</lastmod>", sitemap)) == {"2026-11-01"}


def test_data_of_a_page_are_what_show_prints_and_its_neighbours(db: Path) -> None:
    site = publish(db)
    document = json.loads((site / "project/mill-b.json").read_text("utf-8"))
    links = document.pop("links")
    assert links["html"] == "mill-b.html"
    assert [one["json"] for one in links["above"]] == [
        "../index.json",
        "../projects.json",
        "plan.json",
        "wave.json",
    ]
    shown = json.loads(run(db, "show", "project/mill-b", "-f", "json").out)
    assert shown.pop("age_months") == 17
    assert shown.pop("tags") is None
    for update in shown["timeline"]:
        del update["recorded_by"]
    assert document == shown


def test_hostile_text_is_text_everywhere(db: Path) -> None:
    site = publish(db, "--url", "https://e.org/")
    for name, page in read_pages(site).items():
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert scripts == [], name  # Ours is only where there is a long table.
        assert not [one for _, one in page.tags if any(key.startswith("on") for key in one)]
        assert not [
            tag
            for tag, one in page.tags
            if tag in {"img", "iframe", "object", "form", "base"} or "src" in one
        ]
    assert HOSTILE in read_pages(site)["project/mill-a.html"].text
    for name in ("changes.atom", "sitemap.xml"):
        assert "<script" not in (site / name).read_text("utf-8")


def test_the_same_record_makes_the_same_files_and_none_is_written_again(db: Path) -> None:
    site = publish(db)
    before = find_times(site)
    assert publish(db) == site
    assert find_times(site) == before
    assert publish(db, today="2026-11-25") == site
    assert find_times(site) == before
    run(db, "publish", "--site", "again")
    for name in before:
        assert (site / name).read_bytes() == (db.parent / "again" / name).read_bytes()


def find_pictures(page: str) -> list[str]:
    """Return what pictures of a page say instead of themselves."""
    return re.findall(r"<desc[^>]*>([^<]*)</desc>", page)


def test_programme_cohort_and_first_page_begin_with_numbers_map_and_chart(db: Path) -> None:
    """The chart ends on the day of the last change, so that it is not another one on every day."""
    site = publish(db)
    of_wave = "Map of 2 sites: verified complete 0, only claimed 1, started 1, only promised 0"
    of_all = "Map of 3 sites: verified complete 0, only claimed 1, started 2, only promised 0"
    reached = "started 2, claimed 1, verified 0"
    steps = f"2024-Q1 to 2026-11-01: in the end promised 2, {reached}"
    of_year = f"2024-Q4 to 2026-11-01: in the end named 2, {reached}"
    for name, pictures, promised in (
        ("project/plan", [of_wave, steps], "2"),
        # The number in all is not divided among years.
        ("project/wave", [of_wave, of_year], '<span class="none">no number</span>'),
        ("index", [of_all, steps], "2"),
    ):
        page = (site / f"{name}.html").read_text("utf-8")
        assert find_pictures(page) == pictures, name
        numbers = re.findall(r'<dd class="of-[a-z]+">(.*?)</dd>', page)
        assert numbers == [promised, "2", "2", "1", "0"], name
    for name in ("project/mill-b", "place/town", "projects"):
        assert find_pictures((site / f"{name}.html").read_text("utf-8")) == [], name


def test_the_first_page_says_how_a_state_is_judged_and_every_page_leads_there(db: Path) -> None:
    site = publish(db)
    assert "<dd>What an observation showed last: imagery, on-site, authority and press." in (
        site / "index.html"
    ).read_text("utf-8")
    for name, page in read_pages(site).items():
        assert urljoin(name, "index.html#judging" if "/" not in name else "../index.html#judging") in {
            urljoin(name, link) for link in page.list_links()
        }, name


def test_a_programme_with_and_without_a_number_has_two_rows_that_say_so(db: Path) -> None:
    load(
        db,
        kinds=["farm"],
        projects=[
            {"id": "farms", "name": "Farms", "type": "programme", "kind": "farm"},
            {"id": "new", "name": "New", "type": "cohort", "kind": "farm", "parent": "farms", "year": 2025},
            {"id": "farm-a", "name": "Farm A", "type": "site", "kind": "farm", "parent": "new"},
            {"id": "farm-b", "name": "Farm B", "type": "site", "kind": "farm", "parent": "farms"},
        ],
        quotas=[{"project": "new", "kind": "farm", "quantity": 5, "per": "total", "announcement": "speech"}],
        updates=[
            {"project": one, "event_date": "2025-02", "status": "building", "evidence": "promiser"}
            for one in ("farm-a", "farm-b")
        ],
    )
    site = publish(db)
    table = (site / "index.html").read_text("utf-8").partition('<h2 id="progress">')[2]
    rows = re.findall(r'scope="row">(?:<a[^>]*>)?([^<]*).*?"Promised"[^>]*>([^<]*)<', table, re.DOTALL)
    assert [(name.split(" ")[0], number) for name, number in rows] == [
        *(("Farms", "5"), ("Plan", "2"), ("With", "7"), ("Farms", "no number"), ("no", "none")),
    ]
    data = json.loads((site / "index.json").read_text("utf-8"))["progress"]
    assert [(row["programme"], row["promised"], row["promised_as"]) for row in data] == [
        ("farms", 5, "number"),
        ("plan", 2, "number"),
        ("farms", None, "no number"),
        (None, None, "none"),
    ]


@settings(max_examples=example_count(3, 40), phases=set(Phase) - {Phase.explain})
@given(records(fewest_programmes=1), st.dates(date(2020, 1, 1), RANDOM_TODAY))
def test_a_chart_that_ends_on_an_earlier_day_ends_with_the_present_numbers(content: Row, last: date) -> None:
    """It is the same on a later day, but for what is promised with each year that begins."""
    with recording(content) as path, reading_copy(path) as reader:
        today, later = (Question(Moment(day)) for day in (RANDOM_TODAY, RANDOM_TODAY + timedelta(days=1)))
        readers = [StepReader(reader, question) for question in (today, later)]
        for row in list_rows(reader):
            if row.type not in {"programme", "cohort"}:
                continue
            detail = read_project(reader, row.id)
            steps, again = (one.read_part(detail, detail.sites, last) for one in readers)
            assert steps == again
            if steps:
                assert steps[-1][0].end == last
                assert list_steps(steps)[-1].counts == count_part(detail, detail.sites, today).total
        progress = count_progress(*fetch_progress(reader, today), Grouping.PROGRAMME)
        steps = readers[0].read_all(last)
        assert not steps or list_steps(steps)[-1].counts == progress.total


def test_a_day_changes_only_the_pages_whose_answers_it_changes(db: Path) -> None:
    """Mill B was promised for November 2026, and is overdue from the first of December on."""
    site = publish(db, today="2026-11-30")
    before = find_times(site)
    publish(db, today="2026-12-01")
    own = {"project/mill-b", "project/wave", "project/plan", "place/land", "projects"}
    (place,) = (path.stem for path in site.glob("place/con~*.html"))
    own |= {f"place/{place}"}
    assert find_changed(before, find_times(site)) == {
        f"{one}.{end}" for one in own for end in ("html", "json")
    }
    assert "Last changed on 2026-12-01" in (site / "project/mill-b.html").read_text("utf-8")


def test_an_update_changes_its_pages_and_an_undo_takes_away_what_it_added(db: Path) -> None:
    site = publish(db)
    (site / "CNAME").write_text("e.org")
    before = find_times(site)
    run(db, "add", "Mill D", "--kind", "mill", "--on", "2026-11", "--evidence", "promiser")
    publish(db)
    added = find_changed(before, find_times(site))
    assert added >= {
        "project/mill-d.html",
        "project/mill-d.json",
        "projects.html",
        "changes.atom",
        "index.html",
    }
    assert not [name for name in added if name.startswith(("source/", "place/", "project/mill-a"))]
    run(db, "undo")
    done = run(db, "publish", "--site", "site")
    assert " 2 removed" in done.err
    assert find_times(site).keys() == before.keys()


def test_nobody_is_told_who_recorded_what_nor_what_is_the_users_own(db: Path) -> None:
    run(db, "update", "mill-b", "--note", "private-note")
    run(db, "update", "mill-b", "paused", "--on", "2026-10", "--evidence", "press", "--note", "mistaken-note")
    run(db, "undo")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE changes SET recorded_by = 'login-name'")
    site = publish(db)
    assert run(db, "publish", "-o", "site/page.html").code == 0
    for path in site.rglob("*"):
        text = path.read_text("utf-8") if path.is_file() else ""
        for word in ("login-name", "private-note", "mistaken-note", "secret-tag"):
            assert word not in text, path


def test_the_feed_says_what_was_recorded_and_leads_to_it(db: Path) -> None:
    run(
        db,
        "update",
        "mill-b",
        "completed",
        "--on",
        "2026-11-20",
        "--evidence",
        "imagery",
        "--source",
        "other",
    )
    run(db, "tag", "mill-b", "mine")
    run(db, "edit", "mill-c", "name=Mill See")
    run(db, "edit", "mill-c", "name=Mill Sea")
    run(db, "undo")
    feed = (publish(db) / "changes.atom").read_text("utf-8")
    titles = re.findall("<entry>.*?<title>(.*?)</title>", feed, re.DOTALL)
    assert titles[:3] == [
        "Taken back: a correction of Mill See",
        "Corrected Mill See: name Mill C &gt; Mill See",
        "Mill B: completed, 2026-11-20 (imagery, Other)",
    ]
    assert len(titles) == 4
    assert 'rel="alternate" type="text/html" href="project/mill-b.html"' in feed
    assert 'rel="related" type="text/html" href="source/other.html" title="Other"' in feed


def test_the_calendar_has_the_promises_that_are_not_kept(db: Path) -> None:
    """The wave was promised for 2025, and one of its mills is complete; Mill B has a date of its own."""
    site = publish(db)
    events = Calendar.from_ical((site / "promised.ics").read_bytes()).walk("VEVENT")
    assert [(str(one["summary"]), str(one.decoded("dtstart"))) for one in events] == [
        ("Wave: promised to be opened by today", "2025-12-31"),
        ("Mill B: promised to be opened by today", "2026-11-30"),
    ]
    assert str(events[0]["description"]).startswith(
        "Promised for 2025, said 2024-01-15 by The minister, of mills\nSource: Page"
    )
    uid = events[1]["uid"]
    run(
        db,
        "update",
        "mill-b",
        "building",
        "--on",
        "2026-11",
        "--evidence",
        "promiser",
        "--promised",
        "2027-06",
    )
    run(db, "update", "wave", "cancelled", "--on", "2026-11", "--evidence", "promiser")
    publish(db)
    events = Calendar.from_ical((site / "promised.ics").read_bytes()).walk("VEVENT")
    moved = next(one for one in events if one["uid"] == uid)
    assert str(moved.decoded("dtstart")) == "2027-06-30"
    assert "Moved once; first promised for 2026-11" in str(moved["description"])
    assert {str(one["status"]) for one in events} == {"CANCELLED"}


def test_a_site_is_of_one_moment_and_keeps_no_writer_waiting(db: Path) -> None:
    with reading_copy(db) as reader:
        files = list_files(reader, date(2026, 11, 24), "", lambda what, share: None)
        first = dict([next(files)])
        run(db, "update", "mill-b", "completed", "--on", "2026-11-20", "--evidence", "imagery")
        found = first | dict(files)
    assert not [name for name, content in found.items() if b"2026-11-20" in content]
    assert b"2026-11-20" in (publish(db) / "project/mill-b.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--site", "site", "-o", "x.html"), "leave out x.html or --site"),
        (("mill-a", "--site", "site"), "a site has the whole record; leave out mill-a"),
        (("--site", "site", "--as-of", "2025"), "a site shows the record as it is; leave out --as-of 2025"),
        (("--url", "https://e.org/", "-o", "x.html"), "name its folder with --site"),
        (("--site", "site", "--url", "e.org"), "--url: e.org is not where a site can be"),
        (("--site", "site", "--url", "https://e.org/?"), "is not where a site can be"),
        (("--site", "site", "--url", "https://e.org:99999/"), "is not where a site can be"),
        (("--site", "site", "--url", "https://[::1"), "is not where a site can be"),
        (("--site", "site", "--url", "https://me:secret@e.org/"), "--url has a user's name or password"),
        (("--site", "site", "--url", "https://bücher.example/"), "write it as a browser sends it"),
        (("--site", "."), "has files that publish did not write"),
    ],
)
def test_what_no_site_can_have_is_refused(db: Path, arguments: tuple[str, ...], words: str) -> None:
    before = {*db.parent.iterdir()}
    done = run(db, "publish", *arguments)
    assert done.code == 2
    assert words in done.err
    assert done.err.count("\n") == 1
    assert {*db.parent.iterdir()} == before


def test_in_a_browser_pages_are_clean_lead_on_and_ask_for_nothing(db: Path, browser: "Browser") -> None:
    from browser import check_accessibility  # noqa: PLC0415

    site = publish(db)
    for name in ("project/plan", "place/land"):
        opened = browser.open(site / f"{name}.html", width=390, scheme="dark")
        assert check_accessibility(opened) == [], name
        assert (opened.requests, opened.violations, opened.errors) == ([], [], []), name
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page = browser.open(site / "index.html", javascript=False).page
    for link in ("Plan", "Wave", "Mill B", "Other"):
        page.get_by_role("link", name=link).first.click()
    assert page.url.endswith("/source/other.html")
