"""Links to documents: one stored form for every way to write a link, and a looser form for "the same page".

A link is stored as a URI in ASCII (RFC 3986), not in the readable form of RFC 3987: a percent-encoded text
need not be UTF-8 or in NFC and can have invisible characters, so decoding it could change where it leads or
what a screen shows; encoding loses nothing. Two links have one stored form exactly if sections 6.2.2 and
6.2.3 of RFC 3986 call them equal.
"""

import re
import unicodedata
from ipaddress import IPv6Address
from typing import NamedTuple

from nkplan.text import quote

_PARTS = r"(?ai:(https?))://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?"
"""Appendix B of RFC 3986, for links: scheme, authority, path, query and fragment with their delimiters.

The standard library drops an empty query or fragment, which RFC 3986 (6.2.3) keeps.
"""

_DEFAULT_PORTS = {"http": "80", "https": "443"}

# Neither `%` nor `%4` before it: to decode what follows such a stray sign would complete an escape.
_ESCAPE = r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})|%[0-9A-Fa-f]{2}"
_UNRESERVED = "[A-Za-z0-9._~-]"
_BEYOND_ASCII = r"[^\x00-\x7f]+"

# The underscore is in no rule for hosts, but in the names of hosts that work.
_HOST_IN_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_NUMBER = "[0-9]+|0x[0-9a-f]*"
_LONGEST_LABEL = 63
_LONGEST_HOST = 253
# Signs that names in some scripts need: middle dots, Hebrew punctuation and joiners.
_SIGNS_IN_HOSTS = "\u00b7\u05f3\u05f4\u30fb\u200c\u200d"


class _Parts(NamedTuple):
    """The parts of a normalised link, each with its delimiter; one that the link does not have is empty."""

    scheme: str
    person: str
    host: str
    port: str
    path: str
    query: str
    fragment: str


def normalize_link(text: str) -> str:
    """Return the stored form of a link, the same for all links that RFC 3986 calls equal.

    It is in ASCII: other letters become Punycode in the host and percent-encoded UTF-8 elsewhere, after NFC.
    Dot segments, default ports and needless escapes are removed; the empty path becomes `/`. Raises
    ValueError if it is no http or https link, or if its host or port cannot exist.
    """
    return "".join(_split(text))


def normalize_stored(link: str) -> str:
    """Return the stored form of a link that an earlier version stored, or the link itself if it has none."""
    try:
        return normalize_link(link)
    except ValueError:
        return link


def _split(text: str) -> _Parts:
    """Split a link into its parts, each normalised."""
    found = re.fullmatch(_PARTS, text)
    if found is None or any(map(str.isspace, text)):
        raise ValueError(
            f"{quote(text)} is not a link; a link starts with https:// or http:// and has no spaces"
        )
    scheme, authority, path, query, fragment = found.groups(default="")
    scheme = scheme.lower()
    person, at, place = authority.rpartition("@")
    host, colon, port = place.rpartition(":")
    # Colons in brackets are those of an IPv6 address.
    if not colon or place.startswith("[") != host.endswith("]"):
        host, port = place, ""
    return _Parts(
        f"{scheme}://",
        _encode(person) + at,
        _normalize_host(host, text),
        _normalize_port(port, scheme, text),
        _remove_dots(_encode(path)) or "/",
        _encode(query),
        _encode(fragment),
    )


def _encode(part: str) -> str:
    """Encode what is not ASCII, decode what need not be encoded, and put the other escapes in capitals."""
    if part.isascii() and "%" not in part:
        return part
    part = re.sub(_BEYOND_ASCII, _escape, unicodedata.normalize("NFC", part))
    return re.sub(_ESCAPE, _unescape, part)


def _escape(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _unescape(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16)) if found[1] else ""
    return sign if re.fullmatch(_UNRESERVED, sign) else found[0].upper()


