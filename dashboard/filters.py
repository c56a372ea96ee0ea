"""One value that says which documents count, applies itself and says itself in a sentence.

Why here: the URL, the pages, the command line and every export must mean the same
selection. So each filter yields its condition and its words together, in one place.

Speakers do not choose documents but passages: `select` leaves them out, and
`queries/scope.py` restricts hits and denominators to what these speakers voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import unquote

import numpy as np

from dashboard.corpus import PERIODS, SPEECH_KINDS, Corpus
from data_prep.schema import LEVELS, PROVINCES, UNITS

#: A URL is written by anybody: no more values than this in a filter, no longer value than this.
MOST_VALUES, LONGEST_VALUE = 200, 80

#: A speaker written so is whoever holds an office: office:省长.
OFFICE = "office:"

_LISTS = {"province": "provinces", "level": "levels", "outlet": "outlets", "speaker": "speakers"}
_KNOWN = {"province": tuple(PROVINCES), "level": LEVELS}
_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "provinces": "省份为", "levels": "层级为", "outlets": "媒体为", "speakers": "只计其所言：",
        "or": "、", "between": "；", "stop": "。",
        "centre": "中央", "province": "省级", "city": "市级", "county": "县级",
        "leader": "领导人", "meeting": "会议", "paper": "报道本身", "other": "其他具名者", "office": "任{}者",
        "range": "日期在 {} 至 {} 之间", "since": "日期不早于 {}", "until": "日期不晚于 {}",
        "all": "全部文档", "releases": "按稿件计（同一稿件只计一次）", "copies": "按刊载份数计",
        "outlets_unit": "按媒体计",
        "day": "按日", "week": "按周", "month": "按月", "quarter": "按季", "year": "按年",
    },
    "en": {
        "provinces": "province ", "levels": "level ", "outlets": "outlet ", "speakers": "only what is voiced by ",
        "or": " or ", "between": "; ", "stop": ".", "centre": "centre", "province": "province", "city": "city",
        "county": "county", "leader": "a leader", "meeting": "a meeting", "paper": "the paper itself",
        "other": "somebody else who is named",
        "office": "whoever is {}",
        "range": "dated {} to {}", "since": "dated {} or later", "until": "dated {} or earlier",
        "all": "all documents", "releases": "counted by release (each once, however many copies)",
        "copies": "counted by copy", "outlets_unit": "counted by outlet",
        "day": "by day", "week": "by week", "month": "by month", "quarter": "by quarter", "year": "by year",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """One condition: bool per document, and its words in both languages."""

    mask: np.ndarray | None
    words: Mapping[str, str]


@dataclass(frozen=True)
class Filters:
    """Which documents (provinces, levels, outlets, days), whose words, counted how.

    Values within one filter are alternatives, filters narrow one another, an empty one admits everything.
    A document passes the days if all days its event may have been on lie between them; one that cannot
    be dated so passes only where no day is asked for. `speakers` holds leader, meeting, paper, other, names, or
    office:省长 for whoever holds that office.
    `notes` are sentences on what `from_params` had to drop.
    """

    provinces: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    unit: str = "releases"
    period: str = "month"
    notes: tuple[str, ...] = field(default=(), compare=False)

    def select(self, corpus: Corpus) -> np.ndarray:
        """bool[n]: which documents pass (speakers aside)."""
        mask = np.ones(corpus.n, dtype=bool)
        for clause in self._clauses(corpus):
            if clause.mask is not None:
                mask &= clause.mask
        return mask

    def sentence(self, language: str = "zh") -> str:
        """The selection in words.

        >>> Filters(provinces=("福建",), date_from=date(2022, 3, 1)).sentence("en")
        'Province 福建; dated 2022-03-01 or later; counted by release (each once, however many copies); by month.'
        >>> Filters(speakers=("leader",), unit="copies").sentence("zh")
        '只计其所言：领导人；按刊载份数计；按月。'
        """
        words = _WORDS["zh" if language.startswith("zh") else "en"]
        clauses = [clause.words["zh" if words is _WORDS["zh"] else "en"] for clause in self._clauses(None)]
        if not clauses:
            clauses = [words["all"]]
        clauses += [words["outlets_unit" if self.unit == "outlets" else self.unit], words[self.period]]
        sentence = words["between"].join(clauses) + words["stop"]
        return sentence[:1].upper() + sentence[1:]

    def without_dates(self) -> Filters:
        """The same selection over all time (undated documents included)."""
        return replace(self, date_from=None, date_to=None)

    def to_params(self) -> dict[str, str]:
        """What the URL says: only what differs from the default.

        >>> Filters(provinces=("福建", "山西"), date_to=date(2022, 3, 31)).to_params()
        {'province': '福建,山西', 'to': '2022-03-31'}
        """
        params = {
            name: ",".join(_escape(value) for value in getattr(self, attribute))
            for name, attribute in _LISTS.items()
            if getattr(self, attribute)
        }
        if self.date_from:
            params["from"] = self.date_from.isoformat()
        if self.date_to:
            params["to"] = self.date_to.isoformat()
        for name in ("unit", "period"):
            if getattr(self, name) != getattr(Filters, name):
                params[name] = getattr(self, name)
        return params

    @classmethod
    def from_params(cls, params: Mapping[str, object]) -> Filters:
        """Read a URL (or the command line). Never raises: what makes no sense is dropped, and `notes` say so.

        >>> Filters.from_params({"province": "福建,火星", "from": "yesterday", "unit": "copies"}).notes
        ('province 火星 is not known and was dropped', 'from yesterday is not a day (2022-03-29) and was dropped')
        """
        notes: list[str] = []
        lists = {attribute: _read_list(name, params.get(name), notes) for name, attribute in _LISTS.items()}
        begin = _read_day("from", params.get("from"), notes)
        end = _read_day("to", params.get("to"), notes)
        if begin and end and begin > end:
            notes.append(f"from {begin} lies after to {end}: both were dropped")
            begin = end = None
        unit = _read_choice("unit", params.get("unit"), UNITS, cls.unit, notes)
        period = _read_choice("period", params.get("period"), PERIODS, cls.period, notes)
        return cls(**lists, date_from=begin, date_to=end, unit=unit, period=period, notes=tuple(notes))

    def _clauses(self, corpus: Corpus | None) -> Iterator[Clause]:
        """Every filter in force: its condition over a corpus (None without one) and its words."""
        for attribute, column in (("provinces", "province"), ("levels", "level"), ("outlets", "outlet")):
            values = getattr(self, attribute)
            if values:
                yield Clause(_is_one_of(corpus, column, values), _say_list(attribute, values))
        if self.speakers:
            yield Clause(None, _say_list("speakers", self.speakers))
        if self.date_from or self.date_to:
            yield Clause(_lies_between(corpus, self.date_from, self.date_to), _say_days(self.date_from, self.date_to))


def _is_one_of(corpus: Corpus | None, column: str, values: tuple[str, ...]) -> np.ndarray | None:
    if corpus is None:
        return None
    codes, known = corpus.codes(column)
    wanted = np.zeros(len(known) + 1, dtype=bool)  # the last place is for code -1: null never passes
    wanted[[place for place, value in enumerate(known) if value in set(values)]] = True
    return wanted[codes]


def _lies_between(corpus: Corpus | None, begin: date | None, end: date | None) -> np.ndarray | None:
    if corpus is None:
        return None
    first, last = corpus.days
    mask = ~np.isnat(first) & ~np.isnat(last)
    if begin:
        mask &= first >= np.datetime64(begin)
    if end:
        mask &= last <= np.datetime64(end)
    return mask


def _say_list(attribute: str, values: tuple[str, ...]) -> dict[str, str]:
    return {
        language: words[attribute] + words["or"].join(_say_value(words, attribute, value) for value in values)
        for language, words in _WORDS.items()
    }


def _say_value(words: Mapping[str, str], attribute: str, value: str) -> str:
    """A code in words (centre -> 中央); a name stays as it is."""
    if attribute == "speakers" and value.startswith(OFFICE):
        return words["office"].format(value.removeprefix(OFFICE))
    codes = {"levels": LEVELS, "speakers": SPEECH_KINDS}.get(attribute, ())
    return words[value] if value in codes else value


def _say_days(begin: date | None, end: date | None) -> dict[str, str]:
    form = "range" if begin and end else "since" if begin else "until"
    days = [day.isoformat() for day in (begin, end) if day]
    return {language: words[form].format(*days) for language, words in _WORDS.items()}


def _escape(value: str) -> str:
    """A value that may itself hold the comma that stands between values."""
    return value.replace("%", "%25").replace(",", "%2C")


def _read_list(name: str, given: object, notes: list[str]) -> tuple[str, ...]:
    if given is None:
        return ()
    pieces = [str(item) for item in given] if isinstance(given, list | tuple) else str(given).split(",")
    values: list[str] = []
    for piece in pieces:
        value = unquote(piece, errors="replace").strip()
        shown = _show(value)
        if not value or value in values:
            continue
        if len(values) == MOST_VALUES:
            notes.append(f"more than {MOST_VALUES} values of {name}: the rest was dropped")
            break
        if len(value) > LONGEST_VALUE or not value.isprintable():
            notes.append(f"{name} {shown} cannot be a name and was dropped")
        elif name in _KNOWN and value not in _KNOWN[name]:
            notes.append(f"{name} {shown} is not known and was dropped")
        else:
            values.append(value)
    return tuple(values)


def _read_day(name: str, given: object, notes: list[str]) -> date | None:
    if isinstance(given, date):
        return given
    text = "" if given is None else str(given).strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        notes.append(f"{name} {_show(text)} is not a day (2022-03-29) and was dropped")
        return None


def _read_choice(name: str, given: object, known: tuple[str, ...], default: str, notes: list[str]) -> str:
    text = "" if given is None else str(given).strip()
    if not text or text in known:
        return text or default
    notes.append(f"{name} {_show(text)} is none of {', '.join(known)}: {default} is taken")
    return default


def _show(value: str) -> str:
    """A stranger's value, safe to print: short, nothing that does not print."""
    return "".join(c if c.isprintable() else "�" for c in value[:30]) + ("…" if len(value) > 30 else "")
