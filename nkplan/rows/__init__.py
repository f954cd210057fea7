"""Convert a table's row to its class and back. The fields of a class are the columns of its table."""
