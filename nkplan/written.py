"""Whether what a command was asked to write is written: from then on, stopping it undoes nothing."""

_is_written = False


def mark_written() -> None:
    """Note that it is written."""
    global _is_written  # noqa: PLW0603 - An interrupt can come at any place, and there is one for the process.
    _is_written = True


def forget_written() -> None:
    """Note that what was written, if anything, was not yet what the command was asked to write."""
    global _is_written  # noqa: PLW0603
    _is_written = False


def is_written() -> bool:
    """Return whether it is written."""
    return _is_written
