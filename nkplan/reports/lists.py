"""What `nkplan list` can list: each noun with its columns, its filters, and what an empty list says."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.model.vocabulary import REGION
from nkplan.reports.log import LOG_COLUMNS, SAID_IN_WORDS
from nkplan.reports.sites import LIST_COLUMNS, SCREEN_COLUMNS

ADD_OR_LOAD = "add some with `nkplan add` or `nkplan load`"


class Noun(NamedTuple):
    """A noun: its plural, its singular, and what its list has.

    `columns` are all that `--columns` and `--sort` take, `screen` those of a table if none are named. `order`
    is the column by which it is sorted if none is named, with a minus before it if downwards, and `dated` the
    one that says when something happened. `filters` are the options that fit. A list with `has_moment` can be
    that of a past day. An `id` tells its rows apart, and `none` follows `there is no NOUN` if there is none.
    """

    name: str
    singular: str
    columns: tuple[Column, ...]
    screen: tuple[str, ...]
    filters: tuple[str, ...]
    order: str = "id"
    dated: str | None = None
    has_moment: bool = False
    id: str = "id"
    none: str = ADD_OR_LOAD

    @property
    def keys(self) -> list[str]:
        """The names of the columns."""
        return [column.key for column in self.columns]


def _name_columns(**columns: Column) -> tuple[Column, ...]:
    return tuple(column._replace(key=key) for key, column in columns.items())


_TEXT = Column("", "")
_NUMBER = Column("", "", is_number=True)
_KIND = _TEXT._replace(title="Kind", drop=1)
_SITES = _NUMBER._replace(title="Sites", drop=6)
_PROMISES = _NUMBER._replace(title="Promises", drop=3)
_STATUS = _TEXT._replace(title="Status", is_status=True, drop=5)
_EVIDENCE = _TEXT._replace(title="Evidence", is_word=True, drop=6)
_SOURCE = _TEXT._replace(title="Source", drop=2)
_PUBLISHER = _TEXT._replace(title="Publisher", breaks=" ", drop=3)
_SPEAKER = _TEXT._replace(title="Speaker", breaks=" ", drop=5)
_ANNOUNCED = _TEXT._replace(title="Announced")
_ID = _TEXT._replace(title="ID", breaks="-")
_NAME = _TEXT._replace(title="Name", breaks=" ", drop=7)

_OF_PROJECT = ("kind", "region", "place", "programme", "year", "tag", "claimed", "verified")
CONDITIONS = ("counted", "unverified", "overdue", "silent", "months")
"""The conditions on the state of a site."""

NOUNS = (
    Noun(
        "sites",
        "site",
        LIST_COLUMNS,
        SCREEN_COLUMNS,
        ("status", *_OF_PROJECT, "evidence", "since", "publisher", "speaker", *CONDITIONS),
        dated="last_evidence",
        has_moment=True,
    ),
    Noun(
        "announcements",
        "announcement",
        _name_columns(
            id=_ID,
            announced=_ANNOUNCED,
            title=_TEXT._replace(title="Title", wraps=True, min_width=20),
            speaker=_SPEAKER,
            occasion=_TEXT._replace(title="Occasion", min_width=12, drop=1),
            promises=_PROMISES,
            publisher=_PUBLISHER,
            source=_SOURCE,
        ),
        ("announced", "id", "title", "speaker"),
        ("on", "since", "speaker", "publisher", "programme", "kind"),
        order="-announced",
        dated="announced",
        has_moment=True,
    ),
    Noun(
        "programmes",
        "programme",
        _name_columns(
            id=_ID, name=_NAME, kind=_KIND, cohorts=_NUMBER._replace(title="Cohorts", drop=2), sites=_SITES,
            promises=_PROMISES, status=_STATUS,
        ),
        ("id", "name", "kind", "cohorts", "sites", "promises"),
        ("kind", "programme", "year", "tag"),
        has_moment=True,
    ),
    Noun(
        "cohorts",
        "cohort",
        _name_columns(
            id=_ID, name=_NAME, kind=_KIND, programme=_TEXT._replace(title="Programme", drop=2),
            year=_NUMBER._replace(title="Year"), sites=_SITES, promises=_PROMISES, status=_STATUS,
        ),
        ("id", "name", "kind", "year", "sites", "promises", "status"),
        ("kind", "programme", "year", "tag"),
        has_moment=True,
    ),
    Noun(
        "promises",
        "promise",
        _name_columns(
            project=_TEXT._replace(title="Project", breaks="-"),
            kind=_KIND,
            quantity=_NUMBER._replace(title="Quantity"),
            unit=_TEXT._replace(title="Unit", min_width=12),
            label=_TEXT._replace(title="Label", breaks=" ", drop=5),
            period=_TEXT._replace(title="Period", wraps=True, min_width=10),
            promised_status=_TEXT._replace(title="Promised status", drop=6),
            announced=_ANNOUNCED,
            announcement=_TEXT._replace(title="Announcement", drop=3),
            replaced_by=_TEXT._replace(title="Replaced by", drop=7),
            speaker=_SPEAKER,
            per=_TEXT._replace(title="Per"),
            first_year=_NUMBER._replace(title="First year"),
            last_year=_NUMBER._replace(title="Last year"),
            within=_TEXT._replace(title="Within"),
            beside=_TEXT._replace(title="Beside"),
            id=_ID,
        ),
        (
            "announced", "project", "kind", "quantity", "unit", "label", "period", "promised_status",
            "announcement", "replaced_by",
        ),
        ("on", "since", "speaker", "publisher", "programme", "kind", "year"),
        order="-announced",
        dated="announced",
        has_moment=True,
    ),
    Noun(
        "sources",
        "source",
        _name_columns(
            id=_ID,
            published=_TEXT._replace(title="Published"),
            publisher=_PUBLISHER,
            title=_TEXT._replace(title="Title", min_width=20, drop=9),
            evidence=_EVIDENCE,
            updates=_NUMBER._replace(title="Updates", drop=4),
            retrieved=_TEXT._replace(title="Retrieved", drop=1),
            url=_TEXT._replace(title="URL"),
            archive=_TEXT._replace(title="Archive"),
        ),
        ("published", "id", "publisher", "title", "evidence", "updates"),
        ("publisher", "evidence", "on", "since"),
        order="-published",
        dated="published",
    ),
    Noun(
        "places",
        "place",
        _name_columns(
            id=_ID,
            name=_NAME,
            local_name=_TEXT._replace(title="Local name", drop=5),
            type=_TEXT._replace(title="Type", drop=4),
            region=_TEXT._replace(title=Phrase.of("{} ID", "Region")),
            region_name=_TEXT._replace(title=Phrase.of("{} name", "Region"), breaks=" ", drop=6),
            parent=_TEXT._replace(title="Parent"),
            sites=_SITES._replace(drop=7),
            latitude=_NUMBER._replace(title="Latitude", drop=1),
            longitude=_NUMBER._replace(title="Longitude", drop=1),
            population=_NUMBER._replace(title="Population", drop=2),
        ),
        ("id", "name", "local_name", "type", "region_name", "sites", "population"),
        ("region", "place"),
    ),
    Noun(
        "updates",
        "update",
        _name_columns(
            event_date=_TEXT._replace(title="Event date", breaks="/"),
            project=_TEXT._replace(title="Project", breaks="-"),
            status=_STATUS._replace(drop=None),
            percent=_NUMBER._replace(title="Percent", drop=6),
            promised=_TEXT._replace(title="Promised", drop=6),
            promised_status=_TEXT._replace(title="Promised status", drop=2),
            count=_NUMBER._replace(title="Count", drop=6),
            of=_NUMBER._replace(title="Of", drop=6),
            unit=_TEXT._replace(title="Unit", drop=6),
            bound=_TEXT._replace(title="Bound", drop=2),
            evidence=_EVIDENCE._replace(drop=None),
            confidence=_TEXT._replace(title="Confidence", drop=1),
            speaker=_SPEAKER._replace(drop=2),
            source=_SOURCE._replace(drop=3),
            publisher=_PUBLISHER,
            announcement=_TEXT._replace(title="Announcement", drop=1),
            withdrawn=_TEXT._replace(title="Withdrawn", drop=7),
            note=_TEXT._replace(title="Note", min_width=16, drop=8),
            id=_ID,
        ),
        (
            "event_date", "project", "status", "percent", "promised", "count", "of", "unit", "evidence",
            "source", "withdrawn", "note",
        ),
        ("status", *_OF_PROJECT, "on", "since", "publisher", "evidence", "speaker", "author"),
        order="-event_date",
        dated="event_date",
        has_moment=True,
        none="`nkplan update` records one",
    ),
    Noun(
        "kinds",
        "kind",
        _name_columns(
            id=_ID, sites=_SITES, programmes=_NUMBER._replace(title="Programmes", drop=2), promises=_PROMISES
        ),
        ("id", "sites", "programmes", "promises"),
        (),
    ),
    Noun(
        "tags",
        "tag",
        _name_columns(
            tag=_TEXT._replace(title="Tag", min_width=20), projects=_NUMBER._replace(title="Projects")
        ),
        ("tag", "projects"),
        (),
        order="tag",
        id="tag",
        none="tag a project with `nkplan tag ID TAG`",
    ),
    Noun(
        "changes",
        "change",
        LOG_COLUMNS,
        tuple(column.key for column in LOG_COLUMNS if column.key not in SAID_IN_WORDS),
        ("since", "author"),
        order="-change",
        dated="recorded",
        id="change",
    ),
)  # fmt: skip
"""What can be listed, in the order of the help."""

SITES = NOUNS[0]
BY_NAME: Mapping[str, Noun] = {
    word: noun for noun in NOUNS for word in (noun.name, noun.singular)
} | {"program": NOUNS[2], "programs": NOUNS[2]}  # fmt: skip
"""The nouns by each word that is read as one."""

PLACES = BY_NAME["places"]
UPDATES = BY_NAME["updates"]


class Heading(NamedTuple):
    """What was understood of what was typed: the noun, the kind if it is one of a kind, and the words.

    With `is_region` only regions are listed, under the word that the record has for them.
    """

    noun: Noun
    kind: str | None = None
    is_region: bool = False
    region_word: str = REGION
    words: Sequence[str] = ()

    @property
    def singular(self) -> str:
        """What one of what is listed is called."""
        return self.region_word if self.is_region else self.noun.singular

    def __str__(self) -> str:
        """Return the heading, as in `Hospitals (kind hospital) with "pyongyang"`."""
        if self.kind is not None:
            text = f"{name_kinds(self.kind)} (kind {self.kind})"
        elif self.is_region:
            text = f"{_capitalize(make_plural(self.region_word))} (places that are regions)"
        else:
            text = _capitalize(self.noun.name)
        return text + (f" with {_join_quoted(self.words)}" if self.words else "")


def _join_quoted(words: Iterable[str]) -> str:
    return " and ".join(f'"{word}"' for word in words)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def make_plural(word: str) -> str:
    """Return the English plural of a word: factories, canals, churches."""
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def name_kinds(kind: str) -> str:
    """Return the heading for what is of a kind: `Chicken farms`."""
    return _capitalize(make_plural(kind.replace("-", " ")))


def make_grid_of(noun: Noun, rows: Iterable[tuple[Value, ...]], keys: Sequence[str]) -> Grid:
    """Make the grid of a list from rows with all columns of a noun, with these columns in this order."""
    positions = [noun.keys.index(key) for key in keys]
    columns = tuple(noun.columns[at] for at in positions)
    return Grid(columns, (tuple(row[at] for at in positions) for row in rows))
