"""Links: the one form in which each is stored, the links that cannot exist, and the same page."""

import re
from collections.abc import Callable
from unicodedata import normalize
from urllib.parse import unquote

import pytest
from each import for_each
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nkplan.links import find_host, find_page, normalize_link, normalize_stored

EQUAL = [
    # Scheme and host ignore case; nothing else does.
    ("HTTPS://Example.ORG/Path?Q=A#F", "https://example.org/Path?Q=A#F"),
    ("hTTp://KCNA.kp/", "http://kcna.kp/"),
    # The empty path is the root, also before a query or fragment.
    ("http://example.org", "http://example.org/"),
    ("https://example.org?a=1", "https://example.org/?a=1"),
    ("https://example.org#a", "https://example.org/#a"),
    # The default port and an empty one; leading zeros are not part of a number.
    ("https://a.example:443/", "https://a.example/"),
    ("http://a.example:80", "http://a.example/"),
    ("http://a.example:0080/", "http://a.example/"),
    ("http://a.example:/x", "http://a.example/x"),
    ("https://a.example:08443/", "https://a.example:8443/"),
    ("http://[::1]:80/", "http://[::1]/"),
    ("http://kim@a.example:80/", "http://kim@a.example/"),
    # Unreserved characters need no escape, all others keep theirs, in capitals.
    ("https://e.org/%7ekim", "https://e.org/~kim"),
    ("https://e.org/%7Ekim", "https://e.org/~kim"),
    ("https://e.org/%41%7a%30%2d%2E%5f", "https://e.org/Az0-._"),
    ("https://e.org/a%2fb%3a%c3%a9", "https://e.org/a%2Fb%3A%C3%A9"),
    ("https://e.org/?q=%41%2b%26#%41%2f", "https://e.org/?q=A%2B%26#A%2F"),
    ("https://%6bim%3a@e.org/", "https://kim%3A@e.org/"),
    ("https://ex%61mple%2eORG/", "https://example.org/"),
    ("https://e.org/%ff", "https://e.org/%FF"),
    # Dot segments, also with escaped dots (RFC 3986, sections 5.2.4 and 5.4.2).
    ("https://e.org/a/./b/../c", "https://e.org/a/c"),
    ("https://e.org/a/b/..", "https://e.org/a/"),
    ("https://e.org/a/b/.", "https://e.org/a/b/"),
    ("https://e.org/../../a", "https://e.org/a"),
    ("https://e.org/..", "https://e.org/"),
    ("https://e.org/%2e/a/%2E%2e/b", "https://e.org/b"),
    ("https://e.org/a//../b", "https://e.org/a/b"),
    # Letters beyond ASCII: Punycode in the host, percent-encoded UTF-8 elsewhere.
    ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ("https://MÜNCHEN.example/", "https://xn--mnchen-3ya.example/"),
    ("https://mu\u0308nchen.example/", "https://xn--mnchen-3ya.example/"),
    ("https://m%C3%BCnchen.example/", "https://xn--mnchen-3ya.example/"),
    ("https://XN--MNCHEN-3YA.example/", "https://xn--mnchen-3ya.example/"),
    ("https://한국.example/", "https://xn--3e0b707e.example/"),
    ("https://例え。example/", "https://xn--r8jz45g.example/"),
    ("https://ｅｘａｍｐｌｅ.org/", "https://example.org/"),
    ("https://straße.example/", "https://xn--strae-oqa.example/"),  # strasse.example is another host
    ("https://ΑΣ.example/", "https://xn--mxa0b.example/"),  # a small σ, not the ς of the end of a word
    ("https://e.org/é", "https://e.org/%C3%A9"),
    ("https://e.org/한글", "https://e.org/%ED%95%9C%EA%B8%80"),
    ("https://e.org/%ed%95%9c%ea%b8%80", "https://e.org/%ED%95%9C%EA%B8%80"),
    ("https://e.org/e\u0301", "https://e.org/%C3%A9"),
    ("https://e.org/\u1112\u1161\u11ab", "https://e.org/%ED%95%9C"),
    ("https://e.org/?q=한#한", "https://e.org/?q=%ED%95%9C#%ED%95%9C"),
]  # fmt: skip
"""Links, each with its stored form."""

