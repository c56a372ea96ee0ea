"""Side by side: two documents, passage by passage, with only their true differences marked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.marks import MOST_CHARACTERS, Mark, cut_runs
from dashboard.components.opened import describe_document
from dashboard.components.readers import link_page, show_aligned
from dashboard.components.reading import language_of, mark_people, mark_phrases
from dashboard.components.session import Session, get_session
from dashboard.components.tables import offer_csv, show_table
from dashboard.filters import Filters
from dashboard.queries.align import align_documents
from dashboard.queries.documents import DocumentReading, list_documents, read_document
from dashboard.queries.pairs import list_pairs
from dashboard.queries.pinyin import read_characters

#: Passages of one side only that are longer than this are folded.
FOLD = 160
#: As many documents are offered in the lists; the filters and the page of a document lead to all others.
MOST_OFFERED = 400


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Side by side"))
    pairs = list_pairs(session.corpus, session.filters)
    doc_a, doc_b = choose_documents(session, pairs)
    if doc_a is None or doc_b is None:
        st.info(t("Two documents are needed; the filters at the left leave fewer."))
        return
    show_pairs(session, pairs)
    first, second = read_document(session.corpus, doc_a), read_document(session.corpus, doc_b)
    if doc_a == doc_b:
        st.info(t("Both sides are the same document: choose another on one side."))
        return
    if max(len(first.text), len(second.text)) > MOST_CHARACTERS:
        st.warning(t("These texts are too long to be compared on a page."))
        return
    show_rows(session, first, second)


def choose_documents(session: Session, pairs: pd.DataFrame) -> tuple[str | None, str | None]:
    """The two documents: what the address says, else the pair that shares most, else the two newest."""
    t = session.t
    known = set(session.corpus.documents["doc_id"])
    given = [url.get_parameter(name) for name in ("a", "b")]
    given = [doc_id if doc_id in known else "" for doc_id in given]
    facts = list_documents(session.corpus, session.filters, limit=MOST_OFFERED)
    wanted = [doc_id for doc_id in given if doc_id]
    if len(pairs):
        wanted += [*pairs["doc_a"].head(50), *pairs["doc_b"].head(50)]
    if wanted:
        more = list_documents(session.corpus, Filters(), [session.corpus.number(d) for d in wanted])
        facts = pd.concat([facts, more]).drop_duplicates("doc_id", ignore_index=True)
    if len(facts) < 2:
        return None, None
    default = list(pairs[["doc_a", "doc_b"]].iloc[0]) if len(pairs) else list(facts["doc_id"].head(2))
    names = {row.doc_id: f"{row.label} · {describe_document(session, row)}" for row in facts.itertuples()}
    left, right = st.columns(2)
    with left:
        doc_a = url.choose_one("a", t("Left"), list(names), names.__getitem__, default=given[0] or default[0], style="box")
    with right:
        doc_b = url.choose_one("b", t("Right"), list(names), names.__getitem__, default=given[1] or default[1], style="box")
    return doc_a, doc_b


def show_pairs(session: Session, pairs: pd.DataFrame) -> None:
    """The pairs of documents that share most, to choose from."""
    t = session.t
    if pairs.empty:
        return
    with st.expander(t("Pairs that share most ({n})").format(n=len(pairs))):
        chosen = show_table(
            session, pairs, "pairs", session.say_question(),
            columns=["title_a", "outlet_a", "title_b", "outlet_b", "n_chars", "same_release"],
            config={
                "title_a": t("left"), "outlet_a": t("outlet"), "title_b": t("right"), "outlet_b": t("outlet"),
                "n_chars": t("shared characters"), "same_release": t("same release"),
            }, select=True, key="pairs", height=260,
        )  # fmt: skip
        if chosen is not None and st.session_state.get("taken_pair") != chosen:
            st.session_state["taken_pair"] = chosen
            url.put_parameter("a", str(pairs["doc_a"].iloc[chosen]))
            url.put_parameter("b", str(pairs["doc_b"].iloc[chosen]))
            url.reset_widgets()
            st.rerun()


def show_rows(session: Session, first: DocumentReading, second: DocumentReading) -> None:
    t = session.t
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        printed = url.choose_one(
            "script", t("Script"), ("simplified", "printed"),
            {"simplified": t("simplified"), "printed": t("as printed")}.__getitem__, label_visibility="collapsed",
        ) == "printed"  # fmt: skip
        pinyin = url.switch("pinyin", t("Pinyin"))
        marked = url.switch("marked", t("Phrases and people"), True)
        folded = url.switch("fold", t("Fold what only one has"), True)
    table = align_documents(session.corpus, str(first.facts["doc_id"]), str(second.facts["doc_id"]))
    show_verdict(session, table)
    sides = {"a": Side(session, first, printed, pinyin, marked), "b": Side(session, second, printed, pinyin, marked)}
    rows = [
        {"kind": row.kind, **{side: sides[side].cut(row, side, row.kind, folded) for side in ("a", "b")}}
        for row in join_lonely(table).itertuples()
    ]
    heads = [
        {
            "title": reading.label, "line": describe_document(session, reading.facts),
            "lang": language_of(reading, printed=printed), "target": f"doc:{reading.facts['doc_id']}",
            "href": link_page("document", doc=str(reading.facts["doc_id"])),
        }
        for reading in (first, second)
    ]  # fmt: skip
    legend = [("same", t("same")), ("edge", t("differs, or only in one")), ("differs", t("true difference"))]
    if marked:
        legend += [("phrase", t("policy phrase")), ("person", t("person"))]
    show_aligned(session, "aligned", heads, rows, legend, ruby=pinyin)
    st.caption(t(
        "Script, readings, 著 for 着, full-width for half-width signs and line ends are never marked as "
        "differences. Sentences are paired wherever they stand."
    ))
    question = f"{first.facts['doc_id']} | {second.facts['doc_id']}"
    offer_csv(session, table.drop(columns=["marks_a", "marks_b"]), "aligned", question)


def join_lonely(table: pd.DataFrame) -> pd.DataFrame:
    """Passages of one side that follow one another, as one: a reader wants to see at once how much is missing."""
    rows: list[dict] = []
    for row in table.to_dict("records"):
        before = rows[-1] if rows else None
        side = str(row["kind"])[-1]
        if (
            before is not None and row["kind"] in ("only_a", "only_b") and row["kind"] == before["kind"]
            and row[f"begin_{side}"] == before[f"end_{side}"]
        ):  # fmt: skip
            before[f"end_{side}"] = row[f"end_{side}"]
        else:
            rows.append(dict(row))
    return pd.DataFrame(rows, columns=table.columns)


def show_verdict(session: Session, table: pd.DataFrame) -> None:
    """What the alignment amounts to, in a line."""
    count = table["kind"].value_counts()
    sentence = session.t(
        "{same} passages are the same, {differs} differ, {only_a} stand only at the left, {only_b} only at "
        "the right."
    )
    st.markdown(
        sentence.format(**{kind: int(count.get(kind, 0)) for kind in ("same", "differs", "only_a", "only_b")})
    )


class Side:
    """One document of the two, ready to be cut into passages."""

    def __init__(self, session: Session, reading: DocumentReading, printed: bool, pinyin: bool, marked: bool) -> None:
        self.session = session
        self.text = reading.original if printed else reading.text
        self.marks = mark_phrases(session, reading) + mark_people(session, reading) if marked else []
        self.ruby = (dict(reading.ruby) or read_characters(reading.text)) if pinyin else None

    def cut(self, row: object, side: str, kind: str, folded: bool) -> dict[str, object] | None:
        """The passage of a row of the alignment on this side; None where it has none."""
        begin, end = getattr(row, f"begin_{side}"), getattr(row, f"end_{side}")
        if pd.isna(begin):
            return None
        begin, end = int(begin), int(end)
        true = [Mark(int(x), int(y), "differs") for x, y in getattr(row, f"marks_{side}")]
        runs = cut_runs(self.text, [*self.marks, *true] if kind == "differs" else self.marks, begin, end, self.ruby)
        runs[-1]["t"] = runs[-1]["t"].rstrip()
        passage: dict[str, object] = {"runs": runs}
        if folded and kind == f"only_{side}" and end - begin > FOLD:
            passage["folded"] = self.session.t("only here · {n} characters").format(n=end - begin)
        return passage


show_page(get_session())
