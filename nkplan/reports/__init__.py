"""The reports, one module per question: each turns facts and a day into a laid-out answer. All are pure.

Nothing that is judged here against the day of the report is stored.
"""
