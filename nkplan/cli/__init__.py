"""The interface: read the command line, call the layers below, and pass on their results.

Only this package imports inside functions, so that a command loads no more than it needs.
"""

import gc
import os
from typing import NoReturn


def main() -> NoReturn:
    """Run the program; Ctrl-C ends it at once, even while it is still loading."""
    # Loading modules leaves no garbage, and collecting it would take a fifteenth of the start-up time.
    gc.disable()
    try:
        from nkplan.cli import run

        run.main()
    except KeyboardInterrupt:
        os._exit(130)
