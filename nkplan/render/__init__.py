"""Rendering of grids, pages and reports in each of the formats in formats.py."""
