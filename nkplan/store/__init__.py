"""Writing: the one way into the database. Every command that writes is one transaction in here."""
