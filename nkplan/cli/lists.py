"""`nkplan list` of anything but all sites: which noun is meant, what fits it, and why a list is empty."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nkplan.cli.columns import read_column
from nkplan.cli.filters import (
    ClaimFilterOptions,
    FilterOptions,
    read_claim_filters,
    read_evidence_classes,
    read_filters,
    read_publishers,
    read_since,
    read_speakers,
    read_statuses,
)
from nkplan.cli.journal import find_beginning, read_authors
from nkplan.cli.rewording import CONDITIONS, find_dated_list, find_filtered_list, find_list, find_told
from nkplan.cli.session import read_day_option, read_today, tell_time, write_options
from nkplan.errors import BadInput
from nkplan.layout.grid import Value, drop_empty
from nkplan.layout.labels import Labels
from nkplan.layout.report import Report, describe_moment
from nkplan.model.filters import NO_FILTERS
from nkplan.model.moment import Moment
from nkplan.model.settings import Settings
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries.journal import list_changes
from nkplan.queries.lists import Wanted, count_page, find_first, find_named, find_named_projects, list_page
from nkplan.render.formats import Format, write_grid, write_report
from nkplan.reports.lists import BY_NAME, PLACES, SITES, UPDATES, Heading, Noun, make_grid_of, make_plural
from nkplan.reports.log import make_log
from nkplan.text import find_likeness, fold, has_letter, list_words
from nkplan.words import LONGEST_SEARCH

if TYPE_CHECKING:
    from nkplan.cli.output import Answer, Form
    from nkplan.queries.reader import Reader


ALL_SITES = Heading(SITES)


def split_words(text: Sequence[str] | None) -> list[str]:
    """Split what was typed after `list` into words. Raises BadInput."""
    words = " ".join(text or ()).split()
    if (length := len(" ".join(words))) > LONGEST_SEARCH:
        raise BadInput(f"TEXT: it has {length} characters; write at most {LONGEST_SEARCH} of a name")
    for word in words:
        if not has_letter(word) or not fold(word):
            raise BadInput(f"TEXT: {word!r} has no letter or digit to look for; write part of a name")
    return words


def read_noun(words: Sequence[str]) -> Heading | None:
    """Read the noun that the first word is; None if only the record can say what it is."""
    if not words:
        return ALL_SITES
    noun = BY_NAME.get(words[0].casefold())
    return None if noun is None else Heading(noun, words=words[1:])


def understand(reader: "Reader", words: Sequence[str], settings: Settings) -> Heading:
    """Read what the first words are: a kind, the record's word for its regions, or else a text of sites."""
    from nkplan.queries.names import list_kinds

    kinds = {
        name: kind for kind in list_kinds(reader) for name in (kind.casefold(), make_plural(kind.casefold()))
    }
    for number in range(len(words), 0, -1):
        if (kind := kinds.get("-".join(words[:number]).casefold())) is not None:
            return Heading(SITES, kind=kind, words=words[number:])
    region = Labels(settings.labels).name("region")
    for name in (region, "region"):
        for number in range(len(words), 0, -1):
            if " ".join(words[:number]).casefold() in {name.casefold(), make_plural(name.casefold())}:
                return Heading(PLACES, is_region=True, region_word=name, words=words[number:])
    return Heading(SITES, words=words)


def refuse_unfitting(heading: Heading, given: Mapping[str, Any], moment: Moment) -> None:
    """Refuse a filter that does not fit what is listed, or a day. Raises BadInput."""
    noun = heading.noun
    for name in given:
        if name not in noun.filters:
            fitting = list_words(f"--{one}" for one in noun.filters) if noun.filters else "words alone"
            raise BadInput(f"--{name} does not fit {noun.name}; {noun.name} take {fitting}")
    for name, day in (("as-of", moment.as_of), ("known-on", moment.known_on)):
        if day is not None and not noun.has_moment:
            dated = list_words(dict.fromkeys(one.name for one in BY_NAME.values() if one.has_moment))
            raise BadInput(f"--{name} does not fit {noun.name}; it goes with {dated}")
    if heading.kind is not None and "kind" in given:
        kinds = ",".join((heading.kind, *map(str, given["kind"])))
        raise BadInput(f"--kind: the kind is {heading.kind} already; write nkplan list --kind {kinds}")


_NEWEST = {"date", "newest", "latest", "recent", "last"}
_OLDEST = {"oldest", "earliest", "first"}


def read_sort(noun: Noun, text: str | None, labels: Labels) -> tuple[str, bool]:
    """Read the column to sort by, and whether downwards: with a minus before it. Raises BadInput."""
    typed = noun.order if text is None else text.strip()
    down = typed.startswith("-")
    word = typed.removeprefix("-").strip()
    if noun.dated and word.casefold() in _NEWEST | _OLDEST and word not in noun.keys:
        key = noun.dated if word.casefold() in _OLDEST else f"-{noun.dated}"
        raise BadInput(f"--sort: there is no column {word!r}; write --sort={key}")
    return read_column(noun.columns, word, labels, "--sort"), down


