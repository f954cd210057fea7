"""`nkplan show`: everything known about one thing."""

from nkplan.cli.options import Db, MomentOptions, OutputOptions, ThingId, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import read_moment
from nkplan.errors import NotFound
from nkplan.layout.labels import Labels
from nkplan.layout.report import describe_moment
from nkplan.model.detail import Detail
from nkplan.model.moment import Moment
from nkplan.queries.details import read_detail
from nkplan.queries.reader import Reader
from nkplan.queries.settings import read_settings
from nkplan.render.formats import write_page
from nkplan.reports.details import make_page


@grouped
def run(*, id_: ThingId, days: MomentOptions, options: OutputOptions, db: Db = None) -> None:
    """Show everything known about one project, announcement, place or source, with every source.

    \b
    nkplan show songchon
    nkplan show "South Pyongan" -f md
    """
    format_ = pick_format(options)
    moment = read_moment(days)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        page = make_page(_read(reader, id_, moment), moment, settings.silent_months)
        labels = Labels(settings.labels)
        answer.write(lambda out: write_page(page, format_, out, labels, exact=options.exact))


def _read(reader: Reader, id_: str, moment: Moment) -> Detail:
    try:
        return read_detail(reader, id_)
    except NotFound as error:
        if moment.is_present:
            raise
        raise NotFound(f"{error} ({describe_moment(moment)}, when less was on record)") from None
