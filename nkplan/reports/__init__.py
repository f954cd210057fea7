"""The questions: a module each, from facts and a day to an answer that is laid out. All of it is pure.

Nothing judged here against the day of asking is stored.
"""
