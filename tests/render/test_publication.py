"""A page as a browser has it: it asks for nothing, runs nothing of others, and reads well everywhere.

Chromium opens few pages, each for several promises: that takes the most time.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from program import run

from nkplan.layout.grid import Column, Grid
from nkplan.model.vocabulary import Status
from nkplan.render.html.environment import keep_id, make_environment

if TYPE_CHECKING:
    from browser import Browser, Opened

ELSEWHERE = "https://elsewhere.example"
LEAVING = (
    f'<meta http-equiv="refresh" content="0; url={ELSEWHERE}/refresh">',
    f'"><meta http-equiv=refresh content="0;url={ELSEWHERE}/refresh">',
)
"""What leaves a page, which no policy stops."""
LOADING = (
    f"<script>fetch('{ELSEWHERE}/fetch'); alert(1)</script>",
    f'<script src="{ELSEWHERE}/script.js"></script>',
    f'<img src="{ELSEWHERE}/image.png" onerror="alert(2)">',
    f'"><svg onload="alert(3)"><image href="{ELSEWHERE}/svg.png"></svg>',
    f"' onmouseover='alert(4)' style='background: url({ELSEWHERE}/style.png)",
    f'<style>@import "{ELSEWHERE}/style.css"; body {{ display: none }}</style>',
    f'<link rel="stylesheet" href="{ELSEWHERE}/link.css"><link rel="icon" href="{ELSEWHERE}/icon.png">',
    f'<iframe src="{ELSEWHERE}/frame"></iframe><object data="{ELSEWHERE}/object"></object>',
    f'<base href="{ELSEWHERE}/base/"><form action="{ELSEWHERE}/form"><input autofocus onfocus="alert(5)">',
    f'<video poster="{ELSEWHERE}/poster.png" src="{ELSEWHERE}/video"></video>',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;<b>bold</b>",
)
HOSTILE = " ".join(LOADING)


def make_record(hostile: str, note: str) -> dict[str, Any]:
    """Return a record in which every text that a source or a user can choose is hostile, or is this note."""
    source = {"id": "said", "title": hostile, "publisher": hostile, "published": "2024-02", "note": note}
    site: dict[str, Any] = {
        "type": "site",
        "kind": "dam",
        "parent": "dams-2024",
        "place": "here",
        "note": note,
    }
    site |= {"tags": [hostile[:60]], "organisations": [{"role": "owner", "name": hostile}]}
    site |= {"identifiers": [{"scheme": "s", "id": "x"}]}
    claim = {"evidence": "promiser", "source": "said", "speaker": hostile, "note": note}
    return {
        "format": "nkplan/2",
        "about": hostile,
        "settings": {"title": hostile, "about": hostile, "licence": hostile, "credit": hostile,
                     "labels": {"promiser": hostile[:40], "region": hostile[:40]}},
        "kinds": ["dam"],
        "places": [
            {"id": "land", "name": hostile, "type": "province"},
            {"id": "here", "name": hostile, "local_name": hostile, "parent": "land", "type": "county",
             "latitude": 40.0, "longitude": 126.0},
            {"id": "there", "name": f"{hostile} too", "type": "province"},
        ],
        "sources": [source, {**source, "id": "link", "url": "https://said.example/?a='b'&c=%22"}],
        "announcements": [
            {"id": "plan", "announced": "2024-01", "title": hostile, "speaker": hostile, "occasion": hostile,
             "said": hostile, "source": "said"}
        ],
        "projects": [
            {"id": "dams", "name": hostile, "type": "programme", "kind": "dam", "note": note},
            {"id": "dams-2024", "name": hostile, "type": "cohort", "kind": "dam", "parent": "dams",
             "year": 2024},
            {"id": "dam", "name": hostile, **site},
            {"id": "other-dam", "name": "Other dam", **site, "place": "there"},
        ],
        "quotas": [
            {"project": "dams", "kind": "dam", "quantity": 2, "per": "year", "first_year": 2024,
             "label": hostile, "announcement": "plan", "note": note},
            {"project": "dams", "kind": "dam", "quantity": 9, "per": "total", "unit": hostile,
             "announcement": "plan"},
        ],
        "updates": [
            {"project": "dams-2024", "event_date": "2024-02", "promised": "2024", **claim},
            {"project": "dams-2024", "event_date": "2024-03", "status": "completed", **claim},
            {"project": "dams", "event_date": "2024-04", "status": "completed", "count": 2, **claim},
            {"project": "dam", "event_date": "2024-05-01", "status": "completed", **claim,
             "figures": [{"item": hostile, "value": 1, "unit": hostile, "note": note}]},
            {"project": "dam", "event_date": "2024-05-02", "status": "completed", **claim,
             "source": "link"},
            {"project": "dam", "event_date": "2024-06", "status": "building", **claim,
             "evidence": "imagery"},
        ],
    }  # fmt: skip


def make_page(folder: Path, hostile: str, note: str) -> Path:
    """Write the page of a record of such texts and notes, one source of which has a link that would run."""
    folder.mkdir(exist_ok=True)
    (folder / "record.json").write_text(json.dumps(make_record(hostile, note)), "utf-8")
    db = folder / "nkplan.db"
    made = run(db, "init", "--from", str(folder / "record.json"))
    assert made.code == 0, made.err
    with closing(sqlite3.connect(db)) as connection, connection:
        # nkplan records no such link.
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(
            "UPDATE sources SET url = 'javascript:alert(document.domain)', archive = 'data:text/html,x'"
            " WHERE id = 'said'"
        )
        assert changed.rowcount == 1
    path = folder / "page.html"
    done = run(db, "publish", "-o", str(path))
    assert (done.code, done.err) == (0, "")
    return path


@pytest.fixture
def unescaped() -> Iterator[None]:
    """Take the escaping out of the templates."""
    make_environment.cache_clear()
    make_environment().autoescape = False
    yield
    make_environment.cache_clear()


def read_text(opened: "Opened") -> str:
    """Return all text of a page, without that of the controls that its script adds."""
    text: str = opened.page.evaluate(
        "(() => { const all = document.body.cloneNode(true);"
        " all.querySelectorAll('.controls, .sort, script').forEach((one) => one.remove());"
        " return all.textContent; })()"
    )
    return " ".join(text.split())


def count_overflow(opened: "Opened") -> int:
    """Return how many pixels of the page are beside the screen."""
    return int(opened.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_hostile_text_is_shown_and_runs_and_loads_nothing(browser: "Browser", tmp_path: Path) -> None:
    hostile = f"{HOSTILE} {' '.join(LEAVING)}"
    page = browser.open(make_page(tmp_path / "escaped", hostile, hostile))
    page.settle()
    assert (page.requests, page.violations, page.errors) == ([], [], [])
    assert page.page.url.startswith("file:")
    text = " ".join(hostile.split())
    assert read_text(page).count(text) > 20
    live = "document.querySelectorAll('script, style, meta, link, base, img, iframe, form, [onload]').length"
    assert page.page.evaluate(live) == 7
    links = page.page.evaluate(
        "Array.from(document.querySelectorAll('a'), (link) => link.getAttribute('href'))"
    )
    assert all(re.match(r"https?://|#[\w-]+$", link) for link in links)
    assert "https://said.example/?a='b'&c=%22" in links
    assert "document.domain" not in page.page.content()
    for width in (1000, 760, 320):
        page.page.set_viewport_size({"width": width, "height": 800})
        assert count_overflow(page) <= 0, width


@pytest.mark.usefixtures("unescaped")
def test_where_the_escaping_fails_the_policy_holds(browser: "Browser", tmp_path: Path) -> None:
    page = browser.open(make_page(tmp_path / "unescaped", "Plain", HOSTILE))
    page.settle()
    # A browser tells of what it was asked for before the policy stops it.
    stopped = [violation.split(" ", 1) for violation in page.violations]
    assert {*page.requests} <= {what for _, what in stopped}
    directives = {directive for directive, _ in stopped}
    assert {"script-src-elem", "script-src-attr", "style-src-elem", "img-src", "base-uri"} <= directives
    assert page.page.evaluate("document.querySelectorAll('img').length") > 5
    assert not [error for error in page.errors if "alert" in error and "Content Security Policy" not in error]


@pytest.mark.usefixtures("unescaped")
def test_only_the_escaping_keeps_a_page_from_leaving(browser: "Browser", tmp_path: Path) -> None:
    """Without it the page goes away, so that the test of the escaped page could fail."""
    page = browser.open(make_page(tmp_path / "leaving", "Plain", LEAVING[0]))
    page.settle()
    assert f"{ELSEWHERE}/refresh" in page.requests


@pytest.fixture(scope="module")
def published(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a programme of few sites that has all that a page can have."""
    path = tmp_path_factory.mktemp("published") / "page.html"
    done = run(seeded, "publish", "greenhouse-farms", "--as-of", "2026-10-01", "-o", str(path))
    assert (done.code, done.err) == (0, "")
    return path


