"""Find the one thing that the user means, and list the values that options accept."""

import json
import re
from collections.abc import Iterable
from typing import Any

from nkplan.errors import Ambiguous, BadInput, NotFound
from nkplan.links import list_domains
from nkplan.model.batch import Publisher
from nkplan.model.vocabulary import ProjectType
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_project_names
from nkplan.rows.table import make_row
from nkplan.text import (
    compose,
    explain_unknown,
    find_likeness,
    fold,
    fold_id,
    has_letter,
    list_words,
    make_slug,
    match_ids,
    quote,
)

Candidates = dict[str, str]
"""The ids that a text can mean, each with its name."""


def list_kinds(reader: Reader) -> list[str]:
    """List the kinds there are."""
    return [row["id"] for row in reader.fetch("names.list_kinds")]


def describe_ids(reader: Reader, lists: Iterable[str], ids: Iterable[str]) -> dict[str, str]:
    """Say by what a reader recognises each of these ids of some lists, as stored."""
    rows = reader.fetch("names.describe_ids", lists=json.dumps(list(lists)), ids=json.dumps(list(ids)))
    return {row["id"]: _describe(row["name"], row["local_name"], row["more"]) for row in rows}


def _describe(name: str | None, local_name: str | None, more: str | None) -> str:
    named = " ".join(dict.fromkeys(one for one in (name, local_name) if one))
    return ", ".join(one for one in (named, more) if one)


def list_spellings(reader: Reader) -> dict[str, str]:
    """List the spellings that only one place has, each with its id."""
    return {row["name"]: row["id"] for row in reader.fetch("names.list_spellings")}


def list_publishers(reader: Reader) -> list[str]:
    """List the domains whose publisher is on record."""
    return [row["domain"] for row in reader.fetch("export.all_publishers")]


def list_regions(reader: Reader) -> list[str]:
    """List the names of the regions."""
    return [row["name"] for row in reader.fetch("names.list_regions")]


def list_region_ids(reader: Reader) -> list[str]:
    """List the ids of all regions."""
    return [row["id"] for row in reader.fetch("names.list_regions")]


def list_tags(reader: Reader) -> list[str]:
    """List the tags that projects have."""
    return list(count_tags(reader))


def count_tags(reader: Reader) -> dict[str, int]:
    """List the tags that projects have, each with how many have it."""
    return {row["tag"]: row["projects"] for row in reader.fetch("names.list_tags")}


def match_tags(reader: Reader, text: str) -> list[str]:
    """Match the tags that are a text in whatever case, one that is exactly the text first."""
    typed = compose(text).strip()
    found = [tag for tag in list_tags(reader) if tag.casefold() == typed.casefold()]
    return sorted(found, key=lambda tag: tag != typed)


def find_tags(reader: Reader, text: str) -> list[str]:
    """Find the tags that are a text in whatever case. Raises BadInput, which lists all tags."""
    if found := match_tags(reader, text):
        return found
    if not (tags := list_tags(reader)):
        raise BadInput(f"there is no tag {quote(text)}; no project has a tag yet, and nkplan tag gives one")
    raise BadInput(explain_unknown("tag", text, tags))


def list_tagged(reader: Reader, tags: Iterable[str]) -> dict[str, ProjectType]:
    """List the projects that have one of these tags themselves, each with its type."""
    rows = reader.fetch("names.list_tagged", tags=json.dumps(list(tags)))
    return {row["id"]: ProjectType(row["type"]) for row in rows}


def list_years(reader: Reader) -> list[int]:
    """List the years that sites or cohorts belong to."""
    return [row["year"] for row in reader.fetch("names.list_years")]


def list_ids(reader: Reader, list_: str) -> list[str]:
    """List the ids of all active projects, announcements, places or sources."""
    return [row["id"] for row in reader.fetch("names.list_ids", list=list_)]


def is_taken(reader: Reader, list_: str, id_: str) -> bool:
    """Return whether an active row of a list has this id, in whatever case, or was called so."""
    return find_present_id(reader, list_, id_) is not None


def find_present_id(reader: Reader, list_: str, id_: str) -> str | None:
    """Return the id of the active row of a list that has this id, in whatever case, or was called so."""
    # The user may have typed characters that SQLite does not accept; no id has them.
    if not id_.isascii():
        return None
    row = reader.fetch(f"names.spelled_{list_}", folded=fold_id(id_)).fetchone()
    if row is None and (former := _find_former(reader, list_, id_)) is not None:
        row = reader.fetch(f"names.id_of_{list_}", id=former).fetchone()
    return None if row is None else str(row["id"])


