"""Every SQL script by its name, and facts about them that several tests use."""

from program import ROOT

from nkplan.model.filters import Filters
from nkplan.sql import read_topic

SQL = ROOT / "nkplan" / "sql"
TOPICS = sorted(
    path.stem for path in SQL.glob("*.sql") if path.read_text(encoding="utf-8").startswith("-- name: ")
)
SCRIPTS = [f"{topic}.{name}" for topic in TOPICS for name in read_topic(topic)]
ALL_GIVEN = Filters("factory", "idle", "kp-02", "[]", "20x10", "20x10-2024", 2024)

# A part of an id can be anywhere in it, contradictions are looked for among all claims, and an export is of
# everything. The work of a check grows with the record and no faster; test_check.py holds them to that.
THROUGH_ALL = {"names.match_updates", "questions.list_claims", "export.all_updates"}