STORED = [
    "https://example.com/a",
    "https://example.com/a/",
    "http://www.spnews.co.kr/news/articleView.html?idxno=77499",
    "https://kim:secret@example.com/",
    "https://@example.com/",
    "https://example.com./",
    "https://example.com:8443/",
    "http://example.com:443/",
    "https://localhost/",
    "https://exa_mple.org/",
    "https://-a-.example.org/",
    "https://1.example/",
    "https://192.0.2.1/",
    "https://[2001:db8::1]:8080/a",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://" + "a" * 63 + ".example/",
    "https://" + ".".join(["a" * 49] * 5) + "/",
    "https://" + ".".join(["a" * 49] * 5) + ".org/",
    # Empty parts, repeated slashes and reserved characters can mean something.
    "https://example.com/?",
    "https://example.com/#",
    "https://example.com/?#",
    "https://example.com//a//b",
    "https://example.com/a;b=c,d!$&'()*+=:@",
    "https://example.com/?b=2&a=1&&a=",
    "https://example.com/?url=https://e.org/../a",
    "https://example.com/a.html/...",
    "https://example.com/.well-known",
    # Signs that are stray in the wild.
    "https://example.com/100%",
    "https://example.com/?q=100%zz&r=5%",
    "https://example.com/%%37e",
    "https://example.com/%7%45",
    "https://example.com/<a>|{b}",
    # Escapes that are no UTF-8, as pages in EUC-KR have them, and letters that are escaped in pieces.
    "https://example.com/?q=%C7%D1%B1%DB",
    "https://example.com/%E1%84%92%E1%85%A1%E1%86%AB",
]
"""Links that are in their stored form."""

REFUSED = [
    ("example.org", "a link starts with https:// or http://"),
    ("//example.org/a", "a link starts with https:// or http://"),
    ("https:example.org", "a link starts with https:// or http://"),
    ("https:/example.org", "a link starts with https:// or http://"),
    ("ftp://example.org/a", "a link starts with https:// or http://"),
    ("http\u017f://example.org/", "a link starts with https:// or http://"),
    ("javascript:alert(1)", "a link starts with https:// or http://"),
    ("https://example.org/a b", "has no spaces"),
    ("https://exam ple.org/", "has no spaces"),
    ("https://example.org/a\u3000b", "has no spaces"),
    ("https://example.org/a\nb", "has no spaces"),
    ("https://", "'' is not a host; write one after the //"),
    ("https:///a", "'' is not a host; write one after the //"),
    ("https://:80/", "'' is not a host; write one after the //"),
    ("https://kim@/", "'' is not a host; write one after the //"),
    ("https://?a", "'' is not a host; write one after the //"),
    ("https://a..b/", "'a..b' is not a host: it has a dot with nothing before it"),
    ("https://.example.org/", "'.example.org' is not a host: it has a dot with nothing before it"),
    ("https://example.org../", "'example.org..' is not a host: it has a dot with nothing before it"),
    ("https://./", "'.' is not a host: it has a dot with nothing before it"),
    ("https://a%2e.b/", "'a..b' is not a host: it has a dot with nothing before it"),
    ("https://" + "a" * 64 + ".example/", "has at most 63 characters"),
    ("https://" + "ü" * 60 + ".example/", "has at most 63 characters"),
    ("https://" + ".".join(["a" * 49] * 5) + ".orgorg/", "it has 256 characters; at most 253"),
    ("https://e!x.org/", "'e!x.org' is not a host; a host has letters, digits, hyphens and dots"),
    ("https://exa%20mple.org/", "is not a host; a host has letters"),
    ("https://exa%zzmple.org/", "is not a host; a host has letters"),
    ("https://exa%ffmple.org/", "is not a host; a host has letters"),
    ("https://a%3A80/", "'a:80' is not a host"),
    ("https://%5B::1%5D:80/", "'[::1]' is not a host"),
    ("https://a\\b/", "is not a host"),
    ("https://a／b.example/", "is not a host"),
    ("https://a\u200bb.example/", "is not a host"),
    ("https://a:b:80/", "'a:b' is not a host"),
    ("http://999.1.1.1/", "'999.1.1.1' is not an IP address; write four numbers from 0 to 255"),
    ("http://256.0.0.1/", "is not an IP address"),
    ("http://1.2.3/", "is not an IP address"),
    ("http://1.2.3.4.5/", "is not an IP address"),
    ("http://1.2.3.04/", "is not an IP address"),
    ("http://3232235777/", "is not an IP address"),
    ("http://0x7f.0.0.0x1/", "is not an IP address"),
    ("http://example.1/", "is not an IP address"),
    ("https://[::1", "'[::1' is not an IPv6 address; write one as in [2001:db8::1]"),
    ("https://[::1/", "is not an IPv6 address"),
    ("https://[1::2::3]/", "is not an IPv6 address"),
    ("https://[12345::]/", "is not an IPv6 address"),
    ("https://[]/", "is not an IPv6 address"),
    ("https://[::1]x/", "is not an IPv6 address"),
    ("https://[fe80::1%25eth0]/", "is not an IPv6 address"),
    ("https://[example.org]/", "is not an IPv6 address"),
    ("https://e.org:0/", "there is no port '0'; write a number from 1 to 65535, or leave it out"),
    ("https://e.org:000/", "there is no port '000'"),
    ("https://e.org:65536/", "there is no port '65536'"),
    ("https://e.org:" + "9" * 5000 + "/", "there is no port '999"),
    ("https://e.org:8o/", "there is no port '8o'"),
    ("https://e.org:-1/", "there is no port '-1'"),
    ("https://e.org:٨٠/", "there is no port '٨٠'"),
]  # fmt: skip
"""Texts that are no links, each with what the refusal says."""

