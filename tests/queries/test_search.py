"""Searching: what is found, how it is shown, and that the index always matches the active rows."""

import csv
import io
import json
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from each import sample
from examples import example_count
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from program import run, run_json, show

from nkplan.errors import BadFile, BadInput, NotFound
from nkplan.layout.grid import Marked
from nkplan.model.batch import Announcement, Batch, Figure, Place, Project, Source, Update
from nkplan.model.hit import Hit, SearchList
from nkplan.model.vocabulary import ProjectType
from nkplan.queries.reader import reading
from nkplan.queries.search import count_found, search
from nkplan.render.md import write_grid
from nkplan.reports.hits import cut, make_hits, mark
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo
from nkplan.text import fold
from nkplan.words import MOST_WORDS, Word, find_marks, make_pattern, read_search, write_match, write_words

RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
UPDATE_ID = "00000000-0000-0000-0000-00000000a001"
FORMATS = ("table", "tsv", "csv", "json", "jsonl", "md")
# A word for each field that is searched, found nowhere else.
BATCH = Batch(
    places=(
        Place(id="qatown", name="Qaname", full_name="Qafull County", local_name="콰로컬군",
              names=("Qaother",), note="Qaplacenote."),
    ),
    sources=(Source(id="qasource", title="Qatitle", publisher="Qapublisher", note="Qasourcenote."),),
    announcements=(
        Announcement(
            id="qaspeech", title="Qaspoken", announced="2026-01", said="Qasaid.", speaker="Qaspeaker",
            occasion="Qaoccasion", source="qasource", terms=("Qaterm.",), context=("Qacontext.",),
            figures=(Figure(item="Qaitem", value=1, unit="percent", note="Qafigurenote."),),
        ),
    ),
    projects=(
        Project(id="qasite", name="Qaproject works", type=ProjectType.SITE, kind="other", note="Qanote."),
    ),
    updates=(Update(id=UPDATE_ID, project="qasite", event_date="2026-03", note="Qaupdate was seen."),),
)  # fmt: skip
FIELDS = [
    ("qaproject", "project", "qasite"), ("qanote", "project", "qasite"),
    ("qaupdate", "update", "qasite"),
    ("qatitle", "source", "qasource"), ("qapublisher", "source", "qasource"),
    ("qasourcenote", "source", "qasource"),
    ("qaspoken", "announcement", "qaspeech"), ("qasaid", "announcement", "qaspeech"),
    ("qaspeaker", "announcement", "qaspeech"), ("qaoccasion", "announcement", "qaspeech"),
    ("qaterm", "announcement", "qaspeech"), ("qacontext", "announcement", "qaspeech"),
    ("qaitem", "announcement", "qaspeech"), ("qafigurenote", "announcement", "qaspeech"),
    ("qaname", "place", "qatown"), ("qafull", "place", "qatown"), ("qaother", "place", "qatown"),
    ("콰로컬", "place", "qatown"), ("qaplacenote", "place", "qatown"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(seeded, tmp_path_factory.mktemp("filled")))
    record_batch(path, BATCH, "load", RECORDER, summary="x")
    return path


@pytest.fixture
def filled(made: Path, tmp_path: Path) -> Path:
    """Return the record with a unique word in every field that is searched."""
    return Path(shutil.copy(made, tmp_path))


def find(path: Path, text: str, list_: SearchList | None = None) -> list[Hit]:
    """Search as the command does."""
    with reading(path) as reader:
        return list(search(reader, read_search(text), [list_] if list_ else None, 0))


def find_ids(path: Path, text: str) -> list[tuple[str, str]]:
    return [(one.list, one.id) for one in find(path, text)]


def note(path: Path, *notes: str) -> None:
    """Record updates of one site with these notes."""
    updates = tuple(
        Update(
            id=f"00000000-0000-0000-0000-{at:012}", project="songchon-factories", event_date="2026", note=one
        )
        for at, one in enumerate(notes, 1)
    )
    record_batch(path, Batch(updates=updates), "load", RECORDER, summary="x")


def finds(path: Path, text: str, wanted: str) -> bool:
    return wanted in [one.text for one in find(path, text)]


# What is found


@pytest.mark.parametrize(("word", "list_", "id_"), FIELDS)
def test_a_word_is_found_in_every_field_that_is_searched(
    filled: Path, word: str, list_: str, id_: str
) -> None:
    assert find_ids(filled, word) == [(list_, id_)]
    assert find(filled, word, SearchList(list_)) == find(filled, word)
    for other in set(SearchList) - {list_}:
        assert find(filled, word, other) == []


def test_every_result_can_be_shown_and_an_update_retracted(filled: Path) -> None:
    (row,) = run_json(filled, "search", "qaupdate")
    assert (row["list"], row["id"], row["date"], row["title"]) == (
        "update", "qasite", "2026-03", "Qaproject works",
    )  # fmt: skip
    assert run(filled, "show", row["id"]).code == 0
    assert run(filled, "undo", row["update"]).code == 0
    assert run_json(filled, "search", "qaupdate") == []
    for word, list_, id_ in FIELDS:
        if list_ != "update":
            assert run_json(filled, "show", id_)["id"] == id_, word


def decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_every_spelling_of_every_place_finds_it(seeded: Path) -> None:
    with closing(sqlite3.connect(seeded)) as connection:
        names = connection.execute("SELECT place, name FROM place_names").fetchall()
    assert len(names) > 500
    with reading(seeded) as reader:
        spellings: list[Callable[[str], str]] = [str, str.upper, decompose]
        for (place, name), spell in sample(product(names, spellings)):
            typed = spell(name)
            found = search(reader, read_search(typed), [SearchList.PLACE], 0)
            assert place in [one.id for one in found], typed


@pytest.mark.sampled
@pytest.mark.parametrize("written", ["P'yongwon", "P’yŏngwŏn", "Pyongwon", "Pʼyongwŏn", "PYONGWON"])
@pytest.mark.parametrize("typed", ["P'yongwon", "P’yŏngwŏn", "Pyongwon", "pʼyongwŏn", "pyongw", "p'yongw"])
def test_apostrophes_and_diacritics_do_not_matter(record: Path, written: str, typed: str) -> None:
    text = f"Seen at {written} in May."
    note(record, text)
    assert finds(record, typed, text)


@pytest.mark.sampled
@pytest.mark.parametrize("written", ["Hyong-jik", "Hyongjik", "Hyong‑jik"])
@pytest.mark.parametrize("typed", ["Hyong-jik", "hyongjik", "Hyong‐jik", "Kim Hyong-jik", '"Kim Hyong-jik"'])
def test_hyphens_do_not_matter(record: Path, written: str, typed: str) -> None:
    text = f"Seen at Kim {written} in May."
    note(record, text)
    assert finds(record, typed, text)


@pytest.mark.sampled
@pytest.mark.parametrize("written", ["20x10", "20×10", "20X10"])
@pytest.mark.parametrize("typed", ["20x10", "20×10", "20X10", '"20×10"'])
def test_a_multiplication_sign_matches_an_x(record: Path, written: str, typed: str) -> None:
    text = f"Of the plan {written} nothing is told."
    note(record, text)
    assert finds(record, typed, text)


@pytest.mark.parametrize("typed", ["Kim Hyong Jik", "Kim Hyongjik", "Kimhyong Jik", "KimHyongJik"])
def test_a_place_is_found_however_its_name_is_split_into_words(record: Path, typed: str) -> None:
    assert ("place", "kp-10-kimhyongjik") in find_ids(record, typed)


def test_hangul_is_found_composed_or_decomposed_and_with_particles(record: Path) -> None:
    composed = "성천군에서는 지방공업공장들을 건설하였다"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    note(record, composed, apart)
    for typed in ("성천군", "성천", "지방공업공장", "지방공업 건설", "성천군에서는"):
        for text in (composed, apart):
            assert finds(record, typed, text), typed
            assert finds(record, unicodedata.normalize("NFD", typed), text), typed
    assert not finds(record, "공업공장", composed)


def test_han_and_kana_are_found_inside_a_run_of_them(record: Path) -> None:
    text = "20カ所全地域で地方産業工場建設スタート"
    note(record, text)
    for typed in ("地方産業", "産業工場", "スタート", "20カ所", "地域 建設", '"地方産業工場"'):
        assert finds(record, typed, text), typed
    for typed in ("産業地方", '"地方工場"', "州"):
        assert not finds(record, typed, text), typed


def test_other_scripts_are_found(record: Path) -> None:
    texts = ("Завод в Сончхоне", "Εργοστάσιο", "कारखाना बना", "مصنع", "Línea de producción", "Fabrik für Öl")
    note(record, *texts)
    for typed, text in zip(
        ("сончхон", "ΕΡΓΟΣΤΆΣΙΟ", "कारखाना", "مصن", "produccion", "ol"), texts, strict=True
    ):
        assert finds(record, typed, text), typed


def test_every_word_must_match_the_beginning_of_a_word(record: Path) -> None:
    text = "The thermal image shows poultry feed."
    note(record, text)
    for typed in ("poul", "THERMAL feed", "feed therm", "image, shows!"):
        assert finds(record, typed, text), typed
    for typed in ("oultry", "thermal zzz", "feedx"):
        assert not finds(record, typed, text), typed


def test_double_quotes_match_whole_words_in_their_order(record: Path) -> None:
    text = "The thermal image shows poultry feed."
    note(record, text)
    for typed in ('"thermal image"', '"thermal, image"', "“poultry feed”", 'shows "thermal image"', '"feed'):
        assert finds(record, typed, text), typed
    for typed in ('"image thermal"', '"thermal shows"', '"poul"', '"thermal imag"'):
        assert not finds(record, typed, text), typed


def test_a_match_in_a_title_ranks_before_one_in_a_text(record: Path) -> None:
    projects = (
        Project(id="first", name="Alpha", type=ProjectType.SITE, kind="other", note="Near the zebraworks."),
        Project(id="second", name="Zebraworks", type=ProjectType.SITE, kind="other", note="Beta " * 30),
    )
    record_batch(record, Batch(projects=projects), "load", RECORDER, summary="x")
    assert find_ids(record, "zebraworks") == [("project", "second"), ("project", "first")]


NAMES = [
    "Songchon", "SŎNGCH’ŎN", "Ｓｏｎｇｃｈｏｎ", "song\u00adchon", "song\u200dchon", "Song-chon",
    "songch\u02bcon", "성천", unicodedata.normalize("NFD", "성천"),
]  # fmt: skip


@pytest.mark.parametrize("typed", NAMES, ids=ascii)
def test_a_name_that_list_finds_is_found_by_search(record: Path, typed: str) -> None:
    note(record, "Seen at Songchon (성천).")
    assert "songchon-factories" in [row["id"] for row in run_json(record, "list", typed)]
    found = find_ids(record, typed)
    assert ("place", "kp-02-songchon") in found
    assert ("update", "songchon-factories") in found


@pytest.mark.parametrize(
    ("script", "letter"), [("Thai", "ก"), ("Lao", "ກ"), ("Khmer", "ក"), ("Burmese", "က")]
)
def test_a_zero_width_space_is_recorded_in_a_script_that_uses_it_and_found(
    record: Path, script: str, letter: str
) -> None:
    text = f"{letter * 3}\u200b{letter * 2} 20\u200b{letter}"
    done = run(record, "update", "songchon-factories", "--note", text, "--on", "2026-01")
    assert done.code == 0, (script, done.err)
    for typed in (letter * 5, f"{letter}\u200b{letter}", f"20{letter}"):
        (row,) = run_json(record, "search", typed)
        assert row["snippet"] == text
        assert row["matches"]
    assert run(record, "check", "--only", "stale-search").code == 0
    done = run(record, "update", "songchon-factories", "--note", "song\u200bchon", "--on", "2026-01")
    assert (done.code, "U+200B" in done.err) == (2, True)


# Whatever is typed


SYNTAX = [
    '"', '""', '"a', 'a" OR "b', "a AND", "NOT a", "a NEAR b", "NEAR(a b, 2)", "title:a", "{title text}: a",
    "- title : a", "a*", "*", "^a", "(a", "a)", "a + b", "a'; DROP TABLE words; --", "a\x00b", "\ud800a",
    "words", "rank:1", "🎉 a", "ɐ\U000105c0", "\U0001e030", "٣", "½", "ﾞ", "İ", "ß", "a\u0301", "𠀀", "_a_",
]  # fmt: skip


@settings(max_examples=example_count(24, 40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.text(st.sampled_from("ab\"'*^(){}:+-~ANDORTNE ×20가각地カ\u0301\x00\ud800“_")))
def test_no_search_is_an_error_except_one_without_words_or_with_too_many(seeded: Path, text: str) -> None:
    try:
        words = read_search(text)
    except BadInput:
        assert not fold(text) or len(text) > MOST_WORDS
        return
    with reading(seeded) as reader:
        found = list(search(reader, words, None, 0))
        assert len(found) == count_found(reader, words, None)
        list(make_hits(found, words).rows)


for _text in SYNTAX:
    test_no_search_is_an_error_except_one_without_words_or_with_too_many = example(text=_text)(
        test_no_search_is_an_error_except_one_without_words_or_with_too_many
    )


@given(text=st.text(st.characters(categories=["L", "Nd", "Zs", "P", "Mn"]), max_size=40))
def test_the_pattern_of_a_search_marks_each_of_its_words(text: str) -> None:
    """Each word read from a search is found in a text, wherever it is a word or the beginning of one."""
    try:
        words = read_search(text)
    except BadInput:
        return
    pattern = make_pattern(words)
    for word in words:
        marked = mark(f"( {word.text} )", pattern)
        assert any(is_marked for _, is_marked in marked.parts), word


def test_a_word_cannot_break_out_of_its_quotes(seeded: Path) -> None:
    with reading(seeded) as reader:
        assert count_found(reader, [Word('zzz" OR "factory')], None) == 0
        assert count_found(reader, [Word("factory")], None) > 0


def test_fts5_operators_are_searched_as_ordinary_words(record: Path) -> None:
    text = "Not near and or match."
    note(record, text, "Something else.")
    for typed in ("NOT", "NEAR", "and OR not", "OR"):
        assert finds(record, typed, text), typed
    assert not finds(record, "something OR near", text)


@pytest.mark.parametrize("text", ["!!", '""', "' - *", "🎉"])
def test_a_search_without_a_letter_or_digit_is_refused(record: Path, text: str) -> None:
    done = run(record, "search", text)
    assert (done.code, done.out) == (2, "")
    assert "no letter or digit" in done.err
    assert done.err.count("\n") == 1


def test_a_search_with_one_word_too_many_is_refused_and_the_maximum_is_answered(record: Path) -> None:
    words = [f"word{number}" for number in range(MOST_WORDS + 1)]
    assert find(record, " ".join(words[:-1])) == []
    done = run(record, "search", *words)
    assert done.code == 2
    assert f"{MOST_WORDS + 1} words" in done.err


def test_an_unknown_list_is_refused_with_the_known_ones(record: Path) -> None:
    done = run(record, "search", "factory", "--list", "updates")
    assert (done.code, done.out) == (2, "")
    assert "did you mean update?" in done.err
    for list_ in SearchList:
        assert list_ in done.err


# How it is shown


def test_an_empty_result_says_why(filled: Path) -> None:
    done = run(filled, "search", "qaname", "qazzz")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert "all of these; matches for each alone: qaname 1 and qazzz 0" in done.err
    done = run(filled, "search", "qaname", "--list", "update")
    assert done.code == 0
    assert re.search(rf"none of the \d+ texts in the list update of {filled} contains qaname", done.err)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["songchn"], "songchon"), (["SONGCHN"], "songchon"), (["snogchon"], "songchon"),
        (["factroy"], "factory"),
        (["hospitl"], "hospital"), (["성쳔군"], "성천군"), (["songchn", "factory"], "songchon"),
        (["factory", "songchn"], "songchon"),
    ],
)  # fmt: skip
def test_an_empty_result_offers_the_nearest_word(record: Path, typed: list[str], meant: str) -> None:
    done = run(record, "search", *typed)
    assert done.code == 0
    assert f"did you mean {meant}?" in done.err
    assert done.err.count("\n") == 1
    assert run_json(record, "search", meant) != []


