"""Pages in, tables out: the preparation of a Tifa Atlas corpus. Knows no dashboard."""

__version__ = "0.1.0"
