"""Forms: `key: value` lines in the user's editor, shown again with their faults until they can be used."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple, TypeVar

from nkplan.cli.session import notice
from nkplan.errors import NkplanError, Unusable

Content = TypeVar("Content")

_FAULT = "#! "
"""What begins a line with a fault; such lines are left out when the form is read again."""

_LONGEST = 16_000_000
"""The most bytes of a form: an editor can leave a device or a whole file of something else in its place."""

_MOST_ROUNDS = 100
"""So often a faulty form is shown again: an editor that no person uses would go on for ever."""


class Line(NamedTuple):
    """A line of a form: its number, from 1, and the key and value that it has."""

    number: int
    key: str
    value: str


class FormFault(ValueError):
    """What is wrong with a form, at the line with this number."""

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(sentence)
        self.number = number


Blocks = list[list[Line]]
"""The blocks of a form, which empty lines separate, each with its lines."""


def write_block(values: Iterable[tuple[str, str]], comments: Mapping[str, str]) -> str:
    """Write a block with a line for each key, after the comment that explains it."""
    lines = []
    for key, value in values:
        if comment := comments.get(key):
            lines += wrap(comment, 79, initial_indent="# ", subsequent_indent="# ")
        # A line that begins with a space continues the value before it; an empty one has nothing but spaces.
        lines.append(f"{key}: {value}".rstrip().replace("\n", "\n  "))
    return "\n".join(lines) + "\n"


def read_blocks(text: str) -> Blocks:
    """Read a form: comments begin with #, a line that begins with a space continues the one before it.

    Lines of nothing but spaces between two of a value belong to it. A block has only the keys that have a
    value; one without any is left out. Raises FormFault.
    """
    blocks: Blocks = [[]]
    spaces = 0
    for number, written in enumerate(text.splitlines(), 1):
        if written.startswith("#"):
            continue
        if not written:
            blocks.append([])
        if not written.strip():
            spaces = spaces + 1 if written else 0
            continue
        block = blocks[-1]
        if written[0].isspace() and block:
            value = f"{block[-1].value}{chr(10) * spaces}\n{written.strip()}".strip()
            block[-1] = block[-1]._replace(value=value)
            spaces = 0
            continue
        if spaces:
            block = []
            blocks.append(block)
            spaces = 0
        key, colon, value = written.partition(":")
        if not colon:
            raise FormFault(number, f"{written.strip()!r} has no colon; write it as key: value")
        block.append(Line(number, key.strip().casefold().replace("-", "_"), value.strip()))
    filled = ([line for line in block if line.value] for block in blocks)
    return [block for block in filled if block]


def edit_form(form: str, read: Callable[[Blocks], Content]) -> Content | None:
    """Let the user fill in a form, again until `read` accepts it, and return what it read.

    None means that the form has no value, or is as it was. The file is kept, and named, if the editor fails
    or the user leaves a faulty form as it is. Raises Unusable.
    """
    editor = next(filter(str.strip, (os.environ.get(name, "") for name in ("VISUAL", "EDITOR"))), None)
    if editor is None:
        raise Unusable("no editor is set; set VISUAL or EDITOR, as in EDITOR=nano")
    path = _make_file(form)
    before: list[str] = []
    try:
        for turn in count(1):
            _run(editor, path, form)
            written = _read(path)
            kept = [line for line in written.splitlines() if not line.startswith(_FAULT)]
            try:
                blocks = read_blocks("\n".join(kept))
                if not blocks or written == form:
                    path.unlink(missing_ok=True)
                    return None
                content = read(blocks)
            except (FormFault, NkplanError) as error:
                if kept == before or turn == _MOST_ROUNDS:
                    raise Unusable(f"{error}; what you wrote is in {path}") from None
                before = kept
                at = error.number if isinstance(error, FormFault) else 1
                lines = [*kept[: at - 1], f"{_FAULT}{error}", *kept[at - 1 :]]
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                notice(str(error))
                continue
            path.unlink(missing_ok=True)
            return content
    except UnicodeDecodeError as error:
        raise Unusable(f"the form is not UTF-8 text; what you wrote is in {path}") from error
    except OSError as error:
        raise Unusable(f"the form {path} cannot be used: {error.strerror}; nothing was recorded") from error
    except KeyboardInterrupt:
        notice(f"what you wrote is in {path}")
        raise
    raise AssertionError("a form is shown until it is read or refused")


def _make_file(form: str) -> Path:
    """Write a form to a file of its own. Raises Unusable."""
    try:
        descriptor, name = tempfile.mkstemp(prefix="nkplan-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(form)
    except OSError as error:
        raise Unusable(f"no file for the form can be made: {error.strerror}; set TMPDIR") from error
    return Path(name)


def _read(path: Path) -> str:
    """Read the form that the editor left. Raises Unusable, OSError and UnicodeDecodeError."""
    with path.open("rb") as file:
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise Unusable(f"the form {path} has more than {_LONGEST} bytes; nothing was recorded")
    return content.decode().replace("\r\n", "\n").replace("\r", "\n")


def _run(editor: str, path: Path, form: str) -> None:
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603  # the user's own
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        problem = f"the editor {editor} cannot be started: {why}"
        if path.read_text(encoding="utf-8") == form:
            path.unlink()
            raise Unusable(problem, "name another with VISUAL") from error
        raise Unusable(problem, f"what you wrote is in {path}") from error
    if done.returncode:
        ended = (
            f"was killed by signal {-done.returncode}"
            if done.returncode < 0
            else f"ended with code {done.returncode}"
        )
        raise Unusable(f"the editor {editor} {ended}, and nothing was recorded; what you wrote is in {path}")


def read_fields(block: Sequence[Line], known: Sequence[str]) -> dict[str, Line]:
    """Return the lines of a block by key. Raises FormFault for a key that is unknown or given twice."""
    from nkplan.text import explain_unknown

    found: dict[str, Line] = {}
    for line in block:
        if line.key not in known:
            raise FormFault(line.number, explain_unknown("field", line.key, list(known)))
        if line.key in found:
            raise FormFault(line.number, f"{line.key} is given twice; give it once")
        found[line.key] = line
    return found
