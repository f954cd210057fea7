"""The form in the editor: what it records, what is wrong with it, and that nothing typed is lost."""

import json
import re
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from program import Done, run, run_json

CLAIM = {"project": "songchon", "status": "idle", "on": "2026-10", "evidence": "imagery"}


def edit(db: Path, script: str, *arguments: str) -> Done:
    """Run `update --edit` with an editor that is a Python script: `text` is the form and what it leaves."""
    editor = db.with_name("editor.py")
    editor.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        f"count = pathlib.Path({str(db.with_name('count'))!r})\n"
        "turn = len(count.read_text()) if count.exists() else 0\n"
        "count.write_text('x' * (turn + 1))\n"
        f"pathlib.Path({str(db.with_name('form'))!r} + str(turn)).write_text(text)\n"
        f"{script}\n"
        "path.write_text(text)\n"
    )
    temporary = db.with_name("tmp")
    temporary.mkdir(exist_ok=True)
    # Python looks for the folder of temporary files once a process.
    with patch("tempfile.tempdir", str(temporary)):
        return run(db, *(arguments or ("update",)), "--edit", VISUAL=f"{sys.executable} -IS {editor}")


def fill(**values: str) -> str:
    """Return the lines that fill in a form."""
    return "".join(f"{key}: {value}\n" for key, value in values.items())


def list_kept(db: Path) -> list[str]:
    return [path.read_text() for path in db.with_name("tmp").iterdir()]


def test_a_form_has_every_field_of_an_update_and_records_what_is_written(record: Path) -> None:
    script = "\n".join(
        f"text = text.replace('\\n{key}:', '\\n{key}: {value}')" for key, value in CLAIM.items()
    )
    done = edit(record, script)
    assert done.code == 0, done.err
    assert CLAIM["status"] == run_json(record, "show", "songchon")["timeline"][-1]["status"]
    form = record.with_name("form0").read_text()
    keys = re.findall(r"^([a-z_]+):", form, re.MULTILINE)
    assert keys == [
        "project", "status", "on", "seen", "percent", "promised", "promised_status", "count", "of", "unit",
        "bound", "figure", "speaker", "source", "title", "publisher", "published", "retrieved", "archive",
        "evidence", "confidence", "note",
    ]  # fmt: skip
    assert all(len(line) < 80 for line in form.splitlines())
    assert list_kept(record) == []


def test_what_was_typed_is_in_the_form(record: Path) -> None:
    done = edit(
        record,
        "text = text.replace('\\nevidence:', '\\nevidence: press')",
        "update", "songchon", "idle", "2026-10", "--figure", "cost: 12 million USD (2017)", "--note", "Shut.",
    )  # fmt: skip
    assert done.code == 0, done.err
    form = record.with_name("form0").read_text()
    for line in ("project: songchon", "status: idle", "on: 2026-10", "note: Shut."):
        assert f"\n{line}\n" in form
    entry = run_json(record, "show", "songchon")["timeline"][-1]
    assert (entry["note"], entry["evidence"]) == ("Shut.", "press")
    assert entry["figures"][0]["item"] == "cost"


def test_several_updates_are_separated_by_an_empty_line_and_are_one_change(record: Path) -> None:
    link = "https://unknown.example/a"
    blocks = [
        fill(**CLAIM, source=link, title="Idle works", published="2026-11"),
        fill(project="hamju, kusong-h", status="idle", on="2026-10", evidence="press", source="last"),
    ]
    done = edit(record, f"text = {chr(10).join(blocks)!r}")
    assert done.code == 0, done.err
    exported = json.loads(run(record, "export", "-f", "json").out)
    (source,) = [one for one in exported["sources"] if one.get("url") == link]
    claims = [one["project"] for one in exported["updates"] if one.get("source") == source["id"]]
    assert sorted(claims) == ["hamju-factories", "kusong-hospital", "songchon-factories"]
    run(record, "undo")
    assert "songchon-factories" not in run(record, "list", "--status", "idle").out


