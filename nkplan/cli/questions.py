"""Questions on a terminal: asked one at a time, with completion, until the answer can be used."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from nkplan.cli.session import notice, print_line
from nkplan.errors import Ambiguous, NkplanError
from nkplan.text import clean, list_words, quote
from nkplan.written import is_written

if TYPE_CHECKING:
    from nkplan.doubts import Doubt

Answer = TypeVar("Answer")


class Left(KeyboardInterrupt):
    """The user left a question: with Ctrl-D, by saying no, or with a closed terminal."""


def is_interactive() -> bool:
    """Return whether questions can be asked: standard input, output and error are all a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and not stream.closed and stream.isatty() for stream in streams)


def ask(
    question: str,
    read: Callable[[str], Answer],
    *,
    default: str = "",
    choices: Callable[[], Iterable[str]] = tuple,
    help_: Sequence[str] = (),
) -> Answer:
    """Ask a question until its answer can be read, and return what was read.

    An empty answer stands for the default, `?` shows the help; Tab completes the choices. Raises Left.
    """
    prompt = f"{question}{f' [{default}]' if default else ''}: "
    while True:
        text = _read_line(clean(prompt), choices).strip()
        if text == "?" and help_:
            for line in help_:
                print_line(f"  {clean(line)}")
            continue
        try:
            return read(text or default)
        except (ValueError, NkplanError) as error:
            notice(str(error))
            if isinstance(error, Ambiguous):
                for line in error.candidates:
                    print_line(f"  {clean(line)}")


def echo_stored(typed: str, stored: str) -> None:
    """Show the stored form of an answer that was typed in another."""
    if typed.strip() != stored:
        print_line(f"-> {stored}")


def complete_word(text: str, what: str, names: Mapping[str, str], lines: Iterable[str]) -> str:
    """Return the word whose name a text begins, by all its names; a text that begins none as it is.

    Raises Ambiguous with the lines that explain the words it can mean.
    """
    typed = text.strip().casefold()
    if typed in names:
        return names[typed]
    begun = {word for name, word in names.items() if name.startswith(typed)} if typed else set()
    if len(begun) > 1:
        candidates = tuple(line for line in lines if line.split()[0] in begun)
        raise Ambiguous(f"{quote(text)} can be any of {len(begun)} {what}; write more of it", candidates)
    return begun.pop() if begun else text


def confirm(question: str, *, default: bool) -> bool:
    """Ask a question that is answered by yes or no. Raises Left."""

    def read(text: str) -> bool:
        word = text.casefold()
        if word not in {"", "y", "yes", "n", "no"}:
            raise ValueError("answer y or n")
        return word.startswith("y") if word else default

    return ask(f"{question} {'[Y/n]' if default else '[y/N]'}", read, choices=lambda: ("yes", "no"))


@contextmanager
def keeping_typed(write: Callable[[], str] = str) -> Iterator[None]:
    """If the user leaves a question, say that nothing was recorded, and print what was typed as a command.

    `write` returns the command, empty if nothing was typed. Raises KeyboardInterrupt.
    """
    try:
        yield
    except KeyboardInterrupt:
        if is_interactive() and not is_written():
            typed = write()
            notice("nothing was recorded; to go on from here:" if typed else "nothing was recorded")
            if typed:
                print_line(typed, may_break=False)
        raise


def confirm_doubts(doubts: "Sequence[Doubt]") -> None:
    """Say what is doubtful, and ask whether to record it all the same. Raises Left.

    If observations contradict what others say, and nothing else is doubtful, they are recorded by default.
    """
    for doubt in doubts:
        notice(doubt.sentence)
    if not doubts:
        return
    if all(doubt.contradicted for doubt in doubts):
        contradicted = list_words(dict.fromkeys(doubt.contradicted for doubt in doubts), most=3)
        is_meant = confirm(f"Record what contradicts {contradicted}?", default=True)
    else:
        is_meant = confirm("Record it all the same?", default=False)
    if not is_meant:
        raise Left


def _read_line(prompt: str, choices: Callable[[], Iterable[str]]) -> str:
    """Read a line from the terminal, completing words with Tab where there is a readline. Raises Left."""
    sys.stderr.flush()
    with suppress(ImportError):
        import readline

        found: list[str] = []

        def complete(text: str, at: int) -> str | None:
            if at == 0:
                typed = text.casefold()
                found[:] = [one for one in choices() if one.casefold().startswith(typed)]
            return found[at] if at < len(found) else None

        readline.set_completer_delims(" \t\n,")
        readline.set_completer(complete)
        readline.parse_and_bind("tab: complete")
        # An answer that is typed is no command of the next session.
        readline.set_auto_history(False)
    try:
        return input(prompt)
    except KeyboardInterrupt:
        print_line("")
        raise
    except EOFError:
        print_line("")
        raise Left from None
    except UnicodeDecodeError as error:
        raise Left from error
