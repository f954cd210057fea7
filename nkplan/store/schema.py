"""Create the schema, with the rows that every database of this version has."""

from sqlite3 import Connection

from nkplan.rows.vocabulary import list_evidence_classes, list_statuses
from nkplan.sql import read_sql
from nkplan.store.transaction import execute


def create_schema(connection: Connection) -> None:
    """Create the tables, indexes, views and triggers, and fill the vocabularies."""
    execute(connection, "schema")
    fill_vocabularies(connection)


def fill_vocabularies(connection: Connection) -> None:
    """Give the vocabularies the rows that this program has."""
    connection.executemany(read_sql("repairs.set_status"), list_statuses())
    connection.executemany(read_sql("repairs.set_evidence_class"), list_evidence_classes())
