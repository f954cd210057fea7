"""Completion, requested through the protocols of bash, zsh and fish."""

import sqlite3
import subprocess
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from each import for_each, sample
from program import NKPLAN, make_environment, run, run_json
from records import add_tags
from shells import BASH, FISH, ZSH, ask_fish, complete, describe, install, press_tab
from test_strict import list_parameters

from nkplan.cli.app import COMMANDS
from nkplan.reports.views import VIEWS
from nkplan.text import find_unsafe


@for_each("shell", ["bash", "zsh", "fish"])
@for_each(
    ("line", "offered"),
    [
        ("nkplan show song", ["songchon-factories"]),
        ("nkplan update kus", ["kusong-factories"]),
        ("nkplan update kusong --also ham", ["hamju-factories"]),
        ("nkplan update songchon comp", ["completed"]),
        ("nkplan update songchon idle --source kcna-", ["kcna-20240529"]),
        ("nkplan list --kind hosp", ["hospital"]),
        ("nkplan list --programme 20", ["20x10"]),
        ("nkplan list --status op", ["operating"]),
        ("nkplan list annou", ["announcements"]),
        ("nkplan list hosp", ["hospitals"]),
        ("nkplan list --verified no", ["none"]),
        ("nkplan list --evidence im", ["imagery"]),
        ("nkplan list --publisher Yon", ["Yonhap"]),
        ("nkplan list --speaker Ri", ["Ri Il Hwan"]),
        ("nkplan list --sort las", ["last_evidence"]),
        ("nkplan list updates --sort ev", ["event_date", "evidence"]),
        ("nkplan list updates --columns project,ev", ["project,event_date", "project,evidence"]),
        ("nkplan rep", ["report"]),
        ("nkplan report un", ["unverified"]),
        ("nkplan chart ", ["progress", "sites", "evidence"]),
        ("nkplan chart --by qu", ["quarter"]),
        ("nkplan chart -f s", ["svg"]),
        ("nkplan list -f s", []),
        ("nkplan map --names l", ["latin", "local"]),
        ("nkplan help jud", ["judging"]),
        ("nkplan check --only moved", ["moved-back"]),
        ("nkplan list --place song", ["songchon County", "songrim"]),
        ("nkplan list --place kp-02-song", ["kp-02-songchon"]),
        ("nkplan report --by reg", ["region"]),
        ("nkplan list --sort last", ["last_evidence"]),
        ("nkplan list --columns id,na", ["id,name"]),
        ("nkplan list --kind=hosp", ["hospital"]),
        ("nkplan update songchon --evidence auth", ["authority"]),
        ("nkplan undo gra", ["grand-canal"]),
        ("nkplan log 1", ["1"]),
    ],
)
def test_completion_offers_what_is_on_record(record: Path, shell: str, line: str, offered: list[str]) -> None:
    found = complete(record, shell, line)
    # Fish is given the whole word, the other shells what follows its `=`.
    found = [one.removeprefix("--kind=") for one in found]
    assert [one for one in found if one in offered] == offered
    assert all(line.rpartition(" ")[2].removeprefix("--kind=") in one for one in found)


def test_completion_without_a_database_offers_nothing_and_creates_none(tmp_path: Path) -> None:
    assert complete(tmp_path / "new.db", "bash", "nkplan show s") == []
    assert list(tmp_path.iterdir()) == []


def test_completion_offers_nothing_from_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database" * 100, "utf-8")
    assert complete(tmp_path / "x.db", "bash", "nkplan show s") == []


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_a_real_bash_accepts_the_completion_script(record: Path) -> None:
    command = f"{NKPLAN[0]} -m nkplan"
    script = f"""
        nkplan() {{ {command} "$@"; }}
        export -f nkplan
        source <(_NKPLAN_COMPLETE=source_bash {command})
        complete -p nkplan
    """
    environment = make_environment(record)
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "-F _nkplan_completion nkplan" in done.stdout


