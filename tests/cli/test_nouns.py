"""After a noun, `add` adds a row of any list: by fields, by questions on a terminal, or in a form."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from dialogue import Dialogue
from each import for_each
from program import run
from shells import complete

from nkplan.cli.nouns import NOUNS

LINK = "https://unknown.example/a"
SAID = ("announced=2026-11-20", "said=Two weirs.")
ROWS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "kind": (("weir",), {}),
    "publisher": (
        ("www.Example.org", "name=Example News", "evidence=press"),
        {"domain": "example.org", "name": "Example News", "evidence": "press"},
    ),
    "place": (
        ("Newton", "parent=South Pyongan", "type=county", "names=Neuton", "names=Nyutun"),
        {
            "id": "newton",
            "name": "Newton",
            "type": "county",
            "parent": "KP-02",
            "names": ["Neuton", "Nyutun"],
        },
    ),
    "source": (
        ("https://kcna.kp/en/article/q/9", "title=Weirs", "note=seen"),
        {
            "url": "https://kcna.kp/en/article/q/9",
            "title": "Weirs",
            "note": "seen",
            "publisher": "KCNA",
            "evidence": "promiser",
            "retrieved": "2026-11-24",
        },
    ),
    "programme": (
        ("Weirs", "kind=factory", "tags=b", "tags=a"),
        {"id": "weirs", "name": "Weirs", "type": "programme", "kind": "factory", "tags": ["a", "b"]},
    ),
    "cohort": (
        ("Factories of 2035", "parent=20x10", "year=2035"),
        {
            "id": "factories-of-2035",
            "name": "Factories of 2035",
            "type": "cohort",
            "kind": "factory",
            "parent": "20x10",
            "year": 2035,
        },
    ),
    "announcement": (
        ("More factories", *SAID, "figures=cost: 12 million USD (2026)"),
        {
            "id": "more-factories",
            "title": "More factories",
            "announced": "2026-11-20",
            "said": "Two weirs.",
            "figures": [{"item": "cost", "value": 12, "unit": "million USD", "year": 2026}],
        },
    ),
    "quota": (
        ("20x10", "quantity=9", "per=year", "first_year=2040", "unit=beds"),
        {
            "project": "20x10",
            "kind": "factory",
            "quantity": 9,
            "per": "year",
            "first_year": 2040,
            "unit": "beds",
        },
    ),
}
"""For each noun the words that add a row, and what the row then says."""


def read_list(db: Path, name: str) -> list[Any]:
    rows: list[Any] = json.loads(run(db, "export", "-f", "json").out).get(name, [])
    return rows


def find_new(before: list[Any], after: list[Any]) -> list[Any]:
    return [row for row in after if row not in before]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_adds_a_row_once(record: Path, noun: str) -> None:
    words, said = ROWS[noun]
    list_ = NOUNS[noun].list_
    before = read_list(record, list_)
    done = run(record, "add", noun, *words)
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1].split()[0] in {noun, NOUNS[noun].list_.removesuffix("s")}
    [new] = find_new(before, read_list(record, list_))
    assert (new == "weir") if noun == "kind" else said.items() <= new.items()
    content = record.read_bytes()
    again = run(record, "add", noun, *words)
    assert (again.code, again.out) == (0, "")
    assert "on record already" in again.err
    assert record.read_bytes() == content


def test_an_announcement_comes_with_its_promises(record: Path) -> None:
    words = ("announcement", "More factories", *SAID, f"source={LINK}")
    promises = (
        "promise=9 factory a year 2040-2044 for 20x10",
        "promise=70 IN ALL 2050- for 20X10",
        "promise=3 hospital 2041 for 20x10",
        "promise=8 for 20x10",
    )
    before = read_list(record, "quotas")
    done = run(record, "add", *words, *promises)
    assert done.code == 0, done.err
    [source] = [row for row in read_list(record, "sources") if row.get("url") == LINK]
    [announcement] = [row for row in read_list(record, "announcements") if row["id"] == "more-factories"]
    assert announcement["source"] == source["id"]
    quotas = find_new(before, read_list(record, "quotas"))
    assert {row.pop("announcement") for row in quotas} == {"more-factories"}
    told = {
        (row["quantity"], row["kind"], row["per"], row.get("first_year"), row.get("last_year"))
        for row in quotas
    }
    assert told == {
        (9, "factory", "year", 2040, 2044),
        (70, "factory", "total", 2050, None),
        (3, "hospital", "total", 2041, 2041),
        (8, "factory", "total", None, None),
    }
    # The announcement again with one more promise gets that promise.
    more = run(record, "add", *words, *promises, "promise=1 a year 2060 for 20x10")
    assert more.code == 0, more.err
    assert len(find_new(before, read_list(record, "quotas"))) == 5
    assert "more-factories is on record already" in more.err
    assert "4 quotas are on record already; they are not added again" in more.err


def test_one_change_has_the_whole_of_what_was_added(record: Path) -> None:
    before = run(record, "export", "-f", "json").out
    words = (*SAID, f"source={LINK}", "promise=9 a year 2040 for 20x10")
    assert run(record, "add", "announcement", "More factories", *words).code == 0
    assert run(record, "undo").code == 0
    assert run(record, "export", "-f", "json").out == before
    again = run(record, "add", "announcement", "More factories", *words)
    assert (again.code, "on record already" in again.err) == (0, False)
    assert len(again.out.splitlines()) == 3


def test_a_row_is_known_by_what_it_said_and_was_called(record: Path) -> None:
    for noun, words, edits in (
        ("place", ("Newton", "parent=KP-02"), ("id=neuton", "name=Neuton", "parent=KP-03")),
        ("programme", ("Weirs", "kind=factory"), ("id=dams", "name=Dams", "kind=hospital")),
        ("publisher", ("example.org", "name=Example"), ("domain=example.com", "name=Another")),
        ("source", (LINK, "title=A"), ("id=unknown-a", "title=B")),
        ("announcement", ("Weirs", *SAID), ("id=dams-too", "title=Dams", "said=None.")),
    ):
        first = run(record, "add", noun, *words)
        assert first.code == 0, first.err
        id_ = first.out.split()[1]
        edited = run(record, "edit", f"{NOUNS[noun].list_}/{id_}", *edits)
        assert edited.code == 0, edited.err
        content = record.read_bytes()
        again = run(record, "add", noun, *words)
        assert (again.code, again.out) == (0, ""), (noun, again)
        assert f"{edits[0].partition('=')[2]} is on record already" in again.err
        assert record.read_bytes() == content


def test_another_row_of_the_same_name_has_another_id(record: Path) -> None:
    for parent, id_ in (("KP-02", "newton"), ("KP-03", "newton-2"), ("KP-04", "newton-3")):
        assert run(record, "add", "place", "Newton", f"parent={parent}").out.split()[1] == id_
    twin = run(record, "add", "place", "Newton", "parent=KP-03", "type=county")
    assert "newton-2, Newton, " in twin.err
    assert "is called so too; is it the same place?" in twin.err
    known = run(record, "add", "place", "songchon")
    assert (known.code, known.out) == (0, "")
    assert "is on record already" in known.err


FORM = """
title: More factories
announced: 2026-11-20
said: Nine more a year.
  And more.
