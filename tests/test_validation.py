"""Which rows of a batch are valid next to those stored, and which are faults."""

from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.identity import derive_update_id
from nkplan.model.batch import (
    Announcement,
    Batch,
    Figure,
    Place,
    Project,
    Publisher,
    SettingRow,
    Source,
    Update,
)
from nkplan.model.faults import Fault, Origin
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.validation import LISTS, RowState, Stored, StoredRow, Validation, find_circles, key_of, validate

PROGRAMME = Project(id="p", name="P", type=ProjectType.PROGRAMME, kind="k")
COHORT = Project(id="p-2024", name="P 2024", type=ProjectType.COHORT, kind="k", parent="p", year=2024)
SITE = Project(id="s", name="S", type=ProjectType.SITE, kind="k", parent="p-2024")
SOURCE = Source(id="q", url="https://e.org/q", evidence=Evidence.AUTHORITY)
UPDATE = Update(
    id="u", project="s", event_date="2024", status=Status.IDLE, source="q", evidence=Evidence.AUTHORITY
)
ALL = Batch(kinds=("k",), sources=(SOURCE,), projects=(PROGRAMME, COHORT, SITE), updates=(UPDATE,))


def store(batch: Batch, state: RowState = RowState.ACTIVE) -> dict[str, dict[str, StoredRow]]:
    return {name: {key_of(row): StoredRow(row, state) for row in getattr(batch, name)} for name in LISTS}


def list_faults(validation: Validation) -> list[str]:
    return [str(fault) for fault in validation.faults]


def validate_projects(*projects: Project, stored: Stored | None = None) -> list[str]:
    return list_faults(validate(Batch(kinds=("k",), projects=projects), stored or {}))


def test_rows_that_are_not_stored_are_new() -> None:
    validation = validate(ALL, {})
    assert (validation.new, validation.faults, sum(validation.same.values())) == (ALL, (), 0)


def test_rows_that_are_stored_are_the_same_and_not_a_change() -> None:
    validation = validate(ALL, store(ALL))
    assert validation.faults == ()
    assert validation.new == Batch()
    assert validation.same == {"kinds": 1, "sources": 1, "projects": 3, "updates": 1}


def test_other_content_under_a_stored_id_is_a_conflict_that_shows_both() -> None:
    changed = SITE._replace(name="Other", origin=Origin("projects[0], line 4"))
    (told,) = list_faults(validate(Batch(projects=(changed,)), store(ALL)))
    assert told == (
        "projects[0], line 4: it conflicts with s as stored: name is 'Other' here and 'S' in the database"
    )


LINK = "https://e.org/q"
OTHER = "https://e.org/other"


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (Source(id="r", url=LINK), "url"),
        (Source(id="r", url=OTHER, archive=LINK), "archive"),
        (Source(id="r", archive=LINK, published="2024"), "archive"),
    ],
    ids=["url", "both", "archive"],
)
@pytest.mark.parametrize(
    "first",
    [
        SOURCE,
        Source(id="q", url="https://e.org/elsewhere", archive=LINK),
        Source(id="q", url=LINK, archive=LINK),
    ],
    ids=["of a url", "of an archive", "of both"],
)
def test_a_link_belongs_to_one_source(first: Source, other: Source, field: str) -> None:
    """Whether the other source is stored, or earlier in the file, or stored and again in the file."""
    told = f"{field}: {LINK} is the link of the source q already; cite q instead"
    there = store(Batch(sources=(first,)))
    assert list_faults(validate(Batch(sources=(other,)), there)) == [told]
    assert list_faults(validate(Batch(sources=(first, other)), {})) == [told]
    assert list_faults(validate(Batch(sources=(first, other)), there)) == [told]
    assert list_faults(validate(Batch(sources=(other, first)), there)) == [told]


@pytest.mark.parametrize("state", [RowState.UNDONE, RowState.RETRACTED])
def test_the_link_of_a_source_that_is_no_longer_on_record_is_free(state: RowState) -> None:
    other = Source(id="r", url=LINK)
    validation = validate(Batch(sources=(other,)), store(Batch(sources=(SOURCE,)), state))
    assert (validation.faults, validation.new.sources) == ((), (other,))


def test_sources_that_share_no_link_are_new() -> None:
    sources = (
        SOURCE,
        Source(id="r", url=OTHER, archive=OTHER),
        Source(id="s", url="http://e.org/q"),
        Source(id="t"),
        Source(id="u"),
    )
    assert validate(Batch(sources=sources), {}).faults == ()