@pytest.mark.parametrize("line", ["nkplan --db {} list --kind hosp", "nkplan list --db {} --kind hosp"])
def test_completion_reads_the_database_that_db_names_and_creates_none(record: Path, line: str) -> None:
    assert complete(record.parent / "none.db", "bash", line.format(record.name)) == ["hospital"]
    assert complete(record, "bash", line.format("none.db")) == []
    assert [path.name for path in record.parent.iterdir()] == ["nkplan.db"]


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_a_real_bash_completes_a_command_line(record: Path) -> None:
    """The script of --show-completion, in a bash that finds nkplan on its PATH, as a user's does."""
    script = """
        eval "$(nkplan --show-completion)"
        offer() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _nkplan_completion nkplan
            printf '%s\n' "${COMPREPLY[@]}"
        }
        offer nkplan show songch
        offer nkplan list --kind hosp
        offer nkplan update songchon comp
        offer nkplan list --region Jag
    """
    environment = install(record) | {"SHELL": str(BASH)}
    done = subprocess.run(
        [str(BASH), "-c", script],
        env=environment,
        cwd=record.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["songchon-factories", "hospital", "completed", "Jagang"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("obstacle", ["home", "file", "text"])
def test_completion_that_cannot_be_installed_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, obstacle: str
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, f"/bin/{shell}"))
    home = tmp_path / "home"
    if obstacle == "home":
        home.write_text("not a folder", "utf-8")
        reason = f"{home}"
    else:
        home.mkdir()
        (home / ".config").write_text("not a folder", "utf-8")
        for name in (".bashrc", ".zshrc"):
            if obstacle == "file":
                (home / name).mkdir()
            else:
                (home / name).write_bytes(b"\xff\xfe")
        reason = "utf-8" if obstacle == "text" and shell != "fish" else str(home)
    done = run(tmp_path / "x.db", "--install-completion", HOME=str(home))
    assert (done.code, done.out) == (4, "")
    (line,) = done.err.splitlines()
    assert line.startswith("nkplan: cannot install completion: ")
    assert reason in line
    assert line.endswith("; correct that, or print the script with --show-completion and install it yourself")


def test_completion_is_installed_in_a_home_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    done = run(tmp_path / "x.db", "--install-completion")
    assert done.code == 0, done.err
    assert (tmp_path / ".bash_completions" / "nkplan.sh").exists()


SEVERAL = [
    (command, max(one.opts, key=len))
    for command, one in list_parameters()
    if str(one.metavar or "").endswith(",...") and one.name not in {"author", "publisher", "speaker"}
]
"""The options that take several values separated by commas, but for names, of which one may have a comma."""

NEEDED = {"search": "search factory"}


def test_these_options_take_several_values() -> None:
    filters = {"--kind", "--status", "--province", "--place", "--programme", "--year", "--tag"}
    more = {("search", "--list"), ("list", "--columns")}
    more |= {("list", option) for option in ("--claimed", "--verified", "--evidence")}
    commands = ("list", "report", "chart", "map")
    assert set(SEVERAL) == more | {(command, option) for command in commands for option in filters}


@for_each(
    ("shell", "command", "option"),
    sample((shell, *one) for shell, one in product(["bash", "zsh", "fish"], SEVERAL)),
)
def test_completion_goes_on_after_a_comma_without_the_values_already_written(
    record: Path, shell: str, command: str, option: str
) -> None:
    if option == "--tag" and not complete(record, shell, "nkplan list --tag "):
        add_tags(record)
    line = f"nkplan {NEEDED.get(command, command)} {option} "
    every = complete(record, shell, line)
    assert len(every) > 2
    first, second, *_ = every
    assert complete(record, shell, f"{line}{first},") == [f"{first},{one}" for one in every if one != first]
    after_two = complete(record, shell, f"{line}{first},{second},")
    assert after_two == [f"{first},{second},{one}" for one in every if one not in {first, second}]
    started = complete(record, shell, f"{line}{first},{second[:3]}")
    assert f"{first},{second}" in started
    assert all(one.startswith(f"{first},{second[:3]}") for one in started)


def test_completion_after_a_comma_gives_no_shell_what_it_would_run(record: Path) -> None:
    for typed in ("$(x),f", "`x`,f", "a;b,f"):
        assert complete(record, "zsh", f"nkplan list --kind {typed}") == []


