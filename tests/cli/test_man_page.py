"""`nkplan help --man` prints the manual as a man page."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from each import for_each
from program import ROOT, run, show
from test_strict import list_parameters

from nkplan.cli.app import COMMANDS
from nkplan.errors import NkplanError
from nkplan.manual import TOPICS, read_topic
from nkplan.render.man import CommandHelp, Program, escape, find_newest_day, write_man_page
from nkplan.reports.views import VIEWS

MANDOC = shutil.which("mandoc")

SECTIONS = [
    "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES",
    *(read_topic(topic).split("\n")[0].removeprefix("# ").upper() for topic in TOPICS if topic != "commands"),
]  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = run(tmp_path_factory.mktemp("man") / "nkplan.db", "help", "--man")
    assert (done.code, done.err) == (0, "")
    return done.out


def read_plain(page: str) -> str:
    """Return what a reader sees of a page, without its macros and fonts."""
    text = re.sub(r"^\.(SH|SS|IP) \"(.*?)\"( 4)?$", r"\2", page, flags=re.MULTILINE)
    text = re.sub(r"^\.[A-Z]?[a-zA-Z]+.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\\f[BIR]|\\&", "", text).replace("\\(bu", "-").replace("\\(dq", '"')
    return text.replace("\\-", "-").replace("\\e", "\\")


def split_parts(page: str, macro: str) -> dict[str, str]:
    """Return the parts of a page that begin with a macro, by their titles."""
    parts = re.split(rf'^\.{macro} "(.*)"\n', page, flags=re.MULTILINE)[1:]
    return {read_plain(title): text for title, text in zip(parts[::2], parts[1::2], strict=True)}


def test_the_page_has_the_usual_sections_and_one_for_each_topic(page: str) -> None:
    assert list(split_parts(page, "SH")) == SECTIONS
    parts = split_parts(split_parts(page, "SH")["COMMANDS"], "SS")
    assert list(parts) == [f"nkplan {name}" for name in COMMANDS]


@pytest.mark.skipif(MANDOC is None, reason="there is no mandoc here")
def test_mandoc_has_nothing_to_warn_of(page: str, tmp_path: Path) -> None:
    (tmp_path / "nkplan.1").write_text(page, "utf-8")
    command = [str(MANDOC), "-T", "lint", "-W", "warning", "nkplan.1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_command_and_option_of_help_is_in_the_page(page: str) -> None:
    parts = split_parts(split_parts(page, "SH")["COMMANDS"], "SS")
    plain = {name: read_plain(text) for name, text in parts.items()}
    plain["nkplan "] = read_plain(split_parts(page, "SH")["DESCRIPTION"])
    for command, parameter in list_parameters():
        text = plain[f"nkplan {command}"]
        if parameter.param_type_name == "option":
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"^(?:-\w, |--[\w-]+, )*{option}\b", text, re.MULTILINE), (command, option)
        assert re.sub(r"\W+", " ", parameter.help) in re.sub(r"\W+", " ", text), (command, parameter)
    for option in ("--db FILE", "--no-pager", "--version", "--install-completion", "-h, --help"):
        assert f"\n{option}" in plain["nkplan "]
    for view in VIEWS:
        assert f"\n{view}\n{VIEWS[view].question}" in plain["nkplan report"]


def list_words(markdown: str) -> Iterator[str]:
    """Yield the words of a page of the manual, but for comments and the heads of tables of two columns."""
    text = re.sub(r"<!--.*?-->|^```\w+$", "", markdown, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"\w+", re.sub(r"^\|[^|\n]*\|[^|\n]*\|\n(?=\|-)", "", text, flags=re.MULTILINE))


@for_each("topic", [topic for topic in TOPICS if topic != "commands"])
def test_every_word_of_a_topic_is_in_its_section(page: str, topic: str) -> None:
    text = read_topic(topic)
    sections = split_parts(page, "SH")
    shown = sections[text.split("\n")[0].removeprefix("# ").upper()]
    if topic == "config":  # Two of its tables have sections of their own.
        shown += sections["ENVIRONMENT"] + sections["FILES"] + " environment variable file what it is sets"
    there = set(re.findall(r"\w+", read_plain(shown)))
    assert set(list_words(text.split("\n", 1)[1])) - there == set()


def test_the_exit_codes_and_the_variables_are_all_there(page: str) -> None:
    sections = split_parts(page, "SH")
    codes = {NkplanError.exit_code, 0, 1, 3, 4, 5, 130}
    terms = re.findall(r"^\.TP\n(.*)$", sections["EXIT STATUS"], re.MULTILINE)
    assert {int(read_plain(term)) for term in terms} == codes
    source = "".join(path.read_text("utf-8") for path in (ROOT / "nkplan").rglob("*.py"))
    named = set(re.findall(r'"(NKPLAN_[A-Z]+|PAGER|VISUAL|EDITOR)"', source))
    assert {"NKPLAN_DB", "NKPLAN_CONFIG", "NKPLAN_PAGER", "NKPLAN_TODAY"} <= named
    for variable in named:
        assert re.search(rf"(\\fB|, ){variable}\b", sections["ENVIRONMENT"], re.MULTILINE), variable
    assert "config.toml" in sections["FILES"]
    assert "nkplan.db" in sections["FILES"]


def test_every_example_is_that_of_a_help(page: str, record: Path) -> None:
    examples = re.findall(r"^\.nf\n(.*?)^\.fi", split_parts(page, "SH")["EXAMPLES"], re.MULTILINE | re.DOTALL)
    helps = "".join(run(record, name, "--help").out for name in COMMANDS)
    assert len(examples) == len(COMMANDS)
    for example in examples:
        for line in read_plain(example).splitlines():
            assert line.strip() in helps


def test_the_page_is_dated_by_the_newest_dated_entry_of_the_changelog(page: str) -> None:
    assert page.split("\n", maxsplit=1)[0] == '.TH NKPLAN 1 2026-11-24 "nkplan 0.2.0" "Manual of nkplan"'
    changelog = "# Changelog\n\n## Not yet released\n\n## 0.4.0, 2027-01-31\n\n## 0.3.0, 2026-12-24\n"
    assert find_newest_day(changelog) == "2027-01-31"


def test_the_page_is_the_same_on_every_machine(page: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("author = 'Kim'\n[reports.mine]\nargs = 'use'\n", "utf-8")
    environment = {
        "HOME": "/somewhere/else", "COLUMNS": "40", "TZ": "Asia/Pyongyang", "LANG": "ko_KR.UTF-8",
        "NKPLAN_TODAY": "2031-01-01", "NKPLAN_CONFIG": str(config), "LOGNAME": "somebody",
    }  # fmt: skip
    assert run(tmp_path / "other.db", "help", "--man", stdin=b"", **environment).out == page
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    shown = show(tmp_path / "nkplan.db", 60, "help", "--man", height=4000)
    assert shown.raw.decode().replace("\r\n", "\n") == page
    assert "/tmp" not in page  # noqa: S108
    assert "/home" not in page


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (".TH is no macro here", "\\&.TH is no macro here"),
        ("'tis", "\\&'tis"),
        ("a\\b", "a\\eb"),
        ("--as-of", "\\-\\-as\\-of"),
        ("...", "\\&..."),
        ("in. the 'middle'", "in. the 'middle'"),
    ],
)
def test_what_roff_would_act_on_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_no_line_of_the_page_is_a_macro_or_an_escape_that_is_not_meant(page: str) -> None:
    macros = {re.match(r"\.(\w+)", line) for line in page.splitlines() if line.startswith((".", "'"))}
    names = {found and found[1] for found in macros}
    assert names <= {"TH", "SH", "SS", "TP", "IP", "PP", "RS", "RE", "nf", "fi", "br", "nh", "ad"}
    escapes = set(re.findall(r"\\(?:f.|\(..|.)", page))
    assert escapes <= {r"\fB", r"\fR", r"\fI", r"\-", r"\e", r"\&", r"\(bu", r"\(dq"}
    body = page.split("\n", 1)[1]
    assert re.findall(r"(?<!\\)-", body) == []


MARKDOWN = """# Title

