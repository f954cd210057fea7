"""Files of others, in and out: a module a format, which says what it maps."""