def test_stored_sources_that_share_a_link_can_be_loaded_again_but_no_third() -> None:
    pair = (SOURCE, Source(id="r", archive=LINK))
    again = validate(Batch(sources=pair), store(Batch(sources=pair)))
    assert (again.faults, again.same["sources"]) == ((), 2)
    third = validate(Batch(sources=(*pair, Source(id="s", url=LINK))), store(Batch(sources=pair)))
    assert list_faults(third) == [f"url: {LINK} is the link of the source q already; cite q instead"]


def test_an_undone_row_can_be_replaced() -> None:
    changed = SITE._replace(name="Other")
    stored = store(ALL) | {"projects": store(ALL)["projects"] | {"s": StoredRow(SITE, RowState.UNDONE)}}
    validation = validate(Batch(projects=(changed,)), stored)
    assert (validation.faults, validation.new.projects) == ((), (changed,))
    assert validation.replacing["projects"] == {"s"}


def test_a_retracted_update_stays_retracted() -> None:
    stored = store(ALL) | {"updates": {"u": StoredRow(UPDATE, RowState.RETRACTED)}}
    validation = validate(Batch(updates=(UPDATE,)), stored)
    assert (validation.faults, validation.new.updates, validation.same["updates"]) == ((), (), 1)


def test_the_same_id_twice_is_a_fault_that_names_the_first() -> None:
    first, second = (
        SITE._replace(origin=Origin("projects[2], line 7")),
        SITE._replace(origin=Origin("projects[3], line 9")),
    )
    told = validate_projects(PROGRAMME, COHORT, first, second)
    assert told == ["projects[3], line 9: s appears earlier (projects[2], line 7): keep one"]


