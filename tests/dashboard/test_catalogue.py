"""The catalogues: every message of the code translated, none left over, plurals right, marks kept."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.catalogue import LANGUAGES, compile_catalogue, open_catalogue, read_catalogue

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"


def find_messages() -> set[str]:
    """Every message in the code: the literal of each call t(...), and both of tn(..., ..., n), joined with NUL."""
    messages = set()
    for path in sorted(DASHBOARD.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in ("t", "tn"):
                continue
            literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            wanted = 1 if name == "t" else 2
            assert len(literals) == wanted, f"{path.name}:{node.lineno}: a message must be written out, not computed"
            messages.add("\0".join(literals))
    return messages


def read_source(language: str) -> dict[str, str]:
    return read_catalogue((DASHBOARD / "locale" / f"{language}.po").read_text(encoding="utf-8"))


def test_every_message_is_in_chinese() -> None:
    missing = sorted(find_messages() - set(read_source("zh")))
    assert not missing, f"not in zh.po: {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_left_over(language: str) -> None:
    unused = sorted(set(read_source(language)) - find_messages() - {""})
    assert not unused, f"in {language}.po but nowhere in the code: {unused}"


def test_every_plural_is_in_english() -> None:
    plurals = {message for message in find_messages() if "\0" in message}
    assert plurals <= set(read_source("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_places(language: str) -> None:
    """A {n} of the English sentence stands in every translation, and no other does."""
    for message, text in read_source(language).items():
        expected = set(re.findall(r"\{(\w*)\}", message))
        for form in text.split("\0"):
            assert set(re.findall(r"\{(\w*)\}", form)) == expected or not message, message


def test_plurals_follow_the_language() -> None:
    english, chinese = open_catalogue("en"), open_catalogue("zh")
    assert english.ngettext("{n} document", "{n} documents", 1) == "{n} document"
    assert english.ngettext("{n} document", "{n} documents", 2) == "{n} documents"
    assert chinese.ngettext("{n} document", "{n} documents", 2) == "{n} 篇文档"


def test_faults_name_the_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_catalogue('msgid "a"\nmsgtext "b"\n')
    with pytest.raises(ValueError, match="line 1"):
        read_catalogue("msgid unquoted\n")


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="GNU msgfmt is not installed, so nothing to compare with")
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiles_as_msgfmt_does(language: str, tmp_path: Path) -> None:
    import gettext

    target = tmp_path / "out.mo"
    source = DASHBOARD / "locale" / f"{language}.po"
    subprocess.run(["msgfmt", "--check", "-o", str(target), str(source)], check=True)
    ours = open_catalogue(language)
    with target.open("rb") as file:
        theirs = gettext.GNUTranslations(file)
    messages = read_source(language)
    assert compile_catalogue(messages)
    for message in messages:
        if "\0" in message:
            one, many = message.split("\0")
            assert [ours.ngettext(one, many, n) for n in (1, 2)] == [theirs.ngettext(one, many, n) for n in (1, 2)]
        elif message:
            assert ours.gettext(message) == theirs.gettext(message)
