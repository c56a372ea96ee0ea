"""Where names stand in a text is the same whichever way they are looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_prep.people import occurrences
from data_prep.people.occurrences import find_occurrences

short = st.text("王宁李𠮷·a", min_size=1, max_size=3)


@given(st.text("王宁李𠮷·a\n", max_size=60), st.sets(short, max_size=12))
def test_one_pass_finds_what_single_searches_find(text: str, names: set[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(occurrences, "MANY", 1)
        together = find_occurrences(text, names)
    assert together == find_occurrences(text, names)
    assert {name: len(begins) for name, begins in together.items()} == {name: text.count(name) for name in names}


def test_no_name_is_found_nowhere() -> None:
    assert find_occurrences("王宁", []) == {}
