"""Keeps apart what was promised, what is claimed done and what is verified."""

__version__ = "0.2.0"
