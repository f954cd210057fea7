"""Lets SQLite allocate memory without counting it, which nothing here reads; to be imported before sqlite3.

SQLite makes thousands of small allocations to prepare a statement: counting them takes a twelfth of the time
of a command. Where this Python has its own SQLite, it goes on counting.
"""

from contextlib import suppress
from ctypes import CDLL, c_int

_CONFIG_MEMSTATUS = 9

with suppress(OSError, AttributeError):
    CDLL("libsqlite3.so.0").sqlite3_config(c_int(_CONFIG_MEMSTATUS), c_int(0))
