"""The README promises only what the code holds."""

from __future__ import annotations

import re
from pathlib import Path

from data_prep.dictionary import describe_tables

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_data_dictionary_is_the_declared_one() -> None:
    written = README.split("dictionary -->\n", 1)[1].split("<!-- end of dictionary", 1)[0]
    assert written.strip() == describe_tables().strip(), "paste the output of: python -m data_prep dictionary"


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"make (\w+)", README)) <= targets


def test_every_picture_and_file_named_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_requirements_are_pinned_with_a_reason() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w.-]+==[\w.]+ +# .{10,}", line), line
