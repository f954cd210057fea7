"""Find the one thing that the user means, and list the values that options accept."""

from typing import NamedTuple

from nkplan.errors import Ambiguous, BadInput, NotFound
from nkplan.links import find_page
from nkplan.model.vocabulary import ProjectType
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_project_names
from nkplan.text import explain_unknown, fold, list_words, make_slug, match_ids

Candidates = dict[str, str]
"""The ids that a text can mean, each with its name."""


def list_kinds(reader: Reader) -> list[str]:
    """List the kinds there are."""
    return [row["id"] for row in reader.fetch("names.list_kinds")]


def list_provinces(reader: Reader) -> list[str]:
    """List the names of the outermost places."""
    return [row["name"] for row in reader.fetch("names.list_provinces")]


def list_ids(reader: Reader, list_: str) -> list[str]:
    """List the ids of all active projects, announcements, places or sources."""
    return [row["id"] for row in reader.fetch("names.list_ids", list=list_)]


def is_taken(reader: Reader, list_: str, id_: str) -> bool:
    """Return whether an active project or source has exactly this id."""
    # An id is ASCII, and the user may have typed characters that SQLite does not accept.
    return id_.isascii() and reader.fetch(f"names.id_of_{list_}", id=id_).fetchone() is not None


def find_kind(reader: Reader, text: str) -> str:
    """Find a kind. Raises BadInput, which lists all kinds."""
    kinds = list_kinds(reader)
    for kind in kinds:
        if kind.casefold() == make_slug(text):
            return kind
    raise BadInput(explain_unknown("kind", text, kinds))


def find_year(reader: Reader, year: int) -> int:
    """Find a year that sites or cohorts belong to. Raises BadInput, which lists all years."""
    years = [row["year"] for row in reader.fetch("names.list_years")]
    if year not in years:
        raise BadInput(
            f"nothing belongs to the year {year}; there are sites or cohorts of {list_words(map(str, years))}"
        )
    return year


def find_province(reader: Reader, text: str) -> str:
    """Find an outermost place by id or any of its names. Raises BadInput, which lists them all."""
    provinces = {row["id"]: row["name"] for row in reader.fetch("names.list_provinces")}
    for one in provinces:
        if one.casefold() == text.strip().casefold():
            return str(one)
    named = reader.fetch("names.find_places_by_name", folded=fold(text))
    found = [row["id"] for row in named if row["parent"] is None]
    if len(found) == 1:
        return str(found[0])
    raise BadInput(explain_unknown("province", text, list(provinces.values())))


def find_project(reader: Reader, part: str, type_: ProjectType | None = None) -> str:
    """Find a project by an unambiguous part of its id or name, or by the name of its place.

    Raises NotFound, and Ambiguous with the candidates.
    """
    what = type_ or "project"
    if found := match_projects(reader, part, type_):
        return only(part, what, found)
    raise NotFound(
        f"there is no {what} {part!r}; `nkplan list` lists the sites, `nkplan report` the programmes"
    )


def match_projects(reader: Reader, part: str, type_: ProjectType | None = None) -> Candidates:
    """Match the ids of projects; if none contains the part, match their names and their places' names."""
    return match_project_ids(reader, part, type_) or _match_project_names(reader, part, type_)


def match_project_ids(reader: Reader, part: str, type_: ProjectType | None = None) -> Candidates:
    """Match the ids of projects; a whole id is found without reading the others."""
    whole = part.strip()
    row = reader.fetch("names.id_of_projects", id=whole).fetchone() if whole.isascii() else None
    if row is not None and type_ in {None, row["type"]}:
        return {row["id"]: row["name"]}
    if not (slug := make_slug(part)):
        return {}
    rows = reader.fetch("names.match_projects", part=slug)
    names = {row["id"]: row["name"] for row in rows if type_ in {None, row["type"]}}
    return {one: names[one] for one in match_ids(part, names)}


