"""The names of all SQL scripts, and facts about them that several tests use."""

from program import ROOT

from nkplan.model.filters import Filters
from nkplan.sql import read_sql, read_topic

SQL = ROOT / "nkplan" / "sql"
TOPICS = sorted(
    path.stem for path in SQL.glob("*.sql") if path.read_text(encoding="utf-8").startswith("-- name: ")
)
EVERY = [f"{topic}.{name}" for topic in TOPICS for name in read_topic(topic)]
# An upgrade makes temporary tables of the old rows, which only it has.
SCRIPTS = [
    script for script in EVERY if "temp.kept_" not in read_sql(script) and script != "upgrade.drop_kept"
]
ALL_FILTERS = Filters(
    ("factory",),
    ("idle",),
    ("KP-02",),
    ("kp-02-songchon",),
    ("20x10",),
    "20x10-2024",
    (2024,),
    ("followed",),
    ("songchon-factories",),
    ("operating",),
    ("building",),
    ("imagery",),
    ("Yonhap",),
    ("Kim Jong Un",),
    "2025-06-01",
)

# These scan every update: part of an id can be anywhere in it, contradictions and what was withdrawn are
# searched for among all claims, so is what happened on a day, and a list of updates, a chart and an export
# are of everything. Many rows are indexed at once. For checks,
# test_check.py tests that their work grows no faster than the record.
FULL_SCANS = {
    "charts.list_effective_days",
    "charts.count_evidence",
    "details.list_updates_of_days",
    "names.match_updates",
    "journal.list_rows_retracted",
    "journal.match_rows",
    "search.index_rows",
    "questions.list_claims_at_odds",
    "questions.list_possibly_contradicted",
    "questions.list_changed_projects",
    "questions.list_counts",
    "export.all_updates",
    "lists.updates",
    "lists.list_speakers",
    "lists.first_update",
    "lists.first_project",
    "site.list_last_changes",
}
