"""How far something has come that takes long: a bar on a terminal's stderr, gone when it is done."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

PATIENCE = 1.0
"""What takes no longer than so many seconds shows no bar."""


class Bar:
    """A bar that appears only when it is told of something after a while."""

    def __init__(self) -> None:
        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
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

    def tell(self, what: str, share: float | None) -> None:
        """Show what is being done, and what share of it is done, where that is known."""
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
        if self._task is not None:
            self._progress.stop()
