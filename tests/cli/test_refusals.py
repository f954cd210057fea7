"""An error gets one sentence and its exit code, and nothing is written."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from each import for_each
from processes import run_into
from program import NKPLAN, Done, make_environment, run

KNOWN = ("--source", "kcnaw-ownproducts")


def check_refusal(done: Done, code: int, *parts: str) -> None:
    """Check that a run was refused in one sentence on stderr, with any list indented under it."""
    first, *details = done.err.splitlines()
    assert done.code == code, done.err
    assert done.out == ""
    assert first.startswith("nkplan: ")
    assert all(line.startswith("  ") for line in details), done.err
    assert "Traceback" not in done.err
    for part in parts:
        assert part in done.err


REFUSALS = [
    # dates
    (("update", "songchon", "idle", "--on", "2024-02-30"), 2, ("--on: 2024-02-30", "29 days")),
    (("update", "songchon", "idle", "--on", "2024-13"), 2, ("no month 13",)),
    (("update", "songchon", "idle", "--on", "03/04/2024"), 2, ("ambiguous", "2024-04-03 or 2024-03-04")),
    (("update", "songchon", "idle", "--on", "2026-11-25"), 2, ("in the future", "2026-11-24")),
    (("update", "songchon", "idle", "--on", "2027"), 2, ("in the future",)),
    (("update", "songchon", "idle", "--on", "soon"), 2, ("'soon' is not a date", "2024-Q3")),
    (("update", "songchon", "--promised", "2025-00"), 2, ("--promised", "no month 00")),
    (("update", "songchon", "--promised", "2027/2026"), 2, ("--promised", "write 2026/2027")),
    (("update", "songchon", "idle", "--on", "../2027"), 2, ("--on: ../2027 is in the future",)),
    (("update", "songchon", "idle", "--on", "2024-03/"), 2, ("--on", "write 2024-03/..")),
    (("update", "songchon", "completed", "--seen", "2026-11-25"), 2, ("--seen", "in the future")),
    (("update", "songchon", "completed", "--seen", "2024-03/2024-06"), 2, ("--seen", "such as 2024-06")),
    (
        ("update", "songchon", "idle", "--seen", "2025", "--on", "2025"),
        2,
        ("--on and --seen are both given",),
    ),
    (("list", "--as-of", "2024-03/.."), 2, ("--as-of", "open side; name one day, as in 2024-03")),
    (("list", "--known-on", "../2024-03-15"), 2, ("--known-on", "name one day, as in 2024-03-15")),
    (("report", "changes", "--since", "../2024"), 2, ("--since", "name one day, as in 2024")),
    (
        ("update", "songchon", "idle", "--on", "2025", "--source", "https://e.org/x", "--published", "2027"),
        2,
        ("--published: 2027 is in the future",),
    ),
    # numbers and words
    (("update", "songchon", "--percent", "101"), 2, ("101", "0 to 100")),
    (("update", "songchon", "--percent=-1"), 2, ("-1", "0 to 100")),
    (("update", "songchon", "--percent", "nan"), 2, ("nan", "0 to 100")),
    (("update", "songchon", "--percent", "half"), 2, ("'half'", "0 to 100")),
    (("update", "songchon", "complete"), 2, ("no status 'complete'", "did you mean completed?", "paused")),
    (("update", "songchon", "xyz"), 2, ("no status 'xyz'", "announced, preparing, groundbroken")),
    (("update", "songchon", "idle", "--evidence", "satelite"), 2, ("did you mean imagery?",)),
    (("update", "songchon", "idle", "--confidence", "sure"), 2, ("high, medium and low",)),
    (("update", "songchon"), 2, ("the update is empty",)),
    (("update", "songchon", "--note", "a\x1b[31mb"), 2, ("--note", "U+001B")),
    (("update", "songchon", "--note", "  "), 2, ("--note", "empty")),
    # ids
    # Twenty factories a year in three years, and the model in Kimhwa.
    (("update", "factories", "idle"), 3, ("can be any of 61 projects", "\n  songchon-factories")),
    (("update", "songchn", "idle"), 3, ("no project 'songchn'; did you mean songchon-factories?",)),
    (("list", "--place", "Songchn"), 3, ("no place 'Songchn'; did you mean kp-02-songchon?",)),
    (("list", "--programme", "21x10"), 3, ("no programme '21x10'; did you mean 20x10?",)),
    (("show", "kncaw-ownproducts"), 3, ("'kncaw-ownproducts'; did you mean kcnaw-ownproducts?",)),
    (("list", "--kind", "power"), 2, ("no kind 'power'; did you mean power-station?",)),
    (("update", "nowhere", "idle"), 3, ("no project 'nowhere'", "nkplan list")),
    (("update", "songchon", "idle", "--also", "nowhere"), 3, ("no project 'nowhere'",)),
    (("update", "", "idle"), 2, ("ID is empty; write something",)),
    (("show", "nowhere"), 3, ("'nowhere'",)),
    (("show", "Unsan County"), 3, ("kp-02-unsan  Unsan County, South Pyongan", "North Pyongan")),
    (("undo", "zzzz"), 3, ("no update zzzz",)),
    (("undo", "a"), 3, ("can be the id of", "write more of it")),
    (("undo",), 3, ("nothing to undo",)),
    # sources
    (("update", "songchon", "idle", "--source", "nowhere"), 3, ("no source 'nowhere'", "https://")),
    (("update", "songchon", "idle", "--source", "ftp://e.org/x"), 2, ("is not a link", "https://")),
    (("update", "songchon", "idle", "--source", "javascript://e.org/x"), 2, ("is not a link",)),
    (("update", "songchon", "idle", "--title", "T"), 2, ("--title describes a new source", "--source")),
    (("update", "songchon", "idle", *KNOWN, "--title", "T"), 2, ("--title", "is already on record")),
    # filters
    (("list", "--kind", "hospitl"), 2, ("did you mean hospital?", "canal")),
    (("list", "--kind", "railway"), 2, ("no kind 'railway'", "canal", "power-station")),
    (("list", "--status", "finishd"), 2, ("no status 'finishd'", "completed")),
    (("list", "--region", "Narnia"), 2, ("no region 'Narnia'", "Jagang", "South Pyongan")),
    (("list", "--programme", "50x50"), 3, ("no programme '50x50'",)),
    (("list", "--year", "2030"), 2, ("nothing belongs to the year 2030", "2024")),
    (("list", "--sort", "colour"), 2, ("no column 'colour'", "last_evidence", "updates")),
    (("list", "--columns", "id,colour"), 2, ("no column 'colour'", "updates")),
    (("list", "--columns", ","), 2, ("--columns: it names no column",)),
    (("list", "--limit", "-1"), 2, ("--limit: '-1' is not possible; write a whole number, 0 or more",)),
    (("list", "--months", "1.5"), 2, ("--months: '1.5' is not possible; write a whole number, 0 or more",)),
    (("list", "--year", "999"), 2, ("--year: '999' is not a year; write a number from 1000 to 2999",)),
    (("list", "--silent", "36"), 2, ("--silent takes no number; write --silent --months 36",)),
    (("report", "--by", "mood"), 2, ("no group 'mood'", "region")),
    (("report", "speed"), 2, ("no view 'speed'", "pace")),
    (("report", "--since", "2024"), 2, ("write nkplan report changes --since 2024",)),
    (("report", "changes"), 2, ("--since", "2025-12-31")),
    (("report", "changes", "--since", "2027"), 2, ("--since", "2027", "2026-11-24")),
    (("report", "silent", "--by", "year"), 2, ("write nkplan report progress --by year",)),
    (("report", "--as-of", "tomorrow"), 2, ("--as-of: 2026-11-25 is in the future",)),
    (("list", "--known-on", "2026-11-25"), 2, ("--known-on", "in the future", "2026-11-24")),
    (("show", "20x10", "--as-of", "2010"), 3, ("20x10", "as of 2010-12-31")),
    (("list", "--place", "Unsan"), 3, ("2 places", "region", "\n  kp-02-unsan", "\n  kp-03-unsan")),
    (("list", "--place", "Nowhere"), 3, ("no place 'Nowhere'",)),
    (("list", "--year", "soon"), 2, ("--year", "'soon' is not a year", "none")),
    (("list", "--counted", "claimed"), 2, ("--counted", "complete_claimed")),
    # adding
    (("add", "X", "--kind", "railway"), 2, ("no kind 'railway'", "--new-kind")),
    (("add", "X"), 2, ("--kind is missing",)),
    (("add", "성천", "--kind", "factory"), 2, ("no id can be made", "--id")),
    (("add", "성천군 2호 발전소", "--kind", "factory"), 2, ("no id can be made", "--id")),
    (
        ("update", "songchon", "--percent", "100.0000001"),
        2,
        ("'100.0000001' is not a percentage", "0 to 100"),
    ),
    (("add", "X", "--kind", "factory", "--id", "20x10"), 2, ("20x10 is already taken",)),
    (("add", "X", "--kind", "factory", "--id", "a b"), 2, ("'a b' is not an id", "a-b")),
    (("add", "X", "--kind", "factory", "--place", "Atlantis"), 3, ("no place 'Atlantis'",)),
    (("add", "X", "--kind", "factory", "--place", "Unsan"), 3, ("can be any of 2 places", "kp-03-unsan")),
    (
        ("add", "X", "--kind", "factory", "--type", "cohort", "--on", "2026"),
        2,
        ("--programme is missing: a cohort belongs to a programme",),
    ),
    (("add", "X", "--kind", "factory", "--year", "24"), 2, ("24 is not a year",)),
    (
        ("add", "X", "--type", "cohort", "--programme", "20x10", "--year", "2025", "--on", "2026"),
        2,
        ("--year: 20x10 already has a cohort of 2025, 20x10-2025",),
    ),
    # the command line
    (("list", "--kin", "factory"), 2, ("--kin", "--kind")),
    (("lst",), 2, ("no command 'lst'", "write nkplan list")),
    (("update",), 2, ("ID is missing; name a project",)),
    (("load", "nothing.json"), 2, ("cannot read nothing.json",)),
    (("list", "-o", "nowhere/x.csv"), 4, ("cannot write to nowhere/x.csv",)),
    (("list", "-o", "."), 4, ("cannot write to .: it is a directory",)),
]


@for_each(("arguments", "code", "parts"), REFUSALS)
def test_an_error_is_reported_in_one_sentence_and_nothing_is_written(
    record: Path, arguments: tuple[str, ...], code: int, parts: tuple[str, ...]
) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    # A notice about a default may come before a refusal, never after it.
    *_, last = [line for line in done.err.splitlines() if line.startswith("nkplan: ")]
    told = done.err[done.err.index(last) :]
    check_refusal(Done(done.code, done.out, told), code, *parts)
    assert record.read_bytes() == before
    assert [path.name for path in record.parent.iterdir()] == ["nkplan.db"]


def test_a_faulty_file_is_refused_whole_with_the_position_of_every_fault(record: Path) -> None:
    before = record.read_bytes()
    rows = [
        '{"project": "songchon-factories", "event_date": "2025-13", "status": "done"}',
        '{"project": "songchon-factories", "event_date": "2025", "note": "fine"}',
        '{"project": "nowhere", "event_date": "2025", "note": "x", "source": "nobody"}',
    ]
    text = '{"format": "nkplan/2",\n"updates": [\n' + ",\n".join(rows) + "\n]}\n"
    done = run(record, "load", "-", stdin=text.encode())
    check_refusal(done, 2, "standard input: 4 faults, so nothing was written")
    details = done.err.splitlines()[1:]
    assert [line.split(": ")[0].strip() for line in details] == [
        "updates[0], line 3",
        "updates[0], line 3",
        "updates[2], line 5",
        "updates[2], line 5",
    ]
    assert "no month 13" in details[0]
    assert "no status 'done'" in details[1]
    assert "no project nowhere" in details[2]
    assert "no source nobody" in details[3]
    assert record.read_bytes() == before


def test_a_row_that_conflicts_with_the_database_is_a_fault_that_shows_both(record: Path) -> None:
    row = {
        "id": "songchon-factories",
        "name": "Other",
        "type": "site",
        "kind": "canal",
        "parent": "20x10-2024",
    }
    text = json.dumps({"format": "nkplan/2", "projects": [row | {"place": "kp-02-songchon"}]})
    done = run(record, "load", "-", stdin=text.encode())
    check_refusal(
        done,
        2,
        "'Other' here and 'Songchon regional factories' in the database",
        "'canal' here and 'factory'",
    )


def test_a_database_of_another_program_is_refused_unchanged(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")
    before = other.read_bytes()
    for arguments in (("list",), ("update", "songchon", "idle"), ("undo",)):
        check_refusal(run(other, *arguments), 5, "another program", "--db")
    assert other.read_bytes() == before


def test_a_newer_database_is_refused_unchanged(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    before = record.read_bytes()
    for arguments in (("list",), ("update", "songchon", "idle"), ("undo",)):
        check_refusal(run(record, *arguments), 5, "newer nkplan", "upgrade")
    assert record.read_bytes() == before


def test_a_path_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are my notes, and no database at all. " * 20, "utf-8")
    check_refusal(run(text, "list"), 5, "is not an nkplan database")
    assert text.read_text("utf-8").startswith("These are my notes")
    check_refusal(run(text, "list", "--db", str(tmp_path)), 4, "is a directory")
    gone = tmp_path / "gone" / "x.db"
    check_refusal(run(text, "--db", str(gone), "list"), 3, f"there is no database {gone}")
    check_refusal(run(text, "--db", str(gone), "init"), 4, "there is no folder")
    check_refusal(run(text, "list", NKPLAN_DB=str(gone)), 4, "there is no folder")


TELLING = [["list"], ["help"], ["help", "list"], ["help", "record"], [], ["--help"], ["--version"]]


@pytest.mark.parametrize("words", TELLING, ids=" ".join)
def test_output_to_a_full_disk_is_reported(record: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = run_into(full.fileno(), record, *words)
    assert code == 4
    assert b"the output cannot be written" in said
    assert b"Traceback" not in said


@pytest.mark.parametrize("words", TELLING[:5], ids=" ".join)
def test_a_closed_output_is_reported(record: Path, words: list[str]) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *NKPLAN, *words],
        stderr=subprocess.PIPE,
        env=make_environment(record),
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr.startswith(b"nkplan: standard output is closed")


EVERY_COMMAND = [
    ("list",),
    ("show", "songchon"),
    ("report",),
    ("add", "Dam", "--kind", "canal", "--on", "2026"),
    ("update", "songchon", "idle", "--on", "2026"),
    ("undo",),
    ("load", "-"),
]


@pytest.mark.parametrize("arguments", EVERY_COMMAND, ids=lambda arguments: arguments[0])
def test_no_command_changes_a_newer_database_or_that_of_another_program(
    record: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE mine (x)")
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    for db, words in ((other, "another program"), (record, "newer nkplan")):
        before = db.read_bytes()
        check_refusal(run(db, *arguments, stdin=b'{"format": "nkplan/2"}'), 5, words)
        assert db.read_bytes() == before


def test_a_folder_as_output_is_refused_and_left_empty(record: Path) -> None:
    folder = record.parent / "folder"
    folder.mkdir()
    check_refusal(run(record, "list", "-o", str(folder)), 4, "cannot write to")
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in record.parent.iterdir()) == ["folder", "nkplan.db"]


OUTPUTS = [
    ("list", "-f", "csv"),
    ("show", "unpha", "-f", "md"),
    ("report", "-f", "json"),
    ("search", "canal", "-f", "tsv"),
    ("check", "--repair", "-f", "csv"),
    ("export", "-f", "json"),
]


@pytest.mark.parametrize("arguments", OUTPUTS, ids=lambda arguments: arguments[0])
def test_no_output_overwrites_the_database(record: Path, arguments: tuple[str, ...]) -> None:
    before = record.read_bytes()
    link, second = record.with_name("link.csv"), record.with_name("second.csv")
    link.symlink_to(record.name)
    second.hardlink_to(record)
    names = [record, link, second, Path(f"./{record.name}"), Path(f"{record}-journal")]
    # The last case opens the database by a link and writes to its real name.
    for db, name in [*((record, name) for name in names), (link, record)]:
        done = run(db, *arguments, "-o", str(record.parent / name))
        check_refusal(done, 2, "--output: ", "is the database", "name another file")
    assert record.read_bytes() == before
    assert {path.name for path in record.parent.iterdir()} == {record.name, link.name, second.name}


def test_no_output_overwrites_a_database_that_does_not_exist_yet(tmp_path: Path) -> None:
    db = tmp_path / "record.json"
    check_refusal(run(db, "export", "-o", str(db)), 2, "is the database")
    assert list(tmp_path.iterdir()) == []


def test_an_invalid_nkplan_today_is_refused(record: Path) -> None:
    check_refusal(run(record, "list", NKPLAN_TODAY="soon"), 2, "NKPLAN_TODAY", "2024-03-15")


def test_a_number_too_long_to_read_is_a_fault_in_the_file(record: Path) -> None:
    row = f'{{"project": "songchon-factories", "event_date": "2026", "percent": {"9" * 5000}}}'
    text = f'{{"format": "nkplan/2", "updates": [{row}]}}'
    check_refusal(run(record, "load", "-", stdin=text.encode()), 2, "1 fault", "line 1")


@pytest.mark.parametrize("part", ["0", "a"])
def test_a_part_of_very_many_ids_says_more_than_20(record: Path, part: str) -> None:
    with closing(sqlite3.connect(record)) as connection:
        (many,) = connection.execute("SELECT sum(instr(id, ?) > 0) FROM updates", [part]).fetchone()
    first = run(record, "undo", part).err.splitlines()[0]
    assert many > 50
    assert f"{part} can be the id of more than 20 updates" in first
