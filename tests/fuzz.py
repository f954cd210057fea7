"""Feeds random input to everything that reads other people's text; stops at the first undocumented failure.

    python tests/fuzz.py 100000             100,000 inputs, an equal part for each reader, made by hypothesis
    python tests/fuzz.py 100000 --atheris   only the loaders, guided by their code (pip install atheris)

A reader may refuse input only as documented: with faults, a ValueError, or an error and its exit code.
"""

import io
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nkplan.cli import run as program
from nkplan.cli.app import COMMANDS
from nkplan.dates import parse_date
from nkplan.errors import BadInput, NkplanError
from nkplan.formats import geojson, jsonl
from nkplan.formats.json import read_file
from nkplan.model.batch import Update
from nkplan.outlines import read_geometry
from nkplan.queries.details import read_detail
from nkplan.queries.names import find_place, find_project, find_source
from nkplan.queries.reader import reading
from nkplan.queries.search import search
from nkplan.reports.hits import make_hits
from nkplan.reports.views import VIEWS
from nkplan.store.create import create_database
from nkplan.store.transaction import Recorder
from nkplan.text import find_unsafe, match_ids
from nkplan.typed_dates import read_typed_date
from nkplan.values import is_id
from nkplan.words import read_search

ROOT = Path(__file__).parent.parent
SHIPPED = (ROOT / "nkplan" / "data" / "gazetteer.json", ROOT / "seed.json")
TODAY = date(2026, 11, 24)
SEED = SHIPPED[1].read_bytes()
LISTS = "kinds places outlines sources announcements projects quotas updates".split()
FIELDS = (
    "id name title announced said type kind project event_date status percent per quantity figures names"
    " terms year url published latitude source item value unit promised evidence"
    " confidence parent population place geometry credit extra"
).split()

ANY = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)
SUGGESTIVE = st.sampled_from(
    "20x10 songchon 성천 Unsan 2024 2024-Q3 2024-02-30 03/04/2024 none idle factory kcna https://e.org/x"
    ' = - -- " * ('
    " AND NEAR 0 -1 1e999 nan 99999999999999999999 \u202e \x1b[31m \u200d ² ١ ' ; %"
    " _ [red] :smile: {} [] null".split()
)
WORD = ANY | SUGGESTIVE | st.text("0123456789-/.qQ", max_size=12)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORD | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | ANY, inner, max_size=4)
    ),
    max_leaves=8,
)
ROW = st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=6)
FILE = st.dictionaries(st.sampled_from(LISTS), st.lists(ROW | VALUE, max_size=3), max_size=3)
SPLIT = st.tuples(st.integers(0, len(SEED)), st.integers(0, 4000), st.binary(max_size=8))
CONTENT = (
    FILE.map(lambda lists: json.dumps({"format": "nkplan/2", **lists}).encode())
    | VALUE.map(lambda value: json.dumps(value).encode())
    | SPLIT.map(lambda cut: SEED[:300] + cut[2] + SEED[cut[0] : cut[0] + cut[1]])
    | st.binary(max_size=200)
)
RING = st.lists(st.tuples(*2 * [st.integers(-200, 200) | st.floats(-1, 1)]).map(list) | VALUE, max_size=6)
CLOSED = RING.map(lambda points: [*points, *points[:1]])
POLYGON = st.lists(CLOSED | VALUE, max_size=3)
GEOMETRY = st.builds(
    lambda kind, coordinates: {"type": kind, "coordinates": coordinates},
    st.sampled_from(["Polygon", "MultiPolygon", "Point", None]),
    POLYGON | st.lists(POLYGON, max_size=3),
)
FEATURE = st.builds(
    lambda properties, geometry: {"type": "Feature", "properties": properties, "geometry": geometry},
    st.dictionaries(st.sampled_from(["name", "iso", "id", "Name:ko"]) | ANY, VALUE, max_size=3) | VALUE,
    GEOMETRY | VALUE,
)
MAP = st.builds(
    lambda features, more: json.dumps({**more, "type": "FeatureCollection", "features": features}).encode(),
    st.lists(FEATURE | VALUE, max_size=3),
    st.dictionaries(st.sampled_from(["crs", "licence"]), VALUE, max_size=2),
)
HEAD = b'{"format": "nkplan/2"}\n'
LINE_ROW = st.tuples(st.sampled_from(LISTS) | WORD, ROW).map(lambda row: {"list": row[0], **row[1]})
LINE = (LINE_ROW | VALUE).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
LINES = st.lists(LINE, max_size=6).map(lambda lines: HEAD + b"\n".join(lines)) | st.binary(max_size=200)
# An argument has no NUL and arrives as bytes; Python turns bytes that are not UTF-8 into lone surrogates of
# one range. Paths stay in the folder of the run, and the files of shells are not touched.
TYPED = WORD.map(
    lambda text: (
        text.replace("\0", "")
        .replace("/", "|")
        .encode("utf-8", "surrogatepass")
        .decode("utf-8", "surrogateescape")
    )
)
SAFE = TYPED.filter(lambda text: "completion" not in text and not text.startswith(("--db", "--output", "-o")))
OPTIONS = (
    "--kind --status --region --place --programme --year --counted --as-of"
    " --known-on --unverified --overdue --silent --no-pager"
    " --sort --reverse --columns --limit -f --exact --by --since --months --list"
    " --only --on --percent --promised"
    " --source --title --publisher --published --evidence --confidence --note --also"
    " --id --type --new-kind --dry-run"
    " --help --version --"
).split()
PATH = st.sampled_from([["--db", "none/x.db"], ["--db", "notes.txt"], ["-o", "x.csv"], ["-o", "none/x.md"]])
PART = (
    SAFE.map(lambda word: [word])
    | st.sampled_from(OPTIONS).map(lambda option: [option])
    | st.tuples(st.sampled_from(OPTIONS), SAFE).map(list)
    | st.sampled_from([["-f", one] for one in ("table", "csv", "json", "jsonl", "md")])
    | st.sampled_from([[view] for view in VIEWS])
    | PATH
)
DATE_PARTS = (
    "24 3 2025 2026-11-24 2024-03 Nov sept march Monday yesterday ago days weeks by since from to between and"
    " end of early mid Q3 H1 first half last next week 년 월 일 年9月 Juche 113 (2024) .. / - ~ , '25"
).split()
DATE_WORDS = st.lists(st.sampled_from(DATE_PARTS), max_size=6).map(" ".join)
TYPED_LINE = st.tuples(st.sampled_from(list(COMMANDS)), st.lists(PART, max_size=5)).map(
    lambda line: [line[0], *(word for part in line[1] for word in part)]
)