def test_a_long_table_sorts_dates_by_their_last_day_and_breaks_no_day() -> None:
    grid = Grid(
        (Column("name", "Site"), Column("status", "Status"), Column("opened", "Opened")),
        (("Mill", Status.COMPLETED, "../2024-Q3"), ("Dam", Status.BUILDING, "2024-10-02")),
    )
    template = make_environment().from_string(
        '{% import "parts.html" as parts with context %}{{ parts.table(grid, "Sites", is_long=true) }}'
    )
    page = template.render(grid=grid, find_address=lambda *_: None, find_name=keep_id)
    cells = re.findall('data-label="(\\w+)"(?: data-sort="([^"]*)")?(?: class="([^"]*)")?', page)
    assert cells == [
        ("Status", str(Status.COMPLETED.rank), ""),
        ("Opened", "2024-09-30", "of-date"),
        ("Status", str(Status.BUILDING.rank), ""),
        ("Opened", "", "of-date"),
    ]


def test_a_page_reads_well_at_every_width_in_the_dark_and_on_paper(
    browser: "Browser", published: Path
) -> None:
    from browser import check_accessibility  # noqa: PLC0415

    opened = browser.open(published)
    page = opened.page
    grounds = set()
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for width in (320, 390, 1000, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            assert count_overflow(opened) <= 0, (scheme, width)
            picture = page.screenshot()
            assert int.from_bytes(picture[16:20]) == width
        # In a row of a narrow table, each value has its name.
        page.set_viewport_size({"width": 390, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert check_accessibility(opened) == []
    assert len(grounds) == 2
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.sites td[data-label]'), '::before').content"
    ) == page.evaluate("JSON.stringify(document.querySelector('.sites td[data-label]').dataset.label)")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = false))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(
        "Array.from(document.querySelectorAll('details ol'), (one) => one.offsetHeight > 0).every(Boolean)"
    )
    assert page.locator(".controls").first.is_hidden()
    address = "getComputedStyle(document.querySelector('a[href^=http]'), '::after').content"
    assert "<" in page.evaluate(address)
    assert opened.print_pdf()[:5] == b"%PDF-"
    assert (opened.requests, opened.violations, opened.errors) == ([], [], [])


