"""Where the pages of a site are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkplan.layout.addresses import FOLDERS, name_page, relate
from nkplan.text import fold_id


@pytest.mark.parametrize(
    ("list_", "id_", "page"),
    [
        ("projects", "songchon-factories", "project/songchon-factories"),
        ("places", "KP-02", "place/kp-02"),
        ("publishers", "kcna.kp", "publisher/kcna.kp"),
    ],
)
def test_a_page_is_named_by_its_id(list_: str, id_: str, page: str) -> None:
    assert name_page(list_, id_) == page


@pytest.mark.parametrize(
    "id_",
    [
        *("con", "NUL", "lpt1", "com1.example", "..", ".", "../../etc/passwd", "a/b", "a\\b", "x" * 101),
        *("-a", "ends.", "a b", "천", "a\0b", "", "x~0123456789abcdef01234567", "\udc80", "<script>"),
    ],
)
def test_an_id_that_is_no_safe_name_of_a_file_gets_one(id_: str) -> None:
    folder, _, name = name_page("projects", id_).partition("/")
    assert folder == "project"
    assert re.fullmatch("[a-z0-9-]{1,40}~[0-9a-f]{24}", name)


ids = st.text("aAbB-./~ \\ß\u0130é\0", max_size=6) | st.sampled_from(["con", "CON", "aux.x", "x" * 200])


@given(ids, ids)
def test_two_ids_share_a_page_only_if_they_are_one(one: str, other: str) -> None:
    pages = {name_page("sources", id_) for id_ in (one, other)}
    assert (len(pages) == 1) == (fold_id(one) == fold_id(other))
    # On a file system that knows no case they differ too.
    assert {page.lower() for page in pages} == pages


@given(st.sampled_from(sorted(FOLDERS)), st.text(max_size=20))
def test_no_id_leads_out_of_its_folder(list_: str, id_: str) -> None:
    page = name_page(list_, id_)
    assert re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9._~-]*", page)
    assert page.count("/") == 1
    assert not page.endswith(".")


def test_a_link_is_relative_to_the_page_that_has_it() -> None:
    assert relate("index", "project/a.html") == "project/a.html"
    assert relate("project/a", "project/b.html") == "b.html"
    assert relate("project/a", "source/b.html") == "../source/b.html"
    assert relate("project/a", "index.html") == "../index.html"
