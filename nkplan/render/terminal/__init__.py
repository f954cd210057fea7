"""What a terminal shows: tables and pages that fit its width. The only importer of Rich.

Text from outside is cleaned and shown as it is; nothing in it is taken for markup. Colour is never the only
carrier of meaning.
"""
