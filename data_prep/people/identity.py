"""Who is the same person: one person_id across documents, offices and years."""

from __future__ import annotations

import hashlib

import pandas as pd


def identify_people(people: pd.DataFrame, documents: pd.DataFrame) -> pd.Series:
    """person_id per row of `people` (same index): 'n' and 12 hex digits over what tells the person."""
    kind = people["kind"].where(people["kind"] == "journalist", "public")
    keys = people["name"] + "|" + kind
    ids = keys.map(lambda key: "n" + hashlib.sha256(key.encode()).hexdigest()[:12])
    return ids.rename("person_id")
