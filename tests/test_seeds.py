"""The five sample pages, end to end, against what a reader found in them by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from data_prep.__main__ import main
from data_prep.check import check_build
from data_prep.decode import encode_page
from data_prep.pipeline import build_corpus
from data_prep.repair import undo_edits
from data_prep.schema import Edit
from data_prep.store import Build
from tests.conftest import SEEDS

TRUTH = json.loads((Path(__file__).parent / "cases" / "seed_articles.json").read_text(encoding="utf-8"))


def documents_of(build: Build) -> pd.DataFrame:
    documents = build.read("documents")
    paths = build.read("pages").set_index("page_id")["path"]
    documents["page"] = documents["page_id"].map(paths).str[:3]
    return documents.set_index(["page", "position"])


def test_there_are_eight_articles(seed_build: Build) -> None:
    assert sorted(documents_of(seed_build).index) == sorted((row["page"], row["position"]) for row in TRUTH)


@pytest.mark.parametrize("row", TRUTH, ids=lambda row: f"{row['page']}-{row['position']}")
def test_each_article_is_what_a_reader_found(seed_build: Build, row: dict) -> None:
    found = documents_of(seed_build).loc[(row["page"], row["position"])]
    read = {name: None if pd.isna(found[name]) else found[name] for name in row.keys() - {"page", "position", "comment"}}
    for name in ("event_date", "published"):
        read[name] = read[name] and read[name].date().isoformat()
    assert read == {name: row[name] for name in read}


def test_no_furniture_is_left_in_an_article(seed_build: Build) -> None:
    texts = "\n".join(seed_build.read("documents")["text"])
    for stray in ("统筹推进疫情防控 和经济社会发展", "一手抓疫情防控 一手抓经济社会发展", "版权", "责任编辑", "评论", "让阅读陪伴成长", "洗洞"):
        assert stray not in texts


def test_sentences_broken_by_a_column_are_whole(seed_build: Build) -> None:
    texts = "\n".join(seed_build.read("documents")["text"])
    for whole in ("抓住重点,继续从严从紧落实", "方面存在的问题,不折不扣整改", "密接次密接人员转运", "传达尹力书记的工作要求",
                  "要发动群众、依靠群众", "统一思想,坚定信心", "快速控制局部聚集性疫情", "要统筹做好信息发布", "当前全省疫情仍呈现",
                  "要始终保持工作成绩", "进口货物防控措施"):
        assert whole in texts


def test_every_damaged_place_is_read(seed_build: Build) -> None:
    documents = documents_of(seed_build)
    whole = {
        ("001", 1): ("据福建日报报道", "以县域为单位,并细化到乡镇街道"),
        ("002", 1): ("福建日报记者林宇熙", "坚决斩断疫情传播渠道。泉州是大家的泉州", "再强调、再推动"),
    }
    for key, passages in whole.items():
        text = "".join(documents.loc[key, "text"].split())
        assert "?" not in text
        for passage in passages:
            assert passage in text
    assert not documents["text"].str.contains(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)").any()


def test_undoing_the_repairs_gives_the_pages_back_byte_for_byte(seed_build: Build) -> None:
    repairs = seed_build.read("repairs")
    repaired = seed_build.read("page_texts").set_index("page_id")["repaired"]
    for page in seed_build.read("pages").itertuples():
        edits = [Edit(r.rule, r.begin, r.end, r.before, r.after, r.confidence)
                 for r in repairs[repairs["page_id"] == page.page_id].itertuples()]
        assert encode_page(undo_edits(repaired[page.page_id], edits), page.encoding) == (SEEDS / page.path).read_bytes()


def test_two_copies_are_one_release(seed_build: Build) -> None:
    documents = documents_of(seed_build)
    assert documents.loc[("000", 3), "release_id"] == documents.loc[("002", 1), "release_id"]
    assert documents["release_id"].nunique() == 7


OFFICIALS = {
    ("000", 1): {"习近平": "总书记", "尹力": "省委书记", "赵龙": "省长"},
    ("000", 2): {"习近平": "总书记", "尹力": "省委书记", "赵龙": "省长"},
    ("000", 3): {"习近平": "总书记", "尹力": "省委书记", "赵龙": "省长"},
    ("001", 1): {"于伟国": "省委书记、省应对新型冠状病毒感染肺炎疫情工作领导小组组长", "习近平": "总书记", "唐登杰": "省长、领导小组组长",
                 **dict.fromkeys("王宁 张志南 胡昌升 郑新聪 李德金 田湘利 郑建闽 郭宁宁 林宝金 许维泽 林钟乐".split(), "省领导")},
    ("002", 1): {"习近平": "总书记", "尹力": "省委书记", "赵龙": "省长", "刘建洋": "省领导", "李德金": "省领导"},
    ("003", 1): {"林武": "省委书记", "习近平": "总书记", "蓝佛安": "省委副书记、省长", "严俊": "国务院联防联控机制工作组组长", "商黎光": "省委副书记",
                 **dict.fromkeys("王拥军 徐广国 张吉福 陈安丽 李凤岐 吴伟 卢东亮 韦韬 郑连生 邓玉恩 罗清宇 张复明 贺天才 刘旸 汤志平".split(), "省领导"),
                 "于英杰": ""},
    ("004", 1): {"习近平": "中共中央总书记"},
    ("004", 2): {"许昆林": "省长", "习近平": "总书记", "周斌": "市委副书记、市长",
                 "王荣": "市委常委、市人大常委会主任、市委政法委书记", "陈红红": "市政协主席", "羊维达": "市委副书记、统战部部长"},
}
JOURNALISTS = {("001", 1): {"周琳"}, ("002", 1): {"林宇熙", "赵睿"}, ("003", 1): {"杨文"}, ("004", 2): {"吕正龙"}}


@pytest.mark.parametrize("key", OFFICIALS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_every_official_is_named_with_the_role_as_printed(seed_build: Build, key: tuple[str, int]) -> None:
    people = seed_build.read("people")
    mine = people[people["doc_id"] == documents_of(seed_build).loc[key, "doc_id"]]
    officials = mine[mine["kind"] == "official"]
    roles = {name: set(rows["role"]) - {""} for name, rows in officials.groupby("name")}
    assert roles.keys() == OFFICIALS[key].keys()
    assert {name: max(found, key=len, default="") for name, found in roles.items()} == OFFICIALS[key]
    assert set(mine.loc[mine["kind"] == "journalist", "name"]) == JOURNALISTS.get(key, set())
    assert not (mine["kind"] == "other").any()


def test_one_person_is_one_person_in_every_document(seed_build: Build) -> None:
    people = seed_build.read("people")
    for name in ("尹力", "赵龙", "习近平", "李德金"):
        assert people.loc[people["name"] == name, "person_id"].nunique() == 1, name


@pytest.mark.parametrize("key, phrases", [
    (("000", 1), "外防输入、内防反弹 动态清零 人民至上、生命至上 社会面清零 解封不解防 四方责任 四早 早发现 早报告 早隔离 早治疗"),
    (("000", 2), "两个确立 两个维护 动态清零 四早 坚持就是胜利 解封不解防"),
    (("001", 1), "十个不放松 两个全面 两个有序 分区分级 复工复产"),
    (("003", 1), "第九版防控方案 二十条优化措施 四方责任 四应四尽 社会面清零"),
    (("004", 2), "人、物、环境同防 场所码 四方责任 社会面清零"),
], ids=str)
def test_set_phrases_are_hit(seed_build: Build, key: tuple[str, int], phrases: str) -> None:
    hits = seed_build.read("phrase_hits")
    named = seed_build.read("phrases").set_index("phrase_id")["phrase"]
    mine = set(hits.loc[hits["doc_id"] == documents_of(seed_build).loc[key, "doc_id"], "phrase_id"].map(named))
    assert [phrase for phrase in phrases.split() if not any(phrase in found for found in mine)] == []


def test_every_invariant_holds(seed_build: Build) -> None:
    assert check_build(seed_build) == []


def test_building_twice_and_in_two_processes_gives_the_same_build(seed_build: Build, tmp_path: Path) -> None:
    again, _ = build_corpus([SEEDS], tmp_path / "build", jobs=2)
    assert again.fingerprint == seed_build.fingerprint


def test_every_date_and_place_shows_its_evidence(seed_build: Build) -> None:
    evidence = seed_build.read("evidence")
    for document in seed_build.read("documents").itertuples():
        fields = set(evidence.loc[evidence["doc_id"] == document.doc_id, "field"])
        assert {"event_date", "level"} <= fields
        if isinstance(document.province, str):
            assert "province" in fields


def test_the_command_line_prints_a_report_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "build")
    assert main(["build", str(SEEDS), "--out", out]) == 0
    assert "5 pages in = 5 accepted + 0 rejected" in capsys.readouterr().out
    assert main(["check", "--build", out]) == 0
    for form in ("csv", "jsonl", "parquet", "xlsx"):
        target = tmp_path / f"documents.{form}"
        assert main(["export", "documents", "--build", out, "--format", form, "--output", str(target)]) == 0
        assert target.stat().st_size > 0
