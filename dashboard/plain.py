"""Text of the corpus, made safe for whatever reads marks in it.

A page somebody scraped may hold `![](http://...)`, `<a href=...>`, `:material/...:` or `$...$`.
Streamlit reads Markdown in titles, captions, labels and tooltips, Plotly reads a kind of HTML in
every label, and both would fetch or link what the text names. All such places take corpus text
through `plain`, and only through it. (A component of ours sets text with `textContent` and needs none.)
"""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

#: No label is longer than this; a text in full belongs into a reader.
LONGEST = 2000

# Punctuation of ASCII carries every mark of Markdown and of HTML.
_MARK = re.compile(r"[!-/:-@\[-`{-~]")
# Bare addresses, mail addresses and emoji names are found by Streamlit after the marks are
# decoded again; a word joiner (U+2060, no width) behind these characters keeps them apart.
_JOINTS = frozenset(":@")
_WWW = re.compile(r"(?i)www(?=\.)")


def plain(text: object, longest: int = LONGEST) -> str:
    """Escape text for Markdown and for Plotly labels alike: one line, shown as it stands, never a link.

    Numeric character references are read as literal text by both. Control characters and lone
    surrogates, which no browser can show, become U+FFFD; None and NaN become the empty string.

    >>> plain("[四早](http)")
    '&#91;四早&#93;&#40;http&#41;'
    >>> plain(None)
    ''
    """
    if not isinstance(text, str):
        text = "" if pd.isna(text) else str(text)
    line = " ".join(text.split())
    if len(line) > longest:
        line = line[: longest - 1] + "…"
    line = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in line)
    line = _WWW.sub(lambda match: match.group() + "\u2060", line)
    return _MARK.sub(_refer, line)


def _refer(match: re.Match[str]) -> str:
    mark = match.group()
    return f"&#{ord(mark)};" + ("\u2060" if mark in _JOINTS else "")
