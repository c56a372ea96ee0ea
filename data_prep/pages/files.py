"""Which files are there: every one below the paths given, once, as a page or as a rejected file."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_prep.pages.manifest import read_manifest
from data_prep.pages.suffixes import tell_suffix
from data_prep.schema import RawPage

#: Suffixes read as pages; a name without a suffix is read too.
SUFFIXES = ("", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".shtml", ".xhtml")

#: A page of text is seldom over 1 MB; what is over 50 MB is a dump of many pages or no text at all.
MAX_BYTES = 50_000_000

#: What to do with a file that is no text, by suffix.
_ADVICE = {
    **dict.fromkeys((".pdf",), "a PDF: turn it into text first (for example with pdftotext) and add the .txt file"),
    **dict.fromkeys((".doc", ".docx", ".wps", ".odt", ".rtf", ".ppt", ".pptx"),
                    "an office document: save it as plain text or HTML and add that file"),
    **dict.fromkeys((".xls", ".xlsx", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".parquet", ".db", ".sqlite"),
                    "a table or data file: write one text file a page, and name a CSV of facts with --manifest"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg", ".ico"),
                    "a picture: read its text out (OCR) and add the .txt file"),
    **dict.fromkeys((".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst"),
                    "an archive: unpack it and add the files inside"),
    **dict.fromkeys((".mp3", ".mp4", ".avi", ".mov", ".wav", ".mkv", ".flv"), "a sound or film file: add a transcript"),
    **dict.fromkeys((".mht", ".mhtml", ".webarchive", ".warc"),
                    "a web archive: save the page as HTML only and add that file"),
}
_NO_TEXT = "not a page of text: only .txt, .md and .html files (or names without a suffix) are read"


@dataclass(frozen=True)
class RejectedFile:
    """A file that is no page, its bytes, and one sentence on what to do.

    `raw` is empty where the file was too large or could not be read; `n_bytes` and
    `sha256` always describe the file as found (0 and that of no bytes if unreadable).
    """

    path: str
    raw: bytes
    reason: str
    n_bytes: int = 0
    sha256: str = hashlib.sha256(b"").hexdigest()


def find_pages(
    paths: Sequence[Path], manifest: Path | None = None, out: Path | None = None
) -> Iterator[RawPage | RejectedFile]:
    """Yield every file below `paths` once, sorted, one in memory at a time.

    A page's path is relative to the folder given; with several paths given, to the
    folder they share. `manifest` is a CSV file with the column `path` and any of
    `MANIFEST_COLUMNS`: what it says becomes the page's metadata. What lies in the folder `out`, where
    builds are written, is no page.

    Raises FileNotFoundError for a path that does not exist and ValueError for a manifest
    that cannot be used, each with one sentence, before the first page is read.

    >>> [page.path for page in find_pages([Path("seeds")])][:2]
    ['000_683f51ea7e7e59fc.txt', '001_9ad8b461a22d7448.txt']
    """
    files = list_files(paths, out)
    facts = read_manifest(manifest) if manifest else {}
    if facts and not any(name in facts for name, _ in files):
        raise ValueError(
            f"no path in the manifest {manifest} names a file that was found: "
            "write paths relative to the folder given, such as " + (files[0][0] if files else "2022/page.txt")
        )
    skip = _identify(manifest) if manifest else None
    return (read_page(name, file, facts.get(name, {})) for name, file in files if skip is None or _identify(file) != skip)


# --- Which files ---------------------------------------------------------------------


def list_files(paths: Sequence[Path], out: Path | None = None) -> list[tuple[str, Path]]:
    """Every file below the paths with its name in the corpus, sorted by name, each once; none of the folder `out`."""
    for path in paths:
        if not os.path.lexists(path):
            raise FileNotFoundError(f"{path} does not exist: name a folder or a file of pages")
    roots = [Path(os.path.abspath(path)) for path in paths]
    if len(roots) == 1:
        top = roots[0] if roots[0].is_dir() else roots[0].parent
    else:
        top = Path(os.path.commonpath(roots)) if roots else Path()
        top = top if top.is_dir() else top.parent
    found: dict[tuple[str, ...], Path] = {}
    for root in roots:
        for file in _walk(root, _identify(out) if out is not None else None):
            found.setdefault(file.relative_to(top).parts, file)
    return [("/".join(escape_name(part) for part in parts), found[parts]) for parts in sorted(found)]


def _walk(root: Path, out: tuple[int, int] | None) -> Iterator[Path]:
    """All files below root, or root itself; a folder met twice (a link that loops) is entered once, `out` never."""
    if not root.is_dir():
        yield root
        return
    seen: set[tuple[int, int]] = set() if out is None or out == _identify(root) else {out}
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        key = _identify(folder)
        if key is None or key in seen:
            continue
        seen.add(key)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder  # cannot be listed: comes out as a rejected file
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _identify(path: Path) -> tuple[int, int] | None:
    """Device and inode: what a path leads to, whatever it is called."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def escape_name(name: str) -> str:
    r"""A file name as text that can be printed and stored: bytes that are no UTF-8 as \xff.

    >>> escape_name("a\udcff\n福.txt")
    'a\\xff\\x0a福.txt'
    """
    shown = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        f"\\x{ord(ch):02x}" if unicodedata.category(ch) in ("Cc", "Cs") else ch for ch in shown
    )


def read_page(name: str, file: Path, facts: Mapping[str, str]) -> RawPage | RejectedFile:
    """Read one file, or say in one sentence why it is no page."""
    try:
        found = os.stat(file)
    except OSError as error:
        return RejectedFile(name, b"", f"cannot be opened ({_say(error)}): mend the link or take it out")
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder that cannot be listed" if stat.S_ISDIR(found.st_mode) else "no regular file"
        return RejectedFile(name, b"", f"{kind}: give files of text that may be read")
    try:
        raw, n_bytes, digest = _read_bytes(file)
    except OSError as error:
        return RejectedFile(name, b"", f"cannot be read ({_say(error)}): give read permission or take it out")
    reason = tell_reason(name, n_bytes)
    if reason:
        return RejectedFile(name, raw, reason, n_bytes, digest)
    return RawPage(name, raw, dict(facts))


def tell_reason(name: str, n_bytes: int) -> str | None:
    """Why a file of this name and size is no page; None if it is one.

    >>> tell_reason("a/report.pdf", 10)
    'a PDF: turn it into text first (for example with pdftotext) and add the .txt file'
    >>> tell_reason("a/report", 10) is None
    True
    """
    suffix = tell_suffix(name)
    if suffix not in SUFFIXES:
        return _ADVICE.get(suffix, _NO_TEXT)
    if n_bytes == 0:
        return "empty file: fetch the page again or take the file out"
    if n_bytes > MAX_BYTES:
        return f"{n_bytes / 1e6:.0f} MB is more than a page can hold: split it into files of at most 50 MB"
    return None


def _read_bytes(file: Path) -> tuple[bytes, int, str]:
    """Bytes (none if over the limit), size, SHA-256; never more than the limit in memory."""
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    n_bytes = 0
    with open(file, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            n_bytes += len(piece)
            pieces.append(piece)
            if n_bytes > MAX_BYTES:
                pieces.clear()
    return b"".join(pieces), n_bytes, digest.hexdigest()


def _say(error: OSError) -> str:
    return (error.strerror or "unknown error").lower()
