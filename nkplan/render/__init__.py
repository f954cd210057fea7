"""What a reader sees of a grid, a page or a report, in each of the forms of forms.py."""
