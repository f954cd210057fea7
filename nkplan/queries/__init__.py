"""Reading: the only code that reads the database for views, through read-only connections.

Database rows stay in this package; it returns classes, most of them from model/ and reports/.
"""
