"""What is wrong with what a reader typed or uploaded, or with a page that was rejected, in the reader's language.

Queries and preparation say it in one English sentence, as the command line prints it. Here each such sentence is known by its
form, and said again in words of the catalogue; one that is not known is shown as it is, never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from dashboard.plain import plain


def say_fault(t: Callable[[str], str], fault: Exception | str) -> str:
    """A fault in words, escaped.

    >>> say_fault(str, ValueError("the file has more than 20 MB: cut it to the provinces and days needed"))
    'the file has more than 20 MB&#58;\u2060 cut it to the provinces and days needed'
    """
    return plain(translate_fault(t, fault))


def translate_fault(t: Callable[[str], str], fault: Exception | str) -> str:
    """A fault in words, as they are: for what reads no marks (the cells of a table)."""
    sentence = fault if isinstance(fault, str) else str(fault.args[0] if fault.args else fault)
    for english, words in list_faults(t):
        found = _compile(english).fullmatch(sentence)
        if found:
            kinds = dict(list_kinds(t))
            return words.format(**{name: kinds.get(value, value) for name, value in found.groupdict().items()})
    return sentence


@cache
def _compile(english: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", english)
    return re.compile("".join(f"(?P<{piece}>.*)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)), re.DOTALL)


def list_faults(translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """(English form, its translation) of every sentence the queries and readers of files can end in on a page."""

    def t(message: str) -> tuple[str, str]:
        return message, translate(message)

    return [
        # what was typed
        t("type something to look for"),
        t("type something to look for, on both sides of OR and NEAR"),
        t("a query has at most {most} characters"),
        t("a query has at most {most} alternatives"),
        t("a piece of text to look for has at most {most} characters, not {n}"),
        t("the lexicon of this build has no phrase {phrase}"),
        t("NEAR joins two pieces, not more"),
        t("NEAR stands between two pieces of text with a number, as in 疫情 NEAR/5 防控"),
        t("at most {most} characters may lie between two pieces, not {n}"),
        t("* stands between two pieces of text, as in 疫情*防控"),
        t("write a regular expression behind re:"),
        t("a regular expression has at most {most} characters here"),
        t("write ^ and $ for the ends of a line instead of \\A and \\z"),
        t("this is no regular expression that RE2 reads: {reason}"),
        t("this expression matches more than {most} times: make it narrower"),
        t("this expression takes too long here: name some plain text in it, or narrow the filters"),
        # what was chosen
        t("lines cannot be counted by {name}"),
        t("lines cannot be sorted by {name}: choose among {known}"),
        t("{name} is no period: write 2022, 2022-Q1, 2022-03, 2022-W13 or 2022-03-29"),
        t("n-grams have 2 to 12 characters"),
        t("n-grams are counted over whole documents: take the speakers out of the selection"),
        t(
            "these speakers voice {size} characters, more than the {most} that are cut into terms at once: choose fewer "
            "speakers, provinces or days"
        ),
        t("there is no document {doc_id} in this build"),
        t("there is no {value}: choose one of {known}"),
        t("a window is a sentence, or 0 to 20 terms on either side"),
        # what an address said
        t("from {begin} lies after to {end}: both were dropped"),
        t("more than {most} values of {name}: the rest was dropped"),
        t("{name} cannot be a name and was dropped"),
        t("{name} is not known and was dropped"),
        t("{name} is not a day (2022-03-29) and was dropped"),
        t("{name} is none of {known}: {default} is taken"),
        # an outside series
        t("the file has more than {n} MB: cut it to the provinces and days needed"),
        t("the file holds no value"),
        t("the file has two values for {place} on {day}: leave one"),
        t("the file is neither UTF-8 nor GB18030 text: save it as CSV UTF-8"),
        t("the file is not text: save it as CSV UTF-8"),
        t("the file is no CSV: {reason}"),
        t("the file holds no row below its header"),
        t("the file needs columns date and value (and province): {header}"),
        t("the file needs columns date, province, value, or a column a day: {header}"),
        t("the file has more than {n} rows"),
        t("the file has more than {n} values"),
        t("row {row} has {n} cells, the header {m}"),
        t("the day {day} cannot be read: write it as 2022-03-29"),
        t("row {row}: the day {day} is not written as in the rows above"),
        t("row {row}: {value} is not a number"),
        t("row {row}: {name} is no province"),
        # a code sheet
        t("a code sheet needs the columns {columns}; missing: {missing}"),
        t("the column {name} of a code sheet holds offsets; row {row} holds none"),
        t("row {row} of a code sheet names a line that stands above it already"),
        # a lexicon
        t("{name} is no CSV text: save it as CSV, UTF-8"),
        t("{name} has no column 'phrase': its first line must name the columns, at least phrase"),
        t("{where}: the column 'phrase' holds {n} phrases, it must hold one"),
        t("{where}: '{form}' is too short, a phrase needs at least {n} characters"),
        t("{where}: '{form}' holds a line break, a phrase is one line"),
        t("{where}: '{form}' under not_in does not hold the phrase"),
        t("{where}: '{cell}' is no day, write it like 2022-03-29"),
        t("{where}: {reason}; check the quotation marks"),
        t("{name}: phrase_id '{phrase_id}' stands twice"),
        # a correction
        t("{where}: there is no field {field}; use one of {known}"),
        t("{where}: {value} is no {field}; use one of {known}"),
        t("{where}: {field} needs a name"),
        t("{where}: {value} is no day; write 2022-03-29, or 2022-03-01/2022-03-31"),
        t("{where}: {value} ends before it begins"),
        # a page that was rejected
        t("The file is empty: save the page as text again, or take the file out"),
        t("The file is {kind}, not text: save the page as text again, or take the file out"),
        t(
            "The file is binary, not text: too many of its bytes are no characters: save the page as text again, or take the "
            "file out"
        ),
        t("cannot be opened ({reason}): mend the link or take it out"),
        t("cannot be read ({reason}): give read permission or take it out"),
        t("a folder that cannot be listed: give files of text that may be read"),
        t("no regular file: give files of text that may be read"),
        t("empty file: fetch the page again or take the file out"),
        t("{n} MB is more than a page can hold: split it into files of at most 50 MB"),
        t("a PDF: turn it into text first (for example with pdftotext) and add the .txt file"),
        t("an office document: save it as plain text or HTML and add that file"),
        t("a table or data file: write one text file a page, and name a CSV of facts with --manifest"),
        t("a picture: read its text out (OCR) and add the .txt file"),
        t("an archive: unpack it and add the files inside"),
        t("a sound or film file: add a transcript"),
        t("a web archive: save the page as HTML only and add that file"),
        t("not a page of text: only .txt, .md and .html files (or names without a suffix) are read"),
    ]


def list_kinds(translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """(English, its translation) of the kinds of files that a sentence above may name."""

    def t(message: str) -> tuple[str, str]:
        return message, translate(message)

    return [
        t("a PDF"), t("a ZIP archive or an Office file"), t("a PNG picture"), t("a JPEG picture"), t("a GIF picture"),
        t("a gzip archive"), t("an old Office file"), t("a RAR archive"), t("a 7z archive"), t("a Parquet file"),
        t("a program"), t("a database"),
    ]  # fmt: skip
