"""Tables on the pages: columns wide enough for their words, numbers no more exact than they are."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.components.tables import measure_column


@pytest.mark.parametrize(
    ("words", "room"),
    [
        (["上海"] * 10, None),  # the grid's own guess will do
        (["上海"] * 10 + ["复工复产"], 78),  # longer below the rows it looks at
        (["上海"] * 9 + ["习近平新时代中国特色社会主义思想"], 252),  # so much longer that the grid leaves it out of account
        (["上海"] * 4 + ["习近平新时代中国特色社会主义思想"], None),  # of five rows or fewer it leaves out none
        (["上海"] * 999 + ["习近平新时代中国特色社会主义思想"], None),  # one in a thousand
        (["上海"] * 9 + ["很" * 200], 300),  # never wider than what a page can give
        ([], None),
    ],
)
def test_columns_have_room_for_their_words(words: list[str], room: int | None) -> None:
    assert measure_column(pd.Series(words, dtype=object)) == room


def test_numbers_need_no_words() -> None:
    assert measure_column(pd.Series([1, 10**9])) is None
