"""The recipe as a whole: what only several pages together can tell, and what one page must not do to others."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_prep import pipeline
from data_prep.check import check_build
from data_prep.pipeline import NoPages, build_corpus
from data_prep.schema import TABLES
from tests.conftest import SEEDS

COPY, DAMAGED = "000_683f51ea7e7e59fc.txt", "002_841993cef88b7c39.txt"


def test_a_place_one_copy_lost_is_filled_from_the_other_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / COPY).write_bytes((SEEDS / COPY).read_bytes())
    page = (SEEDS / DAMAGED).read_text(encoding="utf-8")
    lost = page.replace("斬?cái)嘁咔閭鞑デ?", "斬?cái)嘁?")
    assert lost != page
    (folder / DAMAGED).write_text(lost, encoding="utf-8")

    alone, _ = build_corpus([folder / DAMAGED], tmp_path / "alone")
    assert "斩断疫情传播渠道" not in alone.read("documents")["text"].iloc[0]

    build, _ = build_corpus([folder], tmp_path / "build")
    assert check_build(build) == []
    filled = build.read("repairs").query("rule == 'from_copy'")
    assert len(filled) == 1
    pages = build.read("pages").set_index("path")
    documents = build.read("documents").set_index("page_id")
    assert "坚决斩断疫情传播渠道。" in documents.loc[pages.loc[DAMAGED, "page_id"], "text"]
    assert documents.groupby("release_id").size().max() == 2


def test_pages_that_go_or_change_during_the_build_are_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / COPY).write_bytes((SEEDS / COPY).read_bytes())
    page = (SEEDS / DAMAGED).read_text(encoding="utf-8").replace("斬?cái)嘁咔閭鞑デ?", "斬?cái)嘁?")
    (folder / DAMAGED).write_text(page, encoding="utf-8")
    (folder / "later.txt").write_text("省委召开会议\n3月29日,省委书记尹力主持召开会议。\n", encoding="utf-8")
    monkeypatch.setattr(pipeline, "BATCH_PAGES", 1)

    def take_away(doing: str, n_pages: int) -> None:
        if doing == "reading pages" and n_pages == 1:
            (folder / "later.txt").unlink()
        if doing.endswith("again"):  # the page whose better repair asks for a second reading
            (folder / DAMAGED).unlink()

    build, report = build_corpus([folder], tmp_path / "build", progress=take_away)
    assert check_build(build) == []
    assert (report.counts["pages"], report.counts["accepted"]) == (3, 2)
    assert [path for path, _ in report.rejected] == ["later.txt"]
    assert not (folder / DAMAGED).exists()


def test_one_and_several_processes_give_the_same_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, _ = build_corpus([SEEDS], tmp_path / "one")
    monkeypatch.setattr(pipeline, "BATCH_PAGES", 2)
    together, _ = build_corpus([SEEDS], tmp_path / "two", jobs=2)
    assert alone.fingerprint == together.fingerprint


def test_a_build_inside_its_pages_is_no_page(tmp_path: Path) -> None:
    (tmp_path / COPY).write_bytes((SEEDS / COPY).read_bytes())
    first, _ = build_corpus([tmp_path], tmp_path / "build")
    second, report = build_corpus([tmp_path], tmp_path / "build")
    assert report.counts["pages"] == 1 and first.fingerprint == second.fingerprint


def test_a_page_that_fails_half_way_leaves_no_half_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("of a fault nobody foresaw")

    monkeypatch.setattr(pipeline, "find_speech", fail)  # the last step of a document: most of its rows are there
    build, report = build_corpus([SEEDS / COPY], tmp_path / "build")
    assert "please report it: RuntimeError: of a fault nobody foresaw" in report.rejected[0][1]
    assert all(build.arrow(name).num_rows == 0 for name in TABLES if name not in ("pages", "phrases"))
    assert check_build(build) == []


def test_a_page_that_fails_costs_no_other_page_of_its_batch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good, _ = build_corpus([SEEDS / COPY], tmp_path / "good")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / COPY).write_bytes((SEEDS / COPY).read_bytes())
    (folder / "a.txt").write_text("省委召开会议\n3月29日,省委书记尹力主持召开会议。\n", encoding="utf-8")
    (folder / "z.txt").write_text("省委召开会议\n3月30日,省委书记尹力主持召开会议。\n", encoding="utf-8")
    find_all = pipeline.find_all_mentions

    def fail_once(articles):  # type: ignore[no-untyped-def]
        articles = list(articles)
        if any("3月29日" in text and len(text) < 50 for text, _ in articles):
            raise RuntimeError("of a fault nobody foresaw")
        return find_all(articles)

    monkeypatch.setattr(pipeline, "find_all_mentions", fail_once)
    build, report = build_corpus([folder], tmp_path / "build")
    assert [path for path, _ in report.rejected] == ["a.txt"]
    assert len(build.read("documents")) == len(good.read("documents")) + 1
    assert check_build(build) == []


def test_holders_of_ones_own_have_their_full_office_and_career(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for number, (province, day, more) in enumerate((
        ("福建省", "3月29日", "欧阳春晓书记强调,要抓好落实。"), ("江西省", "4月2日", "会议强调,要抓好落实。"),
    )):
        text = f"{province}委召开会议\n2022年{day},{province}委书记欧阳春晓主持召开会议。{more}\n"
        (tmp_path / "pages" / f"{number}.txt").write_text(text, encoding="utf-8")
    holders = tmp_path / "holders.csv"
    holders.write_text(
        "name,office,place,level,from,to,precision,source\n"
        "欧阳春晓,省委书记,福建,province,2021-01,2022-03-30,month,own notes\n"
        "欧阳春晓,省委书记,江西,province,2022-03-31,,day,own notes\n", encoding="utf-8")
    told = {}
    for name, extra in (("without", None), ("with", holders)):
        build, _ = build_corpus([tmp_path / "pages"], tmp_path / name, holders=extra)
        people = build.read("people").query("name == '欧阳春晓'")
        told[name] = people["person_id"].nunique(), {office for offices in people["offices"] for office in offices}
    assert told["without"] == (2, {"福建省委书记", "江西省委书记", "书记"})
    assert told["with"] == (1, {"福建省委书记", "江西省委书记"})


def test_the_same_folder_elsewhere_gives_the_same_build(tmp_path: Path) -> None:
    for place in ("a", "b"):
        (tmp_path / place / "pages" / "sub").mkdir(parents=True)
        (tmp_path / place / "pages" / "sub" / COPY).write_bytes((SEEDS / COPY).read_bytes())
    first, _ = build_corpus([tmp_path / "a" / "pages"], tmp_path / "one")
    second, _ = build_corpus([tmp_path / "b" / "pages"], tmp_path / "two")
    assert first.fingerprint == second.fingerprint


def test_a_document_alone_reads_as_it_does_among_others(seed_build, tmp_path: Path) -> None:
    """What stands on other pages may add evidence, never change a text."""
    alone, _ = build_corpus([SEEDS / DAMAGED], tmp_path / "build")
    pages = seed_build.read("pages").set_index("path")
    among = seed_build.read("documents").set_index("page_id").loc[pages.loc[DAMAGED, "page_id"], "text"]
    assert alone.read("documents")["text"].tolist() == [among]


def test_a_manifest_dates_and_places_a_page_that_says_neither(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("全市抓好春耕生产\n连日来,各乡镇抓住农时,开展春耕备耕,确保粮食生产安全。\n", encoding="utf-8")
    manifest = tmp_path / "pages.csv"
    manifest.write_text("path,province,city,published,outlet\na.txt,江苏,盐城,2021-03-05,盐城晚报\n", encoding="utf-8")
    build, _ = build_corpus([tmp_path / "pages"], tmp_path / "build", manifest=manifest)
    document = build.read("documents").iloc[0]
    assert (document.province, document.city, document.outlet) == ("江苏", "盐城", "盐城晚报")
    assert str(document.published.date()) == "2021-03-05"
    assert {"province", "published", "outlet"} <= set(build.read("evidence").query("rule == 'metadata'")["field"])


def test_phrases_of_ones_own_are_counted(tmp_path: Path) -> None:
    lexicon = tmp_path / "own.csv"
    lexicon.write_text("phrase,category\n爱拼敢赢的精神气质,own\n", encoding="utf-8")
    build, _ = build_corpus([SEEDS], tmp_path / "build", lexicon=lexicon)
    phrases = build.read("phrases").set_index("phrase_id")["phrase"]
    found = build.read("phrase_hits")["phrase_id"].map(phrases).value_counts()
    assert found["爱拼敢赢的精神气质"] == 2


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoPages, match="no page found"):
        build_corpus([tmp_path], tmp_path / "build")


def test_an_office_holder_of_ones_own_dates_and_places_a_page(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    page = "县委召开会议 部署防汛工作\n7月3日,县委书记欧阳明远主持召开会议,研究部署防汛工作,强调要压实责任。\n"
    (tmp_path / "pages" / "a.txt").write_text(page, encoding="utf-8")
    holders = tmp_path / "holders.csv"
    holders.write_text("name,office,place,level,from,to,precision,source\n欧阳明远,县委书记,安溪县,county,2019-01-01,2019-12-31,day,own\n",
                       encoding="utf-8")
    without, _ = build_corpus([tmp_path / "pages"], tmp_path / "without")
    build, _ = build_corpus([tmp_path / "pages"], tmp_path / "build", holders=holders)
    assert without.read("documents")["event_date"].isna().all()
    assert str(build.read("documents")["event_date"].iloc[0].date()) == "2019-07-03"