@for_each("shell", ["zsh", "fish"])
@for_each(
    ("line", "offered", "description"),
    [
        ("nkplan show songchon-f", "songchon-factories", "Songchon County 성천군, operating"),
        ("nkplan show 20x10-2024", "20x10-2024", "20x10 factories, 2024, cohort"),
        ("nkplan update songchon --source kcna-20240529", "kcna-20240529", "각지에 전개된 조선인민군"),
        ("nkplan list --place kp-02-song", "kp-02-songchon", "Songchon County 성천군, South Pyongan"),
        ("nkplan list --place songchon\\ C", "songchon County", "Songchon County 성천군, South Pyongan"),
        ("nkplan show kcna.", "kcna.kp", "KCNA"),
        ("nkplan rep", "report", COMMANDS["report"]),
        ("nkplan report sli", "slips", VIEWS["slips"].question),
        ("nkplan list --status op", "operating", "in use"),
        ("nkplan help conf", "config", "the config file"),
        ("nkplan log 1", "1", " first, first run: the record that comes with nkplan"),
    ],
)
def test_beside_an_id_stands_what_a_reader_recognises_it_by(
    record: Path, shell: str, line: str, offered: str, description: str
) -> None:
    assert description in describe(record, shell, line)[offered]


def test_beside_a_tag_stands_how_many_projects_have_it(record: Path) -> None:
    run(record, "tag", "grand-canal", "to visit", "doubtful")
    run(record, "tag", "songchon", "doubtful")
    offered = describe(record, "zsh", "nkplan list --tag ")
    assert offered == {"doubtful": "2 projects", "to visit": "1 project"}


def test_undo_is_offered_what_can_be_undone_and_redo_what_was(record: Path) -> None:
    """The last change first, with when it was made, by whom, and what it did."""
    for number, month in enumerate(("01", "02", "03"), 2):
        done = run(
            record, "update", "grand-canal", "idle", "--on", f"2026-{month}", "--evidence", "expert",
            LOGNAME="kim",
        )  # fmt: skip
        assert done.code == 0, number
    run(record, "undo", "3", LOGNAME="lee")
    undone = describe(record, "fish", "nkplan undo ", TZ="UTC")
    assert list(undone) == ["4", "2", "1"]
    assert undone["4"].endswith(" kim, update: grand-canal: 2026-03, idle, expert, unsourced")
    redone = describe(record, "fish", "nkplan redo ")
    assert list(redone) == ["5", "3"]
    assert redone["5"].endswith(" lee, undo: undid change 3: grand-canal: 2026-02, idle, expert, unsourced")
    assert list(describe(record, "zsh", "nkplan undo 4")) == ["4"]


def test_undo_is_offered_the_updates_whose_id_begins_as_typed(record: Path) -> None:
    ids = [update["id"] for update in run_json(record, "show", "songchon")["timeline"]]
    offered = describe(record, "zsh", f"nkplan undo {ids[0][:6]}")
    assert offered[ids[0]].startswith("songchon-factories, ")


OWN = """
[reports.mine]
args = "slips --kind hospital"
[reports.worst]
args = "next --limit 3"
["reports"."$(touch hacked)"]
args = "next"
"""


def test_the_own_reports_of_the_config_file_are_offered_among_the_views(record: Path) -> None:
    config = record.with_name("config.toml")
    config.write_text(OWN.replace('["reports"."$(touch hacked)"]\nargs = "next"\n', ""), "utf-8")
    every = describe(record, "fish", "nkplan report ", NKPLAN_CONFIG=str(config))
    assert list(every) == [*VIEWS, "mine", "worst"]
    assert every["mine"] == "slips --kind hospital"
    config.write_text(OWN, "utf-8")
    assert list(describe(record, "zsh", "nkplan report ", NKPLAN_CONFIG=str(config)))[:2] == [*VIEWS][:2]


HOSTILE = (
    "$(touch hacked) `touch hacked` ; touch hacked ' \" \\ a:b \t tab\nnew line \x1b[31m \u202eevil"
    " *?[x]{a,b} [bold] %F{red} !! #c &"
)


