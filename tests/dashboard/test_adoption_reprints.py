"""A reprint is no adoption: what a place prints in the centre's words is told from its own use; and who says a phrase."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.adoption import draw_adoption
from dashboard.charts.palette import read_palette
from dashboard.corpus import Corpus, open_corpus
from dashboard.filters import Filters
from dashboard.queries.adoption import TAKEN_OVER, list_uses, trace_adoption
from dashboard.queries.speakers import rank_speakers, strip_province
from tests.dashboard.conftest import make_build, make_documents

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PHRASE = "动态清零"
#: What the centre says, long enough to be taken over; and a formula, too short for that.
WORDS = "会议强调，要保持战略定力，坚持稳中求进，统筹好疫情防控和经济社会发展，坚持动态清零，采取更加有效措施，努力用最小的代价实现最大的防控效果，最大限度减少影响。"
FORMULA = "坚持动态清零总方针不动摇"

#: doc_id, level, province, outlet, day, release, text, reason
DOCUMENTS = [
    ("a-1", "centre", None, "新华社", 17, "a-1", f"中央开会\n{WORDS}"),
    # The same release in a paper of Fujian: the centre's, printed there.
    ("b-1", "centre", None, "福建日报", 18, "a-1", f"中央开会\n{WORDS}"),
    # Shanxi takes two sentences over and adds nothing of its own ...
    ("c-1", "province", "山西", "山西日报", 19, "c-1", f"传达中央精神\n{WORDS}"),
    # ... until it does; in the same text it quotes the centre again.
    ("d-1", "province", "山西", "山西日报", 25, "d-1", f"省里开会\n{WORDS}\n全省要动态清零，坚决动态清零。"),
    # Jiangsu uses the formula: shared with the centre, but its own use.
    ("e-1", "province", "江苏", "新华日报", 20, "e-1", f"江苏开会\n{FORMULA}。"),
    ("f-1", "centre", None, "新华社", 18, "f-1", f"评论\n{FORMULA}。"),
    # Sichuan prints a release the centre is known to print only later: Sichuan was first.
    ("g-1", "province", "四川", "四川日报", 10, "g-1", "四川首创\n四川提出动态清零。"),
    ("h-1", "centre", None, "新华社", 21, "g-1", "四川首创\n四川提出动态清零。"),
    # Tibet prints a copy of the centre's release that was placed there.
    ("i-1", "province", "西藏", "西藏日报", 22, "a-1", f"中央开会\n{WORDS}"),
    ("j-1", None, None, "某站", 23, "j-1", "不知何处\n动态清零。"),
    ("k-1", "province", "福建", "福建日报", 24, "k-1", "福建开会\n复工复产。"),
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    documents = [
        {"doc_id": doc_id, "page_id": doc_id[0], "position": 1, "title": text.split("\n")[0], "text": text, "original": text,
         "body_begin": text.index("\n") + 1, "level": level, "province": province, "provinces": [province] if province else [],
         "outlet": outlet, "event_date": date(2022, 3, day), "date_from": date(2022, 3, day), "date_to": date(2022, 3, day),
         "release_id": release, "n_chars": len(text) - 1, "n_tokens": len(text) // 2}
        for doc_id, level, province, outlet, day, release, text in DOCUMENTS
    ]  # fmt: skip
    texts = {row["doc_id"]: str(row["text"]) for row in documents}
    reuse = [
        {"reuse_id": f"r{place}", "doc_a": a, "begin_a": texts[a].index(words), "end_a": texts[a].index(words) + len(words),
         "doc_b": b, "begin_b": texts[b].index(words), "end_b": texts[b].index(words) + len(words), "n_chars": len(words),
         "similarity": 1.0}
        for place, (a, b, words) in enumerate((("a-1", "c-1", WORDS), ("a-1", "d-1", WORDS), ("e-1", "f-1", FORMULA)))
    ]  # fmt: skip
    evidence = [
        {"doc_id": "b-1", "field": "province", "value": "福建", "rule": "outlet", "surface": "来源:福建日报", "weight": -0.2},
        {"doc_id": "a-1", "field": "province", "value": "湖北", "rule": "outlet", "surface": "别处", "weight": 0.2},
    ]
    speech = [
        {"doc_id": "c-1", "speaker": "林武", "kind": "leader", "verb": "强调", "begin": 7, "end": len(texts["c-1"])},
        {"doc_id": "d-1", "speaker": "林武", "kind": "leader", "verb": "指出", "begin": 5, "end": len(texts["d-1"])},
        {"doc_id": "k-1", "speaker": "林武", "kind": "leader", "verb": "指出", "begin": 5, "end": len(texts["k-1"])},
        {"doc_id": "a-1", "speaker": "习近平", "kind": "leader", "verb": "强调", "begin": 5, "end": len(texts["a-1"])},
        {"doc_id": "b-1", "speaker": "习近平", "kind": "leader", "verb": "强调", "begin": 5, "end": len(texts["b-1"])},
        {"doc_id": "e-1", "speaker": "会议", "kind": "meeting", "verb": "强调", "begin": 5, "end": len(texts["e-1"])},
    ]
    people = [
        {"doc_id": doc_id, "person_id": name, "name": name, "role": role, "offices": offices, "kind": "official",
         "presence": "spoke", "begin": 0, "end": 2}
        for doc_id, name, role, offices in (
            ("c-1", "林武", "省委书记", ["山西省委书记"]), ("d-1", "林武", "省委书记", ["山西省委书记", "山西省人大常委会主任"]),
            ("a-1", "习近平", "总书记", ["中共中央总书记"]), ("b-1", "习近平", "总书记", ["中共中央总书记"]),
        )
    ]  # fmt: skip
    rows = {"documents": documents, "reuse": reuse, "evidence": evidence, "speech": speech, "people": people}
    return open_corpus(make_build(tmp_path_factory.mktemp("reprints"), rows).path)


def read_rows(table: pd.DataFrame) -> dict[str, tuple[object, ...]]:
    def day(value: pd.Timestamp) -> object:
        return None if pd.isna(value) else value.day

    return {
        row.province: (day(row.first_day), row.doc_id, None if pd.isna(row.lag_days) else row.lag_days, row.n_with, row.hits,
                       day(row.first_reprint), row.n_reprints)
        for row in table.itertuples()
    }  # fmt: skip


def test_reprints_are_told_from_own_use(corpus: Corpus) -> None:
    assert len(WORDS) >= TAKEN_OVER > len(FORMULA)
    table = trace_adoption(corpus, Filters(), [PHRASE])
    assert read_rows(table) == {
        "四川": (10, "g-1", -7, 1, 1, None, 0),
        "centre": (17, "a-1", 0, 3, 3, None, 0),
        "江苏": (20, "e-1", 3, 1, 1, None, 0),
        "山西": (25, "d-1", 8, 1, 2, 19, 1),
        "福建": (None, None, None, 0, 0, 18, 1),
        "西藏": (None, None, None, 0, 0, 22, 1),
    }
    assert table["province"].tolist()[-2:] == ["福建", "西藏"], "who only reprints stands at the end"
    assert table.attrs == {"n_undated": 0, "n_unplaced": 1}


def test_a_row_opens_to_its_lines(corpus: Corpus) -> None:
    for row in trace_adoption(corpus, Filters(), [PHRASE]).itertuples():
        lines = list_uses(corpus, Filters(), PHRASE, row.province)
        assert (lines["use"] == "own").sum() == row.hits
        assert lines.loc[lines["use"] == "reprint", "doc_id"].nunique() >= row.n_reprints
        assert lines["event_date"].is_monotonic_increasing
    shanxi = list_uses(corpus, Filters(), PHRASE, "山西")
    assert shanxi[["doc_id", "use"]].values.tolist() == [
        ["c-1", "reprint"], ["d-1", "reprint"], ["d-1", "own"], ["d-1", "own"],
    ]  # fmt: skip
    assert list_uses(corpus, Filters(), PHRASE, "福建")[["doc_id", "use"]].values.tolist() == [["b-1", "reprint"]]
    assert list_uses(corpus, Filters(), PHRASE, "火星").empty
    assert list_uses(corpus, Filters(), "无此语", "山西").empty


def test_copies_are_counted_as_asked(corpus: Corpus) -> None:
    rows = read_rows(trace_adoption(corpus, Filters(unit="copies"), [PHRASE]))
    assert rows["centre"][3:5] == (4, 4), "both printings of the centre's release"
    assert rows["福建"][-1] == 1


def test_who_says_it(corpus: Corpus) -> None:
    table = rank_speakers(corpus, Filters(), PHRASE)
    rows = table[["speaker", "office", "n_with", "n_units", "hits", "thin"]].values.tolist()
    # Lin Wu is heard in three releases and says it in two, once and three times; the copy of a-1 counts once.
    assert rows == [["林武", "山西省委书记", 2, 3, 4, True], ["习近平", "中共中央总书记", 1, 1, 1, True]]
    assert table["share"].iloc[0] == pytest.approx(2 / 3)
    assert table["low"].iloc[0] < 2 / 3 < table["high"].iloc[0]
    copies = rank_speakers(corpus, Filters(unit="copies"), PHRASE).set_index("speaker")
    assert copies.loc["习近平", ["n_with", "n_units", "hits"]].tolist() == [2, 2, 2]
    assert rank_speakers(corpus, Filters(unit="outlets"), PHRASE).set_index("speaker").loc["林武", "n_units"] == 2
    assert rank_speakers(corpus, Filters(speakers=("meeting",)), PHRASE).empty


def test_two_leaders_of_one_name_are_two_rows(tmp_path: Path) -> None:
    texts = ["省长赵龙强调,要动态清零。", "市长赵龙指出,要动态清零。", "赵龙说,要动态清零。"]
    documents = make_documents(texts)
    speech = [{"doc_id": row["doc_id"], "speaker": "赵龙", "kind": "leader", "verb": "说", "begin": 0, "end": len(row["text"])}
              for row in documents]
    people = [
        {"doc_id": documents[at]["doc_id"], "person_id": person, "name": "赵龙", "role": "", "offices": [office], "kind": "official",
         "presence": "spoke", "begin": 2, "end": 4}
        for at, person, office in ((0, "赵龙#1", "福建省省长"), (1, "赵龙#2", "远方市市长"))
    ]  # fmt: skip
    corpus = open_corpus(make_build(tmp_path, {"documents": documents, "speech": speech, "people": people}).path)
    table = rank_speakers(corpus, Filters(unit="copies"), "动态清零")
    offices = sorted(table["office"].fillna(""))
    assert offices == ["", "福建省省长", "远方市市长"], "the third document does not say which"
    assert table["speaker"].tolist() == ["赵龙"] * 3 and table["n_with"].tolist() == [1, 1, 1]


def test_with_which_office(corpus: Corpus) -> None:
    table = rank_speakers(corpus, Filters(), PHRASE, "office")
    rows = table[["office", "n_with", "n_units", "hits"]].values.tolist()
    assert rows == [["省委书记", 2, 2, 4], ["中共中央总书记", 1, 1, 1], ["省人大常委会主任", 1, 1, 3]]
    assert table["speaker"].isna().all()
    with pytest.raises(ValueError, match="by speaker or office"):
        rank_speakers(corpus, Filters(), PHRASE, "hat")


@pytest.mark.parametrize(
    ("office", "expected"),
    [("内蒙古自治区主席", "自治区主席"), ("新疆维吾尔自治区党委书记", "自治区党委书记"), ("河北省纪委书记", "省纪委书记"),
     ("北京大学校长", "北京大学校长"), ("泉州市市长", "泉州市市长"), ("上海市委书记", "市委书记"), ("吉林市市长", "市长")],
)  # fmt: skip
def test_an_office_without_its_province(office: str, expected: str) -> None:
    assert strip_province(office) == expected


def test_nobody_speaks(empty_corpus: Corpus, tmp_path: Path) -> None:
    assert rank_speakers(empty_corpus, Filters(), PHRASE).empty
    assert trace_adoption(empty_corpus, Filters(), [PHRASE]).empty
    assert list_uses(empty_corpus, Filters(), PHRASE, "centre").empty


def test_the_picture_shows_own_use_and_reprints(corpus: Corpus) -> None:
    table = trace_adoption(corpus, Filters(), [PHRASE])
    table = table.assign(key=table["province"], label=table["province"], is_centre=table["province"] == "centre")
    figure = draw_adoption(table, read_palette("light"), str)
    points = {trace.marker.symbol or "circle": trace for trace in figure.data if trace.mode == "markers"}
    assert [key for key, _ in points["circle"].customdata] == ["四川", "centre", "江苏", "山西"]
    assert list(points["circle"].x) == ["2022-03-10", "2022-03-17", "2022-03-20", "2022-03-25"]
    assert [key for key, _ in points["square"].customdata] == ["山西", "福建", "西藏"]
    written = [note.text for note in figure.layout.annotations]
    assert "2022-03-25 (+8)" in written and "2022-03-18 reprint" in written and "1 + 1" in written
    (line,) = figure.layout.shapes
    assert line.x0 == "2022-03-17", "the centre's first day"


# --- The page --------------------------------------------------------------------------------


def open_adoption(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, **params: str) -> AppTest:
    monkeypatch.setenv("TIFA_BUILD", str(corpus.build.path))
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.switch_page("app_pages/adoption.py")
    for name, value in ({"lang": "en", "q": PHRASE} | params).items():
        app.query_params[name] = value
    return app.run()


def read_captions(app: AppTest) -> str:
    """What the page says in words: the finding, and the captions."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def test_the_page_says_who_was_first(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_adoption(corpus, monkeypatch)
    assert not app.exception
    said = read_captions(app)
    assert "First seen: Sichuan, 2022-03-10." in said
    assert "1 province was before the centre. 2 provinces followed the centre, 5.5 days later (median)." in said
    assert "Every place has fewer than 5" in said
    assert "2 places only reprint it." in said
    assert "1 document that holds it has no known place" in said
    table = app.dataframe[0].value
    assert table["label"].tolist() == ["Sichuan", "centre", "Jiangsu", "Shanxi", "Fujian", "Tibet"]
    voices = app.dataframe[1].value.set_index("label")
    assert voices.loc["a leader speaks", ["n_with", "n_units"]].tolist() == [3, 4]


