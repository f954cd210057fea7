"""What list, report and show put out, before it takes a form.

The keys of columns, facts and sections are the names in JSON, CSV and TSV, and do not change.
"""
