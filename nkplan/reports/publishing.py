"""What of a page is published: the record, and nothing of the work on it."""

from nkplan.layout.grid import Grid
from nkplan.layout.page import Page, Section
from nkplan.model.batch import Update

_OWN_FACTS = {"tags", "age_months"}
"""The user's marks; and the months since the last news, which follow from its date and grow by themselves."""
_SAID_BESIDE = {"unverified"}
"""That what is complete is not verified so: beside a verified state, `Unverified: yes` looks wrong."""
_OWN_COLUMNS = {"recorded_by"}


def make_public(page: Page) -> Page:
    """Leave out of a page what is not to be published, as an export leaves most of it out too.

    That is who recorded what, what was retracted, the user's tags and the notes of his own, which have
    neither a source nor a class.
    """
    return page._replace(
        facts=tuple(
            fact._replace(title="") if fact.key in _SAID_BESIDE else fact
            for fact in page.facts
            if fact.key not in _OWN_FACTS
        ),
        sections=tuple(map(_make_public, page.sections)),
    )


def is_own_note(update: Update) -> bool:
    """Return whether an update is a note of the user's own: it claims nothing, and nobody else said it."""
    claimed = (update.status, update.percent, update.promised, update.source, update.evidence)
    return all(one is None for one in claimed)


def _make_public(section: Section) -> Section:
    grid = section.grid
    if grid is None or section.style != "updates":
        return section
    keys = [column.key for column in grid.columns]
    kept = [at for at, key in enumerate(keys) if key not in _OWN_COLUMNS]
    claims = [keys.index(key) for key in ("status", "percent", "promised", "source", "evidence")]
    retracted = keys.index("retracted")
    return section._replace(
        grid=Grid(
            tuple(grid.columns[at] for at in kept),
            tuple(
                tuple(row[at] for at in kept)
                for row in grid.rows
                if row[retracted] is None and any(row[at] is not None for at in claims)
            ),
        )
    )
