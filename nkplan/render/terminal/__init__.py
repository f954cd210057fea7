"""Tables and pages that fit the width of a terminal. Only this package imports Rich.

Text from outside is cleaned and shown literally; nothing in it is read as markup. Colour never carries a
meaning alone.
"""

from nkplan.render.terminal.page import write_page
from nkplan.render.terminal.report import write_report

__all__ = ["write_page", "write_report"]
