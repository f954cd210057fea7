"""What `nkplan` alone needs: what was announced, how far it has come, and what changed last."""

from nkplan.model.overview import Announced, Facts
from nkplan.model.question import Grouping, Question
from nkplan.queries import next as ranking
from nkplan.queries import progress
from nkplan.queries.journal import list_changes
from nkplan.queries.reader import Reader
from nkplan.queries.settings import read_settings
from nkplan.queries.sites import count_sites

MOST_RANKED = 2000
"""Of more sites what to look at is left out: ranking them would take long."""


def fetch(reader: Reader, question: Question) -> Facts:
    """Return the facts of the overview."""
    question = question._replace(by=Grouping.PROGRAMME)
    tallies, programmes = progress.fetch(reader, question)
    first = {
        row["programme"]: Announced(row["id"], row["title"], row["announced"], row["speaker"])
        for row in reader.fetch("questions.list_first_announced")
    }
    announced = [
        Announced(row["id"], row["title"], row["announced"], row["speaker"])
        for row in reader.fetch("questions.list_announced")
    ]
    sites, contradicted, sources = (
        ranking.fetch(reader, question) if count_sites(reader) <= MOST_RANKED else ((), frozenset(), {})
    )
    return Facts(
        title=read_settings(reader).title,
        tallies=tuple(tallies),
        programmes=tuple(programmes),
        first_announced=first,
        announced=tuple(announced),
        last_change=next(list_changes(reader), None),
        sites=tuple(sites),
        contradicted=contradicted,
        sources=sources,
    )