def test_the_fault_for_the_same_claim_twice_says_how_to_keep_both() -> None:
    twice = UPDATE._replace(note="Another", origin=Origin("updates[1], line 3"))
    batch = ALL._replace(updates=(UPDATE._replace(origin=Origin("updates[0], line 2")), twice))
    (told,) = list_faults(validate(batch, {}))
    assert "appears earlier (updates[0], line 2): note is 'Another' here and absent there" in told
    assert "give one an id of its own" in told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (SITE._replace(kind="z"), "kind: there is no kind z; add it to kinds"),
        (SITE._replace(parent="z"), "parent: there is no project z; add it to projects"),
        (SITE._replace(model="z"), "model: there is no project z; add it to projects"),
        (SITE._replace(place="z"), "place: there is no place z; add it to places"),
        (UPDATE._replace(project="z"), "project: there is no project z; add it to projects"),
        (UPDATE._replace(source="z"), "source: there is no source z; add it to sources"),
        (
            UPDATE._replace(announcement="z"),
            "announcement: there is no announcement z; add it to announcements",
        ),
        (Place(id="a", name="A", parent="z"), "parent: there is no place z; add it to places"),
        (Quota(project="z", kind="k", quantity=1, per=QuotaPeriod.YEAR), "project: there is no project z"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_reference_to_a_missing_row_is_a_fault(row: Any, told: str) -> None:
    list_ = {Project: "projects", Update: "updates", Place: "places", Quota: "quotas"}[type(row)]
    rows: dict[str, Any] = {list_: (row,)}
    batch = Batch(**rows)
    stored = {name: {k: v for k, v in rows.items() if k != key_of(row)} for name, rows in store(ALL).items()}
    (fault,) = list_faults(validate(batch, stored))
    assert fault.startswith(told)


def test_a_reference_to_a_faulty_row_is_not_a_second_fault() -> None:
    fault = Fault(origin=Origin("projects[0], line 2", 2), field="name", is_missing=True, message="")
    batch = Batch(updates=(UPDATE._replace(source=None),), faults=(fault,), faulty_ids=frozenset({"s"}))
    assert validate(batch, {}).faults == (fault,)


def test_a_reference_to_an_undone_row_is_a_fault() -> None:
    stored = store(ALL) | {"projects": {"s": StoredRow(SITE, RowState.UNDONE)}}
    (told,) = list_faults(validate(Batch(updates=(UPDATE._replace(id="v"),)), stored))
    assert told == "project: the project s is no longer on record; add it again"


@pytest.mark.parametrize(
    ("project", "told"),
    [
        (PROGRAMME._replace(id="x", parent="p"), "parent: a programme has no parent"),
        (COHORT._replace(id="x", parent=None), "parent is missing: a cohort belongs to a programme"),
        (COHORT._replace(id="x", parent="p-2024"), "p-2024 is a cohort; a cohort belongs to a programme"),
        (SITE._replace(id="x", parent="s"), "s is a site; a site belongs to a programme or a cohort"),
        (SITE._replace(id="x", year=2025), "year: 2025 is not the year of its cohort p-2024, 2024"),
    ],
)
def test_the_tree_of_projects_has_three_levels(project: Project, told: str) -> None:
    assert any(told in one for one in validate_projects(project, stored=store(ALL)))


def test_an_empty_update_is_a_fault() -> None:
    batch = Batch(updates=(Update(id="v", project="s", event_date="2024"),))
    assert list_faults(validate(batch, store(ALL))) == [
        "it is empty; give it a status, percent, promised, count or note"
    ]


def test_a_place_cannot_be_within_itself() -> None:
    places = (Place(id="a", name="A", parent="b"), Place(id="b", name="B", parent="a"))
    assert list_faults(validate(Batch(places=places), {})) == [
        "parent: b is within a itself; name a place that contains it",
        "parent: a is within b itself; name a place that contains it",
    ]


@pytest.mark.parametrize("stored", [{}, {"sources": {"q": StoredRow(SOURCE)}}], ids=["in the file", "stored"])
def test_an_update_without_an_evidence_class_takes_that_of_its_source(stored: Stored) -> None:
    sources = () if stored else (SOURCE,)
    batch = ALL._replace(sources=sources, updates=(UPDATE._replace(evidence=None),))
    (update,) = validate(batch, stored).new.updates
    assert update.evidence is Evidence.AUTHORITY


def test_an_update_keeps_its_own_evidence_class() -> None:
    batch = ALL._replace(updates=(UPDATE._replace(evidence=Evidence.PROMISER),))
    (update,) = validate(batch, {}).new.updates
    assert update.evidence is Evidence.PROMISER


def test_a_stored_update_that_took_the_class_of_its_source_is_the_same_without_one() -> None:
    validation = validate(Batch(updates=(UPDATE._replace(evidence=None),)), store(ALL))
    assert (validation.faults, validation.same["updates"]) == ((), 1)


def test_other_content_of_a_retracted_update_is_a_conflict_that_says_so() -> None:
    stored = store(ALL) | {"updates": {"u": StoredRow(UPDATE, RowState.RETRACTED)}}
    (told,) = list_faults(validate(Batch(updates=(UPDATE._replace(note="n"),)), stored))
    assert "update u of s (retracted; to record it again, give it an id of its own)" in told
    assert told.endswith("note is 'n' here and absent in the database")


def test_all_faults_are_listed_in_the_order_of_the_file() -> None:
    fault = Fault(origin=Origin("sources[0], line 5", 5), field="id", is_missing=True, message="")
    batch = Batch(
        projects=(SITE._replace(kind="z", origin=Origin("projects[0], line 9", 9)),),
        updates=(UPDATE._replace(source="z", origin=Origin("updates[0], line 2", 2)),),
        faults=(fault,),
    )
    told = validate(batch, store(ALL._replace(projects=(COHORT,), updates=()))).faults
    assert [one.origin.line for one in told] == [2, 5, 9]


def test_the_same_kind_twice_is_recorded_once() -> None:
    validation = validate(Batch(kinds=("k", "k")), {})
    assert (validation.faults, validation.new.kinds) == ((), ("k",))


QUOTA = Quota(id="t", project="p", kind="k", quantity=20, per=QuotaPeriod.YEAR, first_year=2024)


def test_another_quantity_for_the_same_quota_is_a_conflict() -> None:
    stored = store(ALL._replace(quotas=(QUOTA,)))
    (told,) = list_faults(validate(Batch(quotas=(QUOTA._replace(quantity=30),)), stored))
    assert told.endswith("quantity is '30' here and '20' in the database")
    later = QUOTA._replace(id="later", quantity=30, first_year=2025)
    assert validate(Batch(quotas=(later,)), stored).new.quotas == (later,)


def test_a_quota_cannot_end_before_it_starts() -> None:
    (told,) = list_faults(validate(Batch(quotas=(QUOTA._replace(last_year=2023),)), store(ALL)))
    assert told == "last_year: 2023 is before first_year 2024; swap them"


def test_a_site_without_a_cohort_may_have_a_year() -> None:
    assert validate_projects(SITE._replace(id="x", parent="p", year=2025), stored=store(ALL)) == []


def test_a_place_cannot_be_within_itself_through_stored_places() -> None:
    stored = {"places": {"b": StoredRow(Place(id="b", name="B", parent="a"))}}
    validation = validate(Batch(places=(Place(id="a", name="A", parent="b"),)), stored)
    assert list_faults(validation) == ["parent: b is within a itself; name a place that contains it"]


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "in the file"])
def test_a_programme_has_at_most_one_cohort_a_year(stored: bool) -> None:
    second = COHORT._replace(id="second")
    told = (
        validate_projects(second, stored=store(ALL))
        if stored
        else validate_projects(PROGRAMME, COHORT, second)
    )
    assert told == ["year: p already has a cohort of 2024, p-2024; a year has only one"]


