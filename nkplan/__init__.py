"""Track announced projects: what was promised, claimed and verified."""

__version__ = "0.2.0"
