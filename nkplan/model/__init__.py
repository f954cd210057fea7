"""The vocabulary of nkplan as types, in separate modules, so that a command imports only what it needs.

Dates in these types are kept as their source writes them (see dates.py); days are `datetime.date`.
"""
