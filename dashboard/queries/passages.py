"""Stretches of text, as every query hands them on."""

from __future__ import annotations

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


def order_places(doc: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """One ascending number for (document, offset), int64."""
    return (doc.astype(np.int64) << 32) + offset