def find_kind(reader: Reader, text: str) -> str:
    """Find a kind, in any case. Raises BadInput, which lists all kinds."""
    slug = make_slug(text) if has_letter(text) else ""
    row = reader.fetch("names.spelled_kinds", folded=slug).fetchone() if slug.isascii() else None
    if row is not None:
        return str(row["id"])
    for one in match_former(reader, "kinds", text):
        return one
    raise BadInput(explain_unknown("kind", text, list_kinds(reader)))


def find_year(reader: Reader, year: int) -> int:
    """Find a year that sites or cohorts belong to. Raises BadInput, which lists all years."""
    years = list_years(reader)
    if year not in years:
        raise BadInput(
            f"nothing belongs to the year {year}; there are sites or cohorts of {list_words(map(str, years))}"
        )
    return year


def find_region(reader: Reader, text: str) -> str:
    """Find a region by id or any of its names. Raises BadInput, which lists them all."""
    regions = {row["id"]: row["name"] for row in reader.fetch("names.list_regions")}
    if whole := _find_whole(text, regions):
        return whole
    found = [row["id"] for row in _fetch_places_named(reader, text) if row["region"] == row["id"]]
    found = found or [one for one in match_former(reader, "places", text) if one in regions]
    if len(found) == 1:
        return str(found[0])
    raise BadInput(explain_unknown("region", text, list(regions.values())))


def _find_whole(text: str, ids: Iterable[str]) -> str | None:
    """Find a whole id, in any case; of ids that differ in case only, the one typed."""
    if not has_letter(text):
        return None
    slug = make_slug(text)
    found = [one for one in ids if one.casefold() == slug]
    return text.strip() if text.strip() in found else min(found, default=None)


def explain_missing(
    reader: Reader,
    what: str,
    part: str,
    lists: Iterable[str],
    *,
    advice: str,
    type_: ProjectType | None = None,
) -> NotFound:
    """Return the error for a part of an id that is in none of the lists.

    It says which undo took the row back that is meant, if that was one, or offers the nearest id, of equals
    that of the first list, or else gives the advice.
    """
    lists = list(lists)
    for list_ in lists:
        if undone := _explain_undone(reader, list_, part, type_):
            return NotFound(f"there is no {what} {quote(part)}; {undone}")
    found = [near for list_ in lists if (near := _find_near(reader, list_, part, type_))]
    if found:
        advice = f"did you mean {max(found, key=lambda near: near[0])[1]}?"
    return NotFound(f"there is no {what} {quote(part)}; {advice}")


def _explain_undone(reader: Reader, list_: str, part: str, type_: ProjectType | None) -> str:
    """Say that the one row whose id has a part in it was undone, and how to get it back."""
    if list_ == "updates":
        rows = reader.fetch("names.match_updates", part=part.casefold()) if may_be_digest(part) else ()
        found = {f"update {row['id']} of {row['project']}": row["undone_in"] for row in rows}
        undo_of = {what: undo for what, undo in found.items() if undo is not None}
    else:
        slug = part.strip().casefold() if list_ == "publishers" else make_slug(part)
        if not slug or not slug.isascii() or not has_letter(part):
            return ""
        rows = reader.fetch("names.match_undone", list=list_, type=type_ or "", part=slug)
        undo_of = {row["id"]: row["undo"] for row in rows}
        meant = [*undo_of] if list_ == "publishers" else match_ids(part, undo_of)
        undo_of = {one: undo_of[one] for one in meant}
    if len(undo_of) != 1:
        return ""
    [(what, undo)] = undo_of.items()
    return f"{what} was undone by change {undo}, and nkplan redo {undo} puts it back"


_LEAST_DIGITS = 4
"""So many digits of a derived id have to be typed: nearly every word has one that such an id has too."""


def may_be_digest(part: str) -> bool:
    """Return whether a text may be part of the id of an update or a quota, in whatever case."""
    return len(part) >= _LEAST_DIGITS and re.fullmatch("[0-9a-f-]+", part.casefold()) is not None


_LEAST_LIKENESS = 0.7
"""How alike an id must be to what was typed: among many thousand ids some are always a little alike."""


def _find_near(reader: Reader, list_: str, part: str, type_: ProjectType | None) -> tuple[float, str] | None:
    """Find the id that may have been mistyped, and how alike its nearest part is."""
    slug = make_slug(part)
    pieces = _choose_pieces(slug)
    if not pieces or not has_letter(part):
        return None
    named = dict(zip("abcdef", pieces, strict=True))
    rows = reader.fetch("names.near_ids", list=list_, type=type_ or "", **named)
    near = max(
        ((find_likeness(slug, row["id"]), row["id"]) for row in rows), key=lambda one: one[0], default=None
    )
    return None if near is None or near[0][0] < _LEAST_LIKENESS else (near[0][0], near[1])