A `--flag` and **bold `code`**, [a link](https://example.org/a-b), `` a`b ``, 2 * 3 * 4.
.start of a line

| first | second |
|---|---|
| `a\\|b` | x |

- one
  goes on
- two

1. first

```
.code - 'as is' \\\\n

'end
```

## More-of it
"""


def test_the_markdown_of_the_manual_becomes_macros(page: str) -> None:
    lines = page.split("\n")
    assert lines[lines.index('.SH "NAME"') + 1] == (
        "nkplan \\- track what was promised, claimed and verified"
    )
    topics = {topic: read_topic(topic) for topic in TOPICS} | {"words": MARKDOWN}
    written = write_man_page(Program("1", "it", CommandHelp("nkplan", [], {}), {}), topics)
    section = written.split('.SH "TITLE"\n')[1].split('\n.SH "')[0]
    assert section.split("\n") == [
        (
            "A \\fB\\-\\-flag\\fR and \\fBbold code\\fR, a link <https://example.org/a\\-b>, \\fBa`b\\fR, "
            "2 * 3 * 4. .start of a line"
        ),
        ".TP", "\\fBa|b\\fR", "x",
        '.IP "\\(bu" 4', "one goes on",
        '.IP "\\(bu" 4', "two",
        '.IP "1." 4', "first",
        ".PP", ".RS 4", ".nf", "\\&.code \\- 'as is' \\e\\en", "", "\\&'end", ".fi", ".RE",
        '.SS "More\\-of it"',
    ]  # fmt: skip


def test_the_page_is_of_the_whole_manual(record: Path) -> None:
    done = run(record, "help", "words", "--man")
    assert (done.code, done.out) == (2, "")
    assert done.err == "nkplan: --man prints all of the manual; leave words out\n"