@pytest.mark.parametrize("typed", ["zzzzzz", "qx", "xqvbn", '"songchn"', "地方産院", "songchn" * 20])
def test_an_empty_result_offers_no_word_that_is_not_near(record: Path, typed: str) -> None:
    done = run(record, "search", typed)
    assert (done.code, "did you mean" in done.err) == (0, False)


def test_the_word_offered_is_in_the_lists_that_were_searched(record: Path) -> None:
    note(record, "Zebraworks.")
    assert "did you mean zebraworks?" in run(record, "search", "zebrawork5").err
    assert "did you mean zebraworks?" in run(record, "search", "zebrawork5", "--list", "update").err
    for list_ in set(SearchList) - {SearchList.UPDATE}:
        assert "did you mean" not in run(record, "search", "zebrawork5", "--list", list_).err


def test_a_terminal_shows_at_most_fifty_and_says_so(record: Path) -> None:
    note(record, *(f"Zebra {number}" for number in range(60)))
    shown = show(record, 80, "search", "zebra")
    assert shown.lines[-1] == "nkplan: 50 of 60 shown; --limit 0 for all"
    assert sum(line.startswith("update ") for line in shown.lines) == 50
    assert (
        sum(line.startswith("update ") for line in show(record, 80, "search", "zebra", "--limit", "0").lines)
        == 60
    )
    assert len(run_json(record, "search", "zebra")) == 60
    done = run(record, "search", "zebra", "--limit", "7")
    assert done.out.count("\n") == 8
    assert "7 of 60 shown" in done.err
    assert run(record, "search", "zebra", "--limit", "60").err == ""


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_terminal_shows_each_result_on_two_lines_with_a_full_id_and_bold_words(
    record: Path, width: int
) -> None:
    long = "Nothing is told of it. " * 8
    note(record, f"{long}Then the zebra came. {long}", "Zebra " + "성천군 지방공업공장 " * 12)
    shown = show(record, width, "search", "zebra")
    assert shown.code == 0
    plain = re.sub(rb"\x1b\[[0-9;]*m", b"", shown.raw).decode().splitlines()
    assert len(plain) == 4
    wide = unicodedata.east_asian_width
    assert all(sum(2 if wide(sign) in "WF" else 1 for sign in line.rstrip()) <= width for line in plain)
    for head, text in zip(plain[::2], plain[1::2], strict=True):
        assert head.startswith("update        2026  Songchon regional factories  songchon-factories")
        assert "zebra" in text.casefold()
        assert text.startswith(" " * 14)
    bold = re.findall(r"\x1b\[1m([^\x1b]*)\x1b\[0m", shown.raw.decode())
    assert sorted(bold) == ["Zebra", "zebra"]
    # A mark does not rely on colour: without colour it is still bold.
    assert re.findall(rb"\x1b\[1m(.)", show(record, width, "search", "zebra", NO_COLOR="1").raw)


