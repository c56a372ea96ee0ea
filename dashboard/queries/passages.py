"""Stretches of text, as every query hands them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Passages:
    """Stretches of text: document numbers and offsets into documents.text, in the order document, begin."""

    doc: np.ndarray
    begin: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.doc)

    def take(self, which: np.ndarray) -> Passages:
        """Those at the places, or under the mask, `which`."""
        return replace(self, doc=self.doc[which], begin=self.begin[which], end=self.end[which])


NO_PASSAGES = Passages(*(np.zeros(0, dtype=np.int32),) * 3)


def join_passages(found: Sequence[Passages]) -> Passages:
    """One after the other, as they are."""
    if not found:
        return NO_PASSAGES
    return Passages(*(np.concatenate([getattr(one, name) for one in found]) for name in ("doc", "begin", "end")))


def order_places(doc: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """One ascending number for (document, offset), int64."""
    return (doc.astype(np.int64) << 32) + offset