def _remove_dots(path: str) -> str:
    """Remove the segments `.` and `..` of a path (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _normalize_port(port: str, scheme: str, link: str) -> str:
    """Return a port with its colon, or nothing for the default port and an empty one."""
    if not port:
        return ""
    number = port.lstrip("0")
    if not re.fullmatch("[0-9]{1,5}", number) or int(number) > 65535:
        raise ValueError(
            f"{quote(link)} is not a link: there is no port {quote(port)};"
            " write a number from 1 to 65535, or leave it out with its colon"
        )
    return "" if number == _DEFAULT_PORTS[scheme] else f":{number}"


def _normalize_host(host: str, link: str) -> str:
    """Return a host in small letters and Punycode. Raises ValueError if no host can have this name."""
    if host.startswith("["):
        ready = host.lower()
        wrong = None if _is_ipv6(ready) else "is not an IPv6 address; write one as in [2001:db8::1]"
    else:
        ready = _write_host_in_ascii(host)
        wrong = _find_wrong(ready)
    if wrong is not None:
        raise ValueError(f"{quote(link)} is not a link: {quote(ready)} {wrong}")
    return ready


def _find_wrong(host: str) -> str | None:
    """Say why no host can have this name, which is in ASCII if that is possible, or return None."""
    bare = host.removesuffix(".")
    labels = bare.split(".")
    if not host:
        return "is not a host; write one after the //, as in https://example.org/page"
    if not _HOST_IN_ASCII.issuperset(host):
        return "is not a host; a host has letters, digits, hyphens and dots"
    if "" in labels:
        return "is not a host: it has a dot with nothing before it; write single dots, between names"
    if any(len(label) > _LONGEST_LABEL for label in labels):
        return f"is not a host: a part between dots has at most {_LONGEST_LABEL} characters; shorten it"
    if len(bare) > _LONGEST_HOST:
        return f"is not a host: it has {len(bare)} characters; at most {_LONGEST_HOST} are possible"
    # A browser takes it for an address if the last label is a number, decimal or hexadecimal.
    if labels[-1][:1].isdigit() and re.fullmatch(_NUMBER, labels[-1]) and not re.fullmatch(_IPV4, bare):
        return "is not an IP address; write four numbers from 0 to 255, as in 192.0.2.1"
    return None


def _is_ipv6(host: str) -> bool:
    # A zone, as in [fe80::1%eth0], means something on one machine only.
    if not host.endswith("]") or "%" in host:
        return False
    try:
        IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True


def _write_host_in_ascii(host: str) -> str:
    """Write a host in small letters, decoded, each label in Punycode if it is not ASCII, as browsers do.

    A label with a sign that no name has stays as it is, and so is refused.
    """
    if "%" in host:
        host = _decode(host)
    host = host.lower() if host.isascii() else _fold_host(host)
    if host.isascii():
        return host
    return ".".join(map(_write_label_in_ascii, host.split(".")))


def _decode(host: str) -> str:
    """Decode the escapes of a host, which are UTF-8 (RFC 3986, section 3.2.2); what is not stays."""
    try:
        return re.sub(
            "(?:%[0-9A-Fa-f]{2})+", lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), host
        )
    except UnicodeDecodeError:
        return host


def _fold_host(host: str) -> str:
    """Fold a host as UTS 46 does: case and width do not matter, and `。` is a dot.

    The codec `idna` of Python folds as in 2003: it makes ß an ss, which is another host today.
    """
    host = re.sub("[\u3002\uff0e\uff61]", ".", unicodedata.normalize("NFC", host))
    # Letter by letter, because a Σ at the end of a word has a small letter of its own.
    for _ in range(2):
        host = unicodedata.normalize("NFKC", "".join(map(str.lower, host)))
    return host


def _write_label_in_ascii(label: str) -> str:
    if label.isascii() or not all(map(_can_be_in_host, label)):
        return label
    return "xn--" + label.encode("punycode").decode()


def _can_be_in_host(sign: str) -> bool:
    if sign.isascii():
        return sign in _HOST_IN_ASCII
    return sign in _SIGNS_IN_HOSTS or unicodedata.category(sign)[0] not in {"C", "P", "Z"}


def find_host(link: str) -> str:
    """Return the host of a link as a person reads it, without `www.`: Punycode is decoded.

    Raises ValueError if it is no link.
    """
    return ".".join(map(_read_label, _drop_www(_split(link).host).split(".")))


def list_domains(link: str) -> list[str]:
    """Return the domains that a link's host is or is within, without `www.`, the nearest first.

    Each is given as a person reads it and, where that differs, in Punycode. A last label alone is none, and
    an IP address is within nothing. The link to a copy in an archive has the domains of the page that was
    copied; a text that is no link has none.
    """
    try:
        host = _drop_www(_split(_find_original(normalize_link(link))).host.removesuffix("."))
    except ValueError:
        return []
    if host.startswith("["):
        return []
    if re.fullmatch(_IPV4, host):
        return [host]
    labels = host.split(".")
    domains = (labels[at:] for at in range(len(labels) - 1))
    forms = (form for domain in domains for form in (map(_read_label, domain), domain))
    return list(dict.fromkeys(map(".".join, forms)))


def _read_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except ValueError:
        return label


# ---- the same page

# Parameters that only say where a reader came from; a page that used one of these names to choose what it
# shows would break whenever somebody shares it. Names that some sites use for more stay (`ref`, `source`,
# `from`, `cmpid`, `spm`).
_TRACKING = frozenset(
    # Click numbers: Facebook, Google Ads (five), Microsoft, Yandex, X, TikTok, LinkedIn, Instagram (two)
    "fbclid gclid dclid gbraid wbraid gclsrc msclkid yclid twclid ttclid li_fat_id igshid igsh"
    # Mailchimp (two), Google Analytics across sites (two), Google Shopping, tweets that are embedded
    " mc_cid mc_eid _ga _gl srsltid ref_src".split()
)
_CAMPAIGN = "utm_"
"""What the parameters of Google Analytics, which many other programs use too, start with."""

_ARCHIVED = (
    # A date and flags, such as id_; without them the archive shows its last copy.
    r"https?://web\.archive\.org/web/(?:\d{1,14}(?:[a-z]{2}_)?/|(?=https?:))(.+)",
    r"https?://(?:www\.)?archive\.(?:today|ph|is|li|md|vn|fo)/(?:\d{4}[\d.-]*|newest|oldest|o/\w+)/(.+)",
)
"""The links to copies in the Wayback Machine and in archive.today, with the link that was copied."""


def find_page(link: str | None) -> str | None:
    """Return what links to the same page have in common, in spite of how they were found or are kept.

    Scheme, `www.`, the last slash, the fragment (unless it is a route, as in `#!/news/1`) and tracking
    parameters are left out; a copy in an archive has the page that was copied. It is for questions such as
    "is it the same page?" only: two pages can have the same one. A text that is no link is returned as it is,
    and None for None.
    """
    if link is None:
        return None
    try:
        parts = _split(_find_original(normalize_link(link)))
    except ValueError:
        return link
    query = "&".join(one for one in parts.query[1:].split("&") if not _is_tracking(one))
    fragment = parts.fragment if parts.fragment.startswith(("#!", "#/")) else ""
    path = parts.path.removesuffix("/")
    return f"{parts.person}{_drop_www(parts.host)}{parts.port}{path}{query and '?'}{query}{fragment}"


def _find_original(link: str) -> str:
    """Return the link of which an archive keeps a copy, or the link itself if it leads to no copy."""
    while "archive." in link and (
        copied := next(filter(None, (re.fullmatch(form, link) for form in _ARCHIVED)), None)
    ):
        original = copied[1]
        if re.match("(?i:https?%3A)", original):
            original = re.sub(r"%(?!20)([2-7][0-9A-F])", lambda found: chr(int(found[1], 16)), original)
        # Some tools write a single slash there, or leave the scheme out.
        is_http = re.match("(?i:http:)", original)
        address = re.sub("^(?i:https?:)/*", "", original)
        try:
            parts = _split(f"{'http' if is_http else 'https'}://{address}")
        except ValueError:
            break
        if "." not in parts.host:
            break
        link = "".join(parts)
    return link


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return not parameter or name in _TRACKING or name.startswith(_CAMPAIGN)


def _drop_www(host: str) -> str:
    """Drop the `www.` of a host, unless nothing but a top-level domain is left, as of `www.kr`."""
    bare = host.removeprefix("www.")
    return bare if "." in bare else host