def test_an_id_is_never_cut_on_a_narrow_terminal(record: Path) -> None:
    ids = {row["id"] for row in run_json(record, "search", "factories", "--limit", "50")}
    text = "\n".join(show(record, 80, "search", "factories").lines)
    assert len(ids) > 10
    for id_ in ids:
        assert id_ in text


def test_piped_output_has_the_matching_words_in_their_own_column(record: Path) -> None:
    note(record, "Seen at P'yŏngwŏn: poultry, Poultry and POULTRYMEN.")
    (row,) = run_json(record, "search", "pyongwon", "poultry", "--list", "update")
    assert list(row) == ["list", "id", "date", "status", "title", "snippet", "matches", "update"]
    assert row["snippet"] == "Seen at P'yŏngwŏn: poultry, Poultry and POULTRYMEN."
    assert row["matches"] == "P'yŏngwŏn; poultry; Poultry; POULTRY"
    assert (row["date"], row["status"], row["update"]) == (
        "2026",
        None,
        "00000000-0000-0000-0000-000000000001",
    )
    lines = run(record, "search", "pyongwon", "poultry", "--list", "update").out.splitlines()
    assert lines[0].split("\t") == list(row)
    read = list(csv.reader(io.StringIO(run(record, "search", "poultry", "-f", "csv").out)))
    assert read == [line.split("\t") for line in run(record, "search", "poultry").out.splitlines()]
    rows = [json.loads(line) for line in run(record, "search", "poultry", "-f", "jsonl").out.splitlines()]
    assert rows == run_json(record, "search", "poultry")