class Readers:
    """The functions that read other people's text, each with its random input, on one database."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self.targets: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
            "loader": (CONTENT, self.load),
            "line loader": (LINES, self.load_lines),
            "map loader": (MAP | CONTENT, self.load_map),
            "date parser": (WORD, self.parse_date),
            "typed dates": (WORD | DATE_WORDS, self.read_typed_date),
            "id matcher": (WORD, self.match_id),
            "search query": (WORD | st.lists(WORD, max_size=5).map(" ".join), self.search),
            "argument line": (TYPED_LINE, self.run_line),
        }

    def load(self, content: bytes) -> None:
        """Read a file: anything wrong with it is a fault that can be printed."""
        batch = read_file(content, TODAY)
        assert all(isinstance(str(fault), str) for fault in batch.faults)

    def load_lines(self, content: bytes) -> None:
        """Read a file line by line: it has updates that can be recorded, and faults that can be printed."""
        batch = jsonl.read_file(io.BytesIO(content), TODAY)
        updates = list(batch.stream)
        assert all(one.id for one in updates if isinstance(one, Update))
        assert all(isinstance(str(fault), str) for fault in (*batch.faults, *updates))

    def load_map(self, content: bytes) -> None:
        """Read GeoJSON: it has outlines that can be recorded, or faults that can be printed."""
        find = geojson.FindPlaces(
            lambda id_: id_ if is_id(id_) else None, lambda name: ["a", "b"][: len(name)]
        )
        batch = geojson.read_file(content, find)
        assert all(read_geometry(json.loads(one.geometry)) == one.geometry for one in batch.outlines)
        assert all(isinstance(str(fault), str) for fault in batch.faults)

    def load_either(self, content: bytes) -> None:
        """Read a file of either format, as the command `load` does."""
        (self.load_lines if jsonl.is_lines(content.partition(b"\n")[0]) else self.load)(content)

    def parse_date(self, text: str) -> None:
        """Read a date: it is an interval, or it is refused."""
        with suppress(ValueError):
            parsed = parse_date(text)
            assert parsed.start <= parsed.end
            assert parse_date(parsed.written) == parsed

    def read_typed_date(self, text: str) -> None:
        """Read a date as a person types it: its stored form reads as itself, or it is refused."""
        with suppress(ValueError):
            stored = read_typed_date(text, TODAY)
            assert read_typed_date(stored, TODAY) == stored

    def match_id(self, text: str) -> None:
        """Look up a text as an id, place, source and so on."""
        assert set(match_ids(text, [text, "20x10", "usi"])) <= {text, "20x10", "usi"}
        with reading(self.db) as reader:
            for find in (find_project, find_place, find_source, read_detail):
                with suppress(NkplanError):
                    find(reader, text)

    def search(self, text: str) -> None:
        """Search for a text, and mark it in the hits."""
        with suppress(BadInput), reading(self.db) as reader:
            words = read_search(text)
            assert all(make_hits(search(reader, words, None, 3), words).rows)

    def run_line(self, line: list[str]) -> None:
        """Run the program as a user does: the exit code is documented, and the output has nothing unsafe."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO()
        stdin = sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(b'{"format": "nkplan/2"}'))
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = program.run(line)
        finally:
            sys.stdin = stdin
        assert code in ({0, 1} if "check" in line[:1] and not err.getvalue().startswith("U") else {0}) | {
            2,
            3,
            4,
            5,
        }
        out.seek(0)
        assert find_unsafe(out.read()) is None
        assert find_unsafe(err.getvalue()) is None


