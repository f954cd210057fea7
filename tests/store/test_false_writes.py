"""No write is acknowledged that the database does not give back, whatever stands between."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from crafted import COMMANDS, WRITES, craft
from program import run

UPDATE, ADD, UNDO = (COMMANDS[name] for name in WRITES)
RETRACT = ("undo", "a35b67347d6a")
SAID = "\nnkplan: the database does not give back what was written to it, and nothing was recorded; "


@pytest.mark.parametrize(
    ("trigger", "arguments"),
    [
        ("BEFORE INSERT ON updates BEGIN SELECT RAISE(IGNORE); END", UPDATE),
        ("BEFORE INSERT ON projects BEGIN SELECT RAISE(IGNORE); END", ADD),
        ("AFTER INSERT ON updates BEGIN DELETE FROM updates WHERE id = new.id; END", UPDATE),
        ("AFTER INSERT ON updates BEGIN UPDATE updates SET status = 'idle' WHERE id = new.id; END", UPDATE),
        ("AFTER INSERT ON updates BEGIN UPDATE updates SET percent = 50 WHERE id = new.id; END", UPDATE),
        ("AFTER INSERT ON updates BEGIN UPDATE updates SET undone_in = 1 WHERE id = new.id; END", UPDATE),
        ("AFTER INSERT ON projects BEGIN UPDATE projects SET name = 'X' WHERE id = new.id; END", ADD),
        ("BEFORE UPDATE ON updates BEGIN SELECT RAISE(IGNORE); END", UNDO),
        ("AFTER UPDATE ON updates BEGIN UPDATE updates SET undone_in = NULL; END", UNDO),
        ("BEFORE UPDATE ON updates BEGIN SELECT RAISE(IGNORE); END", RETRACT),
    ],
)
def test_what_is_acknowledged_is_read_back_before_it_is_committed(
    trigger: str, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such triggers are refused before anything is written; here nothing refuses them."""
    monkeypatch.setattr("nkplan.store.transaction.check_schema", lambda *_, **__: None)
    monkeypatch.setattr("nkplan.store.transaction._refuse_triggers", lambda *_: None)
    path = tmp_path / "crafted.db"
    craft(path, "")
    sound = run(path, *arguments)
    assert sound.code == 0, sound.err
    craft(path, f"CREATE TRIGGER mine {trigger}")
    before = path.read_bytes()
    done = run(path, *arguments)
    assert (done.code, done.out) == (4, "")
    assert SAID in f"\n{done.err}"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "action", ["ON DELETE CASCADE", "ON DELETE SET NULL", "ON UPDATE CASCADE ON DELETE CASCADE"]
)
def test_a_trigger_that_a_foreign_key_would_run_is_refused(action: str, tmp_path: Path) -> None:
    """It is on a table of somebody's own, but SQLite runs it when a row of nkplan's goes."""
    path = tmp_path / "crafted.db"
    craft(
        path,
        f"""
        CREATE TABLE mine (project TEXT REFERENCES states (project) {action});
        INSERT INTO mine VALUES ('town-mill');
        CREATE TRIGGER follow AFTER DELETE ON mine BEGIN UPDATE updates SET status = 'idle'; END;
        CREATE TRIGGER follow_too AFTER UPDATE ON mine BEGIN UPDATE updates SET status = 'idle'; END
        """,
    )
    before = path.read_bytes()
    done = run(path, *UPDATE)
    assert (done.code, done.out) == (4, "")
    assert "has a trigger that nkplan did not make and that this command would run" in done.err
    assert done.err.count("\n") == 1
    assert path.read_bytes() == before
    assert run(path, "list").code == run(path, "export").code == 0