def test_markdown_has_the_words_in_bold(record: Path) -> None:
    note(record, "Poultry *and* **zebras** | 평양종합병원")
    line = run(record, "search", "poultry 평양 zebra", "-f", "md").out.splitlines()[-1]
    assert r"**Poultry** \*and\* \*\***zebra**s\*\* \| **평양**종합병원" in line


HOSTILE = (
    "[bold]zebra[/bold] «zebra» **zebra** \x1b[1mzebra\x1b[0m \x02zebra\x03 :smile: <b>zebra</b>"
    " a\u202eb\r\x9b1m"
)


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_in_a_text_fakes_or_breaks_a_mark(record: Path, format_: str) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute(
            "UPDATE texts SET title = ?, text = ? WHERE list = 'project' AND id = 'grand-canal'",
            [HOSTILE, HOSTILE],
        )
    raw = show(record, 200, "search", "zebra", "-f", format_).raw.decode()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", raw)
    assert [
        sign for sign in bare if unicodedata.category(sign) in {"Cc", "Cf"} and sign not in "\r\n\t"
    ] == []
    if format_ == "table":
        assert set(re.findall(r"\x1b\[1m([^\x1b]*)\x1b\[0m", raw)) == {"zebra"}
        assert "[bold]zebra[/bold] «zebra» **zebra**" in bare
        assert ":smile: <b>zebra</b>" in bare
    elif format_ == "md":
        assert r"\[bold\]**zebra**\[/bold\] «**zebra**» \*\***zebra**\*\*" in bare
        assert r"\<b\>**zebra**\</b\>" in bare
    else:
        assert "\x1b" not in raw


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("port", [("Port", True), ("able ", False), ("port", True), (", airport", False)]),
        ('"port"', [("Portable ", False), ("port", True), (", airport", False)]),
        ('"portable port"', [("Portable port", True), (", airport", False)]),
        ("port portab", [("Portab", True), ("le ", False), ("port", True), (", airport", False)]),
    ],
)
def test_only_the_words_searched_for_are_marked(typed: str, parts: list[tuple[str, bool]]) -> None:
    assert list(mark("Portable port, airport", make_pattern(read_search(typed))).parts) == parts


