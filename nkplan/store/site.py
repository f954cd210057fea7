"""Write a site to a folder, and touch nothing in it that is not the site's own.

The folder has a list of the site's files, each with the digest of what was written. All new files are first
written in a hidden folder within it; only then are they moved into place, so that whatever fails before that
leaves the site as it was. While they are moved the list has the old and the new digest of each: whatever a
killed process has left, the next one knows what is the site's, and completes it.
"""

import fcntl
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from nkplan.errors import BadInput, ForeignDatabase, Unusable
from nkplan.store.parts import holding_part, remove_leftovers

LIST = ".nkplan-site.json"
"""The file that lists the files of the site, by which a later publish knows the folder."""

_FORMAT = "nkplan-site/1"
_NAME = re.compile(r"(?:[a-z]+/)?[a-z0-9][a-z0-9._~-]*")
"""What a file of a site is called: in a folder at most, with no way out of it."""
_PART = re.compile(r"\..+\.[0-9a-f]{8}\.part(?:-lock)?", re.DOTALL)
"""What a killed process may have left."""

Digests = Mapping[str, frozenset[str]]
"""The files of a site, each with the digests of what publish has written under its name."""


class Written(NamedTuple):
    """What was done: how many files were `written`, `removed` and left `unchanged`.

    `kept` are files of what is no longer on record that somebody has changed.
    """

    written: int
    removed: int
    unchanged: int
    kept: tuple[str, ...] = ()


