"""Readings of all characters of a text, for those who learn: what no page annotated is read by dictionary."""

from __future__ import annotations

from functools import lru_cache

#: Beyond this many characters readings are left out: nobody reads a book with ruby.
MOST_CHARACTERS = 20_000


@lru_cache(maxsize=64)
def read_characters(text: str) -> dict[int, str]:
    """Offset of each Han character of the text -> its reading in context, by pypinyin's phrase dictionary.

    >>> read_characters("重庆重要")
    {0: 'chóng', 1: 'qìng', 2: 'zhòng', 3: 'yào'}
    """
    from pypinyin import Style, pinyin  # loading its dictionaries takes half a second; few readers ask for it

    part = text[:MOST_CHARACTERS]
    # What has no reading comes back character by character, so that places stay places.
    readings = pinyin(part, style=Style.TONE, errors=lambda other: list(other))  # type: ignore[arg-type, return-value]
    return {
        place: reading[0]
        for place, (character, reading) in enumerate(zip(part, readings, strict=True))
        if reading[0] != character
    }
