"""People: who is named in an article, with which office, and who is the same person.

`find_mentions` reads one article, `find_all_mentions` many; `name_offices` writes the offices out in full, with the place;
`identify_people` gives every mention of a corpus its person_id.
"""

from __future__ import annotations

from .identity import identify_people
from .mentions import find_all_mentions, find_mentions
from .offices import name_offices

__all__ = ["find_all_mentions", "find_mentions", "identify_people", "name_offices"]
