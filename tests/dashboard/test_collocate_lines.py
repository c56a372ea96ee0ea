"""The lines behind a collocate are the hits in whose window the word stands."""

from __future__ import annotations

import pytest

from dashboard.corpus import Corpus, open_corpus
from dashboard.filters import Filters
from dashboard.queries.collocate_lines import list_collocate_lines
from dashboard.queries.collocates import list_collocates
from data_prep.tokens import cut_tokens

from .conftest import make_build, make_documents

TEXTS = [
    "坚持动态清零不动摇。群众生活要保障。",
    "落实动态清零要求，群众理解，经济稳定。",
    "会议研究经济工作。动态清零。",
    "经济动态清零经济。",
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return open_corpus(make_build(tmp_path_factory.mktemp("near"), {"documents": make_documents(TEXTS)}).path)


@pytest.mark.parametrize("window", [(2, 2), (5, 5), "sentence"])
@pytest.mark.parametrize("term", ["经济", "群众", "坚持", "不在"])
def test_lines_are_the_hits_with_the_word_in_their_window(corpus: Corpus, window: tuple[int, int] | str, term: str) -> None:
    lines = list_collocate_lines(corpus, Filters(), "动态清零", (term,), window=window)
    expected = []
    for d, text in enumerate(TEXTS):
        begin = text.index("动态清零")
        left, right = text[:begin], text[begin + 4 :]
        if window == "sentence":
            near = cut_tokens(left.split("。")[-1]) + cut_tokens(right.split("。")[0])
        else:
            terms = [[token for token in cut_tokens(side) if token.isalnum()] for side in (left, right)]
            near = terms[0][-window[0] :] + terms[1][: window[1]]
        if term in near:
            expected.append(d)
    assert list(lines["d"]) == expected
    assert set(lines["node"]) <= {"动态清零"}


def test_a_collocate_opens_to_as_many_lines_as_it_has_windows(corpus: Corpus) -> None:
    table = list_collocates(corpus, Filters(), "动态清零", window=(5, 5), least=1)
    for row in table.itertuples():
        lines = list_collocate_lines(corpus, Filters(), "动态清零", (row.term,), window=(5, 5))
        assert 1 <= len(lines) <= row.o11, "a word twice in a window is one line"


def test_two_words_must_share_the_window(corpus: Corpus) -> None:
    assert list(list_collocate_lines(corpus, Filters(), "动态清零", ("群众", "经济"))["d"]) == [1]