def test_the_year_of_an_undone_cohort_is_free_again() -> None:
    stored = store(ALL)
    stored["projects"]["p-2024"] = StoredRow(COHORT, RowState.UNDONE)
    assert validate_projects(COHORT._replace(id="second"), stored=stored) == []


def test_cohorts_without_a_programme_have_only_that_fault() -> None:
    told = validate_projects(
        PROGRAMME, COHORT._replace(id="a", parent=None), COHORT._replace(id="b", parent=None)
    )
    assert [one.partition(" is missing")[0] for one in told] == ["parent", "parent"]


def test_a_programme_may_have_several_cohorts_without_a_year_and_their_sites_any_year() -> None:
    """A wave has a name and perhaps no year."""
    first, second = (COHORT._replace(id=id_, year=None) for id_ in ("wave-1", "wave-2"))
    sites = (SITE._replace(id="x", parent="wave-1", year=2025), SITE._replace(id="y", parent="wave-2"))
    assert validate_projects(PROGRAMME, first, second, *sites) == []
    assert validate_projects(second, stored=store(Batch(kinds=("k",), projects=(PROGRAMME, first)))) == []


COUNT = UPDATE._replace(id="v", count=125.0, of=296.0, status=Status.COMPLETED)


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (COUNT._replace(count=None), "count is missing: of says more about a count"),
        (
            COUNT._replace(count=None, of=None, unit="beds"),
            "count is missing: unit says more about a count",
        ),
        (
            COUNT._replace(count=None, of=None, bound=Bound.ABOUT),
            "count is missing: bound says more about a count",
        ),
        (COUNT._replace(status=None), "status is missing: it says what is counted"),
        (COUNT._replace(count=297.0), "count: 297 is more than of, 296; swap them"),
        (
            UPDATE._replace(id="v", promised_status=Status.OPERATING),
            "promised is missing: promised_status says what is promised by it",
        ),
        (
            UPDATE._replace(id="v", withdrawn_source="q"),
            "withdrawn is missing: withdrawn_source says that it was withdrawn",
        ),
    ],
)
def test_a_field_that_says_more_about_a_missing_one_is_a_fault(update: Update, told: str) -> None:
    assert list_faults(validate(Batch(updates=(update,)), store(ALL))) == [told]


@pytest.mark.parametrize(
    "update",
    [
        COUNT,
        COUNT._replace(of=None, unit="beds", bound=Bound.AT_LEAST),
        COUNT._replace(count=296.0),
        COUNT._replace(count=0.0),
        UPDATE._replace(id="v", promised="2030", promised_status=Status.GROUNDBROKEN),
        UPDATE._replace(id="v", withdrawn="2025", withdrawn_source="q"),
        UPDATE._replace(id="v", withdrawn="2025"),
    ],
)
def test_a_count_a_promised_stage_and_a_withdrawal_are_valid(update: Update) -> None:
    validation = validate(Batch(updates=(update,)), store(ALL))
    assert (validation.faults, validation.new.updates) == ((), (update,))


OTHER_PROGRAMME = PROGRAMME._replace(id="other")


@pytest.mark.parametrize(
    ("quota", "told"),
    [
        (QUOTA._replace(beside=True), "beside: p is a programme; only a cohort's quota can be beside"),
        (
            QUOTA._replace(beside=True, project="s"),
            "beside: s is a site; only a cohort's quota can be beside",
        ),
        (QUOTA._replace(within="p"), "within: p is not another programme"),
        (QUOTA._replace(within="p-2024"), "within: p-2024 is not another programme"),
        (QUOTA._replace(within="z"), "within: there is no project z; add it to projects"),
    ],
)
def test_a_quota_is_beside_its_programme_or_within_another(quota: Quota, told: str) -> None:
    stored = store(ALL._replace(projects=(*ALL.projects, OTHER_PROGRAMME)))
    (fault,) = list_faults(validate(Batch(quotas=(quota,)), stored))
    assert fault.startswith(told)
    for fine in (QUOTA._replace(project="p-2024", beside=True), QUOTA._replace(within="other")):
        assert validate(Batch(quotas=(fine,)), stored).faults == ()


