"""Cleaning other people's text for a screen, and folding names for search."""

import re
import unicodedata

# C0 but tab and newline, DEL, C1, bidirectional overrides and isolates, zero-width tricks that no script
# needs, the byte order mark, lone surrogates. Joiners (U+200C, U+200D) and marks (U+200E, U+200F) are part
# of how some scripts are written, and stay.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]")


def find_unsafe(text: str) -> str | None:
    """Name the first character that must not reach a screen, as in `U+001B`; None where there is none."""
    found = _UNSAFE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def clean(text: str) -> str:
    """Replace every character that could steer a terminal with U+FFFD; newlines and tabs become spaces."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, without case, diacritics, apostrophes, spaces and hyphens.

    Two spellings of a name that differ in nothing else fold to the same. Letters of every script are kept.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        letter for letter in decomposed if letter.isalnum() and unicodedata.category(letter) not in {"Mn", "Lm"}
    )


def make_slug(text: str) -> str:
    """Turn a name into an id a person can type; empty where no letter of it has a Latin form."""
    latin = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-")[:80].strip("-")
