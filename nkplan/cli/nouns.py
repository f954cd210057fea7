"""Rows as typed after a noun: `nkplan add place "Mundok County" parent=KP-02`."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from nkplan.cli.changing import make_date_reader, read_changes
from nkplan.cli.claims import Draft, complete_source, explain_same_page, make_free_id
from nkplan.cli.projects import list_taken
from nkplan.doubts import Doubt
from nkplan.errors import BadFile, BadInput
from nkplan.formats.written import FieldChange, change_fields, list_fields, read_fields
from nkplan.links import find_page
from nkplan.model.batch import Batch, Source
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import ProjectType, QuotaPeriod
from nkplan.queries import names
from nkplan.queries.details import read_project
from nkplan.queries.reader import Reader
from nkplan.queries.rows import list_former, read_row
from nkplan.rows.written import LISTED
from nkplan.text import explain_unknown, fold, make_slug, quote
from nkplan.validation import key_of
from nkplan.values import looks_like_url, read_url


class Noun(NamedTuple):
    """A word for a kind of row: the list that has it, and the fields that are asked for, in this order.

    `head` is the field of the word that follows the noun, which it always needs. `needed` are the fields
    without which there is no such row. If it is a project, `type` is its type.
    """

    list_: str
    head: str
    asked: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    type: ProjectType | None = None

    @property
    def fields(self) -> list[str]:
        """The fields that can be given, in the order of the file format."""
        # The noun says already of which type a project is.
        own = [field for field in list_fields(self.list_) if not (self.type and field == "type")]
        return [*own, PROMISE] if self.list_ == "announcements" else own


PROMISE = "promise"
"""What a promise of an announcement is called where its fields are typed."""

NOUNS: Mapping[str, Noun] = {
    "programme": Noun("projects", "name", ("kind",), frozenset({"kind"}), ProjectType.PROGRAMME),
    "cohort": Noun("projects", "name", ("parent", "year"), frozenset({"parent"}), ProjectType.COHORT),
    "announcement": Noun(
        "announcements",
        "title",
        ("announced", "said", "speaker", "source", PROMISE),
        frozenset({"announced", "said"}),
    ),
    "quota": Noun(
        "quotas",
        "project",
        ("quantity", "per", "first_year", "last_year", "announcement"),
        frozenset({"quantity", "per"}),
    ),
    "place": Noun("places", "name", ("parent", "type")),
    "publisher": Noun("publishers", "domain", ("name", "evidence"), frozenset({"name"})),
    "kind": Noun("kinds", "id"),
    "source": Noun("sources", "url", ("title", "publisher", "published", "evidence")),
}
"""What can be added besides a site, which is what a name without a noun means."""

SITE = "site"

EXAMPLES = {
    "announced": "announced=2026-11-20",
    "domain": "example.org",
    "id": "dam",
    "kind": "kind=factory",
    "name": 'name="Example News"',
    "parent": "parent=20x10",
    "per": "per=year",
    "project": "project=20x10",
    "quantity": "quantity=20",
    "said": 'said="20 factories a year"',
    "title": 'title="Factories for 20 counties"',
    "url": "url=https://example.org/a",
}
"""How a field that is missing can be written."""


class TypedRow(NamedTuple):
    """A row as typed: a noun, and fields with their values."""

    noun: str
    changes: tuple[FieldChange, ...] = ()

    def list_values(self, field: str) -> list[str]:
        """List the values that were typed for a field."""
        return [change.value for change in self.changes if change.field == field and change.value.strip()]

    def add(self, *changes: FieldChange) -> "TypedRow":
        """Return the row with further fields: of a field that holds no list the later value is meant."""
        lists = {*LISTED[NOUNS[self.noun].list_], PROMISE}
        single = {one.field for one in changes if one.field not in lists}
        kept = (one for one in self.changes if one.field not in single)
        return self._replace(changes=(*kept, *(one for one in changes if one.value.strip())))

    def write(self) -> str:
        """Return the command that records it."""
        noun = NOUNS[self.noun]
        head = self.list_values(noun.head)[:1]
        # A name that looks like a field would be read as one.
        words = head if head and _read_head(noun, head[0]) == (noun.head, head[0]) else []
        rest = list(self.changes)
        if words:
            rest.remove(next(one for one in rest if one.field == noun.head and one.value == head[0]))
        # Without a second word the noun would be the name of a site.
        words += [one.write() for one in rest]
        return shlex.join(["nkplan", "add", self.noun, *words])


def read_noun(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the noun that begins the words after `add`, and the others; none if nothing follows it."""
    first, *rest = words
    return (first, rest) if rest and (first in NOUNS or first == SITE) else ("", rest)


