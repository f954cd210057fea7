"""How completions are given to bash, zsh and fish: with descriptions, no part of which a shell runs.

Typer's own way draws a description with Rich, which takes [brackets] for markup and long to load.
"""

import os
import re
from collections.abc import Mapping

# Typer has no public way to give a shell completions of one's own making; a test runs the real shells.
from typer._click.shell_completion import CompletionItem, add_completion_class
from typer._completion_classes import BashComplete, FishComplete, ZshComplete


def use_own_shells() -> None:
    """Use the classes of this module for completion, once the application is built: that brings Typer's."""
    for name, shell in (("bash", Bash), ("zsh", Zsh), ("fish", Fish)):
        add_completion_class(shell, name)


def offer_words(words: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    """Return the words that begin as is typed, each with its description."""
    return [CompletionItem(word, help=text) for word, text in words.items() if word.startswith(incomplete)]


class Bash(BashComplete):
    """Bash shows no descriptions. It takes `=` for a word of its own."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words as they were typed, joined where bash cut them at `=`."""
        args, incomplete = super().get_completion_args()
        words: list[str] = []
        for word in [*args, incomplete]:
            if words and ("=" in {word, words[-1][-1:]}) and _begins_value(words[-1]):
                words[-1] += word
            else:
                words.append(word)
        return words[:-1], words[-1]

    def complete(self) -> str:
        """Return what bash is to put in the place of the last word, which may begin after a `=`, as typed."""
        args, incomplete = self.get_completion_args()
        _, last = super().get_completion_args()
        cut = incomplete if last == "=" else incomplete.removesuffix(last)
        whole = _join_to_option(incomplete, self.get_completions(args, incomplete))
        values = [item.value.removeprefix(cut) for item in whole]
        words, number = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        mark = words[number][:1] if number < len(words) else ""
        if mark in {"'", '"'}:  # Bash closes what was opened, and quotes nothing else.
            return "\n".join(value for value in values if mark not in value)
        return "\n".join(re.sub(r"([ '()])", r"\\\1", value) for value in values)


def _begins_value(word: str) -> bool:
    """Return whether a word is a field or an option to which `=` belongs."""
    return re.match(r"[a-z-]+(=|$)", word) is not None


def _join_to_option(incomplete: str, items: list[CompletionItem]) -> list[CompletionItem]:
    """Return completions as whole words, with the name of an option that `=` joins to its value."""
    name, equals, _ = incomplete.partition("=")
    if not (equals and name.startswith("-")):
        return items
    return [CompletionItem(f"{name}={item.value}", help=item.help) for item in items]


class Zsh(ZshComplete):
    """The completions as an array for `_describe`, each in single quotes, in which zsh evaluates nothing."""

    def complete(self) -> str:
        """Return the commands that the function of the completion script evaluates."""
        args, incomplete = self.get_completion_args()
        items = self.get_completions(args, incomplete)
        if not items:
            return "_files"
        offered = " ".join(_quote_for_zsh(item) for item in items)
        # What is typed before the value of an option is no part of it.
        skip = "compset -P 1 '*='; " if incomplete.startswith("-") and "=" in incomplete else ""
        return f"local -a offered; offered=({offered}); {skip}_describe -V completions offered"


def _quote_for_zsh(item: CompletionItem) -> str:
    """Return what `_describe` reads: a value, and a description after the first colon that is not escaped."""
    value = item.value.replace("\\", "\\\\").replace(":", "\\:")
    text = "{}:{}".format(value, item.help.replace("\\", "\\\\")) if item.help else value
    return "'" + text.replace("'", "'\\''") + "'"


class Fish(FishComplete):
    """The completions of fish: a line each, its description after a tab."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the completions as whole words."""
        return _join_to_option(incomplete, super().get_completions(args, incomplete))

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line of a completion."""
        return f"{item.value}\t{item.help}" if item.help else item.value
