"""Which repairs a page may need, told by one look at its characters.

Nearly every page needs none, and thousands of pages are read: so each character is looked
up in one table (numpy, some hundred million a second), and a repair is only asked where a
character stands that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

_UNITS = 0x10000  # UTF-16 code units; a character beyond the BMP is known by its first unit


class Watch:
    """Looks for the characters of several sets at once.

    >>> watch = Watch([frozenset("&"), frozenset("?")])
    >>> [watch.holds(watch.look("真的?"), number) for number in (0, 1)]
    [False, True]
    """

    def __init__(self, sets: Sequence[frozenset[str]], signs: Iterable[str] = ()) -> None:
        self._table = np.zeros(_UNITS, dtype=np.uint32)
        for number, chars in enumerate(sets):
            for char in chars:
                self._table[_first_unit(char)] |= np.uint32(1 << number)
        self._signs = np.zeros(_UNITS, dtype=bool)
        for sign in signs:
            self._signs[_first_unit(sign)] = True

    def look(self, text: str) -> int:
        """One bit a set: whether the text holds a character of it (or one that looks alike to UTF-16)."""
        units = _units(text)
        return int(np.bitwise_or.reduce(self._table[units])) if len(units) else 0

    @staticmethod
    def holds(look: int, number: int) -> bool:
        return bool(look >> number & 1)

    def doubles(self, text: str) -> bool:
        """Whether two of the signs stand side by side."""
        found = self._signs[_units(text)]
        return bool((found[1:] & found[:-1]).any())


def _units(text: str) -> npt.NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _first_unit(char: str) -> int:
    return int(_units(char)[0])