def read_typed_row(noun: str, words: Sequence[str]) -> TypedRow:
    """Read the words after a noun: what it is called, and FIELD=VALUE. Raises BadInput."""
    described = NOUNS[noun]
    changes: list[FieldChange] = []
    rest = list(words)
    if rest and (head := _read_head(described, rest[0])) is not None:
        changes.append(FieldChange(*head))
        rest = rest[1:]
    if stray := [word for word in rest if "=" not in word]:
        raise BadInput(
            f"{quote(stray[0])} has no field; write FIELD=VALUE, and quotes around a name of several words"
        )
    changes += read_changes(rest)
    fields = described.fields
    for change in changes:
        if change.field not in fields:
            raise BadInput(explain_unknown("field", change.field, fields))
    for field in fields:
        given = [change.value for change in changes if change.field == field]
        if len(given) > 1 and field not in (*LISTED[described.list_], PROMISE):
            raise BadInput(f"{field} is given twice, as {quote(given[0])} and {quote(given[1])}; keep one")
    return TypedRow(noun, tuple(changes))


def _read_head(noun: Noun, word: str) -> tuple[str, str] | None:
    """Return the field and value of the word after a noun, unless it is FIELD=VALUE itself."""
    field, equals, _ = word.partition("=")
    if equals and field.strip(" +-").casefold() in noun.fields:
        return None
    is_title = noun.list_ == "sources" and not looks_like_url(word)
    return ("title" if is_title else noun.head), word


def find_missing_fields(typed: TypedRow) -> list[str]:
    """List the fields that are needed and were not typed."""
    noun = NOUNS[typed.noun]
    needed = [noun.head, *(field for field in noun.asked if field in noun.needed)]
    if typed.noun == "source" and typed.list_values("title"):
        needed.remove("url")
    return [field for field in needed if not typed.list_values(field)]


def check_field(reader: Reader, noun: Noun, field: str, value: str, today: date, latest: date) -> None:
    """Check one value by the rule of its field. Raises BadInput, NotFound and Ambiguous."""
    if field == PROMISE:
        _read_promise(reader, value)
        return
    found, url = _resolve(reader, noun, field, value)
    if url is not None:
        return
    read_date = make_date_reader(today, latest)
    _, faults = read_fields(noun.list_, [(field, found)], latest, read_date=read_date)
    for fault in faults:
        if not fault.is_missing and fault.field in {field, ""}:
            raise BadInput(str(fault))


def draft_row(typed: TypedRow, today: date, latest: date) -> Callable[[Reader], Draft]:
    """Return what makes the rows of a typed row; it raises BadInput, BadFile, NotFound and Ambiguous.

    Raises BadInput for a field that is missing.
    """
    noun = NOUNS[typed.noun]
    if missing := find_missing_fields(typed):
        example = EXAMPLES.get(missing[0], f"{missing[0]}=...")
        raise BadInput(f"{missing[0]} is missing; write it, as in {example}")

    def make(reader: Reader) -> Draft:
        row, given, sources, doubts = _read_row(reader, typed, today, latest)
        remarks: tuple[str, ...] = ()
        present = None
        if not isinstance(row, Quota):
            row, present = _choose_id(reader, noun, row, given, today)
        if present is not None:
            remarks = (f"{present} is on record already; it is not added again",)
            doubts = ()
        else:
            doubts += tuple(_find_doubts(reader, row))
        quotas = [_read_promise(reader, one) for one in typed.list_values(PROMISE)]
        new = () if present is not None else (row,)
        rows: dict[str, Any] = {"sources": () if present is not None else sources}
        rows["quotas"] = tuple(one._replace(announcement=key_of(row)) for one in quotas)
        rows[noun.list_] = (*rows.get(noun.list_, ()), *new)
        label = next((typed.list_values(one)[0] for one in ("name", "title") if typed.list_values(one)), "")
        summary = ", ".join(filter(None, (f"{typed.noun} {key_of(row) or row.project}", label)))
        return Draft(Batch(typed=True, **rows), summary, remarks, doubts)

    return make