class SiteFolder:
    """A folder that is locked for this process, and what is to be in it."""

    def __init__(self, folder: Path, shown: Path, part: Path, own: Digests) -> None:
        self._folder, self._shown, self._part, self._own = folder, shown, part, own
        self._new: dict[str, str] = {}
        self._staged: dict[str, Path] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add a file of the site; it is written aside unless the site has it already. Raises Unusable."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"no file of a site can be called {name!r}")
        if name in self._new:
            # Domains have no rule against that in the database, if somebody edits it with sqlite3.
            raise Unusable(f"two rows have the page {name}; give one of them another id with nkplan edit")
        digest = _digest(content)
        self._new[name] = digest
        with self._explaining(name, "the site is as it was"):
            there = self._read(name)
            if there == digest:
                return
            self._check_own(name, there)
            staged = self._part / str(len(self._staged))
            staged.write_bytes(content)
            self._staged[name] = staged

    def put_in_place(self) -> Written:
        """Put everything in place that was added, and remove what was not. Raises Unusable."""
        gone, kept = [], []
        with self._explaining("", "the site is as it was"):
            for name in sorted(self._own.keys() - self._new.keys()):
                there = self._read(name)
                if there in self._own[name]:
                    gone.append(name)
                elif there is not None:
                    kept.append(name)
        final = {name: frozenset({digest}) for name, digest in self._new.items()}
        done = Written(len(self._staged), len(gone), len(self._new) - len(self._staged), tuple(kept))
        if not self._staged and not gone and final == self._own:
            return done
        meanwhile = {
            name: self._own.get(name, frozenset()) | final.get(name, frozenset())
            for name in self._own.keys() | final.keys()
        }
        with self._explaining("", "free some space if it is full, and publish again, which completes it"):
            self._write_list(meanwhile)
            for folder in {name.rpartition("/")[0] for name in self._staged} - {""}:
                (self._folder / folder).mkdir(exist_ok=True)
            for name, staged in self._staged.items():
                staged.replace(self._folder / name)
            for name in gone:
                (self._folder / name).unlink(missing_ok=True)
            for folder in {name.rpartition("/")[0] for name in gone} - {""}:
                with suppress(OSError):  # It has files.
                    (self._folder / folder).rmdir()
            self._write_list(final)
        return done

    def _read(self, name: str) -> str | None:
        """Return the digest of a file of the folder, `link` for what is no plain file, None if it is missing.

        An empty one is as good as missing: a power cut may leave it, and nothing is lost with it.
        """
        path = self._folder / name
        folder = path.parent
        if folder != self._folder and os.path.lexists(folder) and not stat.S_ISDIR(folder.lstat().st_mode):
            raise Unusable(
                f"{self._shown / folder.name} is a link or a file; publish writes to a folder of that name,"
                " so move it away"
            )
        try:
            found = path.lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode):
            return "link"
        return _digest(path.read_bytes()) if found.st_size else None

    def _check_own(self, name: str, there: str | None) -> None:
        if there is None or there in self._own.get(name, ()):
            return
        what = "was changed since publish wrote it" if name in self._own else "was not written by publish"
        raise Unusable(
            f"{self._shown / name} {what}, and would be written over; move it away, and publish again"
        )

    def _write_list(self, digests: Digests) -> None:
        lines = [f"{json.dumps(name)}: {json.dumps(sorted(digests[name]))}" for name in sorted(digests)]
        files = ",\n".join(lines)
        staged = self._part / "list"
        staged.write_text(f'{{"format": "{_FORMAT}", "files": {{\n{files}\n}}}}\n', encoding="utf-8")
        staged.replace(self._folder / LIST)

    @contextmanager
    def _explaining(self, name: str, advice: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unusable(f"cannot write to {self._shown / name}: {error.strerror}; {advice}") from error


@contextmanager
def opening_site(folder: Path) -> Iterator[SiteFolder]:
    """Open a folder for a site: an empty one, one that is made, or one that `publish` wrote before.

    Raises BadInput for any other, ForeignDatabase for one of a later version, Unusable if it cannot be
    written or another process writes it.
    """
    place = Path(os.path.realpath(folder))
    is_made = _make(place, folder)
    try:
        with ExitStack() as held:
            try:
                held.enter_context(_locking(place, folder))
                own = _read_list(place, folder)
                remove_leftovers(place)
                part = held.enter_context(holding_part(place / "site"))
                part.mkdir()
            except OSError as error:
                raise Unusable(f"cannot write to {folder}: {error.strerror}; name another folder") from error
            yield SiteFolder(place, folder, part, own)
    finally:
        if is_made:
            with suppress(OSError):  # It has files, unless something failed.
                place.rmdir()


def _make(place: Path, folder: Path) -> bool:
    """Make the folder if it is missing, and return whether that was needed."""
    try:
        place.mkdir()
    except FileExistsError:
        if not place.is_dir():
            raise BadInput(f"{folder} is a file; name a folder for the site") from None
        return False
    except FileNotFoundError:
        raise Unusable(
            f"cannot make {folder}: there is no folder {place.parent}; make that first, or name another"
        ) from None
    except OSError as error:
        raise Unusable(f"cannot make {folder}: {error.strerror}; name another folder") from error
    return True


@contextmanager
def _locking(place: Path, folder: Path) -> Iterator[None]:
    """Keep other processes from publishing to the folder; the system ends that with this process."""
    number = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"another nkplan is publishing to {folder}; wait until it has ended") from None
        except OSError:
            pass  # Some file systems of other machines lock no folder.
        yield
    finally:
        os.close(number)


def _read_list(place: Path, folder: Path) -> dict[str, frozenset[str]]:
    """Read which files are the site's. Raises BadInput for a folder that is not a site's."""
    try:
        if not stat.S_ISREG((place / LIST).lstat().st_mode):
            raise _explain_list(folder)  # To read a pipe would take for ever.
        text = (place / LIST).read_text(encoding="utf-8")
    except FileNotFoundError:
        if all(_PART.fullmatch(name) for name in os.listdir(place)):  # noqa: PTH208
            return {}
        raise BadInput(
            f"{folder} has files that publish did not write; name an empty folder or a new one"
        ) from None
    except UnicodeDecodeError:
        raise _explain_list(folder) from None
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT and str(content["format"]).startswith("nkplan-site/"):
            raise ForeignDatabase(
                f"{folder} was written by a newer nkplan; use that, or name another folder for the site"
            )
        own = {name: frozenset(digests) for name, digests in content["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _explain_list(folder) from None
    if content["format"] != _FORMAT or not all(map(_NAME.fullmatch, own)):
        raise _explain_list(folder)
    return own


def _explain_list(folder: Path) -> Unusable:
    return Unusable(
        f"{folder / LIST} is not as publish wrote it; bring it back, or name another folder for the site"
    )


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