def find_near_project(reader: Reader, part: str) -> str | None:
    """Find the id of a project that may have been mistyped."""
    found = _find_near(reader, "projects", part, None)
    return None if found is None else found[1]


def _choose_pieces(slug: str) -> list[str]:
    """Return six pieces of a mistyped id, of which one that is meant has some: three letters each, or two."""
    size = 3 if len(slug) > 5 else 2
    pieces = list(dict.fromkeys(slug[at : at + size] for at in range(len(slug) - size + 1)))
    return [pieces[at * len(pieces) // 6] for at in range(6)] if pieces else []


def find_project(reader: Reader, part: str, type_: ProjectType | None = None) -> str:
    """Find a project by an unambiguous part of its id or name, or by the name of its place.

    Raises NotFound, and Ambiguous with the candidates.
    """
    what = type_ or "project"
    if found := match_projects(reader, part, type_):
        return only(part, what, found)
    advice = "`nkplan list` lists the sites, `nkplan report` the programmes"
    raise explain_missing(reader, what, part, ["projects"], advice=advice, type_=type_)


def match_projects(reader: Reader, part: str, type_: ProjectType | None = None) -> Candidates:
    """Match the ids of projects; if none contains the part, match their names and their places' names."""
    return match_project_ids(reader, part, type_) or _match_project_names(reader, part, type_)


def match_project_ids(reader: Reader, part: str, type_: ProjectType | None = None) -> Candidates:
    """Match the ids of projects; a whole id is found without reading the others."""
    whole = part.strip()
    row = reader.fetch("names.id_of_projects", id=whole).fetchone() if whole.isascii() else None
    if row is not None and type_ in {None, row["type"]}:
        return {row["id"]: row["name"]}
    if found := match_former(reader, "projects", part, type_):
        return found
    if not (slug := make_slug(part)):
        return {}
    rows = reader.fetch("names.match_projects", part=slug)
    names = {row["id"]: row["name"] for row in rows if type_ in {None, row["type"]}}
    return {one: names[one] for one in match_ids(part, names)}


def _match_project_names(reader: Reader, part: str, type_: ProjectType | None) -> Candidates:
    folded = fold(part)
    if not folded or not has_letter(part):
        return {}
    names = {
        row["id"]: row["name"] for row in reader.fetch("names.list_names") if type_ in {None, row["type"]}
    }
    return {
        one: names[one] for one, text in list_project_names(reader).items() if one in names and folded in text
    }


def find_parent(reader: Reader, id_: str) -> tuple[str, str | None, int | None] | None:
    """Return the programme or cohort with an id, in any case: its id, a cohort's programme, its year."""
    found = match_project_ids(reader, id_) if id_.isascii() else {}
    for row in reader.fetch("names.list_parents_among", ids=json.dumps(list(found))):
        if row["id"].casefold() == id_.strip().casefold():
            return row["id"], row["parent"], row["year"]
    return None


def find_place(reader: Reader, text: str) -> str:
    """Find a place by its id or any spelling of its name. Raises NotFound and Ambiguous."""
    if found := match_places(reader, text):
        return only(text, "place", found)
    raise explain_missing(
        reader, "place", text, ["places"], advice="write its name or its id, as in the gazetteer"
    )


def list_within(reader: Reader, place: str) -> list[str]:
    """List the ids of a place and of all places within it."""
    return [row["id"] for row in reader.fetch("names.list_places_within", place=place)]


def match_places(reader: Reader, text: str) -> Candidates:
    """Match an id as typed, else whole names of places; if none matches, former ids or parts of ids."""
    return (
        match_id(reader, "places", text)
        or match_place_names(reader, text)
        or match_former(reader, "places", text)
        or match_others(reader, "places", text)
    )


def match_place_names(reader: Reader, text: str) -> Candidates:
    """Match whole names of places, in any spelling; `NAME, REGION` matches only within the region."""
    found = _list_places_named(reader, text)
    name, comma, region = text.rpartition(",")
    if not found and comma:
        regions = _list_places_named(reader, region)
        found = {id_: place for id_, place in _list_places_named(reader, name).items() if place[1] in regions}
    return {id_: shown for id_, (shown, _) in found.items()}


def _list_places_named(reader: Reader, name: str) -> dict[str, tuple[str, str]]:
    """Return the places with a name: for each the name to show, and its region's id."""
    return {
        row["id"]: (", ".join(filter(None, (row["name"], row["region_name"]))), row["region"])
        for row in _fetch_places_named(reader, name)
    }


def _fetch_places_named(reader: Reader, name: str) -> list[Any]:
    """Fetch the places with a name, in any spelling; signs alone name none."""
    folded = fold(name)
    if not folded or not has_letter(name):
        return []
    return reader.fetch("names.find_places_by_name", folded=folded).fetchall()


def match_id(reader: Reader, list_: str, text: str) -> Candidates:
    """Match a whole id, exactly as typed."""
    # An id is ASCII, and the user may have typed characters that SQLite does not accept.
    row = reader.fetch(f"names.id_of_{list_}", id=text.strip()).fetchone() if text.isascii() else None
    return {} if row is None else {row["id"]: row["name"]}


def match_former(reader: Reader, list_: str, text: str, type_: ProjectType | None = None) -> Candidates:
    """Match a whole id that a row had before it was renamed, in any case; the reader gets a remark on it."""
    if (id_ := _find_former(reader, list_, text)) is None:
        return {}
    row = reader.fetch(f"names.id_of_{list_}", id=id_).fetchone()
    if row is None or (type_ is not None and row["type"] != type_):
        return {}
    reader.remark(f"{text.strip()} is called {id_} now")
    return {row["id"]: row["name"]}


def _find_former(reader: Reader, list_: str, text: str) -> str | None:
    """Find the row of a list that was called so before it was renamed."""
    if not text.isascii():
        return None
    row = reader.fetch("names.find_former_id", list=list_, id=text.strip()).fetchone()
    return None if row is None else str(row["id"])


def list_former_ids(reader: Reader, list_: str) -> dict[str, str]:
    """List the ids that active rows of a list had before they were renamed, each with its present one."""
    active = {*(list_kinds(reader) if list_ == "kinds" else list_ids(reader, list_))}
    rows = reader.fetch("names.list_former_ids", list=list_)
    return {row["former"]: row["id"] for row in rows if row["id"] in active}


def match_others(reader: Reader, list_: str, part: str) -> Candidates:
    """Match the ids of announcements, places or sources."""
    if not (slug := make_slug(part)):
        return {}
    names = {row["id"]: row["name"] for row in reader.fetch(f"names.match_{list_}", part=slug)}
    return {one: names[one] for one in match_ids(part, names)}


def match_publishers(reader: Reader, part: str) -> Candidates:
    """Match a whole domain of a publisher, with or without `www.`, else the domains that contain the part."""
    bare = compose(part).strip().lower().removeprefix("www.")
    # The user may have typed characters that SQLite does not accept; no domain has them.
    if not bare or not bare.isprintable():
        return {}
    found = reader.fetch("names.id_of_publishers", id=bare).fetchall()
    rows = found or reader.fetch("names.match_publishers", part=bare)
    return {row["id"]: row["name"] for row in rows}


def find_source(reader: Reader, part: str) -> str:
    """Find a source by an unambiguous part of its id. Raises NotFound and Ambiguous."""
    if exact := match_id(reader, "sources", part):
        return only(part, "source", exact)
    if former := match_former(reader, "sources", part):
        return only(part, "source", former)
    if found := match_others(reader, "sources", part):
        return only(part, "source", found)
    advice = "write the link of a new one, starting with https://"
    raise explain_missing(reader, "source", part, ["sources"], advice=advice)


def find_source_by_url(reader: Reader, url: str) -> str | None:
    """Find the source that has this link, in its stored form, as its own or as that of its archived copy.

    If one source has it as its own, and another as that of its copy, the first is meant.
    """
    row = reader.fetch("names.find_source_by_url", url=url).fetchone()
    return None if row is None else str(row["id"])


def find_sources_of_page(reader: Reader, page: str | None) -> dict[str, str]:
    """Find the sources that have a link to a page (see links); return the link of each by its id."""
    return {row["id"]: row["link"] for row in reader.fetch("names.find_page", page=page)}


def find_publisher(reader: Reader, link: str) -> Publisher | None:
    """Find who publishes at a link: the publisher of its host, or of the nearest domain around it.

    Only a domain that is on record is found; `www.` does not matter.
    """
    row = reader.fetch("names.find_publisher", domains=json.dumps(list_domains(link))).fetchone()
    return None if row is None else make_row("publishers", row)


def find_last_source(reader: Reader) -> str | None:
    """Find the source that was cited or added last; changes without one are passed over."""
    row = reader.fetch("names.find_last_source").fetchone()
    return None if row is None else str(row["id"])


def only(part: str, what: str, found: Candidates) -> str:
    """Return the one thing found. Raises Ambiguous if there are more."""
    if len(found) > 1:
        lines = tuple(f"{one}  {name}" for one, name in found.items())
        more = (
            "add a comma and its region, or write more of the id"
            if what == "place"
            else "write more of the id"
        )
        raise Ambiguous(f"{part!r} can be any of {len(found)} {what}s; {more}", lines)
    return next(iter(found))
