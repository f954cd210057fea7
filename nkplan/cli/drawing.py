"""Putting out a chart: what `chart` and `map` share."""

from nkplan.cli.output import Answer
from nkplan.layout.labels import Labels
from nkplan.layout.picture import Caption, Chart
from nkplan.model.moment import Moment
from nkplan.model.settings import Settings
from nkplan.render.formats import Format, write_chart


def put_chart(
    answer: Answer,
    chart: Chart,
    moment: Moment,
    format_: Format,
    settings: Settings,
    *,
    exact: bool,
    ascii_only: bool,
) -> None:
    """Store a chart as the answer, with whom to credit for it. A terminal gets no picture of nothing."""
    if format_ is Format.TABLE and not chart.report.grid.rows:
        return
    caption = Caption("", settings.title, settings.credit, settings.licence, chart.credits)
    answer.write(
        lambda out: write_chart(
            chart,
            moment,
            format_,
            out,
            Labels(settings.labels),
            caption=caption,
            exact=exact,
            ascii_only=ascii_only,
        )
    )
