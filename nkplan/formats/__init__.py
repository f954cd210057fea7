"""File formats to load and export, one module each; the module says how it maps rows."""
