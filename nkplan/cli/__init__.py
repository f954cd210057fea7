"""The interface: reads the command line, calls the layers below, hands on what they give.

Imports stand inside functions here, and nowhere else: a command loads what it needs and no more.
"""

import gc
import os
from typing import NoReturn


def main() -> NoReturn:
    """Run the program; who presses Ctrl-C, while it is still being loaded too, leaves at once."""
    # While modules are loaded nothing becomes garbage; looking for it takes a fifteenth of the time to start.
    gc.disable()
    try:
        from nkplan.cli import run

        run.main()
    except KeyboardInterrupt:
        os._exit(130)
