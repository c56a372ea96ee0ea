"""Score the finding of people on news annotated by others: `python -m tests.eval.evaluate_people [--held-out] [--errors N]`.

Data: ../shared/ner, boson_news_1000 (1,000 news articles; entity type person_name) and cluener_train (10,748 sentences;
name, position). A third of each file is set aside by a fixed seed. Errors are only ever shown for the rest.

Matching. A found mention and an annotated name match if both cover the same characters, white space and marks at either
end and an original spelling in brackets behind the name left out. The annotations are flat, so a name inside a longer
entity of another kind (a book, a product, an organisation) cannot be annotated: a mention found inside one is not judged.
All counts are of mentions, not of different names.

- names: annotated names of two to four Han characters (inner spaces left out) against found mentions of two to four
  Han characters. Precision, recall, F1. A found mention that overlaps an annotated name without matching it, or matches
  an annotated name of another length, is wrong.
- with an office: one of `OFFICES` below, posts in Party, state, army, courts, firms, science, schools and the press.
  Recall: of the annotated names (of two characters or more, at least one of them Han) with an office beside them, how many
  are found with a role that is not empty. An office stands beside a name where it ends right before the name or begins
  right behind it (one space may stand between); in cluener it must also lie in an annotated `position`, which boson does not
  annotate. Precision: of the found mentions whose role ends with one of `OFFICES`, how many match an annotated name of any
  length.
- with any role: the same without the list: every annotated `position` of cluener (goalkeeper, painter), every found role.
- work reports (`--reports`): a government work report speaks of hardly anybody by name. Of the lines of every fortieth report
  of ../shared/corpora (none of those from which weights are estimated), the share in which no name without a role is told.
- wording of roles: of the names in cluener found with a role and with an annotated position right before them, how many have a
  role that ends with that position or is its end (the annotators' position leaves the organ out).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from data_prep.people import find_mentions

SHARED = Path(os.environ.get("TIFA_SHARED", Path(__file__).resolve().parents[2] / ".." / "shared"))
BASELINE = Path(__file__).with_name("baseline_people.json")
SEED = 20220317

#: Offices and posts: written down once, on purpose not read from the lexicon under test.
OFFICES = (
    "总书记 书记 副书记 主席 副主席 总理 副总理 省长 副省长 市长 副市长 县长 副县长 区长 副区长 镇长 乡长 州长 主任 副主任 部长 副部长 "
    "局长 副局长 厅长 副厅长 司长 副司长 处长 副处长 科长 院长 副院长 校长 副校长 所长 副所长 会长 副会长 秘书长 副秘书长 "
    "委员 常委 组长 队长 大队长 支队长 政委 司令员 检察长 行长 总统 首相 大使 国务卿 外长 防长 议员 发言人 新闻发言人 负责人 "
    "董事长 副董事长 总经理 副总经理 经理 总裁 副总裁 首席执行官 CEO 董事 总监 创始人 合伙人 教授 副教授 研究员 院士 博士 "
    "律师 医生 主任医师 分析师 记者 通讯员 编辑 主编 总编辑 站长 馆长 理事长 村支书 村主任 民警"
).split()
_BEFORE = re.compile("(?:" + "|".join(sorted(OFFICES, key=len, reverse=True)) + r")[ \u3000]?$")
_BEHIND = re.compile(r"[ \u3000]?(?:" + "|".join(sorted(OFFICES, key=len, reverse=True)) + ")")
_HAN_NAME = re.compile(r"^[\u3400-\u9fff〇]{2,4}$")
_HAN = re.compile("[\u3400-\u9fff]")
Span = tuple[int, int]


def read_annotated() -> Iterator[tuple[str, int, dict]]:
    """(file, line number, annotated text) of both files."""
    for name in ("boson_news_1000", "cluener_train"):
        with open(SHARED / "ner" / f"{name}.jsonl", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                yield name, number, json.loads(line)


def split_held_out() -> tuple[list[tuple[str, dict]], list[tuple[str, dict]]]:
    """(for development, set aside): a third of each file is set aside by SEED, whatever else changes."""
    development, held_out = [], []
    by_file: dict[str, list[dict]] = {}
    for name, _number, row in read_annotated():
        by_file.setdefault(name, []).append(row)
    for name, rows in by_file.items():
        order = list(range(len(rows)))
        random.Random(SEED).shuffle(order)
        aside = set(order[: len(rows) // 3])
        for k, row in enumerate(rows):
            (held_out if k in aside else development).append((name, row))
    return development, held_out


def trim(text: str, begin: int, end: int) -> Span:
    """The span without white space and marks at its ends, and without the original spelling in brackets behind a name."""
    bracket = re.search(r"[（(]", text[begin:end])
    if bracket and bracket.start() > 0:
        end = begin + bracket.start()
    while begin < end and not text[begin].isalnum():
        begin += 1
    while end > begin and not text[end - 1].isalnum():
        end -= 1
    return begin, end


def score(rows: Iterable[tuple[str, dict]], errors: list[tuple[str, str]] | None = None) -> dict[str, float]:
    """Counts and scores over annotated rows; appends (kind of error, excerpt) to `errors` where given."""
    n: Counter[str] = Counter()
    for file, row in rows:
        text = row["text"]
        names, positions, others = set(), set(), set()
        for entity in row["entity_list"]:
            span = trim(text, entity["entity_index"]["begin"], entity["entity_index"]["end"])
            if entity["entity_type"] in ("person_name", "name"):
                names.add(span)
            elif entity["entity_type"] == "position":
                positions.add(span)
            else:
                others.add(span)
        found = {trim(text, m.begin, m.end): m for m in find_mentions(text) if m.begin is not None}

        for span in list(found):  # inside a longer entity of another kind: not to be judged
            if any(a <= span[0] and span[1] <= b and b - a > span[1] - span[0] for a, b in others) and span not in names:
                del found[span]

        def is_plain(span: Span, text: str = text) -> bool:
            return bool(_HAN_NAME.match(re.sub(r"\s", "", text[span[0] : span[1]])))

        def note(kind: str, span: Span, more: str = "", text: str = text, file: str = file) -> None:
            n[kind] += 1
            if errors is not None:
                around = f"{text[max(0, span[0] - 14) : span[0]]}[{text[span[0] : span[1]]}]{text[span[1] : span[1] + 10]}"
                errors.append((kind, f"{file[:3]} {around!r} {more}"))

        gold = {s for s in names if is_plain(s)}
        mine = {s for s in found if is_plain(s)}
        n["names_right"] += len(gold & mine)
        n["names_annotated"] += len(gold)
        n["names_found"] += len(mine)
        for span in mine - gold:
            cut = any(a < span[1] and span[0] < b for a, b in names)
            note("name: wrong bounds" if cut else "name: no name", span, repr(found[span].role))
        for span in gold - mine:
            if not any(a < span[1] and span[0] < b for a, b in mine):
                note("name: missed", span)
        for span in names:
            if span[1] - span[0] < 2 or not _HAN.search(text[span[0] : span[1]]):
                continue
            before = next((p for p in positions if p[1] == span[0] or (p[1] == span[0] - 1 and text[p[1]].isspace())), None)
            behind = next((p for p in positions if p[0] == span[1] or (p[0] == span[1] + 1 and text[span[1]].isspace())), None)
            office = _BEFORE.search(text, max(0, span[0] - 12), span[0]) or _BEHIND.match(text, span[1])
            if file.startswith("clu") and not (before or behind):
                office = None
            mention = found.get(span)
            if before or behind or office:
                n["role_annotated"] += 1
                n["role_found"] += bool(mention and mention.role)
            if before and mention and mention.role:
                n["wording_seen"] += 1
                position = text[before[0] : before[1]]
                if mention.role.endswith(position) or position.endswith(mention.role):
                    n["wording_right"] += 1
                else:
                    note("role: differs", span, f"{position} / {mention.role}")
            if not office:
                continue
            n["office_annotated"] += 1
            if mention is None:
                note("office: name missed", span)
            elif not mention.role:
                note("office: role missed", span)
            else:
                n["office_right"] += 1
        for span, mention in found.items():
            if mention.role:
                n["with_role"] += 1
                n["with_role_right"] += span in names
                if _BEFORE.search(mention.role):
                    n["with_office"] += 1
                    if span in names:
                        n["with_office_right"] += 1
                    else:
                        cut = any(a < span[1] and span[0] < b for a, b in names)
                        note("office: wrong bounds" if cut else "office: no such name", span, repr(mention.role))
    return summarise(n)


def score_reports() -> dict[str, float]:
    """Share of lines of work reports in which nobody is told without a role, and how many are told."""
    paths = sorted(path for path in (SHARED / "corpora" / "work_reports").rglob("*") if path.suffix in (".txt", ".md"))
    lines = names = spoken = 0
    for path in paths[2::40]:
        for line in path.read_text(encoding="utf-8")[300:].splitlines():
            found = sum(not mention.role for mention in find_mentions(line))
            lines += bool(line.strip())
            names += found
            spoken += found > 0
    return {"reports_clean": round(1 - spoken / lines, 4) if lines else 0.0, "reports_lines": lines, "reports_names": names}


def summarise(n: Counter[str]) -> dict[str, float]:
    """Precision, recall and F1 from the counts, with the counts of each kind of error."""

    def ratio(a: str, b: str) -> float:
        return round(n[a] / n[b], 4) if n[b] else 0.0

    precision, recall = ratio("names_right", "names_found"), ratio("names_right", "names_annotated")
    scores: dict[str, float] = {
        "names_precision": precision,
        "names_recall": recall,
        "names_f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "office_precision": ratio("with_office_right", "with_office"),
        "office_recall": ratio("office_right", "office_annotated"),
        "role_precision": ratio("with_role_right", "with_role"),
        "role_recall": ratio("role_found", "role_annotated"),
        "role_wording": ratio("wording_right", "wording_seen"),
    }
    scores.update({k: n[k] for k in sorted(n)})
    return scores


def compare(scores: dict[str, float], pinned: dict[str, float]) -> list[str]:
    """The pinned scores that fell, each as a sentence."""
    return [f"{k} fell from {v} to {scores.get(k, 0)}." for k, v in pinned.items() if scores.get(k, 0) < v - 1e-9]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out", action="store_true", help="score the third set aside (totals only)")
    parser.add_argument("--reports", action="store_true", help="score work reports, which name hardly anybody")
    parser.add_argument("--errors", type=int, default=0, help="show so many errors of each kind (development part only)")
    parser.add_argument("--kind", default="", help="show errors of this kind only")
    args = parser.parse_args(argv)
    development, held_out = split_held_out()
    errors: list[tuple[str, str]] = []
    part = "reports" if args.reports else "held_out" if args.held_out else "development"
    rows = held_out if args.held_out else development
    scores = score_reports() if args.reports else score(rows, None if args.held_out else errors)
    for key, value in scores.items():
        print(f"{key:24} {value}")
    by_kind: dict[str, list[str]] = {}
    for kind, excerpt in errors:
        by_kind.setdefault(kind, []).append(excerpt)
    for kind, excerpts in by_kind.items():
        if args.errors and kind.startswith(args.kind):
            print(f"\n{kind} ({len(excerpts)})")
            random.Random(1).shuffle(excerpts)
            print("\n".join("  " + e for e in excerpts[: args.errors]))
    fallen = compare(scores, json.loads(BASELINE.read_text(encoding="utf-8")).get(part, {})) if BASELINE.exists() else []
    for sentence in fallen:
        print(sentence)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
