"""Set phrases that no lexicon has yet, and numeral formulas with what they stand for.

What makes a run of characters a set phrase, apart from being frequent: its parts hold together more than
chance (inner association), it can stand beside anything (freedom at both ends), and many write it, not one.

    association  the smallest pointwise mutual information over all ways to cut it in two (Bouma 2009 for the
                 normalised form: divided by -log2 of the phrase's own probability, so that 1 is the most there is)
    freedom      entropy of the characters beside it, in bits, the smaller of the two sides; a sign, a line's end
                 or a text's end leaves it wholly free, so each of these counts as a neighbour of its own
    score        log2(1 + documents) x freedom x association

A run that stands almost always within one longer run is that run, and is left out; so is what lies within
hits of the lexicon, a single plain word, a name of a person, and what begins or ends with a particle.

A numeral formula (四早, 两个确立, 十个不放松, 四应四尽, 二十条) counts what it stands for. Where the text spells
that out, before or behind it, the parts are listed; as many parts as the numeral says is the best proof
there is that the run is a formula. A quantity (三个月, 两个省) has no such parts and no quotation marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.ngrams import Grams, Sample, draw_documents, grow_ngrams, letter_units, spell
from dashboard.queries.scope import open_scope
from dashboard.queries.terms import list_counted
from data_prep.tokens import cut_tokens

#: Characters read at once (a year of the evening news has fewer); of a larger selection a random part of its documents.
SAMPLE_CHARS = 4_000_000
SHORTEST, LONGEST = 2, 12
#: A run stands this often, in so many documents, and no looser than this, or is not looked at.
LEAST_HITS, LEAST_DOCUMENTS, LEAST_ASSOCIATION, LEAST_FREEDOM = 6, 4, 0.25, 1.2
#: Standing so often within one longer run, or within hits of the lexicon, a run is nothing by itself.
SUBSUMED, COVERED = 0.7, 0.8
#: A quantity standing in quotation marks this often is meant as a formula.
MOSTLY_QUOTED = 0.3
#: A run of up to so many characters that is a single word of the dictionary is a word, not a phrase.
WORD_CHARS = 3

COLUMNS = [
    "phrase", "n_chars", "hits", "n_documents", "document_share", "association", "freedom_left", "freedom_right",
    "score", "doc_id", "begin",
]  # fmt: skip
FORMULAS = [
    "formula", "numeral", "shape", "hits", "n_documents", "quoted", "items", "expansion", "n_expanded", "in_lexicon",
    "doc_id", "begin", "end", "expansion_begin", "expansion_end",
]  # fmt: skip

# No set phrase begins or ends with these: they belong to the sentence around it.
_NO_BEGIN = frozenset("的了着过和与及或是等也都就而但被之即并所又再还更可会均此这那者们至将把其于")
_NO_END = frozenset("的了着过和与及或在是于也都就而但被把从向对为以将其并要使让由所又再还更可应该均各此这那第每")


def find_set_phrases(
    corpus: Corpus,
    filters: Filters,
    *,
    least: int = LEAST_HITS,
    least_documents: int = LEAST_DOCUMENTS,
    shortest: int = SHORTEST,
    longest: int = LONGEST,
    with_lexicon: bool = False,
    limit: int | None = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Runs of 2 to 12 characters that behave as set phrases and are not in the lexicon. Columns: COLUMNS.

    One copy of each release is read, whatever the counting unit: copies would make any sentence a set phrase.
    doc_id and begin lead to the first hit. with_lexicon=True keeps phrases of the lexicon (to test the method).
    attrs: sampled = (documents read, of how many), n_chars. Speakers are left out of account.
    """
    key = ("set phrases", filters, least, least_documents, shortest, longest, with_lexicon, seed)
    known = corpus.recall(key)
    if known is None:
        known = _find_set_phrases(corpus, filters, least, least_documents, shortest, longest, with_lexicon, seed)
        corpus.keep(key, known, int(known.memory_usage(deep=True).sum()))
    table = known[:limit].copy()
    table.attrs = known.attrs
    return table


