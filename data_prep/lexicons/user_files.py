"""A user's own table, read as people save them: from Excel in any language, from an editor, by a program.

Why here: a manifest, office holders and corrections are all such tables, and a file saved as
GB18030 or with semicolons must neither be misread nor end in a message about codecs.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t"


def read_user_table(path: Path, what: str, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with the number of the line each ends on; cells stripped, "" where a row is short.

    Read as UTF-8, UTF-16 or GB18030, parted by commas, semicolons or tabs; lines that begin with # are comments and
    rows without any cell are passed over. `what` names the file in messages ("the manifest"). Raises ValueError, or
    FileNotFoundError where it cannot be read, with one sentence.
    """
    text = _decode(path, what)
    lines = _blank_comments(io.StringIO(text, newline=None))
    header = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    columns: list[str] = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = _check_columns(cells, f"{what} {path}", needed)
                continue
            if any(cells[len(columns):]):
                raise ValueError(
                    f"{what} {path}, line {reader.line_num}: {len(cells)} cells for {len(columns)} columns; "
                    "a cell that holds a comma needs quotation marks"
                )
            cells += [""] * (len(columns) - len(cells))
            rows.append((reader.line_num, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise ValueError(f"{what} {path}, line {reader.line_num}: {error}; check the quotation marks") from None
    if not columns:
        _check_columns([], f"{what} {path}", needed)
    return rows


def _decode(path: Path, what: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileNotFoundError(f"{what} {path} cannot be read ({(error.strerror or 'unknown error').lower()})") from None
    encodings = [next((codec for mark, codec in _MARKS if raw.startswith(mark)), "utf-8"), "gb18030"]
    for encoding in encodings:  # GB18030 is what Excel saves on a Chinese Windows
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValueError(f"{what} {path} is no CSV text: save it as CSV, UTF-8")


def _blank_comments(lines: Iterable[str]) -> list[str]:
    """Comments as empty lines, so that line numbers stay; a # that begins a line inside a quoted cell is none."""
    kept, quoted = [], False
    for line in lines:
        is_comment = not quoted and line.startswith("#")
        kept.append("\n" if is_comment else line)
        quoted ^= not is_comment and line.count('"') % 2 == 1
    return kept


def _check_columns(columns: list[str], where: str, needed: tuple[str, ...]) -> list[str]:
    lacking = [name for name in needed if name not in columns]
    if lacking:
        raise ValueError(f"{where} lacks the column {', '.join(lacking)}: its first line must name the columns")
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        raise ValueError(f"{where} has the column {doubled[0]} twice: keep one")
    return columns
