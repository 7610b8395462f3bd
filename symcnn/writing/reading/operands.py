"""What products are made of: numbers, entries, fractions, roots, and what is in fences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import (
    Accent,
    Atom,
    Cases,
    Fenced,
    Formula,
    Fraction,
    Node,
    Root,
    Scripts,
)
from symcnn.writing.reading.functions import FUNCTIONS, power
from symcnn.writing.reading.names import Named, Names, Places, Symbol, is_letter
from symcnn.writing.reading.operators import all_of, cases
from symcnn.writing.reading.parts import Parts, UnreadableError, is_atom, seen, split
from symcnn.writing.reading.scene import Array, Read, Reading, Scene, divided, number

_NUMBERS = {r"\pi": np.pi, "e": np.e, r"\infty": np.inf}
_EXTREME = {"max": np.maximum, "min": np.minimum}
_WHOLE = 1e-6
_DOTS = (r"\dots", r"\ldots", r"\cdots")

Rule = Callable[[Any, Read], Reading]


def meaning(node: Node, read: Read) -> Reading:
    """Return what a part means that stands for itself."""
    rule = _RULES.get(type(node))
    if rule is None:
        raise UnreadableError("the formula has a part that is no number")
    return rule(node, read)


def _atom(node: Atom, read: Read) -> Reading:
    if node.text[0].isdecimal():
        return number(node.text.replace(",", "."))
    return named(Symbol(node, None, None), read)


def defined(written: str) -> Reading:
    """Return what a letter stands for that is no tensor: an index, a size or a constant."""

    def value(scene: Scene) -> Array:
        if written in scene.letters:
            return scene.letters[written]
        if written in scene.defined:
            return scene.defined[written](scene.letters)
        if written in scene.names.numbers:
            return np.asarray(scene.names.numbers[written])
        if written in _NUMBERS:
            return np.asarray(_NUMBERS[written])
        raise UnreadableError(f"{written} stands for nothing")

    return value


def named(symbol: Symbol, read: Read) -> Reading:
    """Return an index, an entry or a constant, whichever a letter stands for."""
    written, placed = latex(Scripts(*symbol)), located(symbol, read)
    other = defined(written)

    def value(scene: Scene) -> Array:
        if written in scene.letters or written in scene.defined or not scene.names.has(symbol):
            return other(scene)
        named, places, outside = placed(scene)
        values = named.values(places)
        return np.where(outside, named.outside, values) if np.ndim(outside) or outside else values

    return value


Located = tuple[Named, Places, NDArray[np.bool_] | np.bool_]
"""A tensor, the places of its entries, and where there are none."""


def located(symbol: Symbol, read: Read) -> Callable[[Scene], Located]:
    """Return what finds the entries that a name with indices is."""
    known: list[tuple[Names, int, Callable[[Scene], Located]]] = []

    def found(scene: Scene) -> Located:
        if not known or known[0][0] is not scene.names or known[0][1] != scene.base:
            entries = scene.names.entries(symbol)
            finders = [_finder(*entry, scene, read) for entry in entries]
            known[:] = [(scene.names, scene.base, partial(_first_inside, finders))]
        return known[0][2](scene)

    return found


def _first_inside(finders: Sequence[Callable[[Scene], Located]], scene: Scene) -> Located:
    """Return where entries are by the first choice of axes that no index leaves, or by the first.

    An index that runs belongs to no axis of length 1.
    """
    first, *others = finders
    found = first(scene)
    if not np.any(found[2]):
        return found
    inside = (other(scene) for other in others)
    return next((other for other in inside if not np.any(other[2])), found)


def _finder(
    named: Named, indices: Sequence[Parts], scene: Scene, read: Read
) -> Callable[[Scene], Located]:
    """Return what finds entries with some indices; that with numbers is found once."""
    if all(map(_is_number, indices)):
        once = _fixed(named, [int(latex(Formula(index))) - scene.base for index in indices])
        return lambda scene: once
    meanings = [read(index) for index in indices]

    def found(scene: Scene) -> Located:
        return named, *places_of(named, [meaning(scene) - scene.base for meaning in meanings])

    return found


def _fixed(named: Named, indices: Sequence[int]) -> Located:
    places, outside = [0] * len(named.shape), False
    for axis, index in zip(named.shown, indices, strict=True):
        outside |= not 0 <= index < named.shape[axis]
        places[axis] = 0 if outside else index
    return named, tuple(map(np.int64, places)), np.bool_(outside)


def _is_number(index: Parts) -> bool:
    return len(index) == 1 and isinstance(index[0], Atom) and index[0].text.isdecimal()


def places_of(named: Named, indices: Sequence[Array]) -> tuple[Places, NDArray[np.bool_]]:
    """Return where entries are; an index that leaves its axis, or is between two, has none."""
    shape, outside = named.shape, np.zeros((), dtype=bool)
    places = [np.zeros((), dtype=np.int64)] * len(shape)
    for axis, index in zip(named.shown, indices, strict=True):
        whole = np.nan_to_num(np.round(index), nan=-1.0)
        inside = (np.abs(index - whole) < _WHOLE) & (whole >= 0) & (whole < shape[axis])
        outside = outside | ~inside
        places[axis] = np.clip(whole, 0, shape[axis] - 1).astype(np.int64)
    return tuple(np.broadcast_arrays(*places)), outside


def raised(base: Reading, exponent: Reading) -> Reading:
    """Return a power."""
    return lambda scene: power(base(scene), exponent(scene))


def applied(name: str, parts: Parts, read: Read) -> Reading:
    """Return a function of what is in the parentheses behind it."""
    arguments = [a for a in split(parts, {",", ";"})[0] if not _is_dots(a)]
    values = [read(argument) for argument in arguments]
    if name in _EXTREME:
        return lambda scene: reduce(_EXTREME[name], [value(scene) for value in values])
    if len(values) != 1:
        raise UnreadableError(f"{name} is no function of {len(values)} numbers")

    def value(scene: Scene) -> Array:
        for known in (scene.functions, scene.names.functions, FUNCTIONS):
            if name in known:
                return known[name](values[0](scene))
        raise UnreadableError(f"{name} is no function that is known")

    return value


def _is_dots(parts: Parts) -> bool:
    return len(parts) == 1 and is_atom(parts[0], *_DOTS)


def _fenced(node: Fenced, read: Read) -> Reading:
    inside = seen(node.body)
    if node.left == "[":
        return all_of(inside, read)
    value = read(inside)
    if node.left in _ROUNDED:
        rounded = _ROUNDED[node.left]
        return lambda scene: rounded(value(scene))
    return value


_ROUNDED: dict[str, Callable[[Array], Array]] = {
    "|": np.abs,
    r"\lfloor": lambda x: np.floor(x + 1e-9),
    r"\lceil": lambda x: np.ceil(x - 1e-9),
}


def _fraction(node: Fraction, read: Read) -> Reading:
    return divided(read(seen(node.above)), read(seen(node.below)))


def _root(node: Root, read: Read) -> Reading:
    degree = number(2) if node.degree is None else read(seen(node.degree))
    body = read(seen(node.body))
    return lambda scene: power(body(scene), 1 / degree(scene))


_RULES: dict[type[Node], Rule] = {
    Atom: _atom,
    Accent: lambda node, read: named(Symbol(node, None, None), read),
    Fenced: _fenced,
    Fraction: _fraction,
    Root: _root,
    Cases: cases,
}


_PARTIAL = Atom(r"\partial")


def derivative(part: Node, read: Read) -> Reading | None:
    """Read a derivative, if a part is one."""
    if not isinstance(part, Fraction):
        return None
    above, below = seen(part.above), seen(part.below)
    sign = above[0] if above else None
    if (sign.base if isinstance(sign, Scripts) else sign) != _PARTIAL:
        return None
    found = [located(symbol, read) for symbol in _entries(below)]
    order = Scripts(_PARTIAL, None, Atom(str(len(found)))) if len(found) > 1 else _PARTIAL
    of = latex(Formula(above[1:]))

    def value(scene: Scene) -> Array:
        if above[0] != order or of != scene.names.loss or scene.names.slopes is None:
            raise UnreadableError("a derivative is of something other than the loss")
        made = [own(scene) for own in found]
        places = np.broadcast_arrays(*(axis for _, own, _ in made for axis in own))
        names = tuple(named.name for named, _, _ in made)
        outside = sum(out for _, _, out in made)
        return np.where(outside, np.nan, scene.names.slopes(names, tuple(places)))

    return value


def differentiated(part: Fraction) -> tuple[str, Node]:
    """Return what a first derivative is of, and with respect to what."""
    above, below = seen(part.above), seen(part.below)
    if above[:1] != (_PARTIAL,) or below[:1] != (_PARTIAL,) or len(below) != 2:
        raise UnreadableError("a fraction is no derivative")
    return latex(Formula(above[1:])), below[1]


def _entries(below: Parts) -> Iterator[Symbol]:
    signs, entries = below[::2], below[1::2]
    if len(signs) != len(entries) or any(sign != _PARTIAL for sign in signs):
        raise UnreadableError("a derivative has an unusual denominator")
    for entry in entries:
        symbol = Symbol(*entry) if isinstance(entry, Scripts) else Symbol(entry, None, None)
        if not is_letter(symbol.base):
            raise UnreadableError("a derivative is with respect to no entry")
        yield symbol
