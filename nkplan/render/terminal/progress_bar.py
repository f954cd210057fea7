"""A progress bar on a terminal for what takes long; it disappears at the end."""

import os
import time
from io import FileIO, TextIOWrapper
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PATIENCE = 1.0
"""Seconds before a bar appears; what is done sooner shows none."""


class _NonBlockingFile(FileIO):
    """A terminal that is never waited for: what it does not accept, for example after Ctrl-S, is dropped."""

    def __init__(self, path: str) -> None:
        # A descriptor of its own, so that other users of this terminal still block on it.
        super().__init__(os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK), "w")

    def write(self, data: "ReadableBuffer", /) -> int:
        super().write(data)
        return memoryview(data).nbytes


class Bar:
    """A bar on the terminal at a path; it appears at the first `update` after PATIENCE seconds.

    Raises OSError if there is no such terminal.
    """

    def __init__(self, path: str) -> None:
        self._file = _NonBlockingFile(path)
        console = Console(
            file=TextIOWrapper(self._file, "utf-8", "replace", write_through=True),
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._progress = Progress(
            TextColumn("{task.description:<9}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[told]:>4}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._start = time.monotonic()
        self._task: TaskID | None = None

    def update(self, what: str, share: float | None) -> None:
        """Show what is being done, and what share of it is done, if that is known."""
        if self._task is None:
            if time.monotonic() - self._start < PATIENCE:
                return
            self._task = self._progress.add_task(what, told="")
            self._progress.start()
        total, told = (None, "") if share is None else (1.0, f"{share:.0%}")
        self._progress.update(self._task, description=what, total=total, completed=share or 0.0, told=told)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Leave the terminal as it was, with its cursor: the last writes must not be dropped.
        os.set_blocking(self._file.fileno(), True)
        if self._task is not None:
            self._progress.stop()
        self._file.close()
