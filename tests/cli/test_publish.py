"""A page that `publish` writes: what is on it is what the other commands say, and nothing else is."""

import json
import re
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from examples import example_count
from hypothesis import assume, given, settings
from program import run, run_json, show
from random_records import TODAY as RANDOM_TODAY
from random_records import Row, moments, records
from test_agreement import recording

from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.model.settings import Settings
from nkplan.model.vocabulary import Status
from nkplan.queries.publication import fetch
from nkplan.queries.reader import reading
from nkplan.reports.charts.periods import Unit
from nkplan.reports.charts.progress import list_steps
from nkplan.reports.publication import make_publication

LARGEST = 350 * 1024


class Elements(HTMLParser):
    """Every element of a page as its name and attributes, and the texts by the class of what they are in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.found.append((tag, named))
        self._within = f"{tag} {named.get('class', '')}".strip()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._within, data.strip()))

    def list_values(self, tag: str, name: str) -> list[str]:
        """List the values of an attribute of elements that have it."""
        return [attributes[name] for found, attributes in self.found if found == tag and name in attributes]


def publish(db: Path, *arguments: str, today: str = str(TODAY)) -> str:
    """Return the page."""
    done = run(db, "publish", *arguments, NKPLAN_TODAY=today)
    assert (done.code, done.err) == (0, "")
    return done.out


def ask(db: Path, *arguments: str) -> Any:
    """Return what a command says as JSON on the day of random records; None if it is refused."""
    done = run(db, *arguments, "-f", "json", NKPLAN_TODAY=RANDOM_TODAY.isoformat())
    return None if done.code else json.loads(done.out)


def read_numbers(html: str) -> dict[str, str]:
    """Read the numbers at the top of a page, each by its words."""
    top = re.search(r'<dl class="numbers">.*?</dl>', html, re.DOTALL)
    assert top is not None
    pairs = re.findall(r"([a-z ]+)</dt>\s*<dd[^>]*>(?:<span[^>]*>)?([^<]*)<", top[0])
    return {words.strip(): number for words, number in pairs}


@pytest.fixture(scope="module")
def page(seeded: Path) -> str:
    """Return the page of the programme with the most sites."""
    return publish(seeded, "20x10")


def test_the_numbers_of_a_programme_are_those_worked_out_by_hand(page: str) -> None:
    assert read_numbers(page) == {
        "promised": "200",
        "named": "60",
        "started": "60",
        "claimed complete": "40",
        "verified complete": "2",
    }


@settings(max_examples=example_count(2, 15))
@given(records(fewest_programmes=1), moments())
def test_the_chart_and_the_numbers_of_each_part_are_those_of_chart_and_report(
    content: Row, moment: tuple[date | None, date | None]
) -> None:
    """All parts are judged together, by their rows of a report and not by a filter, and yet alike."""
    assume(all(day is None or day < RANDOM_TODAY for day in moment))
    asked = Moment(RANDOM_TODAY, *moment)
    given_days = zip(("--as-of", "--known-on"), moment, strict=True)
    days = [word for option, day in given_days if day is not None for word in (option, day.isoformat())]
    with recording(content) as db:
        with reading(db, Moment(date.max, date.min, asked.known_by)) as reader:
            reader.move(asked.happened_by)
            facts = fetch(reader, Question(asked), [])
        publication = make_publication(facts, Settings())
        for part, made in zip(facts.parts, publication.parts, strict=True):
            owner = "none" if part.detail is None else part.detail.project.id
            steps = list_steps(part.reached)
            unit = steps[0].period.unit if steps else Unit.YEAR
            filters = ("--programme", owner, *days)
            if unit in {Unit.MONTH, Unit.QUARTER, Unit.YEAR}:
                rows = ask(db, "chart", *filters, "--by", unit) or []
                assert [one.period.name for one in steps] == [row["period"] for row in rows]
                for one, row in zip(steps, rows, strict=True):
                    assert one.counts._asdict().items() <= row.items()
            total = ask(db, "report", *filters)["total"]
            assert [one.number for one in made.head.numbers] == [
                total.get(key)
                for key in ("promised", "named", "started", "complete_claimed", "complete_verified")
            ]
        page = run(db, "publish", *days, NKPLAN_TODAY=RANDOM_TODAY.isoformat())
        assert page.code == 0, page.err
        ids = Counter(re.findall(r' id="([^"]*)"', page.out))
        assert set(ids.values()) <= {1}
        assert set(re.findall(r'href="#([^"]*)"', page.out)) <= ids.keys()


def test_every_source_is_a_link_and_the_history_of_every_site_is_there(seeded: Path, page: str) -> None:
    elements = Elements(page)
    links = set(elements.list_values("a", "href"))
    sites = [row["id"] for row in run_json(seeded, "list", "--programme", "20x10")]
    assert len(sites) == 60
    assert {f"history-{one}" for one in sites} <= set(elements.list_values("details", "id"))
    texts = {text for _, text in elements.texts}
    for one in sites[::7]:
        timeline = run_json(seeded, "show", one)["timeline"]
        assert timeline
        assert {entry["url"] for entry in timeline if entry["url"]} <= links
        assert {entry["note"] for entry in timeline if entry["note"]} <= texts


def test_each_link_leads_outwards_without_telling_or_to_a_place_on_the_page(page: str) -> None:
    elements = Elements(page)
    ids = Counter(value for _, named in elements.found if (value := named.get("id")))
    assert max(ids.values()) == 1
    anchors = [named for tag, named in elements.found if tag == "a"]
    outward = [named for named in anchors if not named["href"].startswith("#")]
    assert len(outward) > 100
    for named in outward:
        assert re.match("https?://", named["href"])
        assert named["rel"] == "noopener nofollow"
    assert {named["href"][1:] for named in anchors if named["href"].startswith("#")} <= ids.keys()
    labels = {label for value in elements.list_values("svg", "aria-labelledby") for label in value.split()}
    assert labels <= ids.keys()


def test_nothing_on_the_page_asks_for_anything(page: str) -> None:
    elements = Elements(page)
    assert not {tag for tag, _ in elements.found} & {
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
    }
    assert not [named for _, named in elements.found if named.keys() & {"src", "srcset", "style", "onclick"}]
    assert "@import" not in page
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {"#stripes", "#dots"} | {
        f"#{id_}" for id_ in elements.list_values("pattern", "id")
    }


def test_green_is_only_what_is_verified(page: str) -> None:
    """Each element that the style makes green says what an observation showed."""
    green = [text for within, text in Elements(page).texts if "verified" in within.split()]
    statuses = set(map(str, Status))
    assert set(green) <= statuses | {f"verified {one}" for one in statuses}
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    rules = re.findall(r"([^{}]+)\{[^{}]*(?:color|fill): var\(--(?:mark-)?verified\)", style[1])
    assert [one.strip() for one in rules] == [".verified", ".numbers .of-verified", ".bar-verified"]


def test_a_page_of_sixty_sites_is_small_enough_to_mail(page: str) -> None:
    assert len(page.encode()) <= LARGEST


def test_the_same_record_gives_the_same_page_on_the_same_day(seeded: Path, page: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    done = run(seeded, "publish", "20x10", "-o", str(file))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert file.read_text("utf-8") == page
    today, later = (publish(seeded, "songchon-factories", today=day) for day in ("2026-11-24", "2026-11-25"))
    assert later.replace("2026-11-25", "2026-11-24") == today


def test_the_command_on_a_page_makes_it_again_on_a_later_day(seeded: Path, page: str) -> None:
    command = re.search(r"<code>nkplan publish (.*?)</code>", page)
    assert command is not None
    again = publish(seeded, *command[1].split(), today="2027-05-01")
    assert read_numbers(again) == read_numbers(page)
    assert "as known on 2026-11-24" in again


def test_a_page_says_which_days_it_is_about(seeded: Path) -> None:
    for days, said in (
        ((), "as of 2026-11-24"),
        (("--as-of", "2025-06"), "as of 2025-06-30, by what was known on 2026-11-24"),
        (("--as-of", "2025-06", "--known-on", "2025-06"), "as of 2025-06-30"),
        (("--known-on", "2025-06"), "as known on 2025-06-30"),
    ):
        assert f"<b>{said}</b>" in publish(seeded, "songchon-factories", *days)


def test_without_an_id_the_whole_record_is_on_the_page(ghana: Path) -> None:
    elements = Elements(publish(ghana))
    sites = [row["id"] for row in run_json(ghana, "list", "--limit", "0")]
    assert {f"history-{one}" for one in sites} <= set(elements.list_values("details", "id"))
    headings = [text for within, text in elements.texts if within == "h2 part-title"]
    programmes = [row["name"] for row in run_json(ghana, "list", "programmes")]
    assert sorted(headings) == sorted([*programmes, "Sites of no programme"])
    assert headings[-1] == "Sites of no programme"


def test_what_belongs_to_another_is_on_the_page_once(seeded: Path) -> None:
    done = run(seeded, "publish", "20x10-2024", "hamju-factories", "20x10", "20x10-2024")
    assert done.code == 0
    assert done.err.splitlines() == [
        "nkplan: 20x10-2024 is part of 20x10, which has it on the page",
        "nkplan: hamju-factories is part of 20x10, which has it on the page",
    ]
    ids = Elements(done.out).list_values("details", "id")
    assert ids.count("history-hamju-factories") == 1


def test_the_pages_of_a_cohort_and_a_site_have_their_own_alone(seeded: Path) -> None:
    cohort = Elements(publish(seeded, "20x10-2024"))
    assert sum(one.startswith("history-") for one in cohort.list_values("details", "id")) == 21
    site = publish(seeded, "songchon-factories")
    assert "<h1>Songchon regional factories</h1>" in site
    assert re.findall('<p class="kicker">.*? › (.*)</p>', site) == ["20x10 factories › 20x10 factories, 2024"]
    assert "<details" not in site
    usi = Elements(publish(seeded, "usi-factories")).texts
    assert ("span verified", "building") in usi
    assert ("dt", "Unverified") not in usi


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nosuch",), 3, "there is no project 'nosuch'"),
        (
            ("20x10", "--as-of", "2021-06"),
            3,
            r"\(as of 2021-06-30, as known today, .*when less was on record\)",
        ),
        (("20x10", "-o", "page.pdf"), 2, r"page\.pdf: a page is \.html; name a file with this ending"),
        (("20x10", "-o", "."), 4, r"cannot write to \.: it is a directory; name a file in it"),
        (("-o", "nkplan.db"), 2, "the database or one of SQLite's files|a page is .html"),
    ],
    ids=str,
)
def test_what_cannot_be_published_is_refused_in_one_sentence(
    record: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = record.read_bytes()
    done = run(record, "publish", *arguments)
    assert (done.code, done.out) == (code, "")
    assert re.search(said, done.err)
    assert len(done.err.splitlines()) == 1
    assert record.read_bytes() == before
    assert not [*record.parent.glob("*.pdf"), *record.parent.glob("*.html")]


def test_a_database_with_the_ending_of_a_page_is_not_written_over(record: Path) -> None:
    named = record.rename(record.with_suffix(".html"))
    done = run(named, "publish", "20x10", "-o", named.name)
    assert done.code == 2
    assert "is the database or one of SQLite's files beside it" in done.err
    assert named.read_bytes()[:6] == b"SQLite"


def test_a_terminal_gets_no_html_but_what_to_type(seeded: Path) -> None:
    shown = show(seeded, 100, "publish", "20x10")
    assert shown.code == 2
    assert "nkplan publish 20x10 -o page.html" in " ".join(shown.lines)


def test_an_empty_record_makes_a_page_that_says_why(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    assert run(db, "init", "--empty").code == 0
    done = run(db, "publish")
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert "there is no programme and no site" in done.err
    assert "<h1>Announced projects</h1>" in done.out
    assert f"The record has no programme and no site as of {TODAY}." in done.out
    assert "<table" not in done.out


def test_a_record_without_coordinates_has_no_map(ghana: Path, page: str) -> None:
    assert "Map of" in page
    programme = run_json(ghana, "list", "programmes")[0]["id"]
    html = publish(ghana, programme)
    assert "Map of" not in html
    assert 'class="picture"' in html
