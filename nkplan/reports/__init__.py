"""The judgements: pure functions of facts and a day. Nothing judged here against the day of asking is stored.

The rules are those of the README's chapter "How a state is judged".
"""
