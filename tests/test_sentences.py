"""The list of reworded sentences, and the comparison that allows them and nothing else."""

import ast
import re

import pytest
from program import ROOT
from sentences import Pair, have_same_words, read_pairs

PAIRS = [
    Pair(
        "{path} can not be made: there is no folder {parent}",
        "cannot create {path}: there is no folder {parent}",
    ),
    Pair("Only what stands.", "Only what is on record."),
    Pair("{n} of {m} regions have a site", "regions with a site: {n} of {m}"),
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "nkplan: x.db can not be made: there is no folder y",
            "nkplan: cannot create x.db: there is no folder y",
        ),
        ("  --all  Only what\n         stands.\n", "  --all  Only what is\n         on record.\n"),
        ("2 of 13 regions have a site", "regions with a site: 2 of 13"),
        ("\x1b[2mthe same\x1b[0m", "the same"),
    ],
)
def test_a_reworded_sentence_is_the_same_however_it_wraps(old: str, new: str) -> None:
    assert have_same_words(old, new, PAIRS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x.db can not be made: there is no folder y", "cannot create x.db: there is no folder z"),
        ("2 of 13 regions have a site", "regions with a site: 3 of 13"),
        ("Only what stands.", "Only what is on record, and more."),
        ("Only what is on record.", "Only what stands."),
        ("20 sites", "21 sites"),
    ],
)
def test_any_other_difference_is_found(old: str, new: str) -> None:
    assert not have_same_words(old, new, PAIRS)


def test_each_new_sentence_says_no_less_than_the_old() -> None:
    for pair in read_pairs():
        assert pair.old != pair.new
        old, new = ({*re.findall(r"\{(\w+)\}", sentence)} for sentence in pair)
        assert old == new, pair


def test_no_old_sentence_is_left_in_the_program() -> None:
    texts = {
        node.value
        for path in (ROOT / "nkplan").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not texts & {pair.old for pair in read_pairs()}
