"""From a table's row to the class it stands for, and back. A class's fields are its table's columns."""
