"""Who can be chosen as a speaker: kinds of speech, offices, persons; those with most passages first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from dashboard.corpus import SPEECH_KINDS, Corpus
from dashboard.filters import OFFICE

#: More offices and persons than these are not offered in the list; any can be typed.
MOST_OFFICES, MOST_PERSONS = 60, 300
#: Offices that many hold, one in each place: offered without a place, and counted for all who hold them.
EVERYWHERE = ("省委书记", "省长", "自治区主席", "市委书记", "市长", "县委书记", "县长", "总书记", "总理")


def list_speakers(corpus: Corpus) -> list[str]:
    """Codes of speakers as the filters know them: leader, meeting, paper, other; office:...; names."""
    return corpus.derive("speakers to choose", lambda: _list_speakers(corpus))


def say_speaker(code: str, t: Callable[[str], str]) -> str:
    """A speaker in words."""
    kinds = {
        "leader": t("a leader speaks"), "meeting": t("a meeting states"), "paper": t("the paper itself"),
        "other": t("somebody else who is named"),
    }  # fmt: skip
    if code.startswith(OFFICE):
        return t("whoever is {office}").format(office=code.removeprefix(OFFICE))
    return kinds.get(code, code)


def _list_speakers(corpus: Corpus) -> list[str]:
    offices: Counter[str] = Counter()
    numbers = corpus.speech_office[corpus.speech_office >= 0]
    for held, n in zip(corpus.offices, np.bincount(numbers, minlength=len(corpus.offices)), strict=True):
        for office in filter(None, held.split("、")):
            offices[office] += int(n)
    counts = np.bincount(corpus.speech_speaker[corpus.speech_speaker >= 0], minlength=len(corpus.speakers))
    order = np.argsort(-counts, kind="stable")[:MOST_PERSONS]
    persons = [corpus.speakers[place] for place in order if corpus.speakers[place] not in {*SPEECH_KINDS, "", "会议"}]
    common = [office for office in EVERYWHERE if any(held.endswith(office) for held in offices)]
    single = [office for office, n in offices.most_common(MOST_OFFICES) if n and office not in common]
    return [*SPEECH_KINDS, *(OFFICE + office for office in (*common, *single)), *persons]