TEXTS = st.text(st.sampled_from("ab zé*\\|_[`<&1.-»«가각地\x1b\n\u0301'×"), max_size=60)


@given(text=TEXTS, looked_for=st.sampled_from(["a", "ab", "ze", "가", "地", '"a b"', "a-b", "1"]))
def test_the_parts_make_up_the_text_and_each_marked_part_is_a_word_searched_for(
    text: str, looked_for: str
) -> None:
    words = read_search(looked_for)
    marked = mark(text, make_pattern(words))
    assert "".join(part for part, _ in marked.parts) == marked
    whole = make_pattern(words)
    for part, is_marked in marked.parts:
        if is_marked:
            assert find_marks(whole, part) == [(0, len(part))]
    out = io.StringIO()
    write_grid(make_hits([Hit(SearchList.UPDATE, "x", None, text)], words), out)
    # Nothing in the line is unescaped except our marks.
    bare = re.sub(r"\\.", "", out.getvalue().splitlines()[-1])
    marks = sum(is_marked for _, is_marked in marked.parts)
    assert bare.count("**") == 2 * marks
    assert bare.count("*") == 4 * marks
    assert bare.count("|") == 9


@given(text=TEXTS, room=st.integers(3, 80))
def test_a_snippet_fits_its_width_and_keeps_a_mark_if_its_text_has_one(text: str, room: int) -> None:
    marked = mark(text, make_pattern([Word("a")]))
    snippet = cut(marked, room)
    assert isinstance(snippet, Marked)
    assert len(snippet) <= room
    assert snippet.strip("…") in marked
    assert "".join(part for part, _ in snippet.parts) == snippet
    if any(is_marked for _, is_marked in marked.parts) and room > 10:
        assert any(is_marked for _, is_marked in snippet.parts)


