"""What every match of an expression holds: texts, characters, a length. So one need not look everywhere.

Why here: RE2 reads a gigabyte in seconds; but most expressions name some text (年 in `[0-9]{4}年`), or can
only match a few characters ([0-9年月]), and those places are found in a twentieth of that time. What this
reader does not know for certain it leaves alone: then everything is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.queries.expression import WIDE, AnyChar, Char, Choice, Edge, Node, OneOf, Series, read_expression

_MOST_ALTERNATIVES = 40


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
    tree = read_expression(pattern)
    return None if tree is None else _need_node(tree)


def _need_node(node: Node) -> Needs:
    if isinstance(node, Char):
        return Needs(exact=frozenset({node.char}), alphabet=frozenset({node.char} - {"\n"}) or None, least=1)
    if isinstance(node, OneOf):
        return _ANY if node.chars is None else Needs(classes=(node.chars,), alphabet=node.chars, least=1)
    if isinstance(node, AnyChar):
        return _ANY
    if isinstance(node, Edge):
        return Needs(exact=frozenset({""}), alphabet=frozenset(), most=0, edges=True)
    return _need_choice(node) if isinstance(node, Choice) else _need_series(node)


def _need_choice(choice: Choice) -> Needs:
    options = [_need_series(option) for option in choice.options]
    sets: tuple[frozenset[str], ...] = ()
    exact = None
    if all(option.exact is not None for option in options):
        exact = frozenset().union(*(option.exact or () for option in options))
    else:
        best = [_choose_set(option) for option in options]
        if not any(texts is None for texts in best):
            sets = (frozenset().union(*(texts or () for texts in best)),)
    return Needs(
        sets=sets,
        exact=exact,
        alphabet=_join_alphabets([option.alphabet for option in options]),
        least=min(option.least for option in options),
        most=None if any(option.most is None for option in options) else max(option.most or 0 for option in options),
        edges=any(option.edges for option in options),
    )


def _need_series(series: Series) -> Needs:
    sets: list[frozenset[str]] = []
    classes: list[frozenset[str]] = []
    alphabets: list[frozenset[str] | None] = [frozenset()]
    run: frozenset[str] = frozenset({""})
    shortest, longest = 0, 0
    endless = broken = edges = False
    for item in series.items:
        atom, least, times = _need_node(item.node), item.least, item.most
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
    return Needs(
        sets=tuple(texts for texts in (*sets, run) if all(texts)) if broken else (),
        exact=None if broken else run,
        classes=tuple(classes),
        alphabet=_join_alphabets(alphabets),
        least=shortest,
        most=None if endless else longest,
        edges=edges,
    )


def _join_alphabets(alphabets: list[frozenset[str] | None]) -> frozenset[str] | None:
    joined: frozenset[str] = frozenset()
    for alphabet in alphabets:
        if alphabet is None:
            return None
        joined |= alphabet
    return joined if len(joined) <= WIDE else None


def _choose_set(needs: Needs) -> frozenset[str] | None:
    """The set that says most: its shortest text the longest."""
    sets = [texts for texts in (needs.sets if needs.exact is None else (needs.exact,)) if texts and all(texts)]
    return max(sets, key=lambda texts: (min(map(len, texts)), -len(texts)), default=None)
