"""The config file: what a user sets once instead of typing it with every command.

It is looked for only by a command that needs something from it, and read only where it is.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from nkplan.errors import BadInput, NotFound, Unusable
from nkplan.text import clean, explain_unknown, find_unsafe, has_letter, list_words, quote

VARIABLE = "NKPLAN_CONFIG"
"""The environment variable that names another file, or, if it is empty, none."""

LARGEST = 1 << 20
"""The most bytes of a config file; a larger file is something else."""

LONGEST_AUTHOR = 80


class Config(NamedTuple):
    """What a config file sets; None is not set. `path` is the file, None if there is none.

    `pager` is True for the usual one, False for none, else a command.
    """

    path: Path | None = None
    author: str | None = None
    columns: tuple[str, ...] | None = None
    database: Path | None = None
    pager: bool | str | None = None
    reports: Mapping[str, tuple[str, ...]] = {}


KEYS = tuple(key for key in Config._fields if key != "path")
"""The keys that a config file can have."""


def find_config_file() -> Path | None:
    """Return where the config file is looked for: NKPLAN_CONFIG, else in the user's config folder.

    None if NKPLAN_CONFIG is empty, or if the user has no such folder.
    """
    if (named := os.environ.get(VARIABLE)) is not None:
        return Path(named) if named else None
    import platformdirs

    path = platformdirs.user_config_path("nkplan", appauthor=False) / "config.toml"
    # The folder of a user without a home would be one in the working directory.
    return path if path.is_absolute() else None


def read_config() -> Config:
    """Read the config file; there need not be one.

    Raises BadInput for a fault in it, NotFound if there is none where NKPLAN_CONFIG says, and Unusable.
    """
    if (path := find_config_file()) is None:
        return Config()
    try:
        found = path.stat()
        return _read(path, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns))
    except (FileNotFoundError, NotADirectoryError):
        if VARIABLE in os.environ:
            raise NotFound(
                f"{VARIABLE}: there is no file {path}; name one, or set {VARIABLE}= to use none"
            ) from None
        return Config()
    except OSError as error:
        raise Unusable(
            f"cannot read the config file {path}: {error.strerror};"
            f" correct that, or set {VARIABLE}= to use none"
        ) from error


# A command asks several times, and a pipe can be read only once.
@lru_cache(maxsize=1)
def _read(path: Path, _as_found: tuple[int, ...]) -> Config:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return _read_table(path, _parse(path, content))


def _parse(path: Path, content: bytes) -> dict[str, Any]:
    import tomllib

    if len(content) > LARGEST:
        raise BadInput(f"{path}: it has more than {LARGEST} bytes, so it is no config file; name another")
    try:
        return tomllib.loads(content.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path}: line {line} is not in UTF-8; save the file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f'{path} is not TOML: {error}; write each line as in: columns = "id,name,status"'
        ) from None
    except RecursionError:
        raise BadInput(f"{path} is not TOML that nkplan reads: it is nested too deeply") from None


def _read_table(path: Path, table: Mapping[str, Any]) -> Config:
    for key in table:
        if key not in KEYS:
            raise BadInput(f"{path}: {explain_unknown('key', key, KEYS)}")
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _READERS[key](path, value)
        except ValueError as error:
            raise BadInput(f"{path}: {error}") from None
    return Config(path, **values)


def _refuse(key: str, value: object, advice: str) -> ValueError:
    return ValueError(f"{key} is {_write_toml(value)}; {advice}")


def _write_toml(value: object) -> str:
    """Write a value so that a reader finds it in the file."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quote(value)
        case Mapping():
            return "a table"
        case list():
            return "a list"
    return str(value)


