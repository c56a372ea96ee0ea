"""In whose mouth: the speaker of each passage, and the office that speaker held there.

Why here: a filter, a column of the concordance and a comparison of voices must agree on who
said what. The build stores who voices which stretch of a text (table speech) and which office
is printed with a name (table people); here the two meet, by document and name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.corpus import SPEECH_KINDS, Corpus
from dashboard.filters import OFFICE
from dashboard.queries.passages import NO_PASSAGES, Passages, order_places


def find_voiced(corpus: Corpus, speakers: Sequence[str]) -> Passages:
    """The passages voiced by any of these, touching ones joined.

    speakers: leader, meeting, paper, other (no official); a name; or office:省长, whoever is named with an office that
    is or ends in that (a 副省长 is no 省长).
    """
    kinds = [place for place, kind in enumerate(SPEECH_KINDS) if kind in speakers]
    names = [place for place, name in enumerate(corpus.speakers) if name and name in speakers]
    voiced = np.isin(corpus.speech_kind, kinds) | np.isin(corpus.speech_speaker, names)
    offices = [speaker.removeprefix(OFFICE) for speaker in speakers if speaker.startswith(OFFICE)]
    if offices:
        wanted = [any(_holds(held, office) for office in offices) for held in corpus.offices]
        voiced |= np.array([*wanted, False], dtype=bool)[corpus.speech_office]
    which = np.flatnonzero(voiced)
    if not len(which):
        return NO_PASSAGES
    doc = corpus.derive("documents of speech", lambda: _number_speech(corpus))[which]
    begin, end = np.asarray(corpus.speech_begin[which]), np.asarray(corpus.speech_end[which])
    goes_on = np.append(False, (doc[1:] == doc[:-1]) & (begin[1:] <= end[:-1]))
    first = np.flatnonzero(~goes_on)
    return Passages(doc[first], begin[first], np.maximum.reduceat(end, first))


def name_voices(corpus: Corpus, passages: Passages) -> dict[str, np.ndarray]:
    """speaker, voice and office of each passage: who voices the place where it begins; None in a headline.

    voice: leader, meeting, paper or other; speaker: the name, None for the paper; office: as printed in that document.
    """
    place = find_speech(corpus, passages)
    if not len(corpus.speech_begin):
        return {name: np.full(len(passages), None, dtype=object) for name in ("speaker", "voice", "office")}
    speakers, voices, offices = corpus.derive("names of voices", lambda: _name_voices(corpus))
    known, at = place >= 0, np.maximum(place, 0)
    return {
        "speaker": speakers[np.where(known, corpus.speech_speaker[at], -1)],
        "voice": voices[np.where(known, corpus.speech_kind[at].astype(np.int64), -1)],
        "office": offices[np.where(known, corpus.speech_office[at], -1)],
    }


def _name_voices(corpus: Corpus) -> tuple[np.ndarray, ...]:
    """Names by number, None at the end, for -1; the paper itself has no name."""
    names = ([name or None for name in corpus.speakers], SPEECH_KINDS, corpus.offices)
    return tuple(np.array([*values, None], dtype=object) for values in names)


def find_speech(corpus: Corpus, passages: Passages) -> np.ndarray:
    """int64: the row of the speech arrays in which each passage begins, -1 where nobody's."""
    if not len(passages) or not len(corpus.speech_begin):
        return np.full(len(passages), -1, dtype=np.int64)
    doc = corpus.derive("documents of speech", lambda: _number_speech(corpus))
    places = corpus.derive("places of speech", lambda: order_places(doc, corpus.speech_begin))
    place = np.searchsorted(places, order_places(passages.doc, passages.begin), "right") - 1
    held = np.maximum(place, 0)
    inside = (place >= 0) & (doc[held] == passages.doc) & (passages.begin < corpus.speech_end[held])
    return np.where(inside, place, -1)


def _number_speech(corpus: Corpus) -> np.ndarray:
    return np.repeat(np.arange(corpus.n, dtype=np.int32), np.diff(corpus.speech_offsets))


def _holds(offices: str, office: str) -> bool:
    """Whether one of the offices is this one, or ends in it but not as its deputy."""
    return any(
        title == office or (title.endswith(office) and not title.removesuffix(office).endswith("副"))
        for title in offices.split("、")
    )
