"""Streamlit's own words (the upload field, tool bars, menus) in the reader's language.

Streamlit has no setting for them (its issue 13500 asks for one). So the words are handed to the page, where
`frame_words.js` puts ours in the place of the English ones, and the English ones back when the language turns.
"""

from __future__ import annotations

from collections.abc import Callable


def list_frame_words(translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """(Streamlit's words, ours); {n} stands for what changes: a number, the name of a file.

    >>> list_frame_words(str.upper)[0]
    ('Upload', 'UPLOAD')
    """

    def t(message: str) -> tuple[str, str]:
        return message, translate(message)

    return [
        # the upload field
        t("Upload"), t("{n}MB per file"), t("Add files"), t("file upload"), t("Remove {n}"), t("{n} files are not allowed."),
        t("File must be {n}MB or smaller."), t("Error:"),
        # fields
        t("Press Enter to apply"), t("Press Enter to submit form"), t("Choose an option"), t("Select all"), t("Selected values"),
        t("Clear all"), t("Clear value"), t("No results"), t("{n} options available."), t("{n} option available."), t("Add: {n}"),
        t("Increment"), t("Decrement"), t("Open"), t("Dismiss"), t("Choose date"), t("Clear date"),
        t("Previous month"), t("Next month"),
        # tables and charts
        t("Show/hide columns"), t("Download as CSV"), t("Search"), t("Close Search"), t("Fullscreen"), t("Close fullscreen"),
        t("Clear selection"), t("Add row"), t("Delete row(s)"), t("Sort ascending"), t("Sort descending"), t("Autosize"), t("Format"),
        t("Pin column"), t("Unpin column"), t("Hide column"), t("Copy column name"), t("Download plot as a PNG"),
        # the page
        t("Skip to main content"), t("App pages"), t("Sidebar"), t("Collapse sidebar"), t("Expand sidebar"), t("Link to heading"),
        t("Main menu"), t("View {n} more"), t("View less"), t("Loading..."),
    ]  # fmt: skip