def _read_author(_: Path, value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("author", value, 'write a name in quotes, as in author = "Kim"')
    name = value.strip()
    if not has_letter(name):
        raise _refuse("author", value, "write a name with a letter or digit in it, or leave it out")
    if "\n" in name or "\t" in name or find_unsafe(name):
        raise _refuse("author", value, "write a name of visible characters on one line")
    if len(name) > LONGEST_AUTHOR:
        raise ValueError(f"author has {len(name)} characters; write at most {LONGEST_AUTHOR}")
    return name


def _read_columns(_: Path, value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _refuse("columns", value, 'write names in quotes, as in columns = "id,name,status"')
    if not (named := tuple(name.strip() for name in names if name.strip())):
        raise ValueError('columns names no column; write some, as in columns = "id,name,status"')
    if not_one := next((name for name in named if "," in name), None):
        raise _refuse("columns", not_one, "write each name of a list in quotes of its own")
    return named


def _read_database(path: Path, value: object) -> Path:
    """Read a path; one that is not absolute begins in the folder of the config file."""
    if not isinstance(value, str):
        raise _refuse("database", value, 'write a path in quotes, as in database = "~/nk.db"')
    if not value.strip() or "\0" in value:
        raise _refuse("database", value, "write the path of a file, or leave it out")
    try:
        return Path(os.path.abspath(path.parent)) / Path(value).expanduser()  # noqa: PTH100
    except RuntimeError:
        raise _refuse("database", value, "there is no such home; write the whole path") from None


def _read_pager(_: Path, value: object) -> bool | str:
    advice = "write true, false for none, or a command in quotes"
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or not value.strip():
        raise _refuse("pager", value, advice)
    from shlex import split

    try:
        split(value)
    except ValueError as error:
        raise _refuse("pager", value, f"as a command it has {str(error).lower()}; {advice}") from None
    return value


_EXAMPLE = '[reports.mine] and below it args = "slips --kind hospital"'


def _read_reports(_: Path, value: object) -> dict[str, tuple[str, ...]]:
    from nkplan.reports.views import VIEWS

    if not isinstance(value, Mapping):
        raise _refuse("reports", value, f"write {_EXAMPLE}")
    found: dict[str, tuple[str, ...]] = {}
    for name, report in value.items():
        key = f"reports.{name}"
        if name in VIEWS:
            raise ValueError(f"{key} has the name of a view of nkplan; give it another name")
        if not name.isprintable() or not has_letter(name) or name.startswith("-") or set(name) & set(" \"'"):
            raise ValueError(
                f"[reports.{quote(name)}] has a name that cannot be typed as one word;"
                " name it with letters, digits and hyphens"
            )
        if not isinstance(report, Mapping):
            raise _refuse(key, report, f"write [{key}] and below it args = {_write_args(report)}")
        for one in report:
            if one != "args":
                raise ValueError(f"{key} has the key {quote(one)}; it can have args alone")
        found[name] = _read_args(key, report.get("args"))
    return found


def _write_args(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and '"' not in value else '"slips --kind hospital"'


def _read_args(key: str, value: object) -> tuple[str, ...]:
    if value is None:
        raise ValueError(f"{key} has no args; write {_EXAMPLE}")
    if not isinstance(value, str):
        raise _refuse(f"{key}.args", value, 'write them in quotes, as in args = "slips --kind hospital"')
    from shlex import split

    try:
        words = tuple(split(value))
    except ValueError as error:
        raise _refuse(f"{key}.args", value, f"it has {str(error).lower()}") from None
    if not words:
        raise ValueError(f'{key}.args is empty; write a view and options, as in args = "slips"')
    return words


_READERS: dict[str, Callable[[Path, object], Any]] = {
    "author": _read_author,
    "columns": _read_columns,
    "database": _read_database,
    "pager": _read_pager,
    "reports": _read_reports,
}


def describe_config() -> str:
    """Say in Markdown where the config file is looked for, whether it is there, and what it sets.

    Raises what read_config raises for a file that is there.
    """
    path = find_config_file()
    if path is None:
        return f"{VARIABLE} is empty, so no config file is used.\n"
    if not os.path.lexists(path) and VARIABLE not in os.environ:
        return (
            f"    {clean(str(path))}\n\nis where nkplan looks for it. It is not there, so nothing is set.\n"
        )
    return f"    {clean(str(path))}\n\nis there. {_describe_values(read_config())}"


def _describe_values(config: Config) -> str:
    """List what a config file sets, as it could be written there."""
    lines = list(_list_values(config))
    if not lines:
        return f"It sets nothing; it can set {list_words(KEYS)}.\n"
    unset = [key for key in KEYS if not getattr(config, key) and getattr(config, key) is not False]
    rest = f"\nNot set: {', '.join(unset)}.\n" if unset else ""
    return "It sets:\n\n" + "".join(f"    {clean(line)}\n" for line in lines) + rest


def _list_values(config: Config) -> Iterable[str]:
    from shlex import join

    if config.author:
        yield f"author    {config.author}"
    if config.columns:
        yield f"columns   {','.join(config.columns)}"
    if config.database:
        yield f"database  {config.database}"
    if config.pager is not None:
        yield f"pager     {str(config.pager).lower() if isinstance(config.pager, bool) else config.pager}"
    for name, args in config.reports.items():
        yield f"reports   {name}: {join(args)}"