def _read_row(
    reader: Reader, typed: TypedRow, today: date, latest: date
) -> tuple[Any, dict[str, Any], tuple[Source, ...], tuple[Doubt, ...]]:
    """Read a typed row, still without an id if none was typed, and which of its fields were typed.

    The third value has the new sources that it cites, the fourth what is doubtful about these. Raises
    BadInput, BadFile, NotFound and Ambiguous.
    """
    noun = NOUNS[typed.noun]
    urls: list[str] = []
    changes: list[FieldChange] = []
    for change in typed.changes:
        if change.field == PROMISE or not change.value.strip():
            continue
        value, url = _resolve(reader, noun, change.field, change.value)
        urls += [url] if url else []
        changes.append(change._replace(value=value))
    sources = tuple(complete_source(reader, Source("", url=url), today) for url in urls)
    by_url = {source.url: source.id for source in sources}
    # A new source that is cited has its id from now on.
    changes = [
        one._replace(value=by_url.get(one.value, one.value)) if one.field == "source" else one
        for one in changes
    ]
    written, faults = change_fields(noun.list_, [], changes)
    fields = {field for field, _ in written}
    if noun.type is not None:
        written.append(("type", str(noun.type)))
    around = dict(written).get("project" if noun.list_ == "quotas" else "parent")
    if "kind" in list_fields(noun.list_) and "kind" not in fields and around:
        written.append(("kind", read_project(reader, around).project.kind))
    # An id is made when the row is known; `new` only stands for it.
    made = "id" in list_fields(noun.list_) and "id" not in fields and noun.list_ != "quotas"
    if made:
        written.append(("id", "new"))
    row, more = read_fields(noun.list_, written, latest, read_date=make_date_reader(today, latest))
    if faults or more:
        raise BadFile("", (*faults, *more))
    given = {"id": row} if noun.list_ == "kinds" else {field: getattr(row, field) for field in fields}
    if noun.list_ == "kinds":
        row = row.casefold()
    elif made:
        row = row._replace(id="")
    doubts = tuple(
        filter(None, (explain_same_page(names.find_sources_of_page(reader, find_page(url))) for url in urls))
    )
    return row, given, sources, doubts


def _resolve(reader: Reader, noun: Noun, field: str, typed: str) -> tuple[str, str | None]:
    """Return the id of what a field names, of which any part can be typed; other values as they are.

    The second value is the link of a new source. Raises BadInput, NotFound and Ambiguous.
    """
    match noun.list_, field:
        case ("places", "parent") | ("projects", "place"):
            return names.find_place(reader, typed), None
        case "projects", "parent":
            type_ = ProjectType.PROGRAMME if noun.type is ProjectType.COHORT else None
            return names.find_project(reader, typed, type_), None
        case ("projects", "model") | ("quotas", "project" | "within"):
            return names.find_project(reader, typed), None
        case (("projects" | "quotas"), "kind"):
            try:
                return names.find_kind(reader, typed), None
            except BadInput as error:
                raise BadInput(f"{error}; nkplan add kind adds one") from None
        case "quotas", "announcement":
            return _find_announcement(reader, typed), None
        case "announcements", "source":
            return _find_source(reader, typed)
    return typed, None


def _find_announcement(reader: Reader, typed: str) -> str:
    match = names.match_id(reader, "announcements", typed) or names.match_former(
        reader, "announcements", typed
    )
    if found := match or names.match_others(reader, "announcements", typed):
        return names.only(typed, "announcement", found)
    advice = "`nkplan search` finds it by its title"
    raise names.explain_missing(reader, "announcement", typed, ["announcements"], advice=advice)


def _find_source(reader: Reader, typed: str) -> tuple[str, str | None]:
    """Find a cited source by part of its id or its link, or the last one cited; a new one has only a link."""
    if looks_like_url(typed):
        try:
            url = read_url(typed)
        except ValueError as error:
            raise BadInput(f"source: {error}") from None
        known = names.find_source_by_url(reader, url)
        return (known, None) if known else (url, url)
    if typed.strip().casefold() == "last" and (last := names.find_last_source(reader)) is not None:
        return last, None
    return names.find_source(reader, typed), None


# ---- the row that is on record already, and the id of a new one


def _choose_id(
    reader: Reader, noun: Noun, row: Any, given: Mapping[str, Any], today: date
) -> tuple[Any, str | None]:
    """Give a row its id: that of the same row on record, which is the second value, or a new one.

    A row on record is the same if it says, or said before it was edited, all that was typed.
    """
    if noun.list_ == "kinds":
        there = names.find_present_id(reader, "kinds", row)
        return (there or row), there
    if noun.list_ == "publishers":
        match = names.match_id(reader, "publishers", row.domain)
        for domain in match or names.match_former(reader, "publishers", row.domain):
            return row, _require_same(reader, noun, domain, given)
        return row, None
    if not (noun.list_ == "sources" and row.url):
        return _choose_made_id(reader, noun, row, given)
    if known := names.find_source_by_url(reader, row.url):
        return row._replace(id=known), _require_same(reader, noun, known, given)
    if row.id:
        row, there = _choose_made_id(reader, noun, row, given)
        return (row, there) if there else (complete_source(reader, row, today), None)
    return complete_source(reader, row, today), None