def make_readers(folder: Path, seeded: Path | None = None) -> Readers:
    """Return the readers, on the shipped record in a folder; `seeded` is a database that has it already."""
    db = folder / "nkplan.db"
    if seeded is None:
        recorder = Recorder("fuzz", datetime(2026, 11, 24, tzinfo=UTC))
        create_database(db, [read_file(path.read_bytes(), TODAY) for path in SHIPPED], recorder)
    else:
        shutil.copy(seeded, db)
    (folder / "notes.txt").write_text("no database " * 100, "utf-8")
    os.environ |= {"NKPLAN_DB": str(db), "NKPLAN_CONFIG": "", "NKPLAN_TODAY": str(TODAY), "HOME": str(folder)}
    return Readers(db)


def fuzz(readers: Readers, name: str, number: int) -> None:
    """Feed a number of inputs to a reader."""
    strategy, read = readers.targets[name]

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def feed(given_: Any) -> None:
        read(given_)

    feed()


def fuzz_with_atheris(readers: Readers, folder: Path, number: int) -> None:
    """Feed the loaders input that reaches new code; libFuzzer ends the process when it is done.

    It starts from small valid files with a row of each list, and combines their words.
    """
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore] # noqa: PLC0415

    corpus = folder / "corpus"
    corpus.mkdir()
    words = folder / "words"
    words.write_text("".join(f'"\\"{word}\\""\n' for word in (*LISTS, *FIELDS, "list", "format")), "utf-8")
    lists = {
        name: rows
        for path in SHIPPED
        for name, rows in json.loads(path.read_bytes()).items()
        if name in LISTS
    }
    for name, rows in lists.items():
        one = min(rows, key=lambda row: len(json.dumps(row)))
        (corpus / f"{name}.json").write_text(json.dumps({"format": "nkplan/2", name: [one]}), "utf-8")
        row = {"list": name, **(one if isinstance(one, dict) else {"id": one})}
        (corpus / f"{name}.jsonl").write_text(HEAD.decode() + json.dumps(row), "utf-8")
    atheris.instrument_all()
    options = [f"-runs={number}", "-max_len=4096", f"-dict={words}", "-print_final_stats=1", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], readers.load_either)
    atheris.Fuzz()


def main() -> None:
    """Run the long form."""
    number = int(next((word for word in sys.argv[1:] if word.isdecimal()), "100000"))
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        readers = make_readers(Path(folder))
        if "--atheris" in sys.argv:
            fuzz_with_atheris(readers, Path(folder), number)
        for name in readers.targets:
            start = monotonic()
            fuzz(readers, name, number // len(readers.targets))
            print(
                f"{name}: {number // len(readers.targets)} inputs, no traceback, {monotonic() - start:.0f} s",
                flush=True,
            )
        assert sqlite3.connect(readers.db).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
