"""Files of every kind -> pages, and the visible text of a page.

Two questions. Which files are there (`find_pages`): every file below the folders given
comes out once, in a fixed order, either as a page or as a rejected file with a sentence
that says what to do; only names that begin with a dot are passed over, as the shell does.
And what does a reader see on a page (`read_markup`): HTML and Markdown lose their marks,
plain text stays as it is.

What the marks said about a line (a heading, nothing but links) would be lost with them,
yet it helps to cut the page into articles. It is kept beside the text, in
`metadata["markup"]`, one mark a line: line number, kind and the line itself, with tabs
between (see `MARKUP_KINDS`). The text itself carries no sign that was not on the page.
"""

from __future__ import annotations

from data_prep.pages.files import RejectedFile, find_pages, list_files
from data_prep.pages.markup import read_markup

__all__ = ["RejectedFile", "find_pages", "list_files", "read_markup"]
