"""The words of nkplan as types; each module is loaded alone, so that a command starts with what it needs.

Dates in these types are kept as their source writes them (see dates.py); days are `datetime.date`.
"""
