"""What list, report and show print, before it is rendered in a format.

The keys of columns, facts and sections are the names in JSON, CSV and TSV, and never change.
"""
