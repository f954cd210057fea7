"""Wherever a date goes it can be typed as people type it; its stored form is shown, and that is recorded."""

import json
from pathlib import Path
from typing import Any

import pytest
from dialogue import Dialogue
from each import for_each
from program import Done, run, run_json, show
from test_asking import LINK, WHEN, read_last
from test_forms import edit

SEEN = ("update", "grand-canal", "building", "--evidence", "press")
AMBIGUOUS = "'03/04/2025' is ambiguous: it can be 2025-04-03 or 2025-03-04; write the one you mean"


def record_note(db: Path, *arguments: str) -> Done:
    done = run(db, *SEEN, *arguments)
    assert (done.code, done.err) == (0, "")
    return done


@pytest.mark.parametrize(
    ("arguments", "stored"),
    [
        (("--on", "yesterday"), "2026-11-23"),
        (("--on", "24 Nov 2025"), "2025-11-24"),
        (("yesterday",), "2026-11-23"),
        (("24", "Nov", "2025"), "2025-11-24"),
        (("3", "days", "ago"), "2026-11-21"),
        (("a", "week", "ago"), "2026-11-17"),
        (("last", "month"), "2026-10"),
        (("by", "June", "2026"), "../2026-06"),
        (("Sept 2026",), "2026-09"),
        (("from", "March", "to", "June", "2026"), "2026-03/2026-06"),
        (("--seen", "Q3 2026"), "2026-Q3"),
    ],
    ids=str,
)
def test_an_update_is_dated_as_typed_and_says_the_stored_date(
    record: Path, arguments: tuple[str, ...], stored: str
) -> None:
    assert f"grand-canal: {stored}, building" in record_note(record, *arguments).out
    assert read_last(record, "grand-canal")["event_date"] == stored


def test_a_date_of_several_words_after_an_option_is_refused_with_the_quotes_it_needs(record: Path) -> None:
    done = run(record, *SEEN, "--on", "24", "Nov", "2025")
    assert (done.code, done.out) == (2, "")
    assert "--on 24 and 'Nov 2025' are both given; write --on \"24 Nov 2025\"" in done.err
    both = run(record, *SEEN, "--on", "2025-11", "Nov", "2025")
    assert "--on 2025-11 and 'Nov 2025' are both given; keep one" in both.err


def test_a_promised_date_is_typed_too_and_names_its_year(record: Path) -> None:
    typed = (*SEEN[:2], "--promised", "Oct 2027", "--on", "today", "--evidence", "promiser")
    assert "promised for 2027-10" in run(record, *typed).out
    done = run(record, *SEEN, "--on", "today", "--promised", "24 Nov")
    assert (done.code, done.out) == (2, "")
    assert "--promised: '24 Nov' has no year: write it, as in 2026-11-24 or 2027-11-24" in done.err


def test_the_dates_of_a_source_are_typed_too(record: Path) -> None:
    said = ("--source", LINK, "--published", "Nov 20, 2026", "--retrieved", "yesterday")
    assert "2026-11-20, retrieved 2026-11-23" in run(record, *SEEN, *said).out
    source = run_json(record, "show", read_last(record, "grand-canal")["source"])
    assert (source["published"], source["retrieved"]) == ("2026-11-20", "2026-11-23")


def test_the_claim_of_a_new_project_is_dated_as_typed(record: Path) -> None:
    done = run(record, "add", "New dam", "--kind", "other", "--on", "15. 11. 2026", "--evidence", "press")
    assert "new-dam: 2026-11-15, announced" in done.out


@for_each(
    "arguments",
    [
        (*SEEN, "--on", "03/04/2025"),
        (*SEEN, "03/04/2025"),
        (*SEEN, "--seen", "03/04/2025"),
        (*SEEN, "--promised", "03/04/2025"),
        (*SEEN, "--on", "2025", "--source", LINK, "--published", "03/04/2025"),
        (*SEEN, "--on", "2025", "--source", LINK, "--retrieved", "03/04/2025"),
        ("add", "New dam", "--kind", "other", "--on", "03/04/2025"),
        ("add", "announcement", "Dams", "said=Dams", "announced=03/04/2025"),
        ("add", "source", LINK, "published=03/04/2025"),
        ("edit", "source/nknews-20240116", "published=03/04/2025"),
        ("list", "--as-of", "03/04/2025"),
        ("report", "--known-on", "03/04/2025"),
        ("report", "changes", "--since", "03/04/2025"),
        ("report", "promises", "--on", "03/04/2025"),
        ("log", "--since", "03/04/2025"),
    ],
)
def test_two_readings_are_refused_with_both_wherever_a_date_goes(
    record: Path, arguments: tuple[str, ...]
) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert AMBIGUOUS in done.err
    assert record.read_bytes() == before


def test_the_fields_of_a_row_are_dated_as_typed(record: Path) -> None:
    added = run(record, "add", "announcement", "Dams", "said=Dams", "announced=15 Nov 2026")
    assert (added.code, "2026-11-15" in added.out) == (0, True), added.err
    edited = run(record, "edit", "source/nknews-20240116", "published=Jan 17, 2024")
    assert "published     2024-01-16 -> 2024-01-17" in edited.out