def test_a_row_that_was_undone_or_retracted_comes_back_if_a_person_types_it_again() -> None:
    for state in (RowState.UNDONE, RowState.RETRACTED):
        stored = store(ALL) | {"updates": {"u": StoredRow(UPDATE, state)}}
        validation = validate(Batch(updates=(UPDATE,), typed=True), stored)
        assert (validation.faults, validation.new.updates) == ((), (UPDATE,))
        assert validation.replacing["updates"] == {"u"}


PUBLISHER = Publisher("e.org", "E", Evidence.PRESS)
SETTING = SettingRow("title", "T")


def test_publishers_are_known_by_their_domain_and_settings_by_their_name() -> None:
    batch = Batch(publishers=(PUBLISHER,), settings=(SETTING,))
    assert validate(batch, {}).new == batch
    assert validate(batch, store(batch)).new == Batch()
    other = Batch(publishers=(PUBLISHER._replace(name="F"),), settings=(SETTING._replace(value="U"),))
    assert list_faults(validate(other, store(batch))) == [
        "it conflicts with title as stored: value is 'U' here and 'T' in the database",
        "it conflicts with e.org as stored: name is 'F' here and 'E' in the database",
    ]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("evidence", Evidence.PRESS, "evidence is 'press' here and 'authority' in the database"),
        ("speaker", "S", "speaker is 'S' here and absent in the database"),
        ("confidence", Confidence.LOW, "confidence is 'low' here and absent in the database"),
        ("note", "n", "note is 'n' here and absent in the database"),
        ("bound", Bound.ABOUT, "bound is 'about' here and absent in the database"),
        ("withdrawn", "2025", "withdrawn is '2025' here and absent in the database"),
    ],
)
def test_the_same_claim_told_otherwise_is_refused_with_both_shown(
    field: str, value: object, shown: str
) -> None:
    """These fields are not in a derived id: a correction of one is a difference, not a second claim."""
    change: dict[str, Any] = {field: value}
    row = COUNT._replace(id="u", evidence=Evidence.AUTHORITY)
    other = row._replace(**change)
    assert derive_update_id(other) == derive_update_id(row)
    (told,) = list_faults(validate(Batch(updates=(other,)), store(ALL._replace(updates=(row,)))))
    assert told == f"it conflicts with update u of s as stored: {shown}"


def test_a_conflict_of_long_texts_shows_both_shortened() -> None:
    stored = store(ALL._replace(updates=(UPDATE._replace(note="x" * 4_000),)))
    (told,) = list_faults(validate(Batch(updates=(UPDATE._replace(note="y" * 4_000),)), stored))
    assert "note is 'yyyy" in told
    assert "yyyy (... 3402 characters ...) here and 'xxxx" in told
    assert len(told) < 1_500


NFC, NFD = "S\u014fng", "So\u0306ng"
ANNOUNCEMENT = Announcement(
    id="a",
    title=NFC,
    announced="2024",
    said=NFC,
    speaker=NFC,
    occasion=NFC,
    terms=(NFC, "Z"),
    context=(NFC,),
    figures=(Figure(NFC, 1.0, NFC, note=NFC),),
)
PLACE = Place(
    id="a",
    name=NFC,
    full_name=NFC,
    local_name=NFC,
    type=NFC,
    latitude=1.0,
    population=1,
    # In the order of the composed forms; decomposed, these are in the other order.
    names=("Soz", "S\u014f"),
    note=NFC,
)
IN_NFC = Batch(
    places=(PLACE,),
    sources=(SOURCE._replace(title=NFC, publisher=NFC, note=NFC),),
    announcements=(ANNOUNCEMENT,),
    projects=(PROGRAMME._replace(name=NFC, note=NFC),),
    quotas=(Quota(project="p", kind="k", quantity=1, per=QuotaPeriod.YEAR, unit=NFC, note=NFC),),
    updates=(UPDATE._replace(project="p", note=NFC),),
    kinds=("k",),
)


def decompose(value: Any) -> Any:
    """Return a value as an older nkplan may have stored it: its texts decomposed, a place's names sorted."""
    if type(value) is str:
        return normalize("NFD", value)
    if isinstance(value, Figure):
        return Figure(*map(decompose, value))
    return tuple(sorted(map(decompose, value))) if type(value) is tuple else value


