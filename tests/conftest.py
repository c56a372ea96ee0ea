"""What several rooms of the tests share: the build of the sample pages, and where other corpora lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_prep.pipeline import build_corpus
from data_prep.store import Build

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT.parent / "shared"))


@pytest.fixture(autouse=True)
def keep_main() -> Iterator[None]:
    """AppTest puts the page it runs in place of `__main__`, and a process spawned afterwards would run that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def seed_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The build of seeds/, made once for all tests."""
    build, _ = build_corpus([SEEDS], tmp_path_factory.mktemp("seeds") / "build")
    return build