def read_wanted(
    reader: "Reader", heading: Heading, typed: Mapping[str, Any], today: date, *, words: Sequence[str]
) -> Wanted:
    """Read the filters of a noun other than sites. Raises BadInput, NotFound and Ambiguous."""
    noun = heading.noun
    own = FilterOptions(**{name: typed.get(name) for name in FilterOptions._fields if name != "status"})
    more = ClaimFilterOptions(**{name: typed.get(name) for name in ClaimFilterOptions._fields})
    values: dict[str, dict[str, Any]] = {}
    filters = None
    if noun is UPDATES or noun.name == "announcements":
        filters = read_filters(reader, own)
        if noun is UPDATES:
            of_site = ClaimFilterOptions(claimed=more.claimed, verified=more.verified)
            filters = read_claim_filters(reader, of_site, filters, today) if any(of_site) else filters
            if words:
                filters = filters._replace(named=find_named_projects(reader, words))
    else:
        named = _read_own_filters(reader, noun, own)
        values |= {name: {name: list(value)} for name, value in named.items() if value is not None}
    if words and noun is not UPDATES:
        values["named"] = {"named": find_named(reader, noun, words)}
    if heading.is_region:
        values["is_region"] = {}
    for name, found in (
        ("statuses", read_statuses("--status", typed.get("status"))),
        ("evidence", read_evidence_classes(more.evidence)),
        ("publishers", read_publishers(reader, more.publisher)),
        ("speakers", read_speakers(reader, more.speaker)),
        ("changes", _find_changes_by(reader, more.author)),
    ):
        if found is not None:
            values[name] = {name: found}
    if more.on is not None:
        days = read_day_option("--on", more.on, today)
        values["on"] = {"on_first": days.start.isoformat(), "on_last": days.end.isoformat()}
    if more.since is not None:
        values["since"] = {"since": read_since(more.since, today).start.isoformat()}
    return Wanted(None if filters == NO_FILTERS else filters, values)


def _read_own_filters(
    reader: "Reader", noun: Noun, own: FilterOptions
) -> dict[str, Sequence[str] | Sequence[int] | None]:
    """Read the filters of sites that a noun has itself."""
    years = None
    if noun.name == "promises" and own.year:
        # A number can be promised for a year to which nothing belongs yet.
        years, own = _read_years(own.year), own._replace(year=None)
    filters = read_filters(reader, own)
    return {
        "kinds": filters.kinds,
        "programmes": filters.programmes,
        "regions": filters.regions,
        "places": filters.places,
        "years": years or filters.years,
        "tags": filters.tags,
    }


def _read_years(typed: Sequence[str]) -> tuple[int, ...]:
    from nkplan.cli.filters import read_any_year, split_values

    return tuple(dict.fromkeys(read_any_year(text) for one in typed for text in split_values("--year", one)))


def _find_changes_by(reader: "Reader", typed: Sequence[str] | None) -> list[int] | None:
    """Find the changes that were made by those whose names have one of these parts."""
    if not typed:
        return None
    return [change.id for change in list_changes(reader, authors=read_authors(typed))]


def answer_list(
    reader: "Reader",
    answer: "Answer",
    heading: Heading,
    given: Mapping[str, Any],
    form: "Form",
    moment: Moment,
    labels: Labels,
) -> int:
    """Write the list of a noun other than sites, and return how many there are."""
    if form.is_counted:
        total = count_rows(reader, heading, given, (), moment.today)
        answer.write(lambda out: out.write(f"{total}\n"))
        return total
    rows = _Counted(_list_rows(reader, heading, given, form, moment))
    _write(rows, heading, answer, form, moment, labels)
    # There may be many more than a page, and counting them takes as long as finding it.
    is_full = form.most and rows.number >= form.most
    return count_rows(reader, heading, given, (), moment.today) if is_full else rows.number


