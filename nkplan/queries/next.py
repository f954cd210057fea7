"""How well the present status of each site is sourced."""

from nkplan.queries.reader import Reader


def count_sources(reader: Reader) -> dict[str, int]:
    """Count the sources that the present status of each site rests on."""
    return {row["id"]: row["sources"] for row in reader.fetch("sources_of_status")}
