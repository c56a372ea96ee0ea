"""A small invented build for the tests of the dashboard: every fault a corpus can have, in a dozen short texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from dashboard.corpus import Corpus, open_corpus
from data_prep.phrases import load_lexicon
from data_prep.schema import PROVINCES, TABLES
from data_prep.search_index import write_index
from data_prep.store import Build, write_build
from tests.conftest import SHARED

HOSTILE = (
    "<script>alert(1)</script> ![](http://evil.example/x.png) =1+1 [链接](javascript:0) $x$ 动态清零 𠮷野家 \u202e"
)

#: doc_id, page, level, province, city, outlet, event_date, date_from, date_to, release, text.
#: The first line is the title.
DOCUMENTS: list[tuple[Any, ...]] = [
    ("pa-1", "pa", "province", "福建", None, "福建日报", "2022-03-29", None, None, "pa-1",
     "省委召开会议\n会议强调，坚持动态清零总方针，落实四早要求，做到早发现、早报告、早隔离、早治疗。"),
    # pb-1 is a second copy of pa-1's release, in another paper, with one more phrase.
    ("pb-1", "pb", "province", "福建", None, "东南网", "2022-03-29", None, None, "pa-1",
     "省委召开会议\n会议强调，坚持动态清零总方针，落实四早要求。尽快实现社会面清零，动态清零不动摇。"),
    ("pc-1", "pc", "city", "福建", "泉州", "福建日报", "2022-03-30", None, None, "pc-1",
     "赵龙在泉州检查\n赵龙强调，要坚持外防输入、内防反弹。他指出，社会面清零是硬任务。"),
    ("pd-1", "pd", "province", "山西", None, "山西日报", "2022-11-23", None, None, "pd-1",
     "坚持总策略不动摇\n林武强调，坚持动态清零，疫情要防住。蓝佛安指出，疫情精准防控，经济要稳住。"),
    ("pd-2", "pd", "province", "山西", None, "山西日报", "2022-11-24", None, None, "pd-2",
     "奔著问题去\n省长奔着问题去，乾隆年间的著作显著。防控疫情，疫情防控。"),
    ("pe-1", "pe", "centre", None, None, "新华社", "2022-03-17", None, None, "pe-1",
     "中共中央政治局常务委员会召开会议\n习近平指出，坚持人民至上，动态清零，动态清零，动态清零。"),
    # pf-1 prints pe-1 again a month later: a release in two months.
    ("pf-1", "pf", "centre", None, None, "人民网", "2022-04-02", None, None, "pe-1",
     "中共中央政治局常务委员会召开会议\n习近平指出，坚持人民至上，动态清零，动态清零，动态清零。"),
    # An interval within one month is in the month, one over two months in the year alone.
    ("pg-1", "pg", "province", "江苏", None, None, None, "2022-03-10", "2022-03-20", "pg-1",
     "全省推进疫情防控\n动态清零。"),
    ("ph-1", "ph", "province", "江苏", None, None, None, "2022-02-20", "2022-04-20", "ph-1",
     "全省复工复产\n社会面清零。"),
    ("pi-1", "pi", None, None, None, None, None, None, None, "pi-1", "没有日期\n动态清零无年份。"),
    ("pj-1", "pj", "county", "四川", "成都", "某站", "2022-05-01", None, None, "pj-1", HOSTILE),
    ("pk-1", "pk", "province", "四川", None, "某站", "2022-05-02", None, None, "pk-1", ""),
]  # fmt: skip

#: phrase_id, phrase, family, variants
PHRASES = [
    ("dongtai", "动态清零", "dongtai", ["动态清零总方针"]),
    ("shehuimian", "社会面清零", "shehuimian", []),
    ("sizao", "四早", "sizao", []),
    ("zaofaxian", "早发现", "sizao", []),
    ("zaobaogao", "早报告", "sizao", []),
    ("waifang", "外防输入、内防反弹", "waifang", ["外防输入，内防反弹"]),
]


@pytest.fixture(scope="session")
def small_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The invented build on disk."""
    return make_build(tmp_path_factory.mktemp("small"), small_rows())


@pytest.fixture(scope="session")
def small_corpus(small_build: Build) -> Corpus:
    """The invented build, opened."""
    return open_corpus(small_build.path)


