"""The commands, a module each: `nkplan NAME` runs `commands/NAME.py`."""
