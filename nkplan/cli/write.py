"""The commands that write: add, update, undo, load."""