@pytest.fixture(scope="session")
def empty_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A build without a document."""
    return open_corpus(make_build(tmp_path_factory.mktemp("empty"), {}).path)


def make_build(out: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Build:
    """A whole build with search files from rows by table; columns left out get an empty value."""
    tables = {
        name: pa.Table.from_pylist([_fill(name, row) for row in rows.get(name, [])], schema=table.arrow)
        for name, table in TABLES.items()
    }
    return write_build(out, tables, {"version": "test"}, lambda folder: write_index(folder, tables))


def make_documents(texts: Sequence[str], **columns: Any) -> list[dict[str, Any]]:
    """Rows of documents from texts alone; a column may be given as one value or as a function of the place."""
    rows = []
    for place, text in enumerate(texts):
        row = {"doc_id": f"p{place:06d}-1", "page_id": f"p{place:06d}", "position": 1, "text": text, "original": text,
               "release_id": f"p{place:06d}-1", "n_chars": sum(not c.isspace() for c in text), "provinces": []}
        row |= {name: value(place) if callable(value) else value for name, value in columns.items()}
        rows.append(row)
    return rows  # fmt: skip


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows of the invented build: documents, pages, speech, phrases, hits, terms, repairs, people, reuse."""
    documents, pages, page_texts, hits, terms, speech, segments = [], [], [], [], [], [], []
    for doc_id, page, level, province, city, outlet, event, first, last, release, text in DOCUMENTS:
        title, _, body = text.partition("\n")
        original = text.replace("会议", "會議") if page == "pb" else text
        documents.append({
            "doc_id": doc_id, "page_id": page, "position": int(doc_id[-1]),
            "title": title if body else "", "text": text, "original": original,
            "body_begin": len(title) + 1 if body else 0, "level": level, "province": province,
            "provinces": [province] if province else [], "city": city, "outlet": outlet,
            "event_date": _day(event), "date_from": _day(first or event), "date_to": _day(last or event),
            "release_id": release, "n_chars": sum(not c.isspace() for c in text), "n_tokens": len(text) // 2,
        })  # fmt: skip
        if not any(row["page_id"] == page for row in pages):
            pages.append({"page_id": page, "path": f"{page}.txt", "sha256": "0" * 64, "n_bytes": 9, "encoding": "utf-8",
                          "script": "hans", "n_chars": len(text), "status": "accepted"})  # fmt: skip
            page_texts.append({"page_id": page, "raw": original.replace("會議", "會(huì)議"), "repaired": original})
            segments.append({"doc_id": doc_id, "begin": 0, "end": len(text), "page_begin": 0})
        hits += _find_hits(doc_id, text)
        speech += _split_speech(doc_id, text)
        for term in ("疫情", "防控", "坚持", "会议", "清零"):
            if text.count(term):
                terms.append({"doc_id": doc_id, "term": term, "n": text.count(term)})
    pages.append({"page_id": "pz", "path": "pz.bin", "sha256": "1" * 64, "n_bytes": 9, "n_chars": 0,
                  "status": "rejected", "reason": "binary file"})  # fmt: skip
    begin = page_texts[1]["raw"].index("(huì)")
    repairs = [{"page_id": "pb", "rule": "pinyin", "begin": begin, "end": begin + 5, "before": "(huì)", "after": "",
                "confidence": 1.0}]  # fmt: skip
    people = [
        {"doc_id": doc_id, "person_id": f"q-{name}", "name": name, "role": role, "offices": offices, "kind": "official",
         "presence": "spoke", "begin": text.index(name), "end": text.index(name) + len(name)}
        for doc_id, *_, text in DOCUMENTS
        for name, role, offices in (("赵龙", "省长", ["福建省省长"]), ("林武", "省委书记", ["山西省委书记"]),
                                    ("蓝佛安", "省长", ["山西省省长"]), ("习近平", "总书记", ["中共中央总书记"]))
        if name in text
    ]  # fmt: skip
    phrases = [
        {"phrase_id": phrase_id, "phrase": phrase, "family": family, "variants": variants, "category": "epidemic",
         "gloss_en": phrase_id, "note": "", "source": "invented"}
        for phrase_id, phrase, family, variants in PHRASES
    ]  # fmt: skip
    reuse = [{"reuse_id": "r1", "doc_a": "pa-1", "begin_a": 0, "end_a": 20, "doc_b": "pb-1", "begin_b": 0, "end_b": 20,
              "n_chars": 20, "similarity": 1.0}]  # fmt: skip
    evidence = [{"doc_id": "pa-1", "field": "event_date", "value": "2022-03-29", "rule": "invented", "surface": "29日",
                 "weight": 0.9}]  # fmt: skip
    return {"documents": documents, "pages": pages, "page_texts": page_texts, "segments": segments, "phrases": phrases,
            "phrase_hits": hits, "speech": speech, "term_counts": terms, "repairs": repairs, "people": people,
            "reuse": reuse, "evidence": evidence}  # fmt: skip


def _find_hits(doc_id: str, text: str) -> list[dict[str, Any]]:
    """Every printed form, the longest first, non-overlapping within one phrase."""
    hits = []
    for phrase_id, phrase, _, variants in PHRASES:
        taken: set[int] = set()
        for form in sorted([phrase, *variants], key=len, reverse=True):
            at = text.find(form)
            while at >= 0:
                if not taken & set(range(at, at + len(form))):
                    taken |= set(range(at, at + len(form)))
                    hits.append({"doc_id": doc_id, "phrase_id": phrase_id, "begin": at, "end": at + len(form),
                                 "surface": form})  # fmt: skip
                at = text.find(form, at + 1)
    return hits


