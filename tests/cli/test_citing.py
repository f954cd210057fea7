"""Citing a source by its link: every form finds it, and no link is recorded under two ids."""

import json
import re
from pathlib import Path

import pytest
from program import Done, run, run_json
from tables import query

LINK = "https://news.example.com/한글/a?id=1"
STORED = "https://news.example.com/%ED%95%9C%EA%B8%80/a?id=1"
COPY = "https://web.archive.org/web/20260101000000/https://news.example.com/b"
FORMS = [
    LINK,
    STORED,
    "HTTPS://News.Example.com:443/%ed%95%9c%ea%b8%80/x/../a?id=1",
    "https://news.example.com/\u1112\u1161\u11ab글/%61?id=%31",
]
SEEN = ("--on", "2026-01", "--evidence", "ground-source", "--source")


def cite(db: Path, link: str, *more: str, project: str = "songchon") -> Done:
    done = run(db, "update", project, "idle", *SEEN, link, *more)
    assert done.code == 0, done.err
    return done


def load(db: Path, *sources: dict[str, str]) -> Done:
    return run(db, "load", "-", stdin=json.dumps({"format": "nkplan/2", "sources": sources}).encode())


def list_sources(db: Path, host: str = "example.com") -> list[tuple[str, str]]:
    return query(
        db,
        "SELECT id, url FROM sources WHERE undone_in IS NULL AND url LIKE ? ORDER BY id",
        [f"%{host}%"],
    )


@pytest.mark.sampled
@pytest.mark.parametrize("second", FORMS)
@pytest.mark.parametrize("first", FORMS)
def test_a_link_in_any_form_finds_its_source(record: Path, first: str, second: str) -> None:
    cite(record, first)
    done = cite(record, second, project="kusong-factories")
    assert not re.search("^source ", done.out, re.MULTILINE)
    assert [url for _, url in list_sources(record)] == [STORED]


@pytest.mark.parametrize("second", FORMS)
def test_a_file_and_a_command_line_store_the_same_form(record: Path, second: str) -> None:
    assert load(record, {"id": "mine", "url": LINK}).code == 0
    cite(record, second)
    assert list_sources(record) == [("mine", STORED)]
    entry = run_json(record, "show", "songchon")["timeline"][-1]
    assert (entry["source"], entry["url"]) == ("mine", STORED)
    again = load(record, {"id": "mine", "url": second})
    assert (again.code, "nothing new; already recorded: 1 source" in again.out) == (0, True), again.err


def test_the_link_of_an_archived_copy_finds_its_source(record: Path) -> None:
    assert load(record, {"id": "mine", "url": "https://news.example.com/b", "archive": COPY}).code == 0
    cite(record, COPY.replace("https://web", "https://WEB"))
    assert run_json(record, "show", "songchon")["timeline"][-1]["source"] == "mine"
    assert list_sources(record) == [("mine", "https://news.example.com/b")]


@pytest.mark.sampled
@pytest.mark.parametrize(
    "other",
    [
        "http://www.news.example.com/b/",
        "https://news.example.com/b?utm_source=feed#top",
        "https://archive.ph/newest/http://news.example.com/b",
    ],
)
@pytest.mark.parametrize(
    "known", [{"url": "https://news.example.com/b"}, {"archive": COPY}], ids=["url", "archive"]
)
@pytest.mark.parametrize(
    "command",
    [("update", "songchon", "idle"), ("add", "A dam", "--kind", "canal")],
    ids=" ".join,
)
def test_a_new_link_to_the_page_of_a_source_is_recorded_with_a_notice(
    record: Path, command: tuple[str, ...], known: dict[str, str], other: str
) -> None:
    assert load(record, {"id": "mine", **known}).code == 0
    done = run(record, *command, *SEEN, other)
    assert done.code == 0, done.err
    (link,) = known.values()
    assert (
        f"nkplan: mine has the link {link}: is it the same page?"
        " to cite that source, write --source mine instead\n"
    ) in done.err
    assert len(query(record, "SELECT 1 FROM sources WHERE url = ?", [other])) == 1


