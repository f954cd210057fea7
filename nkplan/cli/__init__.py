"""The door: reads the command line, calls the floors below, hands on what they give.

Imports stand inside functions here, and nowhere else: a command loads what it needs and no more.
"""

import gc

# While modules are loaded nothing becomes garbage; looking for it takes a fifteenth of the time to start.
gc.disable()

from nkplan.cli.run import main  # noqa: E402

__all__ = ["main"]
