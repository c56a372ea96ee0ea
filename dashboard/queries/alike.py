"""Which stretches of text read alike, so that each reading is matched or cut into words once.

Why here: 2022年3月 stands in ten thousand places, and so does what is printed around a set phrase. Comparing
numbers is a hundred times as fast as making a text of each place.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

#: Longer stretches are taken to read differently without a look.
LONGEST_ALIKE = 32
#: Of four code units in one number, the first none to four.
_FIRST_UNITS = np.array([0, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF], dtype=np.uint64)


def number_stretches(chars: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(a number for each stretch, the same only for those that read alike; the first stretch of each number).

    Numbers are given as they first come: 0 to the number of readings, less one.

    >>> chars = np.frombuffer("甲乙甲乙丙".encode("utf-16-le"), dtype=np.uint16)
    >>> number, first = number_stretches(chars, np.array([0, 2, 3, 4]), np.array([2, 2, 2, 1]))
    >>> number.tolist(), first.tolist()
    ([0, 0, 1, 2], [0, 2, 3])
    """
    if len(chars) < 4 or not len(starts):
        return np.arange(len(starts)), np.arange(len(starts))
    number = pd.factorize(lengths)[0].astype(np.int64)
    n_numbers, longest = len(number), int(lengths.max())
    for step in range(0, min(longest, LONGEST_ALIKE), 4):  # four units make one number
        longer = np.flatnonzero(lengths > step)
        left = np.minimum(lengths[longer] - step, 4)
        at = np.minimum(starts[longer] + step, len(chars) - 4)
        over = starts[longer] + step - at  # at the very end of the text the four units begin before the stretch
        four = sliding_window_view(chars, 4)[at].view(np.uint64)[:, 0] >> (16 * over).astype(np.uint64)
        read, distinct = pd.factorize(four & _FIRST_UNITS[left])
        fresh, known = pd.factorize(number[longer] * len(distinct) + read)
        number[longer] = fresh + n_numbers
        n_numbers += len(known)
    longer = np.flatnonzero(lengths > LONGEST_ALIKE)
    number[longer] = n_numbers + np.arange(len(longer))
    number = pd.factorize(number)[0]
    return number, np.flatnonzero(np.append(True, number[1:] > np.maximum.accumulate(number)[:-1]))