SAME_PAGE = {
    "e.org": ["http://e.org", "https://www.e.org/", "https://e.org/#top", "https://e.org/?", "https://e.org:443"],
    "e.org/a": [
        "http://e.org/a",
        "https://e.org/a",
        "https://e.org/a/",
        "https://WWW.e.org/a/?",
        "https://e.org/a#section",
        "https://e.org/a#:~:text=factory",
        "https://e.org/b/../%61",
        "https://e.org/a?utm_source=x&utm_medium=y",
        "https://e.org/a?fbclid=1",
        "https://e.org/a?UTM_Source=x&&gclid=",
        *(
            f"https://e.org/a?{name}=1"
            for name in "gclid dclid gbraid wbraid msclkid mc_cid mc_eid igshid yclid twclid ttclid".split()
        ),
        *(f"https://e.org/a?{name}=1" for name in "_ga _gl ref_src utm_term utm_id".split()),
        "https://web.archive.org/web/20240101000000/https://e.org/a",
        "http://web.archive.org/web/2024/http://www.e.org/a/",
        "https://web.archive.org/web/20240101000000id_/http://e.org:80/a",
        "https://web.archive.org/web/20240101000000if_/https://e.org:443/a?utm_source=x#b",
        "https://web.archive.org/web/20240101000000/e.org/a",
        "https://web.archive.org/web/20240101000000/http:/e.org/a",
        "https://web.archive.org/web/https://e.org/a",
        "https://web.archive.org/web/2024/https%3A%2F%2Fe.org%2Fa",
        *(
            f"https://archive.{end}/20240101/https://e.org/a"
            for end in "today ph is li md vn fo".split()
        ),
        "https://archive.ph/20240101120000/http://e.org/a",
        "https://archive.ph/2024.01.01-120000/https://e.org/a",
        "https://archive.ph/newest/https://e.org/a",
        "https://archive.ph/newest/e.org/a",
        "https://archive.ph/o/AbC12/https://e.org/a",
        "https://archive.ph/newest/https://web.archive.org/web/2024/https://e.org/a",
    ],
    "e.org/a?id=1": [
        "https://e.org/a?id=1",
        "https://e.org/a/?id=1",
        "https://e.org/a?utm_source=x&id=1",
        "https://e.org/a?id=1&fbclid=2",
        "https://archive.is/newest/https://e.org/a?id=1",
        "https://web.archive.org/web/2024/https%3A%2F%2Fe.org%2Fa%3Fid%3D1",
    ],
    "e.org/a?b=2&a=1": ["https://e.org/a?b=2&a=1", "https://e.org/a?b=2&gclid=x&a=1"],
    "e.org/a?a=1&b=2": ["https://e.org/a?a=1&b=2"],
    "e.org/A": ["https://e.org/A"],
    "e.org/index.html": ["https://e.org/index.html"],
    "e.org/a?from=x&ref=y&source=z": ["https://e.org/a?from=x&ref=y&source=z"],
    "e.org/a?utm": ["https://e.org/a?utm"],
    "m.e.org/a": ["https://m.e.org/a", "http://www.m.e.org/a"],
    "e.org:8080/a": ["http://e.org:8080/a", "https://e.org:8080/a"],
    "www.kr": ["https://www.kr/"],
    "xn--mnchen-3ya.example/%ED%95%9C": ["https://www.münchen.example/한", "https://archive.ph/newest/https://münchen.example/한"],
    # Neither names the link that was copied.
    "archive.ph/AbCdE": ["https://archive.ph/AbCdE"],
    "web.archive.org/web/2024*/e.org/a": ["https://web.archive.org/web/2024*/e.org/a"],
    "web.archive.org/web/petabox.php": ["https://web.archive.org/web/petabox.php"],
    "web.archive.org/web/2024/a": ["https://web.archive.org/web/2024/a"],
    "web.archive.org/web/2024/https://1.2.3": ["https://web.archive.org/web/2024/https://1.2.3/"],
    "notarchive.ph/newest/https://e.org/a": ["https://notarchive.ph/newest/https://e.org/a"],
}  # fmt: skip
"""For each page, links that lead to it."""


