"""Writing: the only code that changes the database. Every command that writes is one transaction here."""
