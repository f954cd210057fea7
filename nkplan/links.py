"""To be replaced."""


def find_page(link: str | None) -> str | None:
    return link


def normalize_link(link: str) -> str:
    return link