@for_each(("text", "stored"), EQUAL)
def test_all_forms_of_a_link_have_one_stored_form(text: str, stored: str) -> None:
    assert normalize_link(text) == stored
    assert normalize_link(stored) == stored


@for_each("link", STORED)
def test_what_can_mean_something_else_stays(link: str) -> None:
    assert normalize_link(link) == link


@for_each(("text", "why"), REFUSED)
def test_a_link_that_cannot_exist_is_refused_with_what_to_write(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as refusal:
        normalize_link(text)
    assert " is not a link" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("http://1.2.3", "http://1.2.3"), ("ftp://E.org", "ftp://E.org"), ("http://E.org", "http://e.org/")],
)
def test_a_stored_link_that_is_refused_today_stays_as_it_is(text: str, stored: str) -> None:
    assert normalize_stored(text) == stored


HOSTS = st.sampled_from(
    ["e.org", "E.org.", "münchen.example", "%65.org", "[::A]", "192.0.2.1", "xn--mnchen-3ya.de"]
)
PIECES = st.sampled_from(
    ["/", "//", ".", "..", "%2e", "%2F", "%", "%%", "%4", "1", "7", "a", "E", "é", "e\u0301", "한",
     "\u1112\u1161", "?", "#", "&", "=", ":", "@", "~", "%7e", "%C3%A9", "%ff", "utm_a", "www.",
     "http://", "+", "|", "\u212a"]
)  # fmt: skip
LINKS = st.builds(
    lambda scheme, person, host, port, rest: f"{scheme}://{person}{host}{port}{rest}",
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["", "kim@", "%4bim:%@"]),
    HOSTS,
    st.sampled_from(["", ":", ":80", ":443", ":8080"]),
    st.just("")
    | st.builds(lambda start, pieces: start + "".join(pieces), st.sampled_from("/?#"), st.lists(PIECES)),
)


@given(LINKS | st.text().map(lambda text: f"https://{text}"))
@example("https://e.org/%%37e")
@example("https://e.org/%4%31")
@example("https://e.org/%é%37")
def test_a_stored_form_is_ascii_and_its_own_stored_form(text: str) -> None:
    try:
        stored = normalize_link(text)
    except ValueError:
        assume(False)
    assert stored.isascii()
    assert normalize_link(stored) == stored
    assert find_page(text) == find_page(stored)


