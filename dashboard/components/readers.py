"""The readers: a document, two documents aligned, a list of documents with the lines that were counted.

The HTML, CSS and JavaScript are ours (the files beside this one). Text of the corpus goes to the
browser as data and is set with `textContent`; no HTML is ever made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.components import url
from dashboard.components.marks import MOST_CHARACTERS
from dashboard.components.session import Session

_HERE = Path(__file__).parent


def _register(name: str, *, shared: bool = True) -> Any:
    css = [(_HERE / f"{name}.css").read_text(encoding="utf-8")]
    js = [(_HERE / f"{name}.js").read_text(encoding="utf-8")]
    if shared:
        css.insert(0, (_HERE / "runs.css").read_text(encoding="utf-8"))
        js.append((_HERE / "runs.js").read_text(encoding="utf-8"))
    return st.components.v2.component(f"tifa_{name}", html="", css="\n".join(css), js="\n".join(js))


_reader, _aligned, _doc_list, _kwic = (_register(name) for name in ("reader", "aligned", "doc_list", "kwic"))
_reasons = _register("reasons", shared=False)


def label_targets(session: Session) -> dict[str, str]:
    """What the buttons of a card say, by the kind of target they open."""
    t = session.t
    return {
        "phrase": t("Where else this phrase stands"), "person": t("About this person"), "doc": t("Open the document"),
        "close": t("Close"), "absent": t("not in this document"),
    }  # fmt: skip


def open_target(target: str | None) -> None:
    """Go where a card's button, a headline or a row leads: `kind:identity`.

    doc:ID, doc:ID@QUERY or doc:ID#BEGIN-END@QUERY, phrase:WORDS, person:ID, at:BEGIN-END (of the document that is open),
    pair:ID:ID (two documents side by side).
    """
    if not target:
        return
    kind, _, identity = target.partition(":")
    if kind == "doc":
        where, _, words = identity.partition("@")
        doc_id, _, at = where.partition("#")
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=doc_id, find=words, at=at))
    elif kind == "at":
        url.put_parameter("at", "" if url.get_parameter("at") == identity else identity)
        st.rerun()
    elif kind == "pair":
        doc_a, _, doc_b = identity.partition(":")
        st.switch_page("app_pages/side_by_side.py", query_params=url.build_params(a=doc_a, b=doc_b))
    elif kind == "phrase":
        st.switch_page("app_pages/phrases.py", query_params=url.build_params(q=url.write_value(identity)))
    elif kind == "person":
        st.switch_page("app_pages/people.py", query_params=url.build_params(person=identity))


def link_page(page: str, **params: str) -> str:
    """The address of a page relative to another, for links that can be opened in a new tab."""
    return f"{page}?{urlencode(url.build_params(**params))}"


def show_reader(
    session: Session, key: str, paragraphs: Sequence[Mapping[str, Any]], *, lang: str, ruby: bool = False,
    raw: bool = False, n_chars: int = 0, at: str = "",
) -> None:
    """Paragraphs ({begin, runs, title}) as a page of text. `n_chars` is the length of the whole, for the note on a cut.

    at: changes when another place is to be brought into sight, which is the first mark of the kind "node".
    """
    note = ""
    if n_chars > MOST_CHARACTERS:
        note = session.t("Only the first {n} characters are shown.").format(n=f"{MOST_CHARACTERS:,}")
    data = {
        "paragraphs": list(paragraphs), "lang": lang, "ruby": ruby, "raw": raw, "note": note, "at": at,
        "labels": label_targets(session),
    }  # fmt: skip
    open_target(_reader(key=key, data=data, on_open_change=_nothing).open)


def show_reasons(session: Session, key: str, groups: Sequence[Mapping[str, Any]], label: str) -> None:
    """Groups of components/reasons.py; a click shows the words in the text, or leads to the person."""
    t = session.t
    labels = {
        "list": label, "show": t("Show in the text"), "weight": t("weight of the reason, 0 to 1"), "against": t("contradicts"),
        "person": t("About this person"), "more": t("{n} more"),
    }  # fmt: skip
    data = {"groups": list(groups), "opened": url.get_parameter("at"), "labels": labels}
    open_target(_reasons(key=key, data=data, on_open_change=_nothing).open)


def show_aligned(
    session: Session, key: str, heads: Sequence[Mapping[str, str]], rows: Sequence[Mapping[str, Any]],
    legend: Sequence[tuple[str, str]], *, ruby: bool = False,
) -> None:
    """Two documents in rows: heads {title, line, lang, href, target}, rows {kind, a, b} with runs and folding."""
    data = {
        "heads": list(heads), "rows": list(rows), "legend": [list(item) for item in legend], "ruby": ruby,
        "labels": label_targets(session),
    }  # fmt: skip
    open_target(_aligned(key=key, data=data, on_open_change=_nothing).open)


def show_doc_list(session: Session, key: str, items: Iterable[Mapping[str, Any]], first: int = 1) -> None:
    """Documents as links: items {target, href, title, line, snippets: [runs]}."""
    turn = st.session_state.get("opened_turn", 0) if key == "opened" else 0
    data = {"items": list(items), "first": first, "labels": label_targets(session), "turn": turn}
    open_target(_doc_list(key=key, data=data, on_open_change=_nothing).open)


def show_kwic(session: Session, key: str, lines: Sequence[Mapping[str, str]], first: int = 1) -> None:
    """Concordance lines {target, href, left, node, right, date, place, title}, aligned on the node."""
    open_target(_kwic(key=key, data={"lines": list(lines), "first": first}, on_open_change=_nothing).open)


def _nothing() -> None:
    """A component must be given a callback for its value to be reported."""
