"""A sitemap (sitemaps.org 0.9): the addresses of all pages for a search engine."""

from collections.abc import Iterable
from html import escape

from nkplan.layout.site import SitePage


def write_sitemap(pages: Iterable[SitePage], base: str) -> str:
    """Return the sitemap of pages whose addresses begin with `base`, each with the day of its last change."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for one in pages:
        changed = f"<lastmod>{one.changed}</lastmod>" if one.changed else ""
        lines.append(f"  <url><loc>{escape(f'{base}{one.name}.html')}</loc>{changed}</url>")
    return "\n".join((*lines, "</urlset>", ""))