# The index matches the active rows


def read_index(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Return every word of the index with each of its positions."""
    connection.execute("CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, words, instance)")
    held = connection.execute("SELECT * FROM temp.places ORDER BY term, doc, col, offset").fetchall()
    connection.execute("DROP TABLE temp.places")
    return held


def check_index(path: Path) -> None:
    """Check the texts against the active rows, and the index against the texts."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        columns = "list, id, title, text, title_words, text_words"
        kept = connection.execute(f"SELECT {columns} FROM texts ORDER BY list, id").fetchall()
        active = connection.execute("SELECT list, id, title, text, names FROM searched ORDER BY list, id")
        assert kept == [
            (list_, id_, title, text, write_words(title, names), write_words(text))
            for list_, id_, title, text, names in active
        ]
        connection.execute("BEGIN")
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        held = read_index(connection)
        connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        assert held == read_index(connection)
        assert held
        connection.execute("ROLLBACK")


def make_batch(number: int, wording: int, told_of: str = "songchon-factories") -> Batch:
    """Make one of a few batches that have the same rows in one wording or the other.

    It also tells of a project that is on record already.
    """
    text = f"W{wording} of P'yong-{number} 地方 성천"
    place = Place(id=f"place-{number}", name=f"Place {wording}", names=(text, f"Other {wording}"), note=text)
    source = Source(id=f"source-{number}", title=None if wording else text, publisher=text)
    announcement = Announcement(
        id=f"announcement-{number}", title=text, announced="2026", said=text, terms=(text,) * wording,
        context=(text,), source=source.id, figures=(Figure(item=text, value=1, unit="x"),) * (2 - wording),
    )  # fmt: skip
    project = Project(
        id=f"project-{number}",
        name=text,
        type=ProjectType.SITE,
        kind="factory",
        note=text if wording else None,
    )
    updates = tuple(
        Update(id=f"00000000-0000-0000-{number:04}-{at:012}", project=owner, event_date="2026", percent=at,
               note=text if (at + wording) % 2 else None)
        for at, owner in enumerate([project.id, told_of, told_of])
    )  # fmt: skip
    return Batch(
        places=(place,),
        sources=(source,),
        announcements=(announcement,),
        projects=(project,),
        updates=updates,
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(["load", "load", "dry run"]), st.integers(1, 2), st.integers(0, 1))
    | st.tuples(st.just("undo"), st.just(0), st.just(0))
    | st.tuples(st.just("retract"), st.integers(0, 2**31), st.just(0)),
    min_size=3,
    max_size=12,
)