def _choose_made_id(reader: Reader, noun: Noun, row: Any, given: Mapping[str, Any]) -> tuple[Any, str | None]:
    """Give a row the id that was typed or is made from its name, as `_choose_id` does. Raises BadInput."""
    taken = partial(names.is_taken, reader, noun.list_)
    called = row.title if noun.list_ in {"sources", "announcements"} else row.name
    slug = row.id or make_slug(called)
    if not slug:
        raise BadInput(f"no id can be made from {quote(called)}; give one in Latin letters, as in id=mundok")
    candidates = [row.id] if row.id else [*list_taken(slug, taken)]
    if noun.list_ == "places" and not row.id:
        candidates += names.match_place_names(reader, row.name)
    said = {field: value for field, value in given.items() if field != "id"}
    if noun.type is not None:
        said["type"] = noun.type
    for id_ in dict.fromkeys(candidates):
        there = names.find_present_id(reader, noun.list_, id_)
        if there is not None and _says(reader, noun, there, said):
            return row._replace(id=there), there
    if row.id and taken(row.id):
        raise BadInput(f"id: {row.id} is already taken; `nkplan show {row.id}` shows what has it")
    return row._replace(id=row.id or make_free_id(slug, taken)), None


def _says(reader: Reader, noun: Noun, key: str, said: Mapping[str, Any]) -> bool:
    """Return whether a row on record says this, or said so before it was edited."""
    rows = [read_row(reader, noun.list_, key), *(one.row for one in list_former(reader, noun.list_, key))]
    return any(all(_is_said(row, field, value) for field, value in said.items()) for row in rows)


def _is_said(row: Any, field: str, value: Any) -> bool:
    if isinstance(value, tuple):
        return set(value) <= set(getattr(row, field))
    if field == "name" and hasattr(row, "local_name"):
        spellings = (row.name, row.full_name, row.local_name, *row.names)
        return fold(value) in {fold(one) for one in spellings if one}
    return bool(getattr(row, field) == value)


def _require_same(reader: Reader, noun: Noun, key: str, given: Mapping[str, Any]) -> str:
    """Return the key of a row that is on record already if it says what was typed. Raises BadInput."""
    said = {field: value for field, value in given.items() if field not in {"id", "domain"}}
    if not _says(reader, noun, key, said):
        row = read_row(reader, noun.list_, key)
        field = next(one for one, value in said.items() if not _is_said(row, one, value))
        there = getattr(row, field)
        raise BadInput(
            f"{key} is on record already, and its {field} is {quote(str(there)) if there else 'empty'};"
            f" `nkplan edit {key} {field}=...` corrects it"
        )
    return key


def _find_doubts(reader: Reader, row: Any) -> Iterator[Doubt]:
    """Say which place on record has the same name within the same place, or which source the same page."""
    if isinstance(row, Source) and row.url:
        if remark := explain_same_page(names.find_sources_of_page(reader, find_page(row.url))):
            yield remark
    elif hasattr(row, "local_name"):
        for id_, shown in names.match_place_names(reader, row.name).items():
            if read_row(reader, "places", id_).parent == row.parent:
                yield Doubt(f"{id_}, {shown}, is called so too; is it the same place?")


# ---- promises


_PERIODS = {"a year": QuotaPeriod.YEAR, "per year": QuotaPeriod.YEAR, "in all": QuotaPeriod.TOTAL}

_PROMISED = re.compile(
    r"(?P<quantity>[0-9]{1,18})"
    r"(?: +(?!(?:a|per|in|for) |[0-9]{4}\b)(?P<kind>\S+))?"
    r"(?: +(?P<per>a year|per year|in all))?"
    r"(?: +(?P<first>[0-9]{4})(?P<to>-(?P<last>[0-9]{4})?)?)?"
    r" +for +(?P<project>\S.*)",
    re.IGNORECASE,
)

PROMISED = "20 factory a year 2027-2034 for 20x10"
"""A promise as it is typed: without a kind it is its project's, and without a period it is in all."""


def _read_promise(reader: Reader, typed: str) -> Quota:
    """Read a promised number of sites. Raises BadInput, NotFound and Ambiguous."""
    if (found := _PROMISED.fullmatch(" ".join(typed.split()))) is None or not int(found["quantity"]):
        raise BadInput(
            f'{quote(typed)} is not a promise; write it as in "{PROMISED}", or add it with nkplan add quota'
        )
    noun = NOUNS["quota"]
    project, _ = _resolve(reader, noun, "project", found["project"])
    if found["kind"] is None:
        kind = read_project(reader, project).project.kind
    else:
        kind, _ = _resolve(reader, noun, "kind", found["kind"])
    first = int(found["first"]) if found["first"] else None
    last = int(found["last"]) if found["last"] else None if found["to"] else first
    period = _PERIODS[(found["per"] or "in all").casefold()]
    return Quota(project, kind, int(found["quantity"]), period, first_year=first, last_year=last)
