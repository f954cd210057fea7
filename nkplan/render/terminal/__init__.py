"""What a terminal shows: tables and pages that fit its width. The only importer of Rich.

Text from outside is cleaned and shown as it is; nothing in it is taken for markup. Colour is never the only
carrier of meaning.
"""

from nkplan.render.terminal.page import write_page
from nkplan.render.terminal.report import write_report

__all__ = ["write_page", "write_report"]