def _split_speech(doc_id: str, text: str) -> list[dict[str, Any]]:
    """The body, sentence by sentence: voiced by whoever is its first word and says something, else by the paper."""
    title, _, body = text.partition("\n")
    rows, begin = [], len(title) + 1
    for sentence in body.replace("。", "。\0").split("\0"):
        if not sentence:
            continue
        speaker, kind, verb = "", "paper", ""
        for name in ("赵龙", "林武", "蓝佛安", "习近平", "会议"):
            if sentence.startswith(name):
                speaker, kind = name, "meeting" if name == "会议" else "leader"
                verb = sentence[len(name) : len(name) + 2]
        rows.append({"doc_id": doc_id, "speaker": speaker, "kind": kind, "verb": verb, "begin": begin,
                     "end": begin + len(sentence)})  # fmt: skip
        begin += len(sentence)
    return rows


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _fill(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    filled = {}
    for column in TABLES[table].columns:
        if column.name in row:
            filled[column.name] = row[column.name]
        elif column.nullable:
            filled[column.name] = None
        elif pa.types.is_list(column.type):
            filled[column.name] = []
        elif pa.types.is_boolean(column.type):
            filled[column.name] = False
        else:
            filled[column.name] = "" if pa.types.is_string(column.type) else 0
    return filled


# --- Real text, where it is there -------------------------------------------------------

NEWS, REPORTS = SHARED / "corpora" / "xinwen_lianbo", SHARED / "corpora" / "work_reports"

needs_shared = pytest.mark.skipif(not NEWS.is_dir() or not REPORTS.is_dir(), reason=f"no corpora in {SHARED}")


@pytest.fixture(scope="session")
def real_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Evening news and work reports with real lexicon hits; every eleventh item once more, as a later copy."""
    lexicon = load_lexicon()
    rows = [*_read_news(), *_read_reports()]
    for place, row in enumerate(rows[::11]):
        copy = row | {"doc_id": f"q{place:06d}-1", "outlet": "某报"}
        if place % 4 == 0 and copy["event_date"]:
            copy["event_date"] = copy["date_from"] = copy["date_to"] = row["event_date"] + timedelta(days=9)
        rows.append(copy)
    for place, row in enumerate(rows):
        if place % 40 == 7:  # some days are known to the month, some not at all
            row["event_date"] = None
            row["date_from"], row["date_to"] = row["date_from"].replace(day=1), row["date_from"].replace(day=28)
        elif place % 40 == 8:
            row["event_date"] = row["date_from"] = row["date_to"] = None
    hits = [
        {"doc_id": row["doc_id"], "phrase_id": hit.phrase_id, "begin": hit.begin, "end": hit.end, "surface": hit.surface}
        for row in rows
        for hit in lexicon.find_hits(row["text"])
    ]
    speech = [passage for place, row in enumerate(rows) for passage in _tile_speech(row, place)]
    phrases = lexicon.table()[TABLES["phrases"].names].to_dict("records")
    tables = {"documents": rows, "phrase_hits": hits, "speech": speech, "phrases": _mend_days(phrases)}
    return open_corpus(make_build(tmp_path_factory.mktemp("real"), tables).path)


def _read_news() -> Iterator[dict[str, Any]]:
    """An item a document; the province is the one named first, if any."""
    for path in sorted(NEWS.glob("*.md")):
        day = date.fromisoformat(f"{path.stem[:4]}-{path.stem[4:6]}-{path.stem[6:8]}")
        for place, item in enumerate(path.read_text(encoding="utf-8").split("\n### ")[1:]):
            text = "\n".join(line for line in item.split("\n") if line.strip())
            named = [(text.find(name), name) for name in PROVINCES if name in text]
            yield _real_row(f"n{path.stem}-{place + 1}", text, day, min(named)[1] if named else None, "央视网")


def _read_reports() -> Iterator[dict[str, Any]]:
    """A report a document, of the year in its file name."""
    for path in sorted(REPORTS.rglob("*.md")):
        province = next((name for name in PROVINCES if path.parent.name.startswith(name)), None)
        text = "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
        outlet = path.parent.name
        yield _real_row(f"r{outlet}{path.stem}-1", text, date(int(path.stem[:4]), 1, 20), province, outlet)


def _real_row(doc_id: str, text: str, day: date, province: str | None, outlet: str) -> dict[str, Any]:
    return {"doc_id": doc_id, "page_id": doc_id, "position": 1, "title": text.split("\n")[0][:40], "text": text,
            "original": text, "province": province, "level": "province" if province else "centre", "outlet": outlet,
            "event_date": day, "date_from": day, "date_to": day, "release_id": doc_id,
            "n_chars": len("".join(text.split()))}  # fmt: skip


def _tile_speech(row: Mapping[str, Any], place: int) -> Iterator[dict[str, Any]]:
    """Lines voiced in turn by a leader, a meeting and the paper."""
    begin = 0
    for number, line in enumerate(row["text"].split("\n")):
        speaker, kind = (("习近平", "leader"), ("会议", "meeting"), ("", "paper"))[(place + number) % 3]
        yield {"doc_id": row["doc_id"], "speaker": speaker, "kind": kind, "verb": "指出" if speaker else "",
               "begin": begin, "end": begin + len(line)}  # fmt: skip
        begin += len(line) + 1


def _mend_days(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Missing days as None, days as date."""
    for row in rows:
        for name in ("first_day", "last_day"):
            row[name] = None if pd.isna(row[name]) else pd.Timestamp(row[name]).date()
    return rows