@pytest.mark.parametrize("script", ["text = ''", "text = text", "text = '# nothing\\n\\n\\nproject:\\n'"])
def test_an_empty_form_or_one_left_as_it_was_records_nothing(record: Path, script: str) -> None:
    before = record.read_bytes()
    done = edit(record, script)
    assert (done.code, done.out, record.read_bytes()) == (0, "", before)
    assert "nothing was recorded" in done.err
    assert list_kept(record) == []


FAULTS = [
    ({"status": "finished"}, "status", "there is no status 'finished'"),
    ({"on": "2024-13"}, "on", "no month 13"),
    ({"project": "nowhere"}, "project", "no project 'nowhere'"),
    ({"percent": "120"}, "percent", "not a percentage"),
    ({"evidence": "satelite"}, "evidence", "did you mean imagery?"),
    ({"source": "nowhere"}, "source", "no source 'nowhere'"),
    ({"colour": "red"}, "colour", "no field 'colour'"),
    ({"figure": "12"}, "figure", "is not a figure"),
    ({"title": "T"}, "title", "title describes a new source"),
    ({"of": "12"}, "of", "of describes a count"),
]


@pytest.mark.parametrize(("wrong", "key", "said"), FAULTS, ids=[key for _, key, _ in FAULTS])
def test_a_faulty_form_is_shown_again_with_the_fault_above_its_line(
    record: Path, wrong: dict[str, str], key: str, said: str
) -> None:
    first, second = fill(**(CLAIM | wrong)), fill(**CLAIM)
    done = edit(record, f"text = {first!r} if turn == 0 else {second!r}")
    assert done.code == 0, done.err
    lines = record.with_name("form1").read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("#! "))
    assert said in lines[at]
    assert lines[at + 1].startswith(f"{key}: ")
    # Nothing that was written is lost.
    assert [line for line in lines if not line.startswith("#!")] == first.splitlines()
    assert run_json(record, "show", "songchon")["timeline"][-1]["status"] == "idle"
    assert list_kept(record) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("path.write_text('project: x\\n'); sys.exit(3)", "ended with code 3"),
        ("import os, signal; path.write_text('project: x\\n'); os.kill(os.getpid(), signal.SIGKILL)",
         "was killed by signal 9"),
        ("path.write_bytes(b'project: \\xff\\n'); sys.exit(0)", "is not UTF-8 text"),
        ("text = 'project: nowhere\\nstatus: idle\\non: 2026\\n'", "no project 'nowhere'"),
    ],
    ids=["fails", "killed", "nonsense", "unchanged"],
)  # fmt: skip
def test_an_editor_that_fails_records_nothing_and_keeps_what_was_written(
    record: Path, script: str, said: str
) -> None:
    before = record.read_bytes()
    done = edit(record, script)
    assert (done.code, done.out, record.read_bytes()) == (4, "", before)
    assert said in done.err
    (kept,) = record.with_name("tmp").iterdir()
    assert f"what you wrote is in {kept}" in done.err
    assert kept.read_bytes().startswith((b"project: ", b"#! "))


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("", "set VISUAL or EDITOR"),
        ("/nowhere/vi", "the editor /nowhere/vi cannot be started"),
        ("'", "the editor ' cannot be started"),
    ],
)
def test_an_editor_that_is_not_there_is_said(record: Path, tmp_path: Path, editor: str, said: str) -> None:
    with patch("tempfile.tempdir", str(tmp_path)):
        done = run(record, "update", "--edit", VISUAL=editor, EDITOR=editor)
    assert (done.code, done.out, list(tmp_path.glob("nkplan-*"))) == (4, "", [])
    assert said in done.err


@pytest.mark.parametrize("left", ["pass", "path.mkdir()", "path.symlink_to('/dev/zero')"])
def test_an_editor_that_leaves_no_file_that_can_be_read_records_nothing(record: Path, left: str) -> None:
    before = record.read_bytes()
    done = edit(record, f"path.unlink(); {left}; sys.exit()", "edit", "grand-canal")
    assert (done.code, done.out, record.read_bytes()) == (4, "", before)
    assert str(record.with_name("tmp")) in done.err