def test_a_stored_row_whose_texts_are_decomposed_is_the_same_row() -> None:
    stored = store(IN_NFC)
    for rows in stored.values():
        for key, there in rows.items():
            row = there.row
            old: Any = row if isinstance(row, str) else type(row)(*map(decompose, row))
            assert isinstance(row, str) or old != row
            rows[key] = StoredRow(old)
    validation = validate(IN_NFC, stored)
    assert validation.faults == ()
    assert validation.new == Batch()


def test_a_difference_beside_decomposed_texts_names_only_what_differs() -> None:
    other = PLACE._replace(name=NFD, full_name=NFD, names=("So\u0306", "Soz"), population=2)
    (told,) = list_faults(validate(Batch(places=(PLACE,)), store(Batch(places=(other,)))))
    assert told == "it conflicts with a as stored: population is '1' here and '2' in the database"


TEXTS = st.text(
    st.sampled_from("a\u00a0 \u2009-\u2013\u0430<U+0A>\\'\"x\u014fo\u0306\u200d\u3000\n"),
    min_size=1,
    max_size=6,
)
LONG_TEXTS = st.builds(lambda middle, end: "x" * 800 + middle + "y" * 800 + end, TEXTS, TEXTS)
VALUES = st.tuples(
    st.one_of(TEXTS, LONG_TEXTS, st.text(min_size=1), st.none()),
    st.one_of(st.none(), st.floats(0, 100), st.sampled_from([33.333333, 33.3333333, 0.1, 0.1 + 2**-56])),
    st.lists(st.one_of(TEXTS, LONG_TEXTS), max_size=3).map(tuple),
)
Values = tuple[str | None, float | None, tuple[str, ...]]


@given(VALUES, VALUES)
@example(("A B", 1.0, ()), ("A\u00a0B", 1, ()))
@example(("A<U+00A0>B", 1.0, ("absent",)), ("A\u00a0B", 2.0, ()))
@example(("absent", None, (NFC,)), (None, 0.0, (NFD,)))
@example(("CAP", None, ()), ("\u0421\u0410\u0420", None, ()))
def test_exactly_what_differs_is_printed_and_both_values_look_different(
    values: Values, others: Values
) -> None:
    def make(values: Values) -> Announcement:
        text, number, texts = values
        figures = () if number is None else (Figure("i", number, "u"),)
        return ANNOUNCEMENT._replace(speaker=text, figures=figures, terms=texts)

    def compose(values: Values) -> list[object]:
        text, number, texts = values
        return [text and normalize("NFC", text), number, [normalize("NFC", one) for one in texts]]

    faults = list_faults(
        validate(Batch(announcements=(make(values),)), store(Batch(announcements=(make(others),))))
    )
    pairs = zip(("speaker", "figures", "terms"), compose(values), compose(others), strict=True)
    differing = {field for field, one, other in pairs if one != other}
    if not differing:
        assert faults == []
        return
    (told,) = faults
    printed = told.removeprefix("it conflicts with a as stored: ").removesuffix(" in the database")
    parts = [one.partition(" is ") for one in printed.split(" in the database; ")]
    assert {field for field, _, _ in parts} == differing
    for _, _, both in parts:
        here, _, there = both.partition(" here and ")
        assert seen(here) != seen(there)
        assert len(both) < 1_400


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefg"))))
def test_ids_are_in_one_circle_if_each_is_within_the_other(around: dict[str, set[str]]) -> None:
    reached = {id_: set(outer) for id_, outer in around.items()}
    for _ in reached:
        for outer in reached.values():
            outer |= {further for one in outer for further in reached.get(one, ())}
    circles = find_circles(around)
    for one in circles:
        for other in circles:
            are_in_one = one == other or (other in reached.get(one, ()) and one in reached.get(other, ()))
            assert (circles[one] == circles[other]) is are_in_one


def test_a_chain_of_ids_may_be_long() -> None:
    around = {str(at): [str(at + 1)] for at in range(5_000)}
    assert len(set(find_circles(around).values())) == 5_001
    assert set(find_circles({**around, "5000": ["0"]}).values()) == {0}


def seen(text: str) -> str:
    """Return what a reader can tell of a text: no space from another, no dash from another."""
    for alike in ("\u00a0", "\u2009", "\u3000"):
        text = text.replace(alike, " ")
    text = text.replace("\u2013", "-").replace("\u0430", "a").replace("\u200d", "")
    return text.translate(str.maketrans("\u0421\u0410\u0420", "CAP"))