def _match_project_names(reader: Reader, part: str, type_: ProjectType | None) -> Candidates:
    if not (folded := fold(part)):
        return {}
    names = {
        row["id"]: row["name"] for row in reader.fetch("names.list_names") if type_ in {None, row["type"]}
    }
    return {
        one: names[one] for one, text in list_project_names(reader).items() if one in names and folded in text
    }


def find_place(reader: Reader, text: str) -> str:
    """Find a place by its id or any spelling of its name. Raises NotFound and Ambiguous."""
    if found := match_places(reader, text):
        return only(text, "place", found)
    raise NotFound(f"there is no place {text!r}; write its name or its id, as in the gazetteer")


def list_within(reader: Reader, place: str) -> list[str]:
    """List the ids of a place and of all places within it."""
    return [row["id"] for row in reader.fetch("names.list_places_within", place=place)]


def match_places(reader: Reader, text: str) -> Candidates:
    """Match whole names of places; if none matches, match their ids."""
    return match_place_names(reader, text) or match_others(reader, "places", text)


def match_place_names(reader: Reader, text: str) -> Candidates:
    """Match whole names of places, in any spelling; `NAME, PROVINCE` matches only within the province."""
    found = _list_places_named(reader, text)
    name, comma, province = text.rpartition(",")
    if not found and comma:
        provinces = _list_places_named(reader, province)
        found = {
            id_: place for id_, place in _list_places_named(reader, name).items() if place[1] in provinces
        }
    return {id_: shown for id_, (shown, _) in found.items()}


def _list_places_named(reader: Reader, name: str) -> dict[str, tuple[str, str]]:
    """Return the places with a name: for each the name to show, and its province's id."""
    rows = reader.fetch("names.find_places_by_name", folded=fold(name))
    return {row["id"]: (f"{row['name']}, {row['province_name']}", row["province"]) for row in rows}


def match_others(reader: Reader, list_: str, part: str) -> Candidates:
    """Match the ids of announcements, places or sources."""
    if not (slug := make_slug(part)):
        return {}
    names = {row["id"]: row["name"] for row in reader.fetch(f"names.match_{list_}", part=slug)}
    return {one: names[one] for one in match_ids(part, names)}


def find_source(reader: Reader, part: str) -> str:
    """Find a source by an unambiguous part of its id. Raises NotFound and Ambiguous."""
    if is_taken(reader, "sources", part.strip()):
        return part.strip()
    if found := match_others(reader, "sources", part):
        return only(part, "source", found)
    raise NotFound(f"there is no source {part!r}; write the link of a new one, starting with https://")


def find_source_by_url(reader: Reader, url: str) -> str | None:
    """Find the source that has this link, in its stored form, as its own or as that of its archived copy.

    If one source has it as its own, and another as that of its copy, the first is meant.
    """
    row = reader.fetch("names.find_source_by_url", url=url).fetchone()
    return None if row is None else str(row["id"])


class SourceLink(NamedTuple):
    """A source and one of its links."""

    id: str
    link: str


def find_sources_of_page(reader: Reader, link: str) -> list[SourceLink]:
    """Find the sources that have a link to the same page, each with the first such link (see links)."""
    page = find_page(link)
    found: dict[str, SourceLink] = {}
    for row in reader.fetch("names.list_source_links"):
        if find_page(row["link"]) == page:
            found.setdefault(row["id"], SourceLink(row["id"], row["link"]))
    return list(found.values())


def only(part: str, what: str, found: Candidates) -> str:
    """Return the one thing found. Raises Ambiguous if there are more."""
    if len(found) > 1:
        lines = tuple(f"{one}  {name}" for one, name in found.items())
        more = (
            "add a comma and its province, or write more of the id"
            if what == "place"
            else "write more of the id"
        )
        raise Ambiguous(f"{part!r} can be any of {len(found)} {what}s; {more}", lines)
    return next(iter(found))
