"""The page of a publication: one file, whole without any other."""

from collections.abc import Iterator
from datetime import date
from typing import TextIO

from nkplan import __version__
from nkplan.model.moment import Moment
from nkplan.render.html.environment import draw, list_observations, make_anchor, render
from nkplan.reports.publication import Publication
from nkplan.text import is_link


def write_publication(publication: Publication, out: TextIO) -> None:
    """Write the page."""
    places = dict(_list_places(publication))

    def find_address(list_: str, id_: str) -> str | None:
        if list_ == "projects":
            return places.get(id_)
        if list_ == "sources" and (source := publication.sources.get(id_)):
            return source.url if source.url and is_link(source.url) else None
        return None

    def find_name(list_: str, id_: str) -> str:
        if list_ == "sources" and (source := publication.sources.get(id_)):
            return source.title or source.url or id_
        return publication.names.get((list_, id_), id_)

    values = {
        "publication": publication,
        "days": describe_days(publication.moment),
        "all_days": list_days(publication.moment),
        "command": _write_command(publication),
        "version": __version__,
        "label": publication.labels.name,
        "observations": list_observations(publication.labels),
        "picture": draw,
    }
    out.write(render("publication.html", find_address, values, find_name))


def _list_places(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield the projects that the page has a place for, each with the link to it."""
    for part in publication.parts:
        yield part.id, f"#{make_anchor(('part', part.id))}"
        for one in (*part.together, *part.histories):
            yield one.id, f"#{make_anchor(('history', one.id))}"


def list_days(moment: Moment) -> list[tuple[str, date | None]]:
    """Return the day that a page is about, and that by which it was known; without either, today."""
    known = moment.known_on or moment.today
    day = moment.as_of or (known if moment.known_on is None else None)
    return [("As of", day), ("Known on", known)]


def describe_days(moment: Moment) -> str:
    """Say which day a page is about, and by what was known when if that is another."""
    (_, day), (_, known) = list_days(moment)
    if day is None:
        return f"as known on {known}"
    return f"as of {day}" if day == known else f"as of {day}, by what was known on {known}"


def _write_command(publication: Publication) -> str:
    """Return the command that makes the page again, also on a later day."""
    moment = publication.moment
    ids = "".join(f" {part.id}" for part in publication.parts if part.id)
    days = f" --as-of {moment.as_of}" if moment.as_of else ""
    return f"nkplan publish{ids}{days} --known-on {moment.known_on or moment.today}"