def test_an_edit_says_of_every_field_what_is_wrong_with_its_date(record: Path) -> None:
    record_note(record, "2026-11")
    done = run(record, "edit", "last", "event_date=31 Nov 2025", "promised=24 Nov", "percent=x")
    assert done.code == 2
    for fault in ("event_date: 2025-11-31 is not a date", "promised: '24 Nov' has no year", "percent: 'x'"):
        assert fault in done.err
    same = run(record, "edit", "last", "event_date=Nov 2026")
    assert (same.code, same.out) == (0, "")
    assert "nothing to change" in same.err


@for_each(
    ("arguments", "heading"),
    [
        (("list", "--as-of", "Sept 2025"), "as of 2025-09-30"),
        (("report", "--known-on", "yesterday"), "known on 2026-11-23"),
        (("report", "changes", "--since", "yesterday"), "Changes since 2026-11-23"),
        (("log", "--since", "Jan 2025"), "Changes since 2025-01-01, the last first"),
    ],
)
def test_a_heading_has_the_stored_date(seeded: Path, arguments: tuple[str, ...], heading: str) -> None:
    shown = show(seeded, 80, *arguments, NKPLAN_PAGER="cat", height=500)
    assert heading in " ".join(shown.lines)


@for_each(
    ("arguments", "note"),
    [
        (("report", "changes", "--since", "yesterday"), "nothing that changed since 2026-11-23 in"),
        (("list", "--status", "idle", "--as-of", "Sept 2019"), "matches --status idle --as-of 2019-09;"),
        (("report", "promises", "--on", "Jan 15, 2020"), "that matches --on 2020-01-15"),
        (("log", "--since", "today", "--author", "nobody"), "matches --since 2026-11-24 --author nobody"),
    ],
)
def test_an_empty_answer_has_the_stored_date(seeded: Path, arguments: tuple[str, ...], note: str) -> None:
    assert note in run(seeded, *arguments).err


def test_a_question_shows_the_stored_date_and_a_left_one_goes_on_with_it(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "idle", LINK)
    talk.expect(WHEN)
    talk.type("03/04/2025")
    talk.expect("2025-04-03 or 2025-03-04", WHEN)
    talk.type("2025년 9월 3일")
    talk.expect("-> 2025-09-03", "How is it known")
    talk.press("\x04")
    _, shown = talk.end()
    assert "--on 2025-09-03" in shown


def test_a_date_that_is_typed_as_it_is_stored_is_not_shown_again(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "idle", LINK)
    talk.expect(WHEN)
    talk.type("2025-09-03")
    talk.expect("How is it known")
    talk.press("\x04")
    assert "->" not in talk.end()[1]


def test_what_was_seen_and_when_it_was_published_is_typed_too(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "operating")
    talk.expect("Source")
    talk.type(LINK)
    talk.expect("Published")
    talk.type("20 Nov 2026")
    talk.expect("-> 2026-11-20", "Title")
    talk.type("")
    talk.expect("Publisher")
    talk.type("")
    talk.expect("When did it happen (? explains) [2026-11-20]")
    talk.type("seen yesterday")
    talk.expect("-> 2026-11-23", "How is it known")
    talk.type("press")
    code, shown = talk.end()
    assert code == 0, shown
    assert read_last(record)["event_date"] == "../2026-11-23"


def test_a_claim_of_one_line_is_dated_as_typed(record: Path) -> None:
    talk = Dialogue(record, "update")
    talk.expect("Source")
    talk.type("nknews-20240116")
    talk.expect("Claim 1")
    talk.type("songchon idle 24 Nov 2025")
    talk.expect("-> 2025-11-24", "Claim 2")
    talk.press("\x04")
    _, shown = talk.end()
    assert "nkplan update songchon-factories idle --on 2025-11-24 --source" in shown


def test_the_fields_that_are_asked_for_show_the_stored_date(record: Path) -> None:
    talk = Dialogue(record, "edit", "source/nknews-20240116")
    talk.expect("Change (FIELD=VALUE")
    talk.type("published=Jan 17, 2024")
    talk.expect("-> 2024-01-17", "Change (FIELD=VALUE")
    talk.type("")
    code, shown = talk.end()
    assert (code, "2024-01-16 -> 2024-01-17" in shown) == (0, True), shown
    talk = Dialogue(record, "add", "announcement", "Dams", "said=Dams")
    talk.expect("Announced")
    talk.type("15 Nov 2026")
    talk.expect("-> 2026-11-15", "More")
    talk.type("")
    code, shown = talk.end()
    assert code == 0, shown


def test_a_form_takes_dates_as_typed(record: Path) -> None:
    values = {"project": "songchon", "status": "idle", "on": "24 Nov 2025", "evidence": "imagery"}
    script = "\n".join(
        f"text = text.replace('\\n{key}:', '\\n{key}: {value}')" for key, value in values.items()
    )
    assert edit(record, script).code == 0
    assert read_last(record)["event_date"] == "2025-11-24"
    record.with_name("count").unlink()
    script = "text = text.replace('event_date: 2025-11-24', 'event_date: Nov 2025')"
    assert edit(record, script, "edit", "last").code == 0
    assert read_last(record)["event_date"] == "2025-11"


def test_a_file_is_not_read_that_way(record: Path) -> None:
    update: dict[str, Any] = {"project": "songchon-factories", "event_date": "yesterday", "note": "x"}
    file = record.with_name("file.json")
    file.write_text(json.dumps({"format": "nkplan/2", "updates": [update]}))
    done = run(record, "load", str(file))
    assert (done.code, done.out) == (2, "")
    assert "'yesterday' is not a date: write 2024, 2024-H1" in done.err
