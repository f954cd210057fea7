"""Show on a terminal how far long work has come."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def showing_progress() -> Iterator[Callable[[str, float | None], None]]:
    """Yield a function that shows progress on a terminal and does nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from nkplan.render.terminal.progress_bar import Bar

    try:
        bar = Bar(os.ttyname(sys.stderr.fileno()))
    except OSError:
        # A terminal of another container has no name in this one.
        yield lambda what, share: None
        return
    with bar:
        yield bar.update
