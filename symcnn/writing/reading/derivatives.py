r"""Derivatives as fractions: \frac{\partial L}{\partial w_{11}}, and second ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import Atom, Formula, Fraction, Node, Scripts
from symcnn.writing.reading.meaning import Array, Meaning, Read, Scene
from symcnn.writing.reading.names import Symbol, is_letter
from symcnn.writing.reading.operands import located
from symcnn.writing.reading.parts import Parts, UnreadableError, seen

_PARTIAL = Atom(r"\partial")


def derivative(part: Node, read: Read) -> Meaning | None:
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
