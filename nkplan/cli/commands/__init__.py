"""The commands, one module each: `nkplan NAME` runs `commands/NAME.py`."""
