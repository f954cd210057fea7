"""The colours of meanings on a dark and on a light background, and on one that is not known.

The four marks are the colours of Okabe and Ito ("Color Universal Design", 2008): bluish green, vermillion,
orange and sky blue, which people with any kind of colour blindness can tell apart. On white these are too
pale, or too alike once they are darkened alike: there they are darker, each in its own measure.
Every mark has a contrast of at least 3 to 1 with the background, every text one of 4.5 to 1.
"""

from nkplan.layout.picture import Meaning

DARK_GROUND, LIGHT_GROUND = "#0d1117", "#ffffff"
"""The backgrounds that the colours are made for."""

MARKS_ON_ANY = {
    Meaning.VERIFIED: "#009a6e",
    Meaning.CLAIMED: "#b84400",
    Meaning.STARTED: "#bf8600",
    Meaning.PROMISED: "#0075c4",
}
"""The colours of marks on a background that is not known, such as that of a terminal.

The nearest colours of a terminal that has 256 can be read on any background too.
"""

LINES_ON_ANY = {Meaning.BORDER: "#8a8a8a"}
"""The colours of lines on a background that is not known: dim black on white is black."""

ON_LIGHT = MARKS_ON_ANY | {
    Meaning.DATE: "#005a96",
    Meaning.AMOUNT: "#6e7781",
    Meaning.FRAME: "#d0d7de",
    Meaning.AXIS: "#818b98",
    Meaning.LABEL: "#59636e",
    Meaning.TITLE: "#1f2328",
    Meaning.TEXT: "#1f2328",
    Meaning.OUTLINE: "#818b98",
    Meaning.BORDER: "#b1bac4",
    Meaning.REGION: "#59636e",
}
"""The colours on a light background."""

ON_DARK = {
    Meaning.VERIFIED: "#009e73",
    Meaning.CLAIMED: "#d55e00",
    Meaning.STARTED: "#e69f00",
    Meaning.PROMISED: "#56b4e9",
    Meaning.DATE: "#9ad4f5",
    Meaning.AMOUNT: "#8b949e",
    Meaning.FRAME: "#30363d",
    Meaning.AXIS: "#6e7681",
    Meaning.LABEL: "#9da7b3",
    Meaning.TITLE: "#e6edf3",
    Meaning.TEXT: "#e6edf3",
    Meaning.OUTLINE: "#6e7681",
    Meaning.BORDER: "#484f58",
    Meaning.REGION: "#9da7b3",
}
"""The colours on a dark background."""


def mix(colour: str, ground: str, share: float) -> str:
    """Return a colour of which `share` is one colour and the rest another, all as in #0075c4."""
    parts = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
