"""What weak, refuted and late claims do to the answers about a site, with values worked out by hand."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from program import read_ids, run, run_json
from records import load, make_site

from nkplan.model.vocabulary import Evidence

ADMITTED = ["idle", "closed", "paused", "cancelled"]
STATUSES = ["announced", "building", "completed", "operating", *ADMITTED]
OBSERVERS = [str(one) for one in Evidence if one.counts_as == "observation"]


def make(tmp_path: Path, *updates: dict[str, Any], **lists: Any) -> Path:
    """Make a record of one site, `x`, with these updates."""
    db = tmp_path / "one.db"
    rows = [{"project": "x", **update} for update in updates]
    load(db, kinds=["other"], projects=[make_site("x")], updates=rows, **lists)
    return db


def make_sites(tmp_path: Path, said: Mapping[str, Iterable[dict[str, Any]]], **lists: Any) -> Path:
    """Make a record of sites, each with what was said of it."""
    db = tmp_path / "sites.db"
    rows = [{"project": id_, **update} for id_, updates in said.items() for update in updates]
    load(db, kinds=["other"], projects=[make_site(id_) for id_ in said], updates=rows, **lists)
    return db


def say(event_date: str, status: str, evidence: str = "promiser", **more: Any) -> dict[str, Any]:
    return {"event_date": event_date, "status": status, "evidence": evidence, **more}


# Unverified: more is claimed than was seen

UNVERIFIED = [
    ("completed", None, True),
    ("completed", "building", True),
    ("completed", "completed", False),
    ("operating", "idle", True),
    ("groundbroken", "building", False),
    # A halt that was seen reaches as far as a prepared site.
    ("announced", "paused", False),
    ("preparing", "paused", False),
    ("groundbroken", "paused", True),
    # Whoever admits that it stands still, is idle or has ended claims no more than was seen.
    *((status, None, False) for status in ADMITTED),
    *((status, "building", False) for status in ADMITTED),
]
"""What is claimed, what was seen, and whether the site is unverified then."""


def test_a_site_is_unverified_if_more_is_claimed_than_was_seen(tmp_path: Path) -> None:
    """A site for each of these, whoever observed it."""
    expected = {}
    said = {}
    for (claimed, seen, is_unverified), evidence in product(UNVERIFIED, OBSERVERS):
        id_ = f"{claimed}-{seen or 'nothing'}-{evidence}"
        observed = [] if seen is None else [say("2025-02-01", seen, evidence)]
        said[id_] = [*observed, say("2025-03-01", claimed)]
        expected[id_] = is_unverified
    db = make_sites(tmp_path, said)
    unverified = {id_ for id_, is_unverified in expected.items() if is_unverified}
    assert {row["id"]: row["unverified"] for row in run_json(db, "list")} == expected
    assert {row["id"] for row in run_json(db, "report", "unverified")} == unverified
    told = {row["id"] for row in run_json(db, "report", "next") if "is claimed," in row["reasons"]}
    assert told == unverified


# Low confidence and interested parties

OPENED = [say("2025-01-10", "completed"), say("2025-06", "operating", "on-site")]
KNOWN = ("status", "claimed", "verified", "opened", "promised", "progress", "last_evidence")


def test_low_confidence_is_news_and_sets_nothing(tmp_path: Path) -> None:
    """Of a site for each status and each class of evidence, or none."""
    said = {}
    for status, evidence in product(STATUSES, [*OBSERVERS, "expert", None]):
        weak = {"event_date": "2026-01-10", "status": status, "confidence": "low", "percent": 90}
        weak |= {} if evidence is None else {"evidence": evidence}
        said[f"{status}-{evidence or 'none'}"] = [*OPENED, weak]
    db = make_sites(tmp_path, said)
    expected = ["operating", "completed", "operating", "2025-01-10", None, 100, "2026-01-10"]
    assert {site["id"]: [site[key] for key in KNOWN] for site in run_json(db, "list")} == dict.fromkeys(
        said, expected
    )
    assert run_json(db, "report", "conflicts") == []


def test_the_promisers_own_claim_counts_at_any_confidence(tmp_path: Path) -> None:
    db = make(tmp_path, say("2025-01-10", "building"), say("2026-01-10", "idle", confidence="low"))
    (site,) = run_json(db, "list")
    assert (site["status"], site["claimed"], site["verified"]) == ("idle", "idle", None)


def test_an_interested_party_changes_nothing(tmp_path: Path) -> None:
    """Of a site for each status."""
    more = {"percent": 10, "promised": "2024"}
    said = {status: [*OPENED, say("2026-01-10", status, "interested", **more)] for status in STATUSES}
    db = make_sites(tmp_path, said)
    expected = ["operating", "completed", "operating", "2025-01-10", None, 100, "2025-06"]
    assert {site["id"]: [site[key] for key in KNOWN] for site in run_json(db, "list")} == dict.fromkeys(
        said, expected
    )
    assert run_json(db, "report", "conflicts") == []


# A claim of an opening that was refuted


@pytest.mark.parametrize("evidence", [*OBSERVERS, "promiser"])
def test_a_refuted_opening_is_no_opening_and_is_named_as_a_contradiction(
    tmp_path: Path, evidence: str
) -> None:
    opened, seen = say("2024-05-01", "completed"), say("2024-09-01", "building", evidence)
    db = make(tmp_path, say("2023-01", "groundbroken"), opened, seen)
    (site,) = run_json(db, "list")
    assert (site["status"], site["opened"]) == ("building", None)
    rows = run_json(db, "report", "conflicts")
    assert [(row["clash"], row["event_date"]) for row in rows] == [
        ("seen unfinished after it opened", "2024-05-01"),
        ("seen unfinished after it opened", "2024-09-01"),
    ]
    # By what was known before, it had opened; as it is known now to be false, it never had.
    (then,) = run_json(db, "list", "--known-on", "2024-08-31")
    assert (then["status"], then["opened"]) == ("completed", "2024-05-01")
    (then,) = run_json(db, "list", "--as-of", "2024-08-31")
    assert then["opened"] is None
    load(db, updates=[{"project": "x", **say("2025-02-03", "completed")}])
    (site,) = run_json(db, "list")
    assert (site["status"], site["opened"]) == ("completed", "2025-02-03")


def test_what_was_seen_open_by_a_day_did_not_open_on_it(tmp_path: Path) -> None:
    db = make(tmp_path, say("2024-02-01", "completed"), say("../2024-05-20", "completed", "imagery"))
    assert run_json(db, "report", "conflicts") == []
    assert [row["opened"] for row in run_json(db, "list")] == ["2024-02-01"]


# When something was known

KNOWN_ON: dict[str, tuple[dict[str, str], str]] = {
    "day": ({"published": "2024-03-10"}, "2024-03-10"),
    "month": ({"published": "2024-03"}, "2024-03-31"),
    "day-and-read-later": ({"published": "2024-03-10", "retrieved": "2026-05-01"}, "2024-03-10"),
    # A page without a date was known on the day when it was read, not on that of what it tells.
    "read": ({"retrieved": "2025-05-01"}, "2025-05-01"),
    "read-in-a-month": ({"retrieved": "2025-05"}, "2025-05-31"),
    # Only if that is unknown too, on the day of the event.
    "undated": ({}, "2024-02-29"),
}
"""When a source was published or read, and from which day on what it tells was known."""


def test_a_claim_is_known_from_the_day_of_its_source(tmp_path: Path) -> None:
    """Of a site for each of these."""
    pages = [
        {"id": f"page-{id_}", "title": "A page", "url": f"https://example.org/{id_}", **dates}
        for id_, (dates, _) in KNOWN_ON.items()
    ]
    said = {id_: [say("2024-02", "building", "press", source=f"page-{id_}")] for id_ in KNOWN_ON}
    db = make_sites(tmp_path, said, sources=pages)
    assert set(read_ids(run(db, "list", "--as-of", "2024-02-29"))) == set(KNOWN_ON)
    for known in {day for _, day in KNOWN_ON.values()}:
        before, after = (str(date.fromisoformat(known) + timedelta(days=days)) for days in (-1, 1))
        for day in (before, known):
            expected = {id_ for id_, (_, first) in KNOWN_ON.items() if first <= day}
            assert set(read_ids(run(db, "list", "--known-on", day))) == expected
        for day in (known, after):
            expected = {id_ for id_, (_, first) in KNOWN_ON.items() if first >= day}
            assert {row["id"] for row in run_json(db, "report", "changes", "--since", day)} == expected