@settings(
    max_examples=example_count(2),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=[("load", 1, 0), ("undo", 0, 0), ("load", 1, 1), ("undo", 0, 0), ("load", 1, 0)])
@example(steps=[("load", 1, 1), ("retract", 0, 0), ("undo", 0, 0), ("load", 1, 0), ("dry run", 2, 0)])
def test_after_any_sequence_the_index_matches_the_active_rows(
    ghana: Path, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "sequence.db"
    shutil.copy(ghana, path)
    for step, number, wording in steps:
        try:
            if step == "undo":
                undo(path, [], RECORDER)
            elif step == "retract":
                ids = list_updates(path)
                undo(path, [ids[number % len(ids)]], RECORDER)
            else:
                batch = make_batch(number, wording, "komenda")
                record_batch(path, batch, "load", RECORDER, summary="x", dry_run=step == "dry run")
        except (BadFile, NotFound):
            pass  # A clash, or nothing left to undo: nothing was written.
        check_index(path)


def list_updates(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT id FROM updates WHERE undone_in IS NULL ORDER BY id DESC"
        ).fetchall()
    return [id_ for (id_,) in rows]


def test_a_new_database_has_its_whole_record_indexed(seeded: Path) -> None:
    check_index(seeded)
    with closing(sqlite3.connect(seeded)) as connection:
        for table, list_ in (("projects", "project"), ("places", "place"), ("announcements", "announcement")):
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            (texts,) = connection.execute("SELECT count(*) FROM texts WHERE list = ?", [list_]).fetchone()
            assert rows == texts > 0


def test_rows_undone_and_loaded_with_new_wording_are_found_by_their_new_words_only(record: Path) -> None:
    record_batch(record, make_batch(1, 0), "load", RECORDER, summary="x")
    lists = {one.list for one in find(record, "W0")}
    assert lists == {*SearchList}
    undo(record, [], RECORDER)
    assert find(record, "W0") == []
    record_batch(record, make_batch(1, 1), "load", RECORDER, summary="x")
    assert {one.list for one in find(record, "W1")} == {*SearchList}
    assert find(record, "W0") == []
    check_index(record)


@pytest.mark.parametrize(
    "command",
    [
        ("add", "Zebraworks", "--kind", "canal", "--on", "2026", "--id", "zebra"),
        ("update", "songchon", "--note", "Zebraworks.", "--on", "2026"),
    ],
    ids=lambda command: str(command[0]),
)
def test_what_a_command_records_is_found_at_once_and_no_longer_after_undo(
    record: Path, command: tuple[str, ...]
) -> None:
    assert run(record, *command).code == 0
    assert len(run_json(record, "search", "zebraworks")) == 1
    check_index(record)
    assert run(record, "undo").code == 0
    assert run_json(record, "search", "zebraworks") == []
    check_index(record)


def test_triggers_keep_the_index_in_step_with_changes_by_a_user_of_sqlite3(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE texts SET text_words = 'Zebraworks' WHERE list = 'project'")
        connection.execute("DELETE FROM texts WHERE list = 'place'")
        connection.execute("INSERT INTO texts (list, id, title) VALUES ('place', 'x', 'Giraffe')")
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        for word, list_ in (("zebraworks", "project"), ("giraffe", "place")):
            match = write_match(read_search(word))
            (held,) = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", [match]).fetchone()
            (there,) = connection.execute("SELECT count(*) FROM texts WHERE list = ?", [list_]).fetchone()
            assert held == there > 0
