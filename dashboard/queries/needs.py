"""What every match of an expression holds: texts, characters, a length. So one need not look everywhere.

Why here: RE2 reads a gigabyte in seconds; but most expressions name some text (年 in `[0-9]{4}年`), or can
only match a few characters ([0-9年月]), and those places are found in a twentieth of that time. What this
reader does not know for certain it leaves alone: then everything is read.
"""

from __future__ import annotations

from dataclasses import dataclass

_MOST_ALTERNATIVES = 40
#: A class of more characters than this may as well match anything.
_WIDE = 64


@dataclass(frozen=True)
class Needs:
    """What every match of a piece holds: `sets`, of each of which one text at least; `exact`, if it is no more.

    classes: sets of characters of each of which one stands in every match; alphabet: all the characters a match
    can hold (None: too many to list); least, most: how many characters it takes (most None: any number);
    edges: whether it looks at what stands around it.
    """

    sets: tuple[frozenset[str], ...] = ()
    exact: frozenset[str] | None = None
    classes: tuple[frozenset[str], ...] = ()
    alphabet: frozenset[str] | None = None
    least: int = 0
    most: int | None = 1
    edges: bool = False


class _Unclear(Exception):
    """The expression holds something this reader does not know."""


_ANY = Needs(least=1)


def find_required(pattern: str) -> list[tuple[str, ...]]:
    r"""Sets of texts of which every match holds at least one; [] where nothing is sure.

    >>> find_required("[一二三]个(不放松|坚持)")
    [('个不放松', '个坚持')]
    >>> find_required("动态.{0,3}清零"), find_required(r"\d{4}年?"), find_required("(?i)gdp")
    ([('动态',), ('清零',)], [], [])
    """
    return list_required(read_needs(pattern))


def list_required(needs: Needs | None) -> list[tuple[str, ...]]:
    """The sets of texts, each sorted; without those that hold the empty text."""
    if needs is None:
        return []
    sets = needs.sets if needs.exact is None else (needs.exact,)
    return [tuple(sorted(texts)) for texts in sets if all(texts)]


def read_needs(pattern: str) -> Needs | None:
    r"""What an expression needs, None where it holds something unknown here.

    >>> needs = read_needs("[0-9]{4}年([12]月)?")
    >>> needs.least, needs.most, "".join(sorted(needs.alphabet))
    (5, 7, '0123456789年月')
    """
    try:
        needs, end = _read_choice(pattern, 0)
    except (_Unclear, RecursionError):
        return None
    return needs if end == len(pattern) else None


def _read_choice(pattern: str, at: int) -> tuple[Needs, int]:
    """a|b|c up to the end or a closing bracket."""
    needs, at = _read_sequence(pattern, at)
    options = [needs]
    while at < len(pattern) and pattern[at] == "|":
        needs, at = _read_sequence(pattern, at + 1)
        options.append(needs)
    if len(options) == 1:
        return options[0], at
    sets: tuple[frozenset[str], ...] = ()
    exact = None
    if all(option.exact is not None for option in options):
        exact = frozenset().union(*(option.exact or () for option in options))
    else:
        best = [_choose_set(option) for option in options]
        if not any(texts is None for texts in best):
            sets = (frozenset().union(*(texts or () for texts in best)),)
    whole = Needs(
        sets=sets,
        exact=exact,
        alphabet=_join_alphabets([option.alphabet for option in options]),
        least=min(option.least for option in options),
        most=None if any(option.most is None for option in options) else max(option.most or 0 for option in options),
        edges=any(option.edges for option in options),
    )
    return whole, at


def _read_sequence(pattern: str, at: int) -> tuple[Needs, int]:
    sets: list[frozenset[str]] = []
    classes: list[frozenset[str]] = []
    alphabets: list[frozenset[str] | None] = [frozenset()]
    run: frozenset[str] = frozenset({""})
    shortest, longest = 0, 0
    endless = broken = edges = False
    while at < len(pattern) and pattern[at] not in "|)":
        atom, at = _read_atom(pattern, at)
        least, times, at = _read_repeat(pattern, at)
        edges |= atom.edges
        shortest += least * atom.least
        endless |= atom.most is None or times is None
        longest += (atom.most or 0) * (times or 0)
        alphabets.append(atom.alphabet)
        if least:
            classes += atom.classes
        if (least, times) == (1, 1) and atom.exact is not None and len(run) * len(atom.exact) <= _MOST_ALTERNATIVES:
            run = frozenset(left + right for left in run for right in atom.exact)
            continue
        broken = True
        sets.append(run)
        run = frozenset({""})
        if least:
            sets += list(atom.sets) if atom.exact is None else [atom.exact]
    whole = Needs(
        sets=tuple(texts for texts in (*sets, run) if all(texts)) if broken else (),
        exact=None if broken else run,
        classes=tuple(classes),
        alphabet=_join_alphabets(alphabets),
        least=shortest,
        most=None if endless else longest,
        edges=edges,
    )
    return whole, at