def test_the_table_sorts_and_filters_by_keyboard_and_a_link_unfolds_a_history(
    browser: "Browser", published: Path
) -> None:
    opened = browser.open(published)
    page = opened.page
    whole = read_text(opened)
    names = page.locator("table.sites tbody tr:visible th a")
    before = names.all_inner_texts()
    page.get_by_role("button", name="Sort by Site").focus()
    page.keyboard.press("Enter")
    assert names.all_inner_texts() == sorted(before, key=str.casefold)
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert names.all_inner_texts() == sorted(before, key=str.casefold, reverse=True)
    page.get_by_role("combobox", name="Sort by").select_option("as listed")
    assert names.all_inner_texts() == before
    page.get_by_role("searchbox", name="Find").focus()
    page.keyboard.type("kangdong")
    assert names.all_inner_texts() == ["Kangdong greenhouse farm"]
    assert page.locator("output").inner_text() == "1 of 5 shown"
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Space")
    assert names.all_inner_texts() == before
    page.get_by_role("combobox", name="Status").focus()
    page.keyboard.press("ArrowDown")
    statuses = page.locator("table.sites tbody tr:visible td[data-label=Status]").all_inner_texts()
    assert statuses
    assert len(set(statuses)) == 1
    page.get_by_role("button", name="Show all").click()
    names.first.focus()
    page.keyboard.press("Enter")
    target = page.locator("details:target")
    assert target.evaluate("(one) => one.open")
    assert target.locator("summary").inner_text().startswith(before[0])
    plain = browser.open(published, javascript=False)
    assert read_text(plain) == whole
    assert plain.page.locator("table.sites tbody tr:visible").count() == 5
    assert plain.page.locator(".controls").count() == 0
    assert [*opened.errors, *plain.errors, *opened.requests, *plain.requests] == []
