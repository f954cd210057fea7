"""The digest of a link in the ids of sources."""

import re

import pytest

from nkplan.digest import make_digest


def test_the_digest_of_a_link_is_the_same_on_every_machine() -> None:
    # Worked out from `printf %s https://example.com/a | sha256sum`: the number modulo 36 six times.
    assert make_digest("https://example.com/a") == "c0mlo0"


@pytest.mark.parametrize("form", ["HTTPS://Example.com/a", "https://example.com:443/b/../%61"])
def test_all_forms_of_a_link_have_one_digest(form: str) -> None:
    assert make_digest(form) == make_digest("https://example.com/a")


def test_a_digest_has_six_small_letters_and_digits_and_different_links_have_different_ones() -> None:
    digests = {make_digest(f"https://example.com/{number}") for number in range(2_000)}
    # The chance that two of 2,000 share one is 1 in 1,100; these do not.
    assert len(digests) == 2_000
    assert all(re.fullmatch("[0-9a-z]{6}", digest) for digest in digests)
    # All 36 signs occur at every place: 2,000 draws miss one with a chance below 1 in 10^20.
    assert all(len({digest[place] for digest in digests}) == 36 for place in range(6))