def test_the_notice_of_a_page_that_several_sources_have_counts_them(record: Path) -> None:
    links = ("http://news.example.com/b", "https://news.example.com/b", "https://news.example.com/b/")
    sources = [{"id": f"mine-{number}", "url": link} for number, link in enumerate(links, 1)]
    assert load(record, *sources[:2]).code == 0
    done = run(record, "update", "songchon", "idle", *SEEN, "https://news.example.com/b#c", "--dry-run")
    assert f"mine-1 has the link {links[0]} (1 more has the same page): is it the same page?" in done.err
    assert load(record, *sources[2:]).code == 0
    done = cite(record, "https://news.example.com/b#c")
    assert f"mine-1 has the link {links[0]} (2 more have the same page): is it the same page?" in done.err


@pytest.mark.parametrize("other", ["https://news.example.com/c", "https://news.example.com/b?id=2"])
def test_a_link_to_another_page_is_recorded_without_a_notice(record: Path, other: str) -> None:
    assert load(record, {"id": "mine", "url": "https://news.example.com/b"}).code == 0
    assert "same page" not in cite(record, other).err


def test_the_source_of_a_change_that_was_undone_is_neither_found_nor_mentioned(record: Path) -> None:
    cite(record, "https://news.example.com/b")
    (first,) = list_sources(record)
    assert run(record, "undo").code == 0
    assert "same page" not in cite(record, "https://news.example.com/b/").err
    cite(record, "https://news.example.com/b", project="kusong-factories")
    assert first in list_sources(record)
    assert load(record, {"id": "mine", "url": "https://news.example.com/b"}).code == 2
    assert run(record, "undo").code == 0
    assert load(record, {"id": "mine", "url": "https://news.example.com/b"}).code == 0


# ---- the ids of sources that are typed


@pytest.mark.parametrize(
    ("link", "published", "id_"),
    [
        ("https://www.rodong.example/a", "2026-01-24", "rodong-2026-01-24"),
        ("https://news.rodong.example/a", "2025-q4", "news-rodong-2025-q4"),
        ("https://rodong.example/a", None, "rodong"),
        ("https://münchen.example/a", "2025", "munchen-2025"),
        ("https://한국.example/a", "2025", "source-2025"),
        ("https://localhost/a", "2025", "source-2025"),
        (f"https://{'a' * 60}.{'b' * 60}.example/a", "2025-11-24", f"{'a' * 60}-b-2025-11-24"),
    ],
)  # fmt: skip
def test_the_id_of_a_typed_source_has_website_date_and_digest(
    record: Path, link: str, published: str | None, id_: str
) -> None:
    about = () if published is None else ("--published", published)
    done = cite(record, link, *about)
    (made,) = re.findall(r"^source (\S+)", done.out, re.MULTILINE)
    assert len(made) <= 80
    assert re.fullmatch(rf"{id_}-[0-9a-z]{{6}}", made)
    assert run(record, "show", made).code == 0


def test_different_links_of_one_website_and_day_have_different_ids(record: Path) -> None:
    for number in range(5):
        cite(record, f"https://news.example.com/{number}", "--published", "2026-01-01")
    ids = [id_ for id_, _ in list_sources(record)]
    assert len(set(ids)) == 5
    assert all(re.fullmatch("news-example-2026-01-01-[0-9a-z]{6}", id_) for id_ in ids)


