"""The door: reads the command line, calls the floors below, hands on what they give.

Imports stand inside functions here, and nowhere else: a command loads what it needs and no more.
"""

from nkplan.cli.run import main

__all__ = ["main"]
