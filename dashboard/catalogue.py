"""The words of the dashboard in Chinese and English, as gettext catalogues.

Why compiled at load: a fresh clone has neither `msgfmt` nor compiled files, and a compiled
file that is forgotten shows yesterday's words. The sources are small (a few hundred
messages), so they are read as they are, once a process.

The message id is the English sentence itself. `zh.po` holds all of them; `en.po` holds
the plurals and those sentences whose wording was bettered without touching the code.
"""

from __future__ import annotations

import ast
import gettext
import io
import struct
from functools import cache
from pathlib import Path

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"
# A folder without code: were it a package, it would hide the `locale` of Python itself, since
# `streamlit run` puts the folder of app.py on the path.
_SOURCES = Path(__file__).with_name("locale")


@cache
def open_catalogue(language: str) -> gettext.GNUTranslations:
    """The catalogue of a language of LANGUAGES, ready for `.gettext(...)` and `.ngettext(...)`.

    Raises KeyError for a language there is no catalogue of.

    >>> open_catalogue("zh").gettext("Overview")
    '总览'
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    source = (_SOURCES / f"{language}.po").read_text(encoding="utf-8")
    return gettext.GNUTranslations(io.BytesIO(compile_catalogue(read_catalogue(source))))


def read_catalogue(source: str) -> dict[str, str]:
    r"""Read the text of a .po file: message id -> message; ids and messages of plurals joined with NUL.

    Comments are skipped, a message left empty is left out (gettext then shows its id).

    >>> read_catalogue('msgid "%d page"\nmsgid_plural "%d pages"\nmsgstr[0] "%d 页"\n')
    {'%d page\x00%d pages': '%d 页'}
    """
    messages: dict[str, str] = {}
    ids: list[str] = []
    texts: list[str] = []
    current: list[str] = []

    def keep() -> None:
        if ids and any(texts):
            messages["\0".join(ids)] = "\0".join(texts)
        ids.clear()
        texts.clear()

    for number, line in enumerate(source.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith('"'):
            current[-1] += _unquote(line, number)
            continue
        keyword, _, rest = line.partition(" ")
        if keyword == "msgid":
            keep()
            current = ids
        elif keyword == "msgid_plural":
            current = ids
        elif keyword == "msgstr" or keyword.startswith("msgstr["):
            current = texts
        else:
            raise ValueError(f"line {number} of the catalogue begins with {keyword!r}")
        current.append(_unquote(rest, number))
    keep()
    return messages


def compile_catalogue(messages: dict[str, str]) -> bytes:
    """The bytes of a .mo file (GNU gettext manual, "The Format of GNU MO Files"), entries sorted by id."""
    entries = sorted((key.encode(), text.encode()) for key, text in messages.items())
    offset = 28 + 16 * len(entries)
    tables: list[bytes] = []
    body = b""
    for column in (0, 1):
        for entry in entries:
            tables.append(struct.pack("<II", len(entry[column]), offset + len(body)))
            body += entry[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0)
    return header + b"".join(tables) + body


def _unquote(text: str, number: int) -> str:
    try:
        value = ast.literal_eval(text.strip())
    except (SyntaxError, ValueError):
        value = None
    if not isinstance(value, str):
        raise ValueError(f"line {number} of the catalogue is no quoted string")
    return value
