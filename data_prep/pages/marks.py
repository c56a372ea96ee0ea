"""What the marks of a page said about its lines, kept as text beside the page's text."""

from __future__ import annotations

from collections.abc import Iterable

#: Kinds of marks in metadata["markup"]: h1 to h6 a heading of that rank, link a line of nothing but links.
MARKUP_KINDS = ("h1", "h2", "h3", "h4", "h5", "h6", "link")


def join_marks(marks: Iterable[tuple[int, str, str]]) -> str:
    """Write marks (line number, kind, line) as the text that metadata["markup"] holds."""
    return "\n".join(f"{line}\t{kind}\t{text}" for line, kind, text in marks)
