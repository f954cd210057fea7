"""A short digest of a link, for ids; apart from links, because hashing is slow to import."""

from hashlib import sha256

from nkplan.links import normalize_link

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LENGTH = 6
"""How many characters a digest has."""


def make_digest(link: str) -> str:
    """Return six small letters and digits that follow from a link, the same for all its forms.

    There are 36^6, about 2.2 thousand million. Two given links share a digest with a chance of 1 in 2.2
    thousand million; among 1,000 links some two do with a chance of 1 in 4,400. Raises ValueError if it is no
    link.
    """
    number = int.from_bytes(sha256(normalize_link(link).encode()).digest(), "big")
    digest = ""
    for _ in range(LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digest += _DIGITS[digit]
    return digest
