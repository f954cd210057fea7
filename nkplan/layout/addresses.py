"""Where the pages of a site are: names of files that are safe on every system and always the same.

A page is named without its ending, as in `project/songchon-factories`: it has a file in HTML and one in JSON.
"""

import re
from hashlib import sha256

from nkplan.text import fold_id, make_slug

FOLDERS = {
    "projects": "project",
    "announcements": "announcement",
    "places": "place",
    "sources": "source",
    "publishers": "publisher",
}
"""The lists of which each row has a page, and the folder that has the pages."""

INDEX, CHANGES = "index", "changes"
FEED, CALENDAR, SITEMAP, STYLE = "changes.atom", "promised.ics", "sitemap.xml", "style.css"

_LONGEST = 100
_LONGEST_SLUG = 40
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""What Windows takes for a device, whatever follows the first point."""


def name_page(list_: str, id_: str) -> str:
    """Name the page of a row: by its id where that is a safe name, else by part of it and a digest.

    Two ids that are one, such as those that differ in case only, have the same name; no other two have. No
    name leads out of its folder.
    """
    folded = fold_id(id_)
    if len(folded) <= _LONGEST and _PLAIN.fullmatch(folded) and not _RESERVED.fullmatch(folded):
        return f"{FOLDERS[list_]}/{folded}"
    # No plain id has a tilde.
    digest = sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"{FOLDERS[list_]}/{make_slug(folded)[:_LONGEST_SLUG].strip('-') or 'id'}~{digest}"


def relate(page: str, file: str) -> str:
    """Return the address of a file as a link on a page has it, relative to that page."""
    folder, _, _ = page.rpartition("/")
    if not folder:
        return file
    within = f"{folder}/"
    return file.removeprefix(within) if file.startswith(within) else f"../{file}"
