r"""What letters stand for: tensors by their names, \delta^{z} and W_{1}, and constants."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import Accent, Atom, Formula, Node, Scripts
from symcnn.writing.reading.parts import Parts, UnreadableError, is_atom, seen, split

Key = tuple[str, str]
"""A letter, and what stands above it."""


Places = tuple[NDArray[np.int64] | np.int64, ...]
"""The places of entries along each axis."""


class Named(NamedTuple):
    """A tensor.

    Attributes:
        name: What derivatives with respect to it are found by.
        shape: Its lengths.
        shown: The axes that have an index in print.
        values: Gives the values of entries by arrays of their places.
        outside: What an entry outside of it is: no number, or 0 where a text says so.
    """

    name: str
    shape: tuple[int, ...]
    shown: tuple[int, ...]
    values: Callable[[Places], NDArray[Any]]
    outside: float = math.nan


class Entry(NamedTuple):
    """A tensor with its indices, each as its parts."""

    of: Named
    indices: tuple[Parts, ...]


class Symbol(NamedTuple):
    """A printed name."""

    base: Node
    sub: Node | None
    sup: Node | None

    @property
    def key(self) -> Key:
        """What it is found by, without its indices."""
        return latex(self.base), "" if self.sup is None else latex(Formula(seen(self.sup)))


@dataclass(frozen=True)
class Names:
    """What stands for what.

    Attributes:
        tensors: Tensors by letter and superscript, each behind its own subscript.
        numbers: Constants by the letters that stand for them.
        loss: The letter of what is differentiated.
        all_axes: Whether axes of length 1 may have indices.
        slopes: Gives the derivatives with respect to entries of one tensor, or of two.
        functions: Functions of users by their names.
    """

    tensors: dict[Key, list[tuple[Parts, Named]]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    loss: str = "L"
    all_axes: bool = False
    slopes: Callable[[tuple[str, ...], Places], NDArray[Any]] | None = None
    functions: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = field(default_factory=dict)

    def add(self, printed: Formula, named: Named) -> None:
        """Let a printed name stand for a tensor."""
        symbol = symbol_of(printed)
        self.tensors.setdefault(symbol.key, []).append((seen(symbol.sub), named))

    def has(self, symbol: Symbol) -> bool:
        """Tell whether there is a tensor with a letter and a superscript."""
        return symbol.key in self.tensors

    def written(self, symbol: Symbol) -> Iterator[tuple[Named, Parts]]:
        """Run over the tensors that a name may be of, with its indices, longer subscripts first."""
        below = seen(symbol.sub)
        own_first = sorted(self.tensors.get(symbol.key, ()), key=lambda pair: -len(pair[0]))
        for own, named in own_first:
            yield from ((named, indices) for indices in _behind(below, own))

    def entries(self, symbol: Symbol) -> list[Entry]:
        """Return the entries that a name with indices may be, those of a longer subscript first.

        They are several where it is not said which axes of length 1 have indices.
        """
        found = list[Entry]()
        for named, indices in self.written(symbol):
            read = ((shown, places_in(indices, len(shown))) for shown in self._axes(named))
            found += [Entry(named._replace(shown=axes), at) for axes, at in read if at is not None]
        if found:
            return [entry for entry in found if entry.of.values == found[0].of.values]
        raise UnreadableError(f"{latex(Scripts(*symbol))} has other indices than its tensor")

    def _axes(self, named: Named) -> Iterator[tuple[int, ...]]:
        """Run over the axes that may have indices: of a theorem others than the usual ones, too."""
        every = range(len(named.shape))
        for count in range(len(every), len(named.shown), -1) if self.all_axes else ():
            yield from (axes for axes in combinations(every, count) if {*named.shown} <= {*axes})
        yield named.shown


def symbol_of(printed: Formula) -> Symbol:
    """Return a name with its scripts."""
    (node,) = parts if len(parts := seen(printed)) == 1 else (Atom(latex(printed)),)
    return Symbol(*node) if isinstance(node, Scripts) else Symbol(node, None, None)


def is_letter(node: Node) -> bool:
    """Tell whether a part can be a name."""
    return isinstance(node, Accent) or (isinstance(node, Atom) and not node.text[0].isdecimal())


def _behind(below: Parts, own: Parts) -> Iterator[Parts]:
    """Return the indices behind a name's own subscript, if it begins with that."""
    if not own:
        yield below
    elif below[: len(own)] == own:
        rest = below[len(own) :]
        if not rest or is_atom(rest[0], ","):
            yield rest[1:]


def places_in(below: Parts, count: int) -> tuple[Parts, ...] | None:
    """Split a subscript into indices: at commas, or else letter by letter and digit by digit.

    Dots that stand for all positions have no commas between them.
    """
    if not below:
        return () if not count else None
    places, _ = split(below, {","})
    if len(places) == 1 and count != 1:
        places = [(one,) for one in _single(below)]
    elif count != 1:
        dots = [all(is_atom(one, r"\cdot") for one in place) for place in places]
        split_dots = zip(places, dots, strict=True)
        places = [own for p, d in split_dots for own in ([(one,) for one in p] if d else [p])]
    return tuple(places) if len(places) == count else None


def _single(parts: Sequence[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Atom) and part.text.isdecimal():
            yield from map(Atom, part.text)
        else:
            yield part