@pytest.mark.parametrize(
    ("index", "error", "checked"),
    [
        ("UNIQUE INDEX mine ON updates (project)", "UNIQUE constraint failed: updates.project", 0),
        ("UNIQUE INDEX mine ON updates (substr(project, 2))", "UNIQUE constraint failed: index 'mine'", 0),
        ("INDEX mine ON updates (own(note))", "unknown function: own()", 1),
        ("INDEX mine ON updates (note COLLATE ours)", "no such collation sequence: ours", 1),
        # SQLite does not name these.
        ("INDEX mine ON updates (json(project)) WHERE status = 'completed'", "malformed JSON", 0),
        ("INDEX mine ON updates (note) WHERE status <> 'completed' OR json(project)", "malformed JSON", 0),
    ],
)
def test_an_index_of_somebodys_own_is_named_when_it_stops_a_write(
    index: str, error: str, checked: int, tmp_path: Path
) -> None:
    path = tmp_path / "crafted.db"
    craft(path, "")
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("own", 1, str, deterministic=True)
        connection.create_collation("ours", lambda one, another: (one > another) - (one < another))
        connection.execute(f"CREATE {index}")
    before = path.read_bytes()
    done = run(path, *UPDATE)
    assert (done.code, done.out) == (4, "")
    said = f"(mine on updates: {error}), and nothing was written; drop it"
    assert (
        done.err
        == f"nkplan: {path} has an index that nkplan did not make and that stops this command {said}\n"
    )
    assert path.read_bytes() == before
    assert run(path, "list").code == run(path, "export").code == 0
    check = run(path, "check", "--only", "damaged-file")
    assert (check.code, "drop the index mine on updates" in check.out) == (checked, bool(checked))


@pytest.mark.parametrize("name", ["add", "undo", "check"])
def test_a_foreign_key_of_somebodys_own_that_fits_nothing_is_not_called_damage(
    name: str, tmp_path: Path
) -> None:
    """SQLite lets anybody create it, and then neither checks the references nor deletes what it names."""
    path = tmp_path / "crafted.db"
    craft(path, "")
    assert run(path, "add", "Weir", "--kind", "mill", "--on", "2025").code == 0
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (project TEXT REFERENCES projects (name))")
    before = path.read_bytes()
    done = run(path, *COMMANDS[name])
    assert (done.code, done.out) == (4, "")
    assert 'foreign key to what is no key (foreign key mismatch - "mine" referencing "projects")' in done.err
    assert path.read_bytes() == before
    assert run(path, "list").code == run(path, "export").code == 0


def test_what_is_wrong_in_a_table_of_somebodys_own_stops_no_backup(record: Path) -> None:
    """Many tools do not enforce foreign keys, and a table may refer to what is no key."""
    with closing(sqlite3.connect(record)) as connection:
        connection.executescript(
            "CREATE TABLE mine (project TEXT REFERENCES projects (id)); INSERT INTO mine VALUES ('nowhere');"
            "CREATE TABLE odd (name TEXT REFERENCES projects (name)); INSERT INTO odd VALUES ('Nowhere');"
        )
    assert run(record, "backup", "copy.db").code == 0
    assert run(record, "restore", "copy.db").code == 0
    with closing(sqlite3.connect(record)) as connection:
        assert connection.execute("SELECT project FROM mine").fetchall() == [("nowhere",)]


@pytest.mark.parametrize(
    "column",
    ["places.name", "place_names.name", "sources.title", "sources.url", "announcements.said", "updates.id"],
)
def test_a_repair_of_text_that_is_no_utf_8_says_so(record: Path, column: str) -> None:
    table, name = column.split(".")
    with closing(sqlite3.connect(record)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        (row,) = connection.execute(f"SELECT min(rowid) FROM {table} WHERE {name} IS NOT NULL").fetchone()
        connection.execute(f"UPDATE {table} SET {name} = CAST(x'ff41' AS TEXT) WHERE rowid = ?", [row])
        connection.commit()
    before = record.read_bytes()
    done = run(record, "check", "--repair")
    said = f"nkplan: {record} is damaged: it holds text that is not UTF-8; restore it from a backup\n"
    assert (done.code, done.out, done.err) == (4, "", said)
    assert record.read_bytes() == before