def _find_set_phrases(
    corpus: Corpus,
    filters: Filters,
    least: int,
    least_documents: int,
    shortest: int,
    longest: int,
    with_lexicon: bool,
    seed: int,
) -> pd.DataFrame:
    """The recipe: count runs, measure them, leave out what is none, rank the rest."""
    sample = draw_documents(corpus, _list_releases(corpus, filters), SAMPLE_CHARS, seed)
    grown = list(grow_ngrams(sample.chars, longest + 1, least))
    lengths = [grams.length for grams in grown if shortest <= grams.length <= longest]
    with ThreadPoolExecutor(2) as threads:  # NumPy and pandas let go of the interpreter
        measured = list(threads.map(lambda length: _measure_length(sample, grown, length, least_documents), lengths))
    table = pd.concat(measured, ignore_index=True) if measured else pd.DataFrame()
    if len(table):
        table = table[(table["association"] >= LEAST_ASSOCIATION) & (table["freedom"] >= LEAST_FREEDOM)]
    if len(table):
        table = _drop_subsumed(table, grown)
    if len(table) and not with_lexicon:
        table = table[~_lie_in_lexicon(corpus, sample, grown, table)]
    if len(table):
        table["phrase"] = [
            spell(sample.chars, int(at), int(n)) for at, n in zip(table["at"], table["n_chars"], strict=True)
        ]
        table = table[_look_like_phrases(corpus, table["phrase"])]
    attrs = {"sampled": (len(sample.docs), sample.n_drawn_from), "n_chars": len(sample.chars)}
    if not len(table):
        empty = pd.DataFrame(columns=COLUMNS)
        empty.attrs = attrs
        return empty
    places = table["at"].to_numpy()
    table["document_share"] = table["n_documents"] / len(sample.docs)
    table["doc_id"] = corpus.documents["doc_id"].to_numpy()[sample.doc[places]]
    table["begin"] = sample.offset[places]
    table["score"] = np.log2(1 + table["n_documents"]) * table["freedom"] * table["association"]
    table = table.sort_values(["score", "phrase"], ascending=[False, True]).reset_index(drop=True)[COLUMNS]
    table.attrs = attrs
    return table


def _list_releases(corpus: Corpus, filters: Filters) -> np.ndarray:
    scope = open_scope(corpus, filters)
    docs = list_counted(scope)
    if scope.unit == "releases":
        return docs
    codes = corpus.codes("release_id")[0][docs]
    return docs[np.sort(np.unique(codes, return_index=True)[1])]


# --- Measures of a run -------------------------------------------------------------------


def _measure_length(sample: Sample, grown: list[Grams], length: int, least_documents: int) -> pd.DataFrame:
    """Every frequent run of one length with its measures; at: where it stands first in the sample."""
    grams = grown[length - 1]
    n = len(grams.n)
    total = float(letter_units()[sample.chars].sum())
    association = np.full(n, np.inf)
    own = np.log2(grams.n / total) if n else np.zeros(0)
    for cut in range(1, length):
        head, tail = grown[cut - 1], grown[length - cut - 1]
        left, right = head.n[head.at[grams.first]], tail.n[tail.at[grams.first + cut]]
        association = np.minimum(association, own - np.log2(left / total) - np.log2(right / total))
    association = np.maximum(association / np.where(own < 0, -own, np.nan), -1.0)
    # What holds together is few: only its surroundings are looked at.
    held = association >= LEAST_ASSOCIATION
    places = np.flatnonzero(np.append(held, False)[grams.at])  # at is -1 where no run is counted
    numbers = grams.at[places]
    documents = _count_distinct(numbers, sample.doc[places], n)
    freedom_left = _measure_freedom(numbers, sample.chars[np.maximum(places - 1, 0)], grams.n)
    after = np.minimum(places + length, len(sample.chars) - 1)
    freedom_right = _measure_freedom(numbers, sample.chars[after], grams.n)
    table = pd.DataFrame({
        "number": np.arange(n), "n_chars": length, "hits": grams.n, "n_documents": documents,
        "association": association, "freedom_left": freedom_left, "freedom_right": freedom_right,
        "freedom": np.minimum(freedom_left, freedom_right), "at": grams.first,
    })  # fmt: skip
    return table[held & (documents >= least_documents)]


