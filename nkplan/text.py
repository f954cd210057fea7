"""Cleaning other people's text for a screen, folding names for search, finding what a typed word can mean."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from struct import iter_unpack

# C0 but tab and newline, DEL, C1, bidirectional overrides and isolates, the byte order mark, lone surrogates,
# and what is not seen and no script needs: zero-width spaces, fillers (of which a name can be made alone),
# invisible tags, signs of formats, and what Unicode keeps free for more of these. Joiners (U+200C, U+200D),
# marks (U+200E, U+200F), soft hyphens and selectors of variants are part of how texts are written, and stay.
# Printable ASCII, which is nearly all, is never searched for them.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ud800-\udfff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)


def _is_plain(text: str) -> bool:
    """Tell at a glance that a text has nothing in it but printable ASCII."""
    return text.isascii() and text.isprintable()


def find_unsafe(text: str) -> str | None:
    """Name the first character that must not reach a screen, as in `U+001B`; None where there is none."""
    if _is_plain(text):
        return None
    found = re.search(_UNSAFE, text)
    return f"U+{ord(found[0]):04X}" if found else None


def clean(text: str, *, on_one_line: bool = True) -> str:
    """Replace every character that could steer a terminal with U+FFFD.

    Newlines and tabs become spaces, unless the text need not stand `on_one_line`.
    """
    if _is_plain(text):
        return text
    if on_one_line:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return re.sub(_UNSAFE, "\ufffd", text)


def escape_unsafe(written: str) -> str:
    """Write every character of a JSON text that must not reach a screen as its escape; all else stays."""
    if _is_plain(written):
        return written
    return re.sub(_UNSAFE, _escape, written)


def _escape(found: re.Match[str]) -> str:
    """Give a character as JSON escapes it: by one number of UTF-16, or by two."""
    written = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{number:04x}" for (number,) in iter_unpack(">H", written))


def is_link(text: str) -> bool:
    """Tell whether a text is what may be opened: an http or https address, with nothing that is not seen."""
    return (
        text.isprintable()
        and find_unsafe(text) is None
        and re.fullmatch(r"https?://[^\s<>\"\\\ufffd]+", text, re.IGNORECASE) is not None
    )


def shorten(text: str, most: int = 2000) -> str:
    """Leave out the middle of a text that is longer than a person reads, saying how much that is.

    What stands first says what is wrong and what stands last what to do, so that both stay.
    """
    if len(text) <= most:
        return text
    head, tail = most * 2 // 3, most // 3
    return f"{text[:head]} (... {len(text) - head - tail} characters ...) {text[-tail:]}"


def quote(text: str, most: int = 100) -> str:
    """Put what somebody wrote into quotes for a sentence, without its middle where it is long."""
    return repr(shorten(text, most))


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, without case, diacritics, apostrophes, spaces and hyphens.

    Two spellings of a name that differ in nothing else fold to the same. Letters of every script are kept.
    """
    return "".join(filter(_tells_names_apart, _spell_small(text)))


def _tells_names_apart(letter: str) -> bool:
    """Tell letters, digits and vowel signs from marks that sources put or leave out.

    A diacritic has a combining class; a vowel sign, as of Devanagari or Thai, is a mark that has none.
    """
    category = unicodedata.category(letter)
    if category in {"Mn", "Mc"}:
        return unicodedata.combining(letter) == 0
    return letter.isalnum() and category != "Lm"


def _spell_small(text: str) -> str:
    """Spell signs out and take letters apart, all small: a sign such as № is spelt with a capital."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def make_slug(text: str) -> str:
    """Turn a name into an id a person can type; empty where no letter of it has a Latin form."""
    latin = _spell_small(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-")[:80].strip("-")


def match_ids(part: str, ids: Iterable[str]) -> list[str]:
    """Give the ids that a typed part can mean, sorted; one alone is the one meant.

    The whole id counts before a run of its whole words, and that before any other part: `usi` means
    `usi-factories` although `kusim-farm` has it too. Case, spaces and diacritics do not matter.
    """
    wanted = make_slug(part)
    if not wanted:
        return []
    held = sorted(one for one in ids if wanted in one.casefold())
    if part.strip() in held:
        return [part.strip()]
    whole = [one for one in held if one.casefold() == wanted]
    worded = [one for one in held if f"-{wanted}-" in f"-{one.casefold()}-"]
    return whole or worded or held


def suggest(word: str, words: Sequence[str]) -> str | None:
    """Give the nearest of the words to a mistyped one, or None where none is near."""
    near = get_close_matches(word.casefold(), words, n=1, cutoff=0.5)
    return near[0] if near else None


def list_words(words: Iterable[str], most: int = 60) -> str:
    """Put words into a sentence, as in `a, b and c`; beyond `most` it says how many more there are."""
    every = list(words)
    if not every:
        return "none"
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else every[0]


def explain_unknown(name: str, word: str, words: Sequence[str]) -> str:
    """Say that there is no such word in a vocabulary, with the nearest one and all there are.

    `name` is what to call it, as in `status` or `kind`.
    """
    near = suggest(word, words)
    meant = f"did you mean {near}? (of {list_words(words)})" if near else f"write one of {list_words(words)}"
    return f"there is no {name} {quote(word)}; {meant}"
