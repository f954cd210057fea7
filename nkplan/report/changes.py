"""What changed since a day: what came to be known after it, and the state before and after."""

from typing import NamedTuple

from nkplan.model.state import State


class Changed(NamedTuple):
    """A project of which something came to be known: how many updates, and its state before and after."""

    project: str
    name: str
    type: str
    updates: int
    before: State
    after: State

    @property
    def is_new(self) -> bool:
        """Whether nothing had been known of it before."""
        return not self.before.updates