def test_a_place_of_the_address_is_open(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_adoption(corpus, monkeypatch, cell_province="山西", lang="zh")
    assert any("山西" in heading.value and PHRASE in heading.value for heading in app.subheader)
    assert "自行使用 2 行" in read_captions(app) and "转载 2 行" in read_captions(app)
    assert app.query_params["cell_province"] == "山西"


@pytest.mark.parametrize("by", ["speaker", "office"])
def test_the_page_ranks_voices(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    app = open_adoption(corpus, monkeypatch, by=by)
    assert app.dataframe[1].value["label"].iloc[0] == {"speaker": "林武", "office": "省委书记"}[by]


def test_a_thin_corpus_is_put_into_words(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_adoption(corpus, monkeypatch, province="四川")
    assert "No other place uses it in its own words" in read_captions(app)
    app = open_adoption(corpus, monkeypatch, province="西藏")
    assert "there are only reprints of the centre" in read_captions(app)
    app = open_adoption(corpus, monkeypatch, province="江苏,山西")
    assert "The centre does not use it here" in read_captions(app)
    app = open_adoption(corpus, monkeypatch, q="无此语")
    assert any("No document that is dated to a day and placed holds it." in info.value for info in app.info)
    app = open_adoption(corpus, monkeypatch, q="无此语", by="speaker")
    assert any("No leader says it" in info.value for info in app.info)
    app = open_adoption(corpus, monkeypatch, q="re:(")
    assert app.warning and not app.exception