def load_hostile(db: Path) -> None:
    """Record a source with a title that a shell or terminal could act on, as another program can."""
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(
            "INSERT OR IGNORE INTO sources (id, folded, title, published, change_id)"
            " VALUES (?, ?, ?, '2024', 1)",
            ("hostile-source", "hostile-source", HOSTILE),
        )
        connection.commit()


@for_each("shell", ["bash", "zsh", "fish"])
def test_no_description_has_what_a_shell_or_terminal_would_act_on(record: Path, shell: str) -> None:
    load_hostile(record)
    offered = describe(record, shell, "nkplan show hostile-s")
    assert list(offered) == ["hostile-source"]
    text = offered["hostile-source"]
    assert find_unsafe(text) is None
    assert not set(text) & set("\t\n")
    if shell != "bash":
        assert text.startswith("$(touch hacked) `touch hacked` ; touch hacked ' \" \\ a:b tab new line ")


def test_a_long_description_is_cut(record: Path) -> None:
    for text in describe(record, "fish", "nkplan show kcna-").values():
        assert len(text) <= 100


needs_zsh = pytest.mark.skipif(ZSH is None, reason="there is no zsh here")
needs_fish = pytest.mark.skipif(FISH is None, reason="there is no fish here")
needs_bash = pytest.mark.skipif(BASH is None, reason="there is no bash here")

TYPED = [
    ("nkplan list --columns id,na", "nkplan list --columns id,name"),
    ("nkplan list --kind=hosp", "nkplan list --kind=hospital"),
    ("nkplan list --kind hospital,fa", "nkplan list --kind hospital,factory"),
    ("nkplan list --region 'South P", "nkplan list --region 'South Pyongan"),
    ("nkplan list --region South\\ Py", "nkplan list --region South\\ Pyongan"),
    ("nkplan show songchon-f", "nkplan show songchon-factories"),
    ("nkplan add quota within=20x", "nkplan add quota within=20x10"),
    ("nkplan add quota within=20x10 lab", "nkplan add quota within=20x10 label="),
    ("nkplan edit grand-canal na", "nkplan edit grand-canal name="),
]
"""What is typed before a tab, and what is there after it."""


@pytest.mark.sampled
@pytest.mark.parametrize(
    "shell", [pytest.param("bash", marks=needs_bash), pytest.param("zsh", marks=needs_zsh)]
)
@pytest.mark.parametrize(("typed", "there"), TYPED)
def test_a_tab_in_a_real_shell_completes_what_is_typed(
    record: Path, shell: str, typed: str, there: str
) -> None:
    screen = press_tab(record, shell, typed, there)
    assert screen[-1].removeprefix("> ").startswith(there)


@needs_zsh
def test_a_real_zsh_shows_descriptions_beside_ids_and_runs_no_part_of_them(record: Path) -> None:
    load_hostile(record)
    run(record, "add", "source", "id=hostile-second", "title=Second: 성천군", "url=https://example.org/2")
    screen = press_tab(record, "zsh", "nkplan show hostile-s", "-- Second")
    first, second = screen[1:]
    assert first == "hostile-second  -- Second: 성천군"
    shown = "hostile-source  -- $(touch hacked) `touch hacked` ; touch hacked ' \" \\ a:b tab new line "
    assert second.startswith(shown)
    assert not (record.parent / "hacked").exists()


@needs_fish
def test_a_real_fish_shows_descriptions_beside_ids_and_runs_no_part_of_them(record: Path) -> None:
    load_hostile(record)
    assert ask_fish(record, "nkplan show songchon-f") == {
        "songchon-factories": "Songchon County 성천군, operating"
    }
    (text,) = ask_fish(record, "nkplan show hostile-s").values()
    assert text.startswith("$(touch hacked) `touch hacked` ; touch hacked ' \" \\ a:b tab new line ")
    assert ask_fish(record, "nkplan list --kind=hosp") == {"--kind=hospital": ""}
    assert ask_fish(record, "nkplan list --columns id,na") == {"id,name": ""}
    assert not (record.parent / "hacked").exists()
