"""The words of a text, for reading names and offices: dictionary words only, no guessing of new ones.

Why not the tokens that are counted: those guess unknown words (王拥 军), which hides names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

#: A text without a line break is cut all the same: the segmenter's cost grows faster than the text.
_CHUNK = re.compile(r"[^\n]{1,5000}\n*|\n+")


@cache
def _load_cutter():  # type: ignore[no-untyped-def]
    try:
        import rjieba

        cutter = rjieba.Jieba()
        return lambda text: cutter.cut(text, False)
    except ImportError:  # the same words, slower
        import jieba

        return lambda text: jieba.lcut(text, HMM=False)


def cut_words(text: str) -> list[str]:
    """Dictionary words of `text`, in order; joined they give `text` again.

    >>> cut_words("省长赵龙主持")
    ['省长', '赵', '龙', '主持']
    """
    cut = _load_cutter()
    if len(text) <= 5000:
        return cut(text)
    return [word for chunk in _CHUNK.findall(text) for word in cut(chunk)]


@lru_cache(maxsize=100_000)
def cut_short(text: str) -> list[str]:
    """The same for a few characters, remembered: the same rests of names come back again and again. Do not change it."""
    return _load_cutter()(text)