speaker:
promise: 9 a year for 20x10
promise: 70 in all 2040-2050 for {project}
terms: Money allowing
terms: Peace
"""


def test_a_form_adds_a_row_and_shows_its_faults(record: Path, tmp_path: Path) -> None:
    faulty, right = tmp_path / "faulty.txt", tmp_path / "right.txt"
    faulty.write_text(FORM.format(project="nowhere"))
    right.write_text(FORM.format(project="20x10"))
    seen = tmp_path / "seen.txt"
    editor = tmp_path / "editor.sh"
    editor.write_text(
        f'#!/bin/sh\ncat "$1" >> {seen}\nform={faulty}\ngrep -q "^#!" "$1" && form={right}\ncp $form "$1"\n'
    )
    editor.chmod(0o755)
    done = run(record, "add", "announcement", "More", "speaker=Kim", "--edit", VISUAL=str(editor))
    assert done.code == 0, done.err
    shown = seen.read_text()
    assert "title: More\n" in shown
    assert "speaker: Kim\n" in shown
    assert (
        "#! there is no project 'nowhere'"
        in shown.splitlines()[shown.splitlines().index("promise: 70 in all 2040-2050 for nowhere") - 1]
    )
    [row] = [row for row in read_list(record, "announcements") if row["id"] == "more-factories"]
    assert (row["said"], row["terms"]) == ("Nine more a year.\nAnd more.", ["Money allowing", "Peace"])
    assert sum(one.get("announcement") == "more-factories" for one in read_list(record, "quotas")) == 2


def test_a_dry_run_of_a_noun_records_nothing(record: Path) -> None:
    before = record.read_bytes()
    done = run(record, "add", "place", "Newton", "--dry-run")
    assert (done.code, done.out) == (0, "place newton  Newton\n")
    assert "dry run" in done.err
    assert record.read_bytes() == before


def test_a_noun_is_one_only_if_more_follows(record: Path) -> None:
    known = ("--kind", "factory", "--on", "2026-11", "--evidence", "press")
    for words, name in (
        (("site", "source"), "source"),
        (("place",), "place"),
        (("site",), "site"),
        (("Place",), "Place"),
        (("site", "quota"), "quota"),
    ):
        done = run(record, "add", *words, *known)
        assert done.code == 0, done.err
        assert f"  {name} (site, factory)" in done.out, words


def test_a_programme_and_a_cohort_can_come_with_a_claim(record: Path) -> None:
    claim = ("--on", "2026-11", "--evidence", "press")
    done = run(record, "add", "programme", "Weirs", "--kind", "factory", *claim)
    assert done.code == 0, done.err
    assert "project weirs  Weirs (programme, factory)" in done.out
    assert "weirs: 2026-11, announced, press" in done.out
    cohort = run(record, "add", "cohort", "Weirs 1", "--programme", "weirs", *claim)
    assert "project weirs-1  Weirs 1 (cohort, factory, weirs)" in cohort.out


@for_each(
    ("words", "said"),
    [
        (
            ("place", "Newton", "--kind", "dam"),
            "--kind does not go with the noun place; its fields are id, name",
        ),
        (("source", LINK, "--title", "A"), "--title does not go with the noun source; write title=..."),
        (("programme", "Weirs", "kind=factory", "--on", "2026"), "--on does not go with the noun programme"),
        (("site", "X", "--type", "cohort"), "--type does not go with the noun site"),
        (("site", "X", "kind=factory"), "'kind=factory' follows the name of a project"),
        (("place",), "place alone is the name of a site, and --kind is missing; write more after it"),
        (("place", "Newton", "County"), "'County' has no field; write FIELD=VALUE, and quotes around a name"),
        (("place", "Newton", "colour=red"), "there is no field 'colour'"),
        (("place", "Newton", "type+=ri"), "type: it holds no list; write type=VALUE"),
        (("place", "Newton", "type=a", "type=b"), "type is given twice, as 'a' and 'b'; keep one"),
        (("place", "Newton", "name=Oldton"), "name is given twice"),
        (("place", "Newton", "latitude=north"), "latitude: 'north' is not a number"),
        (("place", "Newton", "parent=nowhere-at-all"), "there is no place 'nowhere-at-all'"),
        (("place", "新村"), "no id can be made from '新村'; give one in Latin letters"),
        (("place", "parent=KP-02"), "name is missing; write it, as in name="),
        (("kind", "Power station"), "'Power station' is not an id"),
        (("programme", "Weirs"), "kind is missing; write it, as in kind=factory"),
        (("programme", "Weirs", "kind=weir"), "nkplan add kind adds one"),
        (("programme", "Weirs", "kind=factory", "type=site"), "there is no field 'type'"),
        (("cohort", "Weirs 1"), "parent is missing; write it, as in parent=20x10"),
        (("cohort", "Of 2025", "parent=20x10", "year=2025"), "year: 20x10 already has a cohort of 2025"),
        (("publisher", "example.org"), "name is missing"),
        (("publisher", "kcna.kp", "name=Other"), "kcna.kp is on record already, and its name is 'KCNA'"),
        (("source", "title="), "url is missing; write it, as in url=https://example.org/a"),
        (
            ("announcement", "Weirs", "said=Two."),
            "announced is missing; write it, as in announced=2026-11-20",
        ),
        (("announcement", "Weirs", *SAID[1:], "announced=2030"), "announced: 2030 is in the future"),
        (("announcement", "Weirs", *SAID, "promise=some"), "'some' is not a promise; write it as in"),
        (("announcement", "Weirs", *SAID, "promise=0 for 20x10"), "'0 for 20x10' is not a promise"),
        (("announcement", "Weirs", *SAID, "promise=9 counties for 20x10"), "'counties'"),
        (("quota", "20x10", "per=year"), "quantity is missing"),
        (("quota", "20x10", "per=year", "quantity=many"), "quantity: 'many' is not a whole number"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(seeded: Path, words: tuple[str, ...], said: str) -> None:
    done = run(seeded, "add", *words)
    assert done.code in {2, 3}, done
    assert said in done.err, done.err
    assert done.out == ""


@for_each(
    ("line", "offered"),
    [
        ("nkplan add pl", ["place"]),
        ("nkplan add si", ["site"]),
        ("nkplan add quota 20x10 fir", ["first_year="]),
        ("nkplan add publisher example.org evidence=pr", ["evidence=promiser", "evidence=press"]),
        ("nkplan add programme Weirs kind=hosp", ["kind=hospital"]),
        ("nkplan add cohort Weirs parent=20x", ["parent=20x10"]),
        ("nkplan add place Newton type=s", []),
        ("nkplan add Newton par", []),
    ],
)
def test_nouns_and_their_fields_are_completed(seeded: Path, line: str, offered: list[str]) -> None:
    assert complete(seeded, "bash", line) == offered


# ---- on a terminal

MORE = "More (FIELD=VALUE; ? shows the fields, empty ends):"
ANSWERS = (
    ("Announced:", "2026-11-20"),
    ("Said:", "Nine more a year."),
    ("Speaker (empty if none):", "O'Neill"),
    ("Source (empty if none):", LINK),
    ("Promise (empty ends):", "9 a year 2040- for 20x10"),
    ("Promise (empty ends):", "70 in all 2040-2050 for 20x10"),
    ("Promise (empty ends):", ""),
    (MORE, "terms=Money allowing"),
)


def test_questions_that_are_left_give_back_a_command_that_adds_the_row(record: Path) -> None:
    before = record.read_bytes(), read_list(record, "quotas")
    talk = Dialogue(record, "add", "announcement", "More factories")
    for question, answer in ANSWERS:
        talk.expect(question)
        talk.type(answer)
    talk.expect(MORE)
    talk.press("\x04")
    code, shown = talk.end()
    assert (code, "Traceback" in shown, record.read_bytes()) == (130, False, before[0]), shown
    typed = shlex.split(shown[shown.index("nkplan add announcement") :])
    done = run(record, *typed[1:])
    assert done.code == 0, done.err
    [row] = [row for row in read_list(record, "announcements") if row["id"] == "more-factories"]
    wanted = {
        "title": "More factories",
        "announced": "2026-11-20",
        "said": "Nine more a year.",
        "speaker": "O'Neill",
        "terms": ["Money allowing"],
    }
    assert wanted.items() <= row.items()
    assert LINK in [one.get("url") for one in read_list(record, "sources") if one["id"] == row["source"]]
    assert len(find_new(before[1], read_list(record, "quotas"))) == 2


WALKS: dict[str, tuple[str, Sequence[tuple[str, str]], dict[str, Any]]] = {
    "quota": (
        "20x10",
        (
            ("Quantity:", "9"),
            ("Per:", "ye\t"),
            ("First year (empty if none):", "2040"),
            ("Last year (empty if none):", ""),
            ("Announcement (empty if none):", ""),
            (MORE, "unit=beds"),
        ),
        {"project": "20x10", "quantity": 9, "per": "year", "first_year": 2040, "unit": "beds"},
    ),
    "publisher": (
        "example.org",
        (
            ("Name:", "O'Neill's News"),
            ("Evidence (empty if none):", "pre\t"),
            (MORE, "name=The News"),
        ),
        {"domain": "example.org", "name": "The News", "evidence": "press"},
    ),
    "programme": (
        "Weirs & dams",
        (("Kind:", "hosp\t"), (MORE, "note=Two; or more.")),
        {"name": "Weirs & dams", "type": "programme", "kind": "hospital", "note": "Two; or more."},
    ),
    "place": (
        "Newton",
        (
            ("Parent (empty if none):", "South Pyongan"),
            ("Type (empty if none):", "county"),
            (MORE, "names+=Neuton"),
            (MORE, "names+=Nyu tun"),
        ),
        {"name": "Newton", "parent": "KP-02", "type": "county", "names": ["Neuton", "Nyu tun"]},
    ),
}
"""For a noun a name, every question with its answer, and what the row then says."""


@pytest.mark.parametrize("noun", WALKS)
def test_every_answer_of_a_noun_is_given_back_if_the_last_question_is_left(record: Path, noun: str) -> None:
    name, answers, said = WALKS[noun]
    list_ = NOUNS[noun].list_
    bytes_, before = record.read_bytes(), read_list(record, list_)
    talk = Dialogue(record, "add", noun, name)
    for question, answer in answers:
        talk.expect(question)
        talk.type(answer)
    talk.expect(MORE)
    talk.press("\x04")
    code, shown = talk.end()
    assert (code, "Traceback" in shown, record.read_bytes()) == (130, False, bytes_), shown
    typed = shlex.split(shown[shown.index(f"nkplan add {noun}") :])
    done = run(record, *typed[1:])
    assert done.code == 0, done.err
    [new] = find_new(before, read_list(record, list_))
    assert said.items() <= new.items()


def test_a_closed_terminal_adds_no_row(record: Path) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "add", "programme", "Weirs")
    talk.expect("Kind:")
    talk.type("factory")
    talk.expect(MORE)
    talk.hang_up()
    assert record.read_bytes() == before


def test_a_question_is_asked_until_its_answer_can_be_used(record: Path) -> None:
    talk = Dialogue(record, "add", "cohort", "Of 2025", "year=2025")
    talk.expect("Parent:")
    talk.type("")
    talk.expect("parent is needed", "Parent:")
    talk.type("nowhere-at-all")
    talk.expect("there is no programme", "Parent:")
    talk.press("20x1\t\x15?\r")
    talk.expect("part of an id", "Parent:")
    talk.type("20x10")
    talk.expect(MORE)
    talk.type("")
    talk.expect("already has a cohort of 2025", MORE)
    talk.type("colour=red")
    talk.expect("there is no field 'colour'", MORE)
    talk.type("?")
    talk.expect("The fields are", MORE)
    talk.type("year=2035")
    talk.expect(MORE)
    talk.type("")
    code, shown = talk.end()
    assert code == 0, shown
    assert [row["year"] for row in read_list(record, "projects") if row["id"] == "of-2025"] == [2035]


def test_nothing_is_asked_if_all_that_is_needed_is_given(record: Path) -> None:
    code, shown = Dialogue(record, "add", "place", "Newton", "type=ri").end()
    assert (code, "(empty" in shown) == (0, False), shown


def test_of_a_known_publisher_only_the_rest_is_asked(record: Path) -> None:
    talk = Dialogue(record, "add", "source", "https://kcna.kp/en/article/q/9")
    for question, answer in (("Title", "Weirs"), ("Published", "2026-11-01"), (MORE, "")):
        talk.expect(question)
        talk.type(answer)
    code, shown = talk.end()
    assert (code, "Publisher" in shown, "Evidence" in shown) == (0, False, False), shown


def test_the_start_of_a_word_will_do_if_only_one_begins_so(record: Path) -> None:
    talk = Dialogue(record, "add", "publisher", "example.org")
    talk.expect("Name:")
    talk.type("Example News")
    talk.expect("Evidence")
    talk.type("p")
    talk.expect("'p' can be any of 2 words; write more of it", "  promiser", "  press", "Evidence")
    talk.type("pre")
    talk.expect(MORE)
    talk.type("")
    assert talk.end()[0] == 0
    [row] = [row for row in read_list(record, "publishers") if row["domain"] == "example.org"]
    assert row["evidence"] == "press"


def test_a_doubtful_place_is_asked_about(record: Path) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "add", "place", "Songchon County", "parent=KP-02", "type=ri")
    talk.expect("is called so too; is it", "Record it all the same? [y/N]:")
    talk.type("n")
    code, shown = talk.end()
    assert (code, record.read_bytes()) == (130, before), shown
    assert "nkplan add place 'Songchon County' parent=KP-02 type=ri" in shown
