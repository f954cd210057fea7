"""Pages for a browser. This package alone imports Jinja2, and only what writes pages imports it.

What a page looks like is in templates/, which a designer can change without reading any code: the pages in
*.html, their style in style.css, and the script that sorts and filters tables in table.js.
"""