def test_the_same_link_has_the_same_id_in_every_database(record: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(record.read_bytes())
    cite(record, FORMS[0], "--published", "2026-01-01")
    cite(other, "https://news.example.com/first")
    cite(other, FORMS[2], "--published", "2026-01-01")
    assert set(list_sources(record)) < set(list_sources(other))


def test_an_id_that_another_link_has_all_the_same_gets_a_number(record: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(record.read_bytes())
    cite(other, LINK)
    ((taken, _),) = list_sources(other)
    assert load(record, {"id": taken, "url": "https://news.example.com/another"}).code == 0
    cite(record, LINK)
    assert list_sources(record)[1] == (f"{taken}-2", STORED)


# ---- one link, one source


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cannot_record_a_stored_link_under_another_id(record: Path, form: str) -> None:
    assert load(record, {"id": "mine", "url": LINK}).code == 0
    before = record.read_bytes()
    for field in ("url", "archive"):
        done = load(record, {"id": "yours", field: form})
        assert done.code == 2
        assert f"{field}: {STORED} is the link of the source mine already; cite mine instead" in done.err
    assert record.read_bytes() == before


def test_a_file_cannot_record_the_link_of_a_stored_copy_under_another_id(record: Path) -> None:
    assert load(record, {"id": "mine", "archive": COPY}).code == 0
    done = load(record, {"id": "yours", "url": COPY})
    assert done.code == 2
    assert f"url: {COPY} is the link of the source mine already; cite mine instead" in done.err


def test_a_file_cannot_record_one_link_under_two_ids(record: Path) -> None:
    done = load(record, {"id": "mine", "url": FORMS[0]}, {"id": "yours", "url": FORMS[2]})
    assert done.code == 2
    assert f"sources[1], line 1: url: {STORED} is the link of the source mine already; cite mine" in done.err
    assert list_sources(record) == []


def test_an_update_that_cites_a_shared_link_is_no_second_fault(record: Path) -> None:
    text = {
        "format": "nkplan/2",
        "sources": [{"id": "mine", "url": LINK}, {"id": "yours", "url": LINK}],
        "updates": [
            {"project": "songchon-factories", "event_date": "2026", "status": "idle", "source": "yours"}
        ],
    }
    done = run(record, "load", "-", stdin=json.dumps(text).encode())
    assert done.code == 2
    assert "1 fault, so nothing was written" in done.err


@pytest.mark.parametrize("link", ["http://1.2.3/", "https://a..b/", "https://e.org:0/", "https://[::1/"])
def test_a_link_that_cannot_exist_is_refused_where_it_is_written(record: Path, link: str) -> None:
    typed = run(record, "update", "songchon", "idle", *SEEN, link)
    assert typed.code == 2
    assert typed.err.startswith(f"nkplan: --source: '{link}' is not a link: ")
    loaded = load(record, {"id": "mine", "archive": link})
    assert loaded.code == 2
    assert f"archive: '{link}' is not a link: " in loaded.err


def test_a_file_is_taken_as_it_is_and_gets_no_class_from_a_publisher_on_record(record: Path) -> None:
    link = "https://kcna.kp/en/article/q/{}"
    source = {"id": "mine", "title": "Mine", "url": link.format(1)}
    claim = {"project": "songchon-factories", "event_date": "2026-01", "status": "idle", "source": "mine"}
    file = {
        "format": "nkplan/2",
        "publishers": [{"domain": "kcna.kp", "name": "KCNA", "evidence": "promiser"}],
        "sources": [source],
        "updates": [claim],
    }
    assert run(record, "load", "-", stdin=json.dumps(file).encode()).code == 0

    def read(name: str, **known: str) -> dict[str, str]:
        rows: list[dict[str, str]] = json.loads(run(record, "export").out)[name]
        [row] = [row for row in rows if known.items() <= row.items()]
        return row

    assert read("sources", id="mine") == source
    loaded = read("updates", source="mine")
    assert {name: value for name, value in loaded.items() if name != "id"} == claim
    # Whoever types a link of this website is spared both.
    done = run(record, "update", "songchon", "idle", "2026-02", link.format(2))
    assert done.code == 0, done.err
    typed = read("sources", url=link.format(2))
    assert (typed["publisher"], typed["evidence"]) == ("KCNA", "promiser")
    # The file's source is given its class by who decides that it has it.
    assert run(record, "edit", "source/mine", "evidence=promiser").code == 0
    assert read("updates", source="mine")["evidence"] == "promiser"
