"""Every sentence a query or a reader of files can end in on a page has words in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.catalogue import open_catalogue
from dashboard.components.faults import list_faults, list_kinds, say_fault, translate_fault
from dashboard.filters import Filters
from dashboard.queries.overlay import read_overlay
from data_prep import decode
from data_prep.decode import UndecodablePage, decode_page
from data_prep.pages import RejectedFile, find_pages

ROOT = Path(__file__).resolve().parents[2]
#: Modules whose faults reach a page, as far as a reader can cause them.
MODULES = (
    "dashboard/queries/grammar.py", "dashboard/queries/patterns.py", "dashboard/queries/overlay.py",
    "dashboard/queries/coding.py", "dashboard/queries/concordance.py", "dashboard/queries/cells.py",
    "dashboard/queries/terms.py",
)  # fmt: skip


def read_sentences() -> Iterator[tuple[str, str]]:
    """(where, sentence) of each fault raised there, with a 7 wherever a value is written into it."""
    for module in MODULES:
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                yield f"{Path(module).stem}-{node.lineno}", write_out(node.exc.args[0])


def write_out(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(write_out(part) for part in node.values)
    return write_out(node.left) + write_out(node.right) if isinstance(node, ast.BinOp) else "7"


SENTENCES = list(read_sentences())


@pytest.mark.parametrize("sentence", [sentence for _, sentence in SENTENCES], ids=[where for where, _ in SENTENCES])
def test_every_fault_is_said_in_both_languages(sentence: str) -> None:
    chinese = say_fault(open_catalogue("zh").gettext, ValueError(sentence))
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese), f"not among the faults: {sentence}"
    assert chinese != say_fault(open_catalogue("en").gettext, ValueError(sentence))


def test_sentences_are_found() -> None:
    assert len(SENTENCES) > 25


def test_what_was_typed_is_in_the_sentence_and_escaped() -> None:
    notes = Filters.from_params({"province": "<b>火星</b>", "from": "yesterday"}).notes
    said = [say_fault(open_catalogue("zh").gettext, note) for note in notes]
    assert "火星" in said[0] and "无法识别" in said[0] and "<b>" not in said[0]
    assert "不是日期" in said[1]
    with pytest.raises(ValueError) as fault:
        read_overlay("date,province,value\n2022-03-29,福建,多\n".encode())
    assert "第 2 行" in say_fault(open_catalogue("zh").gettext, fault.value)


def test_an_unknown_fault_is_shown_as_it_is() -> None:
    assert say_fault(open_catalogue("zh").gettext, ValueError("something else")) == "something else"


def test_no_form_hides_another() -> None:
    """A sentence of one form must not be read as another that stands above it."""
    forms = [english for english, _ in list_faults(str)]
    assert len(forms) == len(set(forms))
    for english in forms:
        numbered = english
        while "{" in numbered:
            begin, end = numbered.index("{"), numbered.index("}")
            numbered = numbered[:begin] + "7" + numbered[end + 1 :]
        words = [english for english, _ in list_faults(str) if _matches(english, numbered)]
        assert words[0] == english, f"{english} is taken for {words[0]}"


def _matches(english: str, sentence: str) -> bool:
    from dashboard.components.faults import _compile

    return _compile(english).fullmatch(sentence) is not None


def test_why_a_page_was_rejected_is_said_in_chinese(tmp_path: Path) -> None:
    """Every reason the preparation gives, by files that earn it and by the sentences in its code."""
    contents = {"leer.txt": b"", "weiss.txt": b" \n", "a.txt": b"%PDF-1.7", "b.txt": b"PK\x03\x04", "c.txt": bytes(range(32)) * 40}
    contents |= {f"x.{suffix}": b"x" for suffix in ("pdf", "docx", "csv", "png", "zip", "mp4", "mhtml", "exe")}
    for name, raw in contents.items():
        (tmp_path / name).write_bytes(raw)
    reasons = set()
    for page in find_pages([tmp_path]):
        if isinstance(page, RejectedFile):
            reasons.add(page.reason)
            continue
        with pytest.raises(UndecodablePage) as fault:
            decode_page(page.raw)
        reasons.add(f"{str(fault.value).rstrip('.')}: save the page as text again, or take the file out")
    assert len(reasons) == len(contents)
    zh = open_catalogue("zh").gettext
    for reason in reasons:
        said = translate_fault(zh, reason)
        assert "：" in said and not said.startswith("The file"), reason
        assert translate_fault(open_catalogue("en").gettext, reason) == reason
    assert translate_fault(zh, "The file is a PDF, not text: save the page as text again, or take the file out").startswith("文件是PDF，")
    kinds = {kind for _, kind in decode._BINARY}
    assert kinds == {kind for kind, _ in list_kinds(str)}
