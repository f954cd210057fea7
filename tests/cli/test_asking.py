"""What update and add ask on a terminal, and that leaving a question records nothing and loses nothing."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from dialogue import Dialogue
from program import run, run_json

LINK = "https://unknown.example/a"
WHEN, HOW = "When did it happen (? explains):", "How is it known (? explains):"


def read_last(db: Path, project: str = "songchon") -> dict[str, Any]:
    entry: dict[str, Any] = run_json(db, "show", project)["timeline"][-1]
    return entry


def count_changes(db: Path) -> int:
    return len(json.loads(run(db, "export", "-f", "json").out)["updates"])


def test_two_answers_make_a_link_and_a_status_an_update(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "idle", LINK)
    talk.expect(WHEN)
    talk.type("2026-10")
    talk.expect(HOW)
    talk.type("im")
    code, shown = talk.end()
    assert (code, "recorded " in shown) == (0, True), shown
    entry = read_last(record)
    wanted = {"status": "idle", "event_date": "2026-10", "evidence": "imagery", "url": LINK}
    assert wanted.items() <= entry.items()


def test_nothing_is_asked_if_source_and_publisher_say_it(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "idle", "2026-10", "https://kcna.kp/en/article/q/1")
    code, shown = talk.end()
    assert (code, "?" in shown) == (0, False), shown
    entry = read_last(record)
    assert (entry["publisher"], entry["evidence"]) == ("KCNA", "promiser")
    source = run_json(record, "show", entry["source"])
    assert (source["retrieved"], source["published"]) == ("2026-11-24", None)


def test_each_question_explains_itself_and_is_asked_until_it_is_answered(record: Path) -> None:
    talk = Dialogue(record, "update", "kusong", "--source", LINK)
    talk.expect("can be any of 3 projects", "kusong-hospital", "Project (Tab completes):")
    talk.type("nowhere-at-all")
    talk.expect("there is no project", "Project (Tab completes):")
    talk.type("?")
    talk.expect("part of the id or name", "Project (Tab completes):")
    talk.press("kusong-h\t\r")
    talk.expect("What is claimed")
    talk.type("?")
    talk.expect("groundbroken", "a ceremony or blasting", "What is claimed")
    talk.type("finished")
    talk.expect("no status 'finished'", "What is claimed")
    talk.type("idle 40%")
    talk.expect(WHEN)
    talk.type("?")
    talk.expect("2024-Q3", WHEN)
    talk.type("2027")
    talk.expect("in the future", WHEN)
    talk.type("seen 2026-10")
    talk.expect(HOW)
    talk.type("?")
    talk.expect("a newsroom's own reporting", HOW)
    talk.type("seen")
    talk.expect("no evidence class 'seen'", HOW)
    talk.press("pre\t\r")
    code, shown = talk.end()
    assert code == 0, shown
    entry = read_last(record, "kusong-hospital")
    wanted = {"status": "idle", "percent": 40, "event_date": "2026-10", "evidence": "press"}
    assert wanted.items() <= entry.items()


def test_the_start_of_a_status_or_class_will_do_if_only_one_begins_so(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "--source", LINK)
    talk.expect("What is claimed")
    talk.type("C 2026-10")
    talk.expect("'C' can be any of 3 statuses; write more of it")
    talk.expect("  completed ", "  closed ", "  cancelled ", "What is claimed")
    talk.type("Clos 2026-10")
    talk.expect(HOW)
    talk.type("p")
    talk.expect("'p' can be any of 2 evidence classes; write more of it", "  promiser ", "  press ", HOW)
    # A class can be begun by any of its names.
    talk.type("sat")
    code, shown = talk.end()
    assert (code, "recorded " in shown) == (0, True), shown
    assert {"status": "closed", "evidence": "imagery"}.items() <= read_last(record).items()


def test_the_start_of_a_status_will_do_in_each_claim_of_a_source_and_of_a_new_project(record: Path) -> None:
    talk = Dialogue(record, "update")
    talk.expect("Source")
    talk.type("")
    talk.expect("Claim 1")
    talk.type("songchon oper 2026-10 --evidence imagery")
    talk.expect("Claim 2")
    talk.type("")
    talk.expect("Record 1 claim [Y/n]:")
    talk.type("")
    assert talk.end()[0] == 0
    assert read_last(record)["status"] == "operating"
    talk = Dialogue(record, "add", "Jam works", "--kind", "factory", "--on", "2026-10", "--source", LINK)
    for question, answer in (("Programme", ""), ("Place", ""), ("Status", "prep"), (HOW, "pre")):
        talk.expect(question)
        talk.type(answer)
    code, shown = talk.end()
    assert code == 0, shown
    entry = read_last(record, "jam-works")
    assert {"status": "preparing", "evidence": "press"}.items() <= entry.items()


QUESTIONS = (
    ("What is claimed", "idle"),
    (WHEN, "2026-10"),
    (HOW, "imagery"),
)


@pytest.mark.sampled
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("answered", range(len(QUESTIONS)))
def test_leaving_a_question_records_nothing_and_gives_back_what_was_typed(
    record: Path, answered: int, key: str
) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "update", "songchon", "--source", LINK, "--speaker", "O'Neill")
    for question, answer in QUESTIONS[:answered]:
        talk.expect(question)
        talk.type(answer)
    talk.expect(QUESTIONS[answered][0])
    talk.press(key)
    code, shown = talk.end()
    assert (code, record.read_bytes()) == (130, before)
    assert "Traceback" not in shown
    typed = shlex.split(shown.splitlines()[-1])
    assert typed[:3] == ["nkplan", "update", "songchon-factories"]
    # The rest of the answers makes it whole.
    rest = {WHEN: ("--on", "2026-10"), HOW: ("--evidence", "imagery")}
    more = [word for question, _ in QUESTIONS[max(answered, 1) :] for word in rest[question]]
    done = run(record, *typed[1:], *(["idle"] if not answered else []), *more)
    assert done.code == 0, done.err
    wanted = {"status": "idle", "event_date": "2026-10", "evidence": "imagery", "speaker": "O'Neill"}
    assert wanted.items() <= read_last(record).items()


def test_a_closed_terminal_records_nothing(record: Path) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "update", "songchon", "idle", LINK)
    talk.expect(WHEN)
    talk.hang_up()
    assert record.read_bytes() == before


BACK = ("update", "songchon", "building", "2026-10", "--evidence", "promiser")
DOUBT = "songchon-factories is operating by what is on record up to 2025-Q3; building on 2026-10"


@pytest.mark.parametrize("answer", ["n", ""])
def test_what_is_doubtful_is_asked_about_and_not_recorded_without_a_yes(record: Path, answer: str) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, *BACK)
    talk.expect("Record it all the same? [y/N]:")
    talk.type(answer)
    code, shown = talk.end()
    assert (code, record.read_bytes()) == (130, before)
    assert DOUBT in " ".join(shown.split())
    assert "nkplan update songchon-factories building --on 2026-10 --evidence promiser" in shown


SEEN = (*BACK[:-1], "imagery")
AGAINST = "songchon-factories was completed on"


def test_what_an_observation_contradicts_is_told_and_not_advised_against(record: Path) -> None:
    talk = Dialogue(record, *SEEN)
    talk.expect("Record what contradicts the opening of songchon-factories? [Y/n]:")
    talk.type("")
    code, shown = talk.end()
    assert code == 0
    assert AGAINST in shown
    assert "building on 2026-10 contradicts this opening" in " ".join(shown.split())
    assert read_last(record)["status"] == "building"


def test_what_an_observation_contradicts_is_not_recorded_after_a_no(record: Path) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, *SEEN)
    talk.expect("[Y/n]:")
    talk.type("n")
    assert (talk.end()[0], record.read_bytes()) == (130, before)


def test_a_pipe_records_what_contradicts_an_opening_and_says_so(record: Path) -> None:
    done = run(record, *SEEN)
    assert (done.code, AGAINST in done.err) == (0, True), done.err
    assert run_json(record, "report", "conflicts", "--place", "Songchon")


def test_what_is_doubtful_is_recorded_after_a_yes(record: Path) -> None:
    talk = Dialogue(record, *BACK)
    talk.expect("Record it all the same? [y/N]:")
    talk.type("y")
    assert talk.end()[0] == 0
    assert read_last(record)["status"] == "building"


def test_yes_spares_the_question(record: Path) -> None:
    assert Dialogue(record, *BACK, "--yes").end()[0] == 0
    assert read_last(record)["status"] == "building"


def test_a_pipe_records_what_is_doubtful_and_says_so(record: Path) -> None:
    done = run(record, *BACK)
    assert (done.code, DOUBT in done.err) == (0, True)
    assert read_last(record)["status"] == "building"


def test_a_site_like_one_on_record_is_doubtful(record: Path) -> None:
    twin = ("add", "Jam works of Songchon", "--programme", "20x10", "--year", "2024", "--place", "Songchon")
    done = run(record, *twin, "--on", "2026", "--evidence", "press")
    assert "songchon-factories, Songchon regional factories, is a factory in the same place" in done.err
    talk = Dialogue(record, *twin[:1], "Songchon jam", *twin[2:], "--on", "2026", "--evidence", "press")
    talk.expect("is it the same site?", "Record it all the same? [y/N]:")
    talk.type("n")
    assert talk.end()[0] == 130


def test_a_site_more_than_were_promised_for_its_cohort_is_told_and_added(record: Path) -> None:
    def add(name: str, *more: str) -> str:
        claim = ("--on", "2026", "--evidence", "press")
        done = run(record, "add", name, "--programme", "20x10", "--year", "2024", *claim, *more)
        assert (done.code, f"  {name}\n" in done.out or "already" in done.err) == (0, True), done
        return done.err

    # Another kind has a number of its own, or none.
    assert "promised" not in add("Songchon clinic", "--kind", "hospital")
    surplus = "nkplan: with it 20x10-2024 has {} sites of the 20 promised\n"
    assert surplus.format(21) in add("Jam works", "--dry-run")
    assert surplus.format(21) in add("Jam works")
    assert surplus.format(22) in add("Soy works")
    # Who repeats a command adds nothing.
    assert "promised" not in add("Soy works")
    # The cohort of another year is not full, and that of a new one is begun with its first site.
    for year in ("2034", "2034"):
        done = run(record, "add", f"Mill {year}", "--programme", "20x10", "--year", year, "--on", "2026")
        assert (done.code, "promised" in done.err) == (0, False), done


def test_a_new_project_is_asked_for_field_by_field(record: Path) -> None:
    talk = Dialogue(record, "add")
    for question, answer in (
        ("Name", "Anju factories"),
        ("Programme", "20x10"),
        ("Year", "2027"),
        ("Place", "Anju"),
        ("Status (? explains) [announced]:", ""),
        ("Source", LINK),
        ("Published", ""),
        ("Title", "A works for Anju"),
        ("Publisher (may stay empty):", "The Paper"),
        (WHEN, "2026-11-01"),
        (HOW, "none"),
    ):
        talk.expect(question)
        talk.type(answer)
    code, shown = talk.end()
    assert code == 0, shown
    page = run_json(record, "show", "anju-factories")
    assert (page["kind"], page["cohort"]) == ("factory", "20x10-2027")


def test_a_morning_is_one_source_and_a_line_a_claim(record: Path) -> None:
    talk = Dialogue(record, "update")
    talk.expect("Source")
    talk.type(LINK)
    talk.expect("Published")
    talk.type("2026-11-20")
    talk.expect("Title")
    talk.type("")
    talk.expect("Publisher")
    talk.type("")
    talk.expect("Claim 1")
    talk.type("songchon idle 2026-11-10")
    talk.expect(HOW)
    talk.type("on-site")
    talk.expect("Claim 2")
    talk.type("nowhere idle")
    talk.expect("no project 'nowhere'", "Project")
    talk.type("kusong-h")
    talk.expect("Claim 3")
    talk.type("hamju")
    talk.expect("What is claimed")
    talk.type('building --note "Walls stand."')
    talk.expect("Claim 4")
    talk.type("")
    talk.expect("songchon-factories: 2026-11-10, idle, on-site", "Record 3 claims [Y/n]:")
    talk.type("")
    talk.expect("Record what contradicts the opening of hamju-factories? [Y/n]:")
    talk.type("")
    code, shown = talk.end()
    assert code == 0, shown
    exported = json.loads(run(record, "export", "-f", "json").out)
    (source,) = [one for one in exported["sources"] if one.get("url") == LINK]
    claims = [one for one in exported["updates"] if one.get("source") == source["id"]]
    assert sorted((one["project"], one["event_date"], one["evidence"]) for one in claims) == [
        ("hamju-factories", "2026-11-20", "on-site"),
        ("kusong-hospital", "2026-11-20", "on-site"),
        ("songchon-factories", "2026-11-10", "on-site"),
    ]
    # It is one change.
    assert run(record, "undo").code == 0
    assert count_changes(record) == len(exported["updates"]) - 3


@pytest.mark.parametrize("arguments", [("update",), ("add",), ("update", "songchon", "idle", LINK)])
def test_nothing_is_asked_in_a_pipe(record: Path, arguments: tuple[str, ...]) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert (done.code, done.out, record.read_bytes()) == (2, "", before)
    assert "is missing; " in done.err


CHANGE = "Change (FIELD=VALUE; ? shows the fields, empty ends):"


def test_an_edit_without_changes_shows_the_row_and_asks_for_them(record: Path) -> None:
    talk = Dialogue(record, "edit", "grand-canal")
    talk.expect("id: grand-canal", "kind: canal", CHANGE)
    talk.type("kind=dam")
    talk.expect("kind: ", CHANGE)
    talk.type("?")
    talk.expect("organisations", CHANGE)
    talk.type("name=East-West canal")
    talk.expect(CHANGE)
    talk.press("no\tDug by hand.\r")
    talk.expect(CHANGE)
    talk.type("")
    code, shown = talk.end()
    assert (code, "-> East-West canal" in shown) == (0, True), shown
    page = run_json(record, "show", "grand-canal")
    assert (page["name"], page["note"]) == ("East-West canal", "Dug by hand.")
    assert run(record, "undo").code == 0
    assert run_json(record, "show", "grand-canal")["note"] != "Dug by hand."


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_an_edit_records_nothing_and_gives_back_what_was_typed(record: Path, key: str) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "edit", "grand-canal")
    talk.expect(CHANGE)
    talk.type("note=Dug by hand.")
    talk.expect(CHANGE)
    talk.press(key)
    code, shown = talk.end()
    assert (code, record.read_bytes()) == (130, before)
    assert "nkplan edit grand-canal 'note=Dug by hand.'" in shown


@pytest.mark.parametrize(
    ("arguments", "answers"),
    [
        (("edit", "grand-canal"), ((CHANGE, "note=Dug by hand."), (CHANGE, None))),
        (("add",), (("Name", "Anju factories"), ("Programme", "20x10"), ("Year", None))),
    ],
    ids=["edit", "add"],
)
def test_a_terminal_closed_at_a_later_question_records_nothing(
    record: Path, arguments: tuple[str, ...], answers: tuple[tuple[str, str | None], ...]
) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, *arguments)
    for question, answer in answers:
        talk.expect(question)
        if answer is not None:
            talk.type(answer)
    talk.hang_up()
    assert record.read_bytes() == before
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_a_claim_without_a_source_is_asked_for_it_first(record: Path) -> None:
    talk = Dialogue(record, "update", "songchon", "idle")
    talk.expect("Source (a link, part of an id, last, or empty):")
    talk.type("https://kcna.kp/x")
    talk.expect("Published (empty if unknown):")
    talk.type("2026-10-02")
    talk.expect("Title (may stay empty):")
    talk.type("Idle works")
    # It need not have happened on the day on which it was published.
    talk.expect("When did it happen (? explains) [2026-10-02]:")
    talk.type("2026-10-01")
    code, shown = talk.end()
    assert code == 0, shown
    wanted = {"event_date": "2026-10-01", "evidence": "promiser", "title": "Idle works"}
    assert wanted.items() <= read_last(record).items()


def test_a_source_that_was_typed_is_given_back(record: Path) -> None:
    talk = Dialogue(record, "update")
    talk.expect("Source")
    talk.type(LINK)
    talk.expect("Published")
    talk.press("\x04")
    _, shown = talk.end()
    assert f"nkplan update --source {LINK}" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("update", "songchon", "idle", "kcna.kp/x"), "'kcna.kp/x' is no status, date, percentage or link"),
        (("update", "songchon", "Shut down", "idle"), "'Shut down' is no status, date, percentage or link"),
        (("update", "songchon", "idle", "closed"), "'idle' and 'closed' are both given as the status"),
        (("tag", "songchon", "grand-canal", "seen"), "grand-canal is a project; to tag it too, write --also"),
    ],
)
def test_a_word_that_fits_nothing_is_named(record: Path, arguments: tuple[str, ...], said: str) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert (done.code, done.out, record.read_bytes()) == (2, "", before)
    assert said in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--source", "https://a.example/x", "--published", "2026-09"), "2026-10 is after 2026-09, when"),
        (("--source", "http://www.a.example/known/"), "is it the same page?"),
    ],
)
def test_a_doubtful_source_is_asked_about(record: Path, arguments: tuple[str, ...], said: str) -> None:
    first = ("--source", "https://a.example/known", "--on", "2026", "--evidence", "press")
    assert run(record, "update", "grand-canal", "paused", *first).code == 0
    before = record.read_bytes()
    talk = Dialogue(record, "update", "songchon", "idle", "2026-10", "--evidence", "press", *arguments)
    talk.expect(said, "Record it all the same? [y/N]:")
    talk.type("n")
    assert (talk.end()[0], record.read_bytes()) == (130, before)
    done = run(record, "update", "songchon", "idle", "2026-10", "--evidence", "press", *arguments)
    assert (done.code, said in done.err) == (0, True)


@pytest.mark.parametrize(("answer", "code"), [("n", 130), ("", 130), ("y", 0)])
def test_a_project_with_several_updates_is_not_undone_without_a_yes(
    record: Path, answer: str, code: int
) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "undo", "grand-canal")
    talk.expect("Retract grand-canal with ", " updates? [y/N]:")
    talk.type(answer)
    assert talk.end()[0] == code
    assert (record.read_bytes() == before) == bool(code)


def test_a_bare_redo_does_not_bring_back_what_something_else_was_recorded_instead_of(record: Path) -> None:
    for day in ("2026-10", "2026-11"):
        assert run(record, "update", "songchon", "idle", day, "--evidence", "press").code == 0
        if day == "2026-10":
            assert run(record, "undo").code == 0
    before = record.read_bytes()
    done = run(record, "redo")
    assert (done.code, done.out, record.read_bytes()) == (3, "", before)
    assert "the last undo, change 3, was followed by change 4; to redo it all the same" in done.err
    assert run(record, "redo", "3").code == 0


ADDING = (
    ("Name", "Anju works"),
    ("Programme", "20x10"),
    ("Year", "2027"),
    ("Place", "Anju"),
    ("Status", ""),
    ("Source", LINK),
    ("Published", "2026-11"),
    ("Title", "Works for Anju"),
    ("Publisher", "The Paper"),
    ("When did it happen (? explains) [2026-11]:", "2026-10"),
    (HOW, "press"),
)


@pytest.mark.parametrize("answered", [0, 1, 3, 6, 10])
def test_leaving_a_new_project_gives_back_each_answer(record: Path, answered: int) -> None:
    before = record.read_bytes()
    talk = Dialogue(record, "add")
    for question, answer in ADDING[:answered]:
        talk.expect(question)
        talk.type(answer)
    talk.expect(ADDING[answered][0])
    talk.press("\x04")
    code, shown = talk.end()
    assert (code, record.read_bytes()) == (130, before)
    typed = shlex.split(shown.splitlines()[-1])
    assert typed[:2] == (["nkplan", "add"] if answered else ["nkplan:", "nothing"])
    for question, answer in ADDING[:answered]:
        # A place and a programme are given back by their ids.
        said = {"Place": "kp-02-anju", "Status": "announced"}.get(question, answer)
        assert said in typed, question


def test_nobody_types_a_publisher_twice(record: Path) -> None:
    first = ("2026-10", "https://www.paper.example/a", "--publisher", "The Paper", "--evidence", "press")
    assert "publisher paper.example  The Paper" in run(record, "update", "songchon", "idle", *first).out
    second = ("2026-11", "https://news.paper.example/b", "--evidence", "press")
    assert run(record, "update", "grand-canal", "paused", *second).code == 0
    assert read_last(record, "grand-canal")["publisher"] == "The Paper"
    # Its word for one claim says nothing of the class of the next.
    before = record.read_bytes()
    assert run(record, "update", "songchon", "closed", "2026-11", "https://paper.example/c").code == 0
    assert read_last(record)["evidence"] is None
    assert record.read_bytes() != before