@given(st.data())
def test_a_link_written_in_another_form_has_the_same_stored_form(data: st.DataObject) -> None:
    """Starts from stored forms and undoes, at random, what a stored form requires."""
    link = data.draw(st.sampled_from([one for one in STORED if "%" not in one and "[" not in one]))
    scheme, authority, rest = re.fullmatch("(https?)://([^/]*)(/.*)", link).groups()  # type: ignore[union-attr]
    person, at, host = authority.rpartition("@")
    port = {"http": ["", ":", ":80"], "https": ["", ":", ":443"]}[scheme]
    if ":" in host:
        port = [""]
    path, mark, tail = re.fullmatch(r"([^?#]*)([?#]?)(.*)", rest).groups()  # type: ignore[union-attr]
    dots = data.draw(st.sampled_from(["", "/.", "/x/..", "/%2E", "/../a/%2e."]))

    def escape(part: str) -> str:
        pick = data.draw(st.integers(0, 3))
        forms: list[Callable[[str], str]] = [
            str,
            str,
            lambda sign: f"%{ord(sign):02x}",
            lambda sign: f"%{ord(sign):02X}",
        ]
        return re.sub("[A-Za-z0-9._~-]", lambda found: forms[(pick + found.start()) % 4](found[0]), part)

    written = (
        f"{data.draw(st.sampled_from([scheme, scheme.upper()]))}://{escape(person)}{at}"
        f"{data.draw(st.sampled_from([host, host.upper(), host.title()]))}{data.draw(st.sampled_from(port))}"
        f"{dots}{escape(path)}{mark}{escape(tail)}"
    )
    assert normalize_link(written) == link


@given(LINKS)
def test_nothing_but_escapes_and_dots_changes_after_the_host(text: str) -> None:
    """A second reading of RFC 3986: decoded as a whole, equal links have equal queries and fragments."""
    _, query_mark, query = text.partition("#")[0].partition("?")
    _, fragment_mark, fragment = text.partition("#")
    stored = normalize_link(text)
    _, stored_mark, stored_query = stored.partition("#")[0].partition("?")
    assert stored_mark == query_mark
    assert stored.partition("#")[1] == fragment_mark
    assert _decode(stored_query) == _decode(query)
    assert _decode(stored.partition("#")[2]) == _decode(fragment)
    # What is reserved never changes sides: `%2F` is not `/`.
    for sign in "/?#&=:@+":
        assert stored_query.count(sign) == query.count(sign)
        assert stored_query.upper().count(f"%{ord(sign):02X}") == query.upper().count(f"%{ord(sign):02X}")


def _decode(part: str) -> str:
    return unquote(normalize("NFC", part), errors="surrogateescape")


@for_each(("page", "link"), [(page, link) for page, links in SAME_PAGE.items() for link in links])
def test_links_to_one_page_are_recognized(page: str, link: str) -> None:
    assert find_page(link) == page


@pytest.mark.parametrize(
    "link", ["https://e.org/#!/news/1", "https://e.org/#/news/1", "https://e.org/?a=1#!b"]
)
def test_a_fragment_that_is_a_route_belongs_to_the_page(link: str) -> None:
    assert (find_page(link) or "").endswith(link[link.index("#") :])
    assert find_page(link) != find_page(link.partition("#")[0])


@pytest.mark.parametrize("text", ["", "a", "javascript:alert(1)", "http://1.2.3/", "https://e.org/a b"])
def test_a_text_that_is_no_link_is_a_page_of_its_own(text: str) -> None:
    assert find_page(text) == text


def test_a_copy_of_copies_of_any_depth_has_a_page() -> None:
    assert find_page("https://archive.ph/newest/" * 500 + "https://e.org/a") == "e.org/a"


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://www.rodong.rep.kp/a", "rodong.rep.kp"),
        ("https://kim@www.E.org:8080/", "e.org"),
        ("https://www.kr/", "www.kr"),
        ("https://xn--mnchen-3ya.example/", "münchen.example"),
        ("https://xn--\u0039\u0039\u0039\u0039\u0039.example/", "xn--99999.example"),
        ("https://192.0.2.1/", "192.0.2.1"),
    ],
)
def test_a_host_is_read_as_a_person_reads_it(link: str, host: str) -> None:
    assert find_host(link) == host
