"""Reading: the one way out of the database, through connections opened read-only.

Rows do not leave this package; what leaves it are the classes of model/.
"""
