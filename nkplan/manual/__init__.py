"""The manual, a Markdown file a topic, read with `nkplan help TOPIC`."""

from pathlib import Path

TOPICS = {
    "words": "what each word means: source, quota, status, evidence class",
    "judging": "how a state is worked out from claims; how each view counts",
    "questions": "which command answers which question, with examples",
    "commands": "every command with its options; exit codes; ids",
    "config": "the config file: database, columns, pager, author, reports",
    "output": "formats, the columns of every command, the pager",
    "formats": "the files that load reads and export writes",
    "database": "the SQLite file, backups, upgrades, what check finds",
    "record": "what the shipped record holds and where it falls short",
    "architecture": "the layers of the program and what lives where",
    "taking-part": "how to change nkplan: set-up, worked examples, checks",
    "changelog": "what is new in each version",
}
"""The topics in reading order, each with its subject in a line."""

SUBJECTS = {"date": "words", "dates": "words"}
"""Subjects that have no topic of their own, and the topic that describes them."""


def read_topic(name: str) -> str:
    """Return the Markdown of a topic. Raises KeyError for a name that is not among TOPICS."""
    if name not in TOPICS:
        raise KeyError(name)
    return Path(__file__).with_name(f"{name}.md").read_text(encoding="utf-8")