class _Counted:
    """Passes on rows and counts them."""

    def __init__(self, rows: Iterable[tuple[Value, ...]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        for row in self._rows:
            self.number += 1
            yield row


def count_rows(
    reader: "Reader", heading: Heading, given: Mapping[str, Any], left_out: Sequence[str], today: date
) -> int:
    """Count the rows of a noun other than sites, without the filters `left_out`; `text` are the words."""
    kept = {name: value for name, value in given.items() if name not in left_out}
    heading = heading._replace(is_region=heading.is_region and "noun" not in left_out)
    words = () if "text" in left_out else heading.words
    if heading.noun.name == "changes":
        return len(_list_changes(reader, kept, words))
    return count_page(reader, heading.noun, read_wanted(reader, heading, kept, today, words=words))


def _list_rows(
    reader: "Reader", heading: Heading, given: Mapping[str, Any], form: "Form", moment: Moment
) -> Iterator[tuple[Value, ...]]:
    noun = heading.noun
    if noun.name != "changes":
        wanted = read_wanted(reader, heading, given, moment.today, words=heading.words)
        return list_page(reader, noun, wanted, form.sort, down=form.down, most=form.most)
    rows = _list_changes(reader, given, heading.words)
    at = noun.keys.index(form.sort)
    known: list[Any] = [row for row in rows if row[at] is not None]
    known.sort(key=itemgetter(at), reverse=form.down)
    ordered = [*known, *(row for row in rows if row[at] is None)][: form.most or None]
    if form.format is Format.TABLE:
        when = noun.keys.index("recorded")
        ordered = [(*row[:when], tell_time(str(row[when])), *row[when + 1 :]) for row in ordered]
    return iter(ordered)


def _list_changes(
    reader: "Reader", given: Mapping[str, Any], words: Sequence[str]
) -> list[tuple[Value, ...]]:
    """List the changes as `nkplan log` does, of these the ones with all of the words."""
    since = given.get("since")
    instant = None if since is None else find_beginning(read_since(since, read_today()).start)
    changes = list_changes(reader, since=instant, authors=read_authors(given.get("author")))
    rows = list(make_log(changes).rows)
    if not words:
        return rows
    wanted = [fold(word) for word in words]
    texts = (" ".join(fold(str(value)) for value in row if value is not None) for row in rows)
    return [row for row, text in zip(rows, texts, strict=True) if all(word in text for word in wanted)]


def _write(
    rows: Iterable[tuple[Value, ...]],
    heading: Heading,
    answer: "Answer",
    form: "Form",
    moment: Moment,
    labels: Labels,
) -> None:
    noun, format_ = heading.noun, form.format
    if format_ is Format.TABLE:
        from nkplan.render.terminal.grid import write_list

        title = f"{heading}, {describe_moment(moment)}" if noun.has_moment else str(heading)
        grid = make_grid_of(noun, rows, form.keys or noun.screen)
        grid = labels.fill_grid(grid._replace(rows=tuple(grid.rows)))
        shown = grid if form.keys or not grid.rows else drop_empty(grid)
        is_named = form.keys is not None
        answer.write(lambda out: write_list(shown, out, title, all_columns=is_named, is_wide=form.is_wide))
        return
    grid = make_grid_of(noun, rows, form.keys or noun.keys)
    if noun.has_moment:
        report = Report(str(heading), grid)
        answer.write(lambda out: write_report(report, moment, format_, out, labels, exact=form.exact))
    else:
        shown = labels.fill_grid(grid) if format_.is_for_people else grid
        answer.write(lambda out: write_grid(shown, format_, out, exact=form.exact))


class Emptiness(NamedTuple):
    """An empty list: what was asked for, on which days, and what counts it with some filters left out."""

    heading: Heading
    given: Mapping[str, Any]
    days: Mapping[str, str | None]
    moment: Moment
    path: Path
    count_without: "Callable[[Reader, Sequence[str]], int]"

    def count_all(self, reader: "Reader") -> int:
        """Count what there is without any filter."""
        return self.count_without(reader, (*self.given, "text", "noun"))


def explain_empty_list(reader: "Reader", empty: Emptiness) -> str:
    """Say why a list is empty, and how many there are without each filter that alone empties it."""
    heading, noun = empty.heading, empty.heading.noun
    days = {name: day for name, day in empty.days.items() if day is not None}
    total = empty.count_all(reader)
    if not total:
        return (days and _explain_unknown_yet(empty)) or f"{empty.path} has no {noun.name} yet; {noun.none}"
    what = f"{noun.singular} of the kind {heading.kind}" if heading.kind else heading.singular
    if not empty.given and (hint := _suggest_command(empty, reader, days, what)):
        return hint
    typed: dict[tuple[str, ...], str] = {
        (name,): " ".join(write_options({name: value})) for name, value in empty.given.items()
    }
    if heading.words:
        typed["text",] = " ".join(heading.words)
    numbers = {names: empty.count_without(reader, names) for names in typed}
    if days:
        typed[tuple(days)] = " ".join(write_options(days))
        numbers[tuple(days)] = _count_today(empty)
    if not typed:
        return f"there is no {what} on record; there {_tell_number(total)} {noun.name}"
    without = [
        f"without {typed[names] if len(typed) > 1 else 'it'} there {_tell_number(number)}"
        for names, number in numbers.items()
        if number
    ]
    reason = ", ".join(without) or f"without filters there {_tell_number(total)}"
    return f"no {what} matches {' '.join(typed.values())}; {reason}"


def _tell_number(number: int) -> str:
    return f"is {number}" if number == 1 else f"are {number}"


def _count_today(empty: Emptiness) -> int:
    """Count what matches today, by what is known today."""
    from nkplan.queries.reader import reading

    with reading(empty.path) as reader:
        return empty.count_without(reader, ())


def _explain_unknown_yet(empty: Emptiness) -> str | None:
    """Say since when something is on record, if nothing was on a day; None if nothing is today either."""
    from nkplan.queries.reader import reading

    noun, moment = empty.heading.noun, empty.moment
    with reading(empty.path) as reader:
        total = empty.count_all(reader)
        first = find_first(reader, noun, is_known=moment.as_of is None)
    if not total or first is None:
        return None
    day = moment.as_of or moment.known_on
    are = "the only" if total == 1 else f"the first of {total}"
    what = noun.singular if total == 1 else noun.name
    return f"nothing was on record on {day}: {are} {what} is known from {first}"


def reword(reader: "Reader", words: Sequence[str], settings: Settings, today: date) -> str | None:
    """Return the command for words that are a date, filters, or a publisher, place or speaker; or None."""
    heading = read_noun(words) or understand(reader, words, settings)
    if not heading.words:
        return None
    is_of_sites = heading.noun is SITES
    filtered = find_filtered_list(reader, heading, lambda word: _find_option(reader, word))
    command = (filtered if is_of_sites else None) or find_dated_list(heading, today)
    is_all = is_of_sites and heading.kind is None
    return command or (find_told(reader, heading) if is_all else None)


def _suggest_command(empty: Emptiness, reader: "Reader", days: Mapping[str, str], what: str) -> str | None:
    """Return what to write for words that name nothing: a date, filters, or what they may be mistyped for."""
    heading = empty.heading
    if not heading.words:
        return None
    missing = f"no {what} matches {' '.join(heading.words)}"
    if heading.noun is SITES:
        filtered = find_filtered_list(reader, heading, lambda word: _find_option(reader, word))
        if filtered is not None:
            return f"{missing}; write {' '.join((filtered, *write_options(days)))}"
    if (dated := find_dated_list(heading, empty.moment.today)) is not None:
        return f"{missing}; write {' '.join((dated, *write_options(days)))}"
    if heading.kind is not None:
        return None
    if heading.noun is SITES and len(heading.words) == 1:
        word = heading.words[0]
        if (instead := find_list(word)) is not None:
            return f"{missing}; write {instead}"
        if near := _find_near(reader, word):
            told = None if days else find_told(reader, heading)
            return f"{missing}; write {told}" if told else f"{missing}; did you mean {near}?"
    # On a past day a place may have had nothing yet, which is another reason.
    told = None if days else find_told(reader, heading)
    return told and f"{missing}; write {told}"


def _find_option(reader: "Reader", word: str) -> str | None:
    """Return the option that a word is the value or the name of."""
    from shlex import quote

    from nkplan.queries import names

    key = word.casefold()
    if key in CONDITIONS:
        return CONDITIONS[key]
    if key in {str(status) for status in Status}:
        return f"--status {key}"
    if key in {str(one) for one in Evidence}:
        return f"--evidence {key}"
    if key.isascii() and key.isdigit() and len(key) == 4 and int(key) in names.list_years(reader):
        return f"--year {key}"
    if (project := names.find_parent(reader, word)) is not None:
        id_, programme, year = project
        return f"--programme {programme or id_}" + (f" --year {year}" if programme and year else "")
    tags = names.match_tags(reader, word)
    return f"--tag {quote(tags[0])}" if tags else None


_LEAST_LIKENESS = 0.75
"""How alike a noun or an id must be to a word that may be mistyped for it."""


def _find_near(reader: "Reader", word: str) -> str | None:
    """Return the command of the noun or kind, or the id, that a word may be mistyped for."""
    from nkplan.queries import names

    commands = {name: f"nkplan list {noun.name}" for name, noun in BY_NAME.items()}
    if word.casefold() in {SITES.name, SITES.singular}:  # It follows the noun, so sites are listed already.
        commands = {name: command for name, command in commands.items() if BY_NAME[name] is not SITES}
    for kind in names.list_kinds(reader):
        commands |= dict.fromkeys((kind, make_plural(kind)), f"nkplan list {make_plural(kind)}")
    found = {name: find_likeness(word, name)[1] for name in commands}
    best = max(found, key=lambda name: found[name])
    if found[best] >= _LEAST_LIKENESS:
        return commands[best]
    return names.find_near_project(reader, word)