def _count_distinct(group: np.ndarray, value: np.ndarray, n: int) -> np.ndarray:
    """How many distinct values each group holds."""
    pairs = pd.unique(group.astype(np.int64) << 32 | value.astype(np.int64))
    return np.bincount(pairs >> 32, minlength=n)


def _measure_freedom(group: np.ndarray, neighbour: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Entropy in bits of the characters beside each run; each sign or end counts as a neighbour of its own.

    -sum p log2 p over the letters, and for m of n neighbours that are signs m times -(1/n) log2(1/n).
    """
    letter = letter_units()[neighbour]
    keys, names = pd.factorize(group[letter].astype(np.int64) << 16 | neighbour[letter].astype(np.int64))
    n = np.bincount(keys, minlength=len(names)).astype(float)
    owner = (np.asarray(names) >> 16).astype(np.int64)
    share = n / totals[owner]
    entropy = np.bincount(owner, weights=-share * np.log2(share), minlength=len(totals))
    signs = np.bincount(group[~letter], minlength=len(totals))
    return entropy + signs / np.maximum(totals, 1) * np.log2(np.maximum(totals, 1))


# --- What is left out -------------------------------------------------------------------


def _drop_subsumed(table: pd.DataFrame, grown: list[Grams]) -> pd.DataFrame:
    """Leave out runs that stand mostly within one longer run, whether that was kept or not.

    Standing one character longer on one side is enough to look at: whatever holds a run holds such a one.
    """
    parts = []
    for length, rows in table.groupby("n_chars"):
        grams = grown[int(length) - 1]
        holder = np.zeros(len(grams.n), dtype=np.int64)
        if len(grown) > length:
            longer = grown[int(length)]
            for shift in (0, 1):
                inner = grams.at[longer.first + shift] if len(longer.n) else np.zeros(0, dtype=np.int64)
                np.maximum.at(holder, inner, longer.n)
        parts.append(rows[holder[rows["number"]] < SUBSUMED * rows["hits"].to_numpy()])
    return pd.concat(parts, ignore_index=True)


def _lie_in_lexicon(corpus: Corpus, sample: Sample, grown: list[Grams], table: pd.DataFrame) -> np.ndarray:
    """bool a row: whether the run is a phrase of the lexicon or stands mostly within hits of longer ones."""
    begins = np.full(corpus.n, -1, dtype=np.int64)
    docs, first = np.unique(sample.doc, return_index=True)
    begins[docs[docs >= 0]] = first[docs >= 0]
    doc = np.asarray(corpus.hit_doc)
    inside = begins[doc] >= 0
    low = begins[doc[inside]] + np.asarray(corpus.hit_begin)[inside]
    high = begins[doc[inside]] + np.asarray(corpus.hit_end)[inside]
    # reach[i]: how far the furthest hit goes that begins at i or before.
    reach = np.zeros(len(sample.chars) + 1, dtype=np.int64)
    np.maximum.at(reach, low, high)
    reach = np.maximum.accumulate(reach)
    covered = np.zeros(len(table), dtype=bool)
    for length, rows in table.groupby("n_chars"):
        grams = grown[int(length) - 1]
        places = np.flatnonzero(grams.at >= 0)
        within = np.bincount(grams.at[places], weights=reach[places] >= places + length, minlength=len(grams.n))
        covered[table.index.get_indexer(rows.index)] = within[rows["number"]] >= COVERED * rows["hits"].to_numpy()
    return covered


def _look_like_phrases(corpus: Corpus, phrases: pd.Series) -> np.ndarray:
    """bool a phrase: not a plain word, no name, no number, nothing that begins or ends with a particle."""
    names = set(corpus.build.arrow("people", ["name"]).column("name").unique().to_pylist())
    return np.array([_looks_like_phrase(phrase, names) for phrase in phrases], dtype=bool)


def _looks_like_phrase(phrase: str, names: set[str]) -> bool:
    if phrase[0] in _NO_BEGIN or phrase[-1] in _NO_END or phrase in names:
        return False
    if not all("\u4e00" <= letter <= "\u9fff" for letter in phrase):
        return False
    if _QUANTITY.fullmatch(phrase):
        return False
    tokens = cut_tokens(phrase)
    if len(tokens) == 1:
        return len(phrase) > WORD_CHARS
    return not any(name in phrase and len(phrase) <= len(name) + 2 for name in _names_within(phrase, names))


def _names_within(phrase: str, names: set[str]) -> Iterator[str]:
    for length in (2, 3, 4):
        for begin in range(len(phrase) - length + 1):
            if phrase[begin : begin + length] in names:
                yield phrase[begin : begin + length]


# --- Numeral formulas ----------------------------------------------------------------------

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "双": 2} | {n: i for i, n in enumerate("三四五六七八九", start=3)}
_NUMERAL = "(?:[二两三四五六七八九]?十[一二三四五六七八九]?|[一二两双三四五六七八九])"
_HAN = "[\u4e00-\u9fff]"
#: Five-year plans and congresses: a number in the order of things, nothing is counted.
_NAMED_BY_NUMBER = re.compile("[一二三四五六七八九十]{2,}|[一二三四五六七八九]?十[一二三四五六七八九]?大|.*中全会.*")
_QUANTITY = re.compile(
    f"第?{_NUMERAL}+(?:年|月|日|天|周|季度|届|次|名|位|人|元|万|亿|千|百|分|点|时|岁|期|省|市|县|区|国)?"
)

#: The shapes of formulas, the most particular first. Each is a numeral and what it counts.
_SHAPES = (
    ("paired", re.compile(f"{_NUMERAL}{_HAN}{{1,2}}{_NUMERAL}{_HAN}{{1,2}}")),
    ("rules", re.compile(f"{_NUMERAL}(?:条|款|项规定|点)(?:优化|重要|具体|硬|刚性)?(?:措施|要求|举措|意见|禁令|规定)?")),
    ("counted", re.compile(f"{_NUMERAL}(?:个|大|项|条|种|类|方|位|重|级|张|化|不|要|有|坚持|确保|聚焦){_HAN}{{1,6}}")),
    ("short", re.compile(f"{_NUMERAL}{_HAN}{{1,3}}")),
)
#: What a numeral counts in an ordinary quantity: no formula, unless it is in quotation marks or spelt out.
_MEASURED = re.compile(
    "^(?:个)?(?:月|年|日|天|周|星期|小时|分钟|季度|百分点|工作日|多|余|几|省|市|县|区|镇|村|国|人|元|万|亿|千|百|级|届|次|名|位|岁|期|"
    "批|组|家|户|方面|部分|阶段|地区|城市|代|者|来|种|样|半|是|旁|边|成|度|起|例|件|台|辆|架|艘|所|座|条|项|点|步|分|章|节|线|环|"
    "楼|层|号|路|院|中|则|定|般|切|直|些|旦|同|致|律|共|体|带|流|手|面|向|方|行|会|员|委|办|局|处|科|股|支|队|班|排|连|营|团|师|军)"
)
_SEPARATORS = re.compile("[、，,；;]|以及|和|与")
#: Words behind a formula that announce what it stands for; the first kind leaves no doubt, the others may
#: also announce something else.
_ANNOUNCED = re.compile(
    r"[”’」』]?[，,]?(?P<sure>即|就是|也就是|分别是|分别指|指的是|是指|包括)?[“‘「『]?"
    r"[^，,。、！？；：:（(\n\0”]{0,6}?(?P<sign>[（(：:]|——)?[“‘「『]?"
)
#: Between parts and the formula they stand before: “早发现、…、早治疗”的“四早”, 应检尽检、…等“四应四尽”.
_JOINED = re.compile(r"(?P<sure>[”’」』]?(?:等|的|等的|这|、)?)[“‘「『]?$")
#: Words that announce the first part and are no part of it.
_LEADING = re.compile("^(?:是指|指的是|分别是|分别指|就是|也就是|包括|即|指|是)")
_PART = re.compile("[\u4e00-\u9fffA-Za-z0-9·]{2,20}")
_QUOTES = "“”‘’「」『』 "


@dataclass(frozen=True)
class Expansion:
    """The parts a formula stands for, where they stand (text[begin:end]), and how sure that is: 1 to 3."""

    parts: tuple[str, ...]
    begin: int
    end: int
    strength: int


@dataclass
class _Formula:
    """What was found of one formula. places: (document, begin, end) of every hit; spelt: (expansion, hit)."""

    numeral: int
    shape: str
    quoted: int = 0
    places: list[int] = field(default_factory=list)
    spelt: list[tuple[Expansion, int]] = field(default_factory=list)

    def best(self) -> tuple[Expansion, int] | None:
        """The surest expansion, of those the one given most often, of those the shortest."""
        if not self.spelt:
            return None
        given = Counter(expansion.parts for expansion, _ in self.spelt)
        return max(
            self.spelt, key=lambda one: (one[0].strength, given[one[0].parts], -len("".join(one[0].parts)), -one[1])
        )


def find_formulas(
    corpus: Corpus, filters: Filters, *, least: int = 2, limit: int | None = 500, seed: int = 0
) -> pd.DataFrame:
    """Numeral formulas, those spelt out and quoted most often first. Columns: FORMULAS.

    A run is listed when it stands in quotation marks or is spelt out at least once, and at least `least` times in
    all (once is enough for one that is both); what is an ordinary quantity (三年行动) only if it is spelt out or
    mostly quoted. items holds the parts of its surest expansion, expansion those words as printed, n_expanded
    how often any expansion is given; in_lexicon the phrase_id of the entry that has it. doc_id, begin, end lead to
    the formula in the text that spells it out (else to its first hit). attrs: sampled = (documents read, of how many).
    """
    sample = draw_documents(corpus, _list_releases(corpus, filters), 2 * SAMPLE_CHARS, seed)
    text = sample.chars.tobytes().decode("utf-16-le", "replace")
    found = _collect_formulas(text)
    lexicon = _name_lexicon(corpus)
    rows = []
    for formula, entry in found.items():
        best, n, quoted = entry.best(), len(entry.places), entry.quoted / len(entry.places)
        if n < least and not (best and entry.quoted):
            continue
        if quoted < MOSTLY_QUOTED and (best is None or best[0].strength < 2 or _MEASURED.match(_strip(formula))):
            continue
        at = best[1] if best else entry.places[0]
        begin, shift = int(sample.offset[at]), int(sample.offset[at]) - at
        expansion = best[0] if best else None
        rows.append((
            formula, entry.numeral, entry.shape, n, len(np.unique(sample.doc[entry.places])), quoted,
            list(expansion.parts) if expansion else [], text[expansion.begin : expansion.end] if expansion else "",
            len(entry.spelt), lexicon.get(formula, ""), corpus.documents["doc_id"].iloc[int(sample.doc[at])], begin,
            begin + len(formula), expansion.begin + shift if expansion else None,
            expansion.end + shift if expansion else None,
        ))  # fmt: skip
    table = pd.DataFrame(rows, columns=FORMULAS).astype({"expansion_begin": "Int64", "expansion_end": "Int64"})
    rank = np.log2(1 + table["n_documents"]) * (1 + 2 * (table["n_expanded"] > 0) + table["quoted"])
    table = table.iloc[np.lexsort((table["formula"], -rank))][:limit].reset_index(drop=True)
    table.attrs = {"sampled": (len(sample.docs), sample.n_drawn_from)}
    return table


def read_numeral(formula: str) -> int:
    """The number a formula begins with.

    >>> [read_numeral(words) for words in ("四早", "两个确立", "二十条", "十个不放松", "十四五")]
    [4, 2, 20, 10, 14]
    """
    found = re.match(_NUMERAL, formula)
    digits = found.group() if found else ""
    if "十" not in digits:
        return _DIGITS.get(digits, 0)
    tens, ones = digits.split("十")
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _collect_formulas(text: str) -> dict[str, _Formula]:
    """Every formula that is quoted or spelt out somewhere, with all its hits."""
    found: dict[str, _Formula] = {}
    for quoted in re.finditer(f"[“‘「『]({_NUMERAL}{_HAN}{{1,8}})[”’」』]", text):
        formula = quoted.group(1)
        shape = tell_shape(formula)
        if shape:
            entry = found.setdefault(formula, _Formula(read_numeral(formula), shape))
            _add_hit(entry, text, quoted.start(1), quoted.end(1))
            entry.quoted += 1
    # Without quotation marks the parts must be there, as many as the numeral says and much alike.
    bare = f"(?<![第“‘「『\u4e00-\u9fff0-9])({_NUMERAL}{_HAN}{{1,8}}?)(?=[：:（(]|——|[，,]?即)"
    spelt: set[int] = set()
    for match in re.finditer(bare, text):
        formula, shape = match.group(1), tell_shape(match.group(1))
        expansion = read_expansion(text, match.start(1), match.end(1), read_numeral(formula)) if shape else None
        if expansion and expansion.strength > 1 and not _MEASURED.match(_strip(formula)):
            entry = found.setdefault(formula, _Formula(read_numeral(formula), shape))
            entry.places.append(match.start(1))
            entry.spelt.append((expansion, match.start(1)))
            spelt.add(match.start(1))
    lengths = sorted({len(formula) for formula in found}, reverse=True)
    for start in re.finditer(f"(?<![“‘「『第])(?={_NUMERAL}{_HAN})", text):
        if start.start() in spelt:
            continue
        for length in lengths:
            entry_here = found.get(text[start.start() : start.start() + length])
            if entry_here is not None:
                entry_here.places.append(start.start())
                break
    return found


def _add_hit(entry: _Formula, text: str, begin: int, end: int) -> None:
    entry.places.append(begin)
    expansion = read_expansion(text, begin, end, entry.numeral)
    if expansion:
        entry.spelt.append((expansion, begin))


def tell_shape(formula: str) -> str:
    """Which shape a formula has (paired, counted, rules, short), or the empty string.

    >>> [tell_shape(words) for words in ("四应四尽", "两个确立", "二十条措施", "四早", "十四五", "二十大")]
    ['paired', 'counted', 'rules', 'short', '', '']
    """
    if _NAMED_BY_NUMBER.fullmatch(formula):
        return ""
    if read_numeral(formula) < 2 and not re.fullmatch(f"一{_HAN}{{1,2}}{_NUMERAL}{_HAN}{{1,2}}", formula):
        return ""
    return next((shape for shape, pattern in _SHAPES if pattern.fullmatch(formula)), "")


def _strip(formula: str) -> str:
    """The formula without its numeral."""
    found = re.match(_NUMERAL, formula)
    return formula[found.end() :] if found else formula


def read_expansion(text: str, begin: int, end: int, numeral: int) -> Expansion | None:
    """What the formula at text[begin:end] stands for, if the text around it says so.

    Looked for behind it (四早：…; 四早（…）; 四早，即…) and before it (“…、…”的四早). There must be exactly as many
    parts as the numeral says, of like length. Parts that all begin or end alike, or all hold what the formula
    counts (早 in 四早), are sure (strength 3); so is what 即 or 是指 announces (2); a colon or bracket is weaker (1),
    and not enough for two parts. Before a formula only parts that are alike are taken.

    >>> words = "严格落实“早发现、早报告、早隔离、早治疗”的“四早”要求"
    >>> read_expansion(words, 23, 25, 4).parts
    ('早发现', '早报告', '早隔离', '早治疗')
    >>> read_expansion("“四应四尽”（应检尽检、应隔尽隔、应收尽收、应治尽治）", 1, 5, 4).parts
    ('应检尽检', '应隔尽隔', '应收尽收', '应治尽治')
    >>> read_expansion("坚定“四个自信”，做到“两个维护”", 12, 16, 2)
    """
    if not 2 <= numeral <= 30:
        return None
    formula = text[begin:end]
    announced = _ANNOUNCED.match(text, end, end + 24)
    if announced and (announced["sure"] or announced["sign"]):
        first = announced.end()
        stretch = re.split("[。！？\n\0）)]", text[first : first + 24 * numeral], maxsplit=1)[0]
        parts = _split_parts(stretch, numeral, at_end=False)
        alike = _are_alike(parts, formula)
        if parts and (alike or announced["sure"] or numeral > 2):
            last = first + stretch.index(parts[-1], stretch.index(parts[0])) + len(parts[-1])
            strength = 3 if alike else 2 if announced["sure"] else 1
            return Expansion(parts, first + stretch.index(parts[0]), last, strength)
    low = max(begin - 24 * numeral, 0)
    joint = _JOINED.search(text, low, begin)
    stop = joint.start() if joint else begin
    stretch = re.split("[。！？：:（(\n\0]", text[low:stop])[-1]
    parts = _split_parts(stretch, numeral, at_end=True)
    if parts and _are_alike(parts, formula) and ((joint and joint["sure"]) or _hold_counted(parts, formula)):
        where = stretch.index(parts[0])
        return Expansion(parts, stop - len(stretch) + where, stop, 3)
    return None


def _split_parts(stretch: str, numeral: int, at_end: bool) -> tuple[str, ...]:
    """The stretch as `numeral` parts of like length, or nothing. at_end: the parts are the last ones of it."""
    for pattern in (re.compile("[、，,；;]"), _SEPARATORS):
        pieces = [piece.strip(_QUOTES) for piece in pattern.split(stretch)]
        pieces = [piece for piece in pieces if piece]
        if len(pieces) == numeral or (at_end and len(pieces) > numeral):
            break
    else:
        return ()
    parts = (_trim_first(pieces[-numeral], pieces[len(pieces) - numeral + 1 :]), *pieces[len(pieces) - numeral + 1 :])
    lengths = [len(part) for part in parts]
    if any(re.match(f"{_NUMERAL}个|以及|和", part) for part in parts):  # a list of formulas spells out none of them
        return ()
    if not all(_PART.fullmatch(part) for part in parts) or max(lengths) > 2 * min(lengths) + 1:
        return ()
    return parts if len(set(parts)) == numeral else ()


def _trim_first(first: str, others: list[str]) -> str:
    """The first part without the words that lead up to it: 严格落实“早发现, 是指大规模设备更新, 打造一支懂农业.

    >>> _trim_first("打造一支懂农业", ["爱农村", "爱农民"]), _trim_first("推进医疗", ["医保", "医药"])
    ('懂农业', '医疗')
    """
    first = _LEADING.sub("", first[first.rfind("“") + 1 :])
    begins, lengths = {part[0] for part in others}, {len(part) for part in others}
    at = 0
    if len(begins) == 1:
        at = first.rfind(next(iter(begins)))
        at = at if len(first) - at >= min(lengths) - 1 else 0
    if at <= 0 and len(lengths) == 1 and len(others) > 1:
        at = len(first) - min(lengths)
    words = list(accumulate(len(token) for token in cut_tokens(first)))
    return first[at:] if at in words else first


def _are_alike(parts: tuple[str, ...], formula: str) -> bool:
    """Whether the parts are built alike: one first or last character, or what the formula counts in each of them."""
    if not parts:
        return False
    firsts, lasts = {part[0] for part in parts}, {part[-1] for part in parts}
    return len(firsts) == 1 or len(lasts) == 1 or _hold_counted(parts, formula)


def _hold_counted(parts: tuple[str, ...], formula: str) -> bool:
    """Whether every part holds a character that the formula counts: 早 in 四早, 应 and 尽 in 四应四尽."""
    counted = {letter for letter in _strip(formula) if letter not in _DIGITS and letter not in "个大项条种类方位重级张十"}
    return bool(parts) and any(all(letter in part for part in parts) for letter in counted)


def _name_lexicon(corpus: Corpus) -> dict[str, str]:
    names: dict[str, str] = {}
    for phrase_id, phrase, variants in zip(
        corpus.phrases["phrase_id"], corpus.phrases["phrase"], corpus.phrases["variants"], strict=True
    ):
        for form in (phrase, *variants):
            names.setdefault(form, phrase_id)
    return names
