"""What a build did: counts to be printed, and what build.json says of how it was made."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data_prep import __version__

#: Packages whose version can change a table; recorded in build.json.
_PACKAGES = ("pandas", "pyarrow", "jieba", "rjieba", "opencc-python-reimplemented", "daachorse", "pypinyin",
             "charset-normalizer", "rapidfuzz")


@dataclass(frozen=True)
class Report:
    """What a build did, to be printed: counts by name, rejected pages by reason, repairs by rule."""

    counts: dict[str, int]
    rejected: list[tuple[str, str]] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)


def make_report(tables: Mapping[str, pa.Table]) -> Report:
    """Counts, rejected pages and repairs of a finished build."""
    pages = tables["pages"].select(["path", "status", "reason"]).to_pandas()
    documents = tables["documents"].select(["event_date", "date_from", "date_to", "level", "release_id"]).to_pandas()
    refused = pages[pages["status"] == "rejected"]
    return Report(
        counts={
            "pages": len(pages),
            "accepted": len(pages) - len(refused),
            "rejected": len(refused),
            "documents": len(documents),
            "releases": documents["release_id"].nunique(),
            "dated": int(documents["event_date"].notna().sum()),
            "dated to an interval": int((documents["event_date"].isna() & documents["date_from"].notna()).sum()),
            "placed": int(documents["level"].notna().sum()),
            "people": pc.count_distinct(tables["people"].column("person_id")).as_py(),
            "mentions": tables["people"].num_rows,
            "phrase hits": tables["phrase_hits"].num_rows,
            "phrases found": pc.count_distinct(tables["phrase_hits"].column("phrase_id")).as_py(),
            "repairs": tables["repairs"].num_rows,
            "shared passages": tables["reuse"].num_rows,
        },
        rejected=list(zip(refused["path"], refused["reason"], strict=True)),
        repairs={str(rule): int(n) for rule, n in tables["repairs"].column("rule").to_pandas().value_counts().items()},
    )


def describe_build(tables: Mapping[str, pa.Table], report: Report, files: Mapping[str, Path | None]) -> dict[str, Any]:
    """What build.json holds: versions, hashes of what was read (`files` by their use), counts."""
    pages = tables["pages"].select(["path", "sha256"]).to_pylist()
    inputs = hashlib.sha256("".join(sorted(f"{p['sha256']}  {p['path']}\n" for p in pages)).encode())
    return {
        "version": __version__,
        "python": platform.python_version(),
        "packages": {name: installed_version(name) for name in _PACKAGES},
        "inputs": {
            "pages": inputs.hexdigest(),
            **{name: _hash_file(file) for name, file in files.items()},
        },
        "counts": report.counts,
        "repairs": report.repairs,
    }


def _hash_file(path: Path | None) -> str | None:
    return None if path is None else hashlib.sha256(path.read_bytes()).hexdigest()
