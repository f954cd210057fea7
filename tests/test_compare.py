"""The comparison of two programs finds every difference, and allows only those that are intended."""

import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest
from compare_cases import CASES, FILES, Alike, Meant
from compare_programs import (
    Case,
    Outcome,
    Setting,
    compare_all,
    judge,
    make_bases,
    read_cases,
    read_version,
    renew_database,
    renew_export,
    show_difference,
)
from compare_steps import STEPS
from each import is_long
from forking import find_launcher

ROOT = Path(__file__).parent.parent

ALTERED = """
case "$*" in
    "list songchon") nkplan "$@" | sed s/songchon-factories/songchon-fActories/ ;;
    "list usi"*) nkplan "$@"; echo "nkplan: more" >&2 ;;
    "list unpha"*) nkplan "$@"; exit 3 ;;
    "list hamju -f csv") nkplan "$@" | tr a-z A-Z ;;
    "list -o out.csv") nkplan "$@"; printf ' ' >> out.csv ;;
    "update usi"*) nkplan "$@"; rm -r home ;;
    "update unpha"*) nkplan "$@" --note more ;;
    *) nkplan "$@" ;;
esac
"""
"""A program that does most things as nkplan does, and some differently."""

SAME = """
list --limit 3
80x24 list kumya
update kumya idle --on 2026 --evidence expert ; show kumya -f json ; undo
backup
list orang -f tsv => list orang
"""
ALLOWED = """
list usi -f csv
list unpha -f csv
list hamju -f csv
"""
DIFFERENT = """
list songchon
80x24 list songchon
list usi
list unpha
list -o out.csv
update usi idle --on 2026
update unpha idle --on 2026
list orang => list kumya
list orang => list orang ; undo
"""
MEANT = (
    Meant("more is said", "list usi -*", "stderr", "", "nkplan: more\n"),
    Meant("another code", "list unpha -*", "code", "0", "3"),
    Alike("a letter is a letter", "[A-Za-z]", "x", "std*", "no case | list hamju *"),
    Meant("never seen", "list uns*", "stdout", "more", ""),
    Meant("what is put out is another", "list u*", "stdout", "", "nkplan: more\n"),
    Meant("from another code", "list u*", "code", "1", "3"),
)
"""Rules, of which only the first three are needed."""

STREAMS = {
    "list songchon": "stdout",
    "80x24 list songchon": "stdout",
    "list usi": "stderr",
    "list unpha": "code",
    "list -o out.csv": "files",
    "update usi idle --on 2026": "files",
    "update unpha idle --on 2026": "files",
    "list orang => list kumya": "stdout",
    "list orang => list orang ; undo": "OLD has 1 command lines and NEW 2",
}
"""Where each case of DIFFERENT differs, among other places."""


def make_program(path: Path, script: str) -> Path:
    """Write a program that calls the nkplan of this checkout."""
    call = f'nkplan() {{ "{find_launcher()}" "$@"; }}'
    path.write_text(f"#!/bin/sh\n{call}\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


SHORT_BASE = """
list ;
update songchon operating --on 2026-06 --source https://example.org/songchon --evidence imagery ;
undo
"""
"""A beginning of cases that takes less time than BASE, which each of these cases could have as well."""


@pytest.fixture(scope="module", autouse=True)
def short_base() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not is_long():
            patch.setattr("compare_programs.BASE", SHORT_BASE)
        yield


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Compare nkplan with a program that does some things differently."""
    folder = tmp_path_factory.mktemp("programs")
    old, new = make_program(folder / "old", 'nkplan "$@"'), make_program(folder / "new", ALTERED)
    cases = read_cases(SAME + ALLOWED + DIFFERENT)
    return {one.case: one for one in compare_all(old, new, cases, MEANT)}


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """Return the setting for comparing nkplan with itself."""
    folder = tmp_path_factory.mktemp("setting")
    program = make_program(folder / "nkplan", 'nkplan "$@"')
    return make_bases(program, program, folder)


@pytest.mark.parametrize("version", [1, 2])
def test_a_database_of_an_older_program_is_compared_as_the_new_one_upgrades_it(
    setting: Setting, tmp_path: Path, version: int
) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(lzma.decompress((ROOT / "tests" / "schemas" / f"v{version}.db.xz").read_bytes()))
    assert read_version(path) == version
    renew_database(path, setting)
    assert read_version(path) == setting.version


@pytest.mark.parametrize(
    ("lists", "start"),
    [
        (
            FILES["mills.json"].decode(),
            '{\n  "format": "nkplan/2",\n  "about": "A small record of another country.",\n  "kinds": ',
        ),
        (
            '{"format": "nkplan/1"}\n{"list": "sources", "id": "a", "evidence": "state-media"}\n',
            '{"format": "nkplan/2"}\n{"list": "sources", "id": "a", ',
        ),
    ],
    ids=["json", "jsonl"],
)
def test_an_export_in_an_older_format_is_compared_as_the_new_program_exports_it(
    setting: Setting, lists: str, start: str
) -> None:
    renewed = renew_export(lists, setting)
    assert renewed.startswith(start)
    assert '"evidence": "promiser"' in renewed
    assert "state-media" not in renewed
    assert renew_export(renewed, setting) == renewed
    assert renew_export(f"id\n{lists}", setting) == f"id\n{lists}"


def test_cases_with_the_same_output_have_no_failures(outcomes: dict[str, Outcome]) -> None:
    assert [outcomes[case.text].failures for case in read_cases(SAME)] == [()] * 5


@pytest.mark.parametrize("case", read_cases(DIFFERENT), ids=lambda case: case.text)
def test_every_difference_is_found(outcomes: dict[str, Outcome], case: Case) -> None:
    assert any(failure.startswith(STREAMS[case.text]) for failure in outcomes[case.text].failures)
    assert not outcomes[case.text].needed


def test_an_intended_difference_is_allowed_and_a_rule_that_no_case_needs_fails(
    outcomes: dict[str, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = [outcomes[case.text] for case in read_cases(ALLOWED)]
    assert [(one.failures, sorted(one.needed)) for one in allowed] == [((), [0]), ((), [1]), ((), [2])]
    assert judge(allowed, 3, MEANT[:3], all_run=True)
    assert not judge(allowed, 3, MEANT, all_run=True)
    assert "no case needs the rule for list uns* any more: never seen" in capsys.readouterr().out
    # If some cases were not run, which rules they need is not known.
    assert judge(allowed, 3, MEANT, all_run=False)


def test_a_difference_fails_and_is_shown(
    outcomes: dict[str, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not judge([outcomes["list songchon"]], 1, (), all_run=True)
    shown = capsys.readouterr().out
    assert "-id" not in shown
    assert "    +songchon-fActories" in shown
    assert "1 cases, 1 command lines: 1 differ" in shown


def test_of_a_long_line_only_the_part_that_differs_is_shown() -> None:
    shown = show_difference(f"same\n{'x' * 500}a\x1b{'y' * 500}\n", f"same\n{'x' * 500}b\x1b{'y' * 500}\n")
    assert "     same" in shown
    assert r"xa\x1by" in shown
    assert r"xb\x1by" in shown
    assert max(map(len, shown.splitlines())) < 200


def test_the_cases_name_existing_steps_and_use_every_file() -> None:
    cases = read_cases(CASES)
    lines = [line for case in cases for line in (*case.old, *case.new)]
    assert {line.step for line in lines if line.step} <= set(STEPS)
    words = {word for line in lines for word in (*line.words, line.stdin)}
    assert set(FILES) <= words
    assert len(cases) > 220