@pytest.mark.sampled
@pytest.mark.parametrize("text", ["'kind: x\\n'", "text + 'kind: x\\n'"])
@pytest.mark.parametrize("command", [("update",), ("edit", "grand-canal"), ("add",)])
def test_an_editor_that_no_person_uses_is_not_started_for_ever(
    record: Path, command: tuple[str, ...], text: str
) -> None:
    with patch("nkplan.cli.forms._MOST_ROUNDS", 3):
        done = edit(record, f"text = {text}", *command)
    assert (done.code, done.out) == (4, "")
    (kept,) = record.with_name("tmp").iterdir()
    assert f"what you wrote is in {kept}" in done.err
    assert "kind: x" in kept.read_text()


def test_a_variable_of_nothing_but_spaces_names_no_editor(record: Path) -> None:
    done = run(record, "edit", "grand-canal", "--edit", VISUAL="  ", EDITOR="true")
    assert (done.code, done.err.count("nothing was recorded")) == (0, 1)
    assert "set VISUAL or EDITOR" in run(record, "edit", "grand-canal", "--edit", VISUAL=" ").err


def test_no_file_for_a_form_can_be_made(record: Path) -> None:
    with patch("tempfile.mkstemp", side_effect=OSError(13, "Permission denied")):
        done = run(record, "edit", "grand-canal", "--edit", EDITOR="true")
    assert (done.code, done.out) == (4, "")
    assert "no file for the form can be made: Permission denied; set TMPDIR" in done.err


@pytest.mark.parametrize(
    "text", ["a\n\nb", "a\n   b\n# c", "a\n\n\n  b: c\n\nd", "a\n\tb \nc", "a:\n- b\n- c"]
)
def test_a_text_of_several_lines_is_not_changed_by_a_form_in_which_something_else_is(
    record: Path, text: str
) -> None:
    run(record, "edit", "grand-canal", f"note={text}")
    done = edit(record, "text = text.replace('kind: canal', 'kind: factory')", "edit", "grand-canal")
    assert done.code == 0, done.err
    assert "note" not in done.out
    (row,) = [one for one in json.loads(run(record, "export").out)["projects"] if one["id"] == "grand-canal"]
    assert (row["kind"], row["note"]) == ("factory", text)
    assert edit(record, "text = text.replace('a', 'changed', 1)", "edit", "grand-canal").code == 0


def test_a_project_is_added_in_a_form(record: Path) -> None:
    written = fill(name="Anju works", programme="20x10", year="2027", place="Anju", on="2026-11", note="New.")
    faulty = written.replace("Anju\n", "Atlantis\n")
    done = edit(record, f"text = {faulty!r} if turn == 0 else {written!r}", "add")
    assert done.code == 0, done.err
    lines = record.with_name("form1").read_text().splitlines()
    assert "there is no place 'Atlantis'" in "".join(line for line in lines if line.startswith("#! "))
    page = run_json(record, "show", "anju-works")
    assert (page["cohort"], page["kind"], page["timeline"][0]["note"]) == ("20x10-2027", "factory", "New.")
    assert list_kept(record) == []


def test_a_row_is_corrected_in_a_form(record: Path) -> None:
    script = (
        "text = text.replace('kind: canal', 'kind: dam') if turn == 0"
        " else text.replace('kind: dam', 'kind: canal').replace('\\nnote:', '\\nnote: Dug by hand.\\nold:')"
        " if turn == 1 else '\\n'.join(one for one in text.splitlines() if not one.startswith('old:'))"
    )
    done = edit(record, script, "edit", "grand-canal")
    assert done.code == 0, done.err
    first, second = (record.with_name(f"form{turn}").read_text().splitlines() for turn in (1, 2))
    for lines, key in ((first, "kind"), (second, "old")):
        at = next(number for number, line in enumerate(lines) if line.startswith("#! "))
        assert lines[at + 1].startswith(f"{key}:")
    page = run_json(record, "show", "grand-canal")
    assert (page["kind"], page["note"]) == ("canal", "Dug by hand.")
    assert list_kept(record) == []


def test_a_row_left_as_it_was_in_the_form_is_not_changed(record: Path) -> None:
    before = record.read_bytes()
    done = edit(record, "text = text", "edit", "grand-canal")
    assert (done.code, done.out, record.read_bytes()) == (0, "", before)
    assert "nothing was recorded" in done.err
