"""The interface: read the command line, call the layers below, and pass on their results.

Only this package imports inside functions, so that a command loads no more than it needs.
"""

# Until `main` runs, an interrupt shows a traceback: this module loads only what Python has loaded already.
import errno
import gc
import os
import sys

INTERRUPTED = 130
"""The exit code after Ctrl-C."""

_UNUSABLE = 4
_SHORTAGES = {
    errno.EMFILE: ("too many files are open", "raise the limit of open files and try again"),
    errno.ENFILE: ("too many files are open on this machine", "close some programs and try again"),
    errno.ENOMEM: ("there is not enough memory", "free some and try again"),
}


def main() -> None:
    """Run the program and exit; Ctrl-C ends it at once, even while it is still loading."""
    try:
        sys.unraisablehook = _end_if_interrupted
        # Loading modules leaves no garbage, and collecting it would take a fifteenth of the start-up time.
        gc.disable()
        from nkplan.cli import run

        run.main()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    except (MemoryError, OSError, ImportError) as error:
        if (shortage := find_shortage(error)) is None:
            raise
        _end_for(*shortage)


def find_shortage(error: Exception) -> tuple[str, str] | None:
    """Return what the system is short of, memory or open files, and what to do; None for other errors."""
    if isinstance(error, OSError):
        return _SHORTAGES.get(error.errno or 0)
    # The dynamic linker gives its errors no numbers.
    if isinstance(error, MemoryError) or "failed to map segment" in str(error):
        return _SHORTAGES[errno.ENOMEM]
    return None


def _end_for(problem: str, advice: str) -> None:
    # Printing could load more. If stderr is closed, its number may be that of an output file.
    if sys.stderr is not None:
        try:  # noqa: SIM105 - contextlib would have to be loaded.
            os.write(2, f"nkplan: {problem}; {advice}\n".encode())
        except OSError:
            pass
    os._exit(_UNUSABLE)


def _end_if_interrupted(unraisable: "sys.UnraisableHookArgs", /) -> None:
    """End the process for a Ctrl-C that Python would only print, such as one in a callback of an import."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    sys.__unraisablehook__(unraisable)