def _join_alphabets(alphabets: list[frozenset[str] | None]) -> frozenset[str] | None:
    joined: frozenset[str] = frozenset()
    for alphabet in alphabets:
        if alphabet is None:
            return None
        joined |= alphabet
    return joined if len(joined) <= _WIDE else None


def _read_atom(pattern: str, at: int) -> tuple[Needs, int]:
    char = pattern[at]
    if char == "\\":
        return _read_escape(pattern, at)
    if char == "[":
        end = _skip_class(pattern, at)
        return _one_of(_read_class(pattern[at + 1 : end - 1])), end
    if char == ".":
        return _ANY, at + 1
    if char in "^$":
        return _edge(), at + 1
    if char == "(":
        at += 1
        if pattern.startswith("?:", at):
            at += 2
        elif pattern.startswith("?", at):
            raise _Unclear
        needs, at = _read_choice(pattern, at)
        if at >= len(pattern):
            raise _Unclear
        return needs, at + 1
    if char in "*+?{":
        raise _Unclear
    return _exactly(char), at + 1


def _read_escape(pattern: str, at: int) -> tuple[Needs, int]:
    char = pattern[at + 1 : at + 2]
    if char in ("p", "P"):
        if pattern[at + 2 : at + 3] == "{":
            end = pattern.find("}", at)
            if end < 0:
                raise _Unclear
            return _ANY, end + 1
        return _ANY, at + 3
    if char == "d":
        return _one_of(_DIGITS), at + 2
    if char and char in "DsSwW":
        return _ANY, at + 2
    if char and char in "bB":
        return _edge(), at + 2
    if char and not char.isalnum():
        return _exactly(char), at + 2
    raise _Unclear


def _skip_class(pattern: str, at: int) -> int:
    end = at + 1
    if pattern.startswith("^", end):
        end += 1
    if pattern.startswith("]", end):
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        if pattern.startswith("[:", end):
            end = pattern.find(":]", end) + 1
            if not end:
                raise _Unclear
        end += 2 if pattern[end] == "\\" else 1
    if end >= len(pattern):
        raise _Unclear
    return end + 1


_DIGITS = frozenset("0123456789")


def _read_class(inside: str) -> frozenset[str] | None:
    r"""The characters of a class, by what stands between its brackets; None where they are many or not sure.

    >>> [found and "".join(sorted(found)) for found in map(_read_class, ("一二", "0-3年", "^0-9", r"\d%", "[:alpha:]"))]
    ['一二', '0123年', None, '%0123456789', None]
    """
    if inside.startswith("^") or "[:" in inside:
        return None
    chars: set[str] = set()
    at = 0
    while at < len(inside):
        if inside[at] == "\\":
            escaped = inside[at + 1 : at + 2]
            if escaped != "d" and (not escaped or escaped.isalnum() or inside[at + 2 : at + 3] == "-"):
                return None
            chars |= _DIGITS if escaped == "d" else {escaped}
            at += 2
        elif inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            first, last = inside[at], inside[at + 2]
            if last == "\\" or ord(last) - ord(first) >= _WIDE:
                return None
            chars |= {chr(code) for code in range(ord(first), ord(last) + 1)}
            at += 3
        else:
            chars.add(inside[at])
            at += 1
    return frozenset(chars) if 0 < len(chars) <= _WIDE and "\n" not in chars else None


def _read_repeat(pattern: str, at: int) -> tuple[int, int | None, int]:
    """(least, most, place behind it) of the repetition that follows; (1, 1, at) where there is none."""
    if at >= len(pattern) or pattern[at] not in "*+?{":
        return 1, 1, at
    most: int | None
    if pattern[at] == "{":
        end = pattern.find("}", at)
        low, comma, high = pattern[at + 1 : max(end, at + 1)].partition(",")
        if end < 0 or not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise _Unclear  # RE2 takes such a bracket for itself
        least, most = int(low), int(high) if high else None if comma else int(low)
        at = end + 1
    else:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[pattern[at]]
        at += 1
    if at < len(pattern) and pattern[at] == "?":
        at += 1
    if at < len(pattern) and pattern[at] in "*+?{":
        raise _Unclear
    return least, most, at


def _exactly(char: str) -> Needs:
    return Needs(exact=frozenset({char}), alphabet=frozenset({char}) if char != "\n" else None, least=1)


def _one_of(chars: frozenset[str] | None) -> Needs:
    return _ANY if chars is None else Needs(classes=(chars,), alphabet=chars, least=1)


def _edge() -> Needs:
    return Needs(exact=frozenset({""}), alphabet=frozenset(), most=0, edges=True)


def _choose_set(needs: Needs) -> frozenset[str] | None:
    """The set that says most: its shortest text the longest."""
    sets = [texts for texts in (needs.sets if needs.exact is None else (needs.exact,)) if texts and all(texts)]
    return max(sets, key=lambda texts: (min(map(len, texts)), -len(texts)), default=None)
