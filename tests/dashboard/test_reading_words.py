"""Rules and values in words: none of the preparation's code names reaches a reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.catalogue import open_catalogue
from dashboard.components.reading import say_category, say_value
from dashboard.components.rules import say_rule
from data_prep.phrases import load_lexicon
from data_prep.store import Build

PREPARATION = Path(__file__).resolve().parents[2] / "data_prep"


def speak(language: str) -> Any:
    catalogue = open_catalogue(language)
    return SimpleNamespace(t=catalogue.gettext, tn=catalogue.ngettext, language=language)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def list_parameters(node: ast.AST) -> list[str]:
    """Parameters of a function, fields of a class."""
    if isinstance(node, ast.FunctionDef):
        return [argument.arg for argument in node.args.args]
    body = node.body if isinstance(node, ast.ClassDef) else []
    return [part.target.id for part in body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)]


def find_rules() -> Iterator[str]:
    """Rules written in the code of the preparation: what is given for a parameter or a field named rule."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PREPARATION.rglob("*.py"))]

    def locate(tree: ast.AST, kind: type[ast.AST]) -> dict[str, int]:
        known = {node.name: list_parameters(node) for node in ast.walk(tree) if isinstance(node, kind)}  # type: ignore[attr-defined]
        return {name: names.index("rule") if "rule" in names else -1 for name, names in known.items()}

    everywhere = {name: at for tree in trees for name, at in locate(tree, ast.ClassDef).items() if at >= 0}
    for tree in trees:
        places = everywhere | locate(tree, ast.FunctionDef)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = places.get(name, -1)
            given = node.args[place : place + 1] if place >= 0 else []
            given += [word.value for word in node.keywords if word.arg == "rule"]
            yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value)


def test_every_rule_of_the_code_has_words() -> None:
    rules = set(find_rules())
    assert len(rules) > 20, "the preparation writes its rules in another way: look for them anew"
    # Of terms and phrases, the first and the last day are rules of their own.
    names = {rule: (rule, f"{rule}_first") for rule in rules}
    unnamed = sorted(rule for rule in rules if not any(is_chinese(say_rule(speak("zh"), name)) for name in names[rule]))
    assert not unnamed, f"components/rules.py has no words for {unnamed}"


@pytest.mark.parametrize("table", ["evidence", "repairs", "furniture"])
def test_every_rule_of_the_seeds_has_words(seed_build: Build, table: str) -> None:
    rules = set(seed_build.read(table, ["rule"])["rule"])
    assert rules
    assert not [rule for rule in rules if not is_chinese(say_rule(speak("zh"), rule))]


@pytest.mark.parametrize(
    ("field", "value", "chinese", "english"),
    [
        ("level", "province", "省级", "province level"),
        ("level", "centre", "中央", "centre"),
        ("province", "福建", "福建", "Fujian"),
        ("city", "泉州", "泉州", "泉州"),
        ("event_date", "2022-03-29", "2022-03-29", "2022-03-29"),
        ("event_date", "2021-01-01/..", "2021-01-01 起", "from 2021-01-01"),
        ("event_date", "../2022-12-07", "至 2022-12-07", "until 2022-12-07"),
        ("event_date", "2022-03-19/2022-04-08", "2022-03-19 – 2022-04-08", "2022-03-19 – 2022-04-08"),
        ("outlet", "福建日报/东南网", "福建日报/东南网", "福建日报/东南网"),
    ],
)
def test_values_in_words(field: str, value: str, chinese: str, english: str) -> None:
    assert say_value(speak("zh"), field, value) == chinese
    assert say_value(speak("en"), field, value) == english


def test_every_category_of_the_lexicon_has_words() -> None:
    categories = {entry.category for entry in load_lexicon().entries} | {"own"}
    assert len(categories) > 5
    assert not sorted(category for category in categories if not is_chinese(say_category(speak("zh"), category)))
    assert say_category(speak("en"), "rural") == "rural affairs"
    assert say_category(speak("zh"), "<b>") == "<b>", "a category of the user's own is shown as it is"
