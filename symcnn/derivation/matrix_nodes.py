r"""Expressions in whole vectors and matrices, which are printed and worked out.

w^T delta,   delta x^T,   (diag(p) - p p^T) delta,   1/2 q k^T
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from sympy import Dummy, Expr, Indexed, Mod, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula import Atom, Fenced, Formula, Word, precedence
from symcnn.writing.formula.build import added, joined, level, parenthesized, replaced, row, scripts
from symcnn.writing.printing import subscripts
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import with_indices
from symcnn.writing.reading.pieces import by_pieces

# The value of a general form at values of its indices: sums, entries and all; and in matrices.


At = Mapping[Symbol, Array]
"""Values of indices and sizes, along one axis."""

Read = Callable[[Indexed, list[Array]], Array]
"""Gives the values of entries by their indices, counted from 0."""

_OWN = (Indexed, SymbolicSum, floor, ceiling, Mod)


def general_value(expression: Expr, at: At, read: Read, axes: int = 1) -> Array:
    """Return the value of an expression; every sum has an axis of its own, in front of others."""
    found: dict[Any, Any] = {}
    put = dict[Expr, Expr]()
    for part in _outermost(expression):
        put[part] = Dummy(real=True)
        found[put[part]] = _part(part, at, read, axes)
    return np.asarray(np.real(evaluate(expression.xreplace(put), {**at, **found}, FLOATS)))


def _outermost(expression: Expr) -> Iterator[Expr]:
    """Run over the parts that are worked out here, each once, but for those inside of others."""
    waiting, seen = [expression], set[Expr]()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        if isinstance(part, _OWN):
            yield part
        else:
            waiting += part.args


def _part(part: Expr, at: At, read: Read, axes: int) -> Array:
    if isinstance(part, SymbolicSum):
        return _sum(part, at, read, axes)
    if isinstance(part, Indexed):
        return read(part, [general_value(index, at, read, axes) for index in part.indices])
    values = [general_value(argument, at, read, axes) for argument in part.args]
    if isinstance(part, Mod):
        return np.asarray(np.mod(*values))
    (quotient,) = values
    down = isinstance(part, floor)
    return np.asarray(np.floor(quotient + 1e-9) if down else np.ceil(quotient - 1e-9))


def _sum(total: SymbolicSum, at: At, read: Read, axes: int) -> Array:
    """Add up over the last index first, as the limits of the others do not hold it."""
    *inner, (symbol, low, high) = total.limits
    first, last = (general_value(end, at, read, axes) for end in (low, high))
    body = SymbolicSum(total.function, *inner) if inner else total.function

    def collected(run: Array) -> tuple[Array, int]:
        values = general_value(body, {**at, symbol: run}, read, axes + 1)
        kept = np.where((run >= first) & (run <= last), values, 0.0)
        return np.asarray(kept.sum(axis=0)), kept.size

    start, end = int(np.min(first)), int(np.max(last))
    return np.asarray(sum(by_pieces(start, end, at, axes, collected)))


Axes = tuple[Symbol, ...]
"""The indices of the rows and the columns of a matrix, of a vector's entries, or none."""

LETTERS = tuple(Symbol(name, real=True) for name in ("Upsilon", "Xi", "Psi", "Omega"))
"""What the entries in a function of several stand for; no tensor is called so."""


class Place(NamedTuple):
    """Where expressions are worked out.

    Attributes:
        read: Looks entries up.
        at: The values of sizes, settings and fixed indices.
        lengths: How many values the other indices have.
    """

    read: Callable[[Indexed, list[Array]], Array]
    at: Mapping[Symbol, Array]
    lengths: Mapping[Symbol, int]

    def entrywise(self, expression: Expr, axes: Axes) -> Array:
        """Return the values of an expression for all values of its indices."""
        shape = tuple(self.lengths[axis] for axis in axes)
        count = int(np.prod(shape))
        grids = np.indices(shape).reshape(len(shape), count).astype(float)
        at = {**self.at, **dict(zip(axes, grids, strict=True))}
        made = general_value(expression, at, self.read)
        return np.broadcast_to(made, (count,)).reshape(shape)


@dataclass(frozen=True)
class Printing:
    """By what expressions are printed.

    Attributes:
        printer: What prints formulas.
        base: What the first index is.
    """

    printer: MathPrinter
    base: int


Kind = Literal["", "transposed", "diagonal"]


@dataclass(frozen=True)
class Entry:
    """A tensor, or one of its vectors or matrices, where other indices are fixed."""

    entry: Indexed
    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        return place.entrywise(self.entry, self.axes)

    def printed(self, by: Printing) -> Formula:
        """Print its letter, with dots for its own indices if others are fixed."""
        label = by.printer.tree(self.entry.base.label)
        pairs = zip(self.entry.indices, self.entry.shape, strict=True)
        long = [index for index, length in pairs if length != 1]
        if all(index in self.axes for index in long):
            return label
        dots = [
            row(Atom(r"\cdot")) if index in self.axes else subscripts.position(index, by.base)
            for index in long
        ]
        return row(with_indices(label, subscripts.indices(dots)))


@dataclass(frozen=True)
class Ones:
    """A vector of ones."""

    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        return np.ones(place.lengths[self.axes[0]])

    def printed(self, by: Printing) -> Formula:
        """Print a bold 1."""
        return row(Atom(r"\mathbf{1}"))


@dataclass(frozen=True)
class Entrywise:
    """A function of every entry of vectors and matrices.

    Attributes:
        function: The function of letters.
        parts: What the letters stand for.
        axes: The indices.
    """

    function: Expr
    parts: tuple[tuple[Symbol, Node], ...]
    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        shape = tuple(place.lengths[axis] for axis in self.axes)
        values = {s: _turned(node, self.axes, place).reshape(-1) for s, node in self.parts}
        made = general_value(self.function, {**place.at, **values}, place.read)
        return np.broadcast_to(made, (int(np.prod(shape)),)).reshape(shape)

    def printed(self, by: Printing) -> Formula:
        """Print the function; a power has a sign that it is one of entries."""
        letters = dict(self.parts)
        if self.function.is_Pow and self.function.base in letters:
            inside = _closed(letters[self.function.base].printed(by))
            power = level(by.printer.tree(self.function.exp))
            return row(scripts(inside, None, row(Atom(r"\odot"), power)))
        tree = by.printer.tree(self.function)
        return replaced(tree, {f"\\{s.name}": node.printed(by) for s, node in self.parts})

    @property
    def inverse(self) -> Node | None:
        """What this is the inverse of, entry by entry."""
        letters = dict(self.parts)
        is_inverse = self.function.is_Pow and self.function.exp == -1
        return letters.get(self.function.base) if is_inverse else None


@dataclass(frozen=True)
class Hadamard:
    """Vectors or matrices that are multiplied entry by entry."""

    parts: tuple[Node, ...]
    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        return np.asarray(np.prod([_turned(p, self.axes, place) for p in self.parts], axis=0))

    def printed(self, by: Printing) -> Formula:
        """Print the factors with a circled dot between them."""
        pairs = [
            (part, part.inverse if isinstance(part, Entrywise) else None) for part in self.parts
        ]
        above = [_factor(part, by) for part, inverse in pairs if inverse is None]
        below = [_factor(inverse, by) for _, inverse in pairs if inverse is not None]
        if not above:
            above, below = [_factor(part, by) for part in self.parts], []
        return row(
            joined(above, Atom(r"\odot")), *(p for b in below for p in (Atom(r"\oslash"), b))
        )


class Token(NamedTuple):
    """A factor of a product of matrices; a vector is a column, or a row where it is transposed."""

    node: Node
    kind: Kind


@dataclass(frozen=True)
class Product:
    """scale times a product of matrices, of which none but the scale is a number."""

    scale: Expr
    tokens: tuple[Token, ...]
    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        made: Array = np.asarray(place.entrywise(self.scale, ())).reshape(1, 1)
        product = None
        for token in self.tokens:
            matrix = _matrix(token, place)
            product = matrix if product is None else product @ matrix
        shape = tuple(place.lengths[axis] for axis in self.axes)
        return (made if product is None else made * product).reshape(shape)

    @property
    def is_negative(self) -> bool:
        """Whether it is subtracted."""
        return bool(self.scale.could_extract_minus_sign())

    @property
    def ones(self) -> int:
        """How many of its factors are vectors of ones."""
        return sum(isinstance(token.node, Ones) for token in self.tokens)

    @property
    def is_entrywise(self) -> bool:
        """Whether a vector is multiplied by diagonal matrices alone."""
        return len(self.tokens) > 1 and all(t.kind == "diagonal" for t in self.tokens[:-1])

    def printed(self, by: Printing) -> Formula:
        """Print the product with its scale; entry by entry where it is one of vectors."""
        last = self.tokens[-1] if self.tokens else None
        if last and self.is_entrywise and not last.kind and len(last.node.axes) == 1:
            parts = tuple(token.node for token in self.tokens)
            return _scaled(self.scale, Hadamard(parts, self.axes).printed(by), by)
        return self.without_last(by, 0)

    def without_last(self, by: Printing, left_out: int) -> Formula:
        """Print the product without its last factors."""
        tokens = self.tokens[: len(self.tokens) - left_out]
        if self.scale == 1 and len(tokens) == 1 and not tokens[0].kind:
            return tokens[0].node.printed(by)
        factors = [part for token in tokens for part in _token(token, by).parts]
        return _scaled(self.scale, row(*factors), by)


@dataclass(frozen=True)
class Total:
    """A sum of products."""

    parts: tuple[Product, ...]
    axes: Axes

    def value(self, place: Place) -> Array:
        """Return its entries."""
        return np.asarray(sum(part.value(place) for part in self.parts))

    @property
    def ordered(self) -> tuple[Product, ...]:
        """The products: those that are added first, and the longest of them before the others."""
        return tuple(sorted(self.parts, key=lambda p: (p.is_negative, -len(p.tokens), p.ones)))

    @property
    def common(self) -> Token | None:
        """The vector that all products end with, (A - B) v."""
        lasts = [part.tokens[-1] for part in self.parts if len(part.tokens) > 1]
        if not len(self.parts) == len(lasts) > 1 or len({_key(last) for last in lasts}) > 1:
            return None
        return lasts[0] if not lasts[0].kind and len(lasts[0].node.axes) == 1 else None

    @property
    def is_short(self) -> bool:
        """Whether it is a difference of two matrices, times a vector: (diag(p) - p p^T) v."""
        are_two = len(self.parts) == 2 and all(len(part.tokens) <= 3 for part in self.parts)
        return self.is_of_matrices and are_two and all(p.scale**2 == 1 for p in self.parts)

    @property
    def is_of_matrices(self) -> bool:
        """Whether a common vector is multiplied by other matrices than diagonal ones."""
        return self.common is not None and not all(part.is_entrywise for part in self.parts)

    def printed(self, by: Printing) -> Formula:
        """Print the sum, with a common vector behind it."""
        if not self.is_of_matrices or (last := self.common) is None:
            return added([part.printed(by) for part in self.ordered])
        inside = added([part.without_last(by, 1) for part in self.ordered])
        return row(parenthesized(inside), *_token(last, by).parts)


Node = Entry | Ones | Entrywise | Hadamard | Product | Total


def _key(token: Token) -> object:
    """Return the same for a vector, whichever letter counts its entries."""
    node = token.node
    if isinstance(node, Entry):
        numbered = {axis: Symbol(f"{n}") for n, axis in enumerate(node.axes)}
        return token.kind, node.entry.xreplace(numbered)
    return token


def _turned(node: Node, axes: Axes, place: Place) -> Array:
    value = node.value(place)
    return value if node.axes == axes else value.T


def _matrix(token: Token, place: Place) -> Array:
    value = token.node.value(place)
    if token.kind == "diagonal":
        return np.diag(value)
    matrix = value.reshape(-1, 1) if value.ndim == 1 else value
    return matrix.T if token.kind == "transposed" else matrix


def _scaled(scale: Expr, product: Formula, by: Printing) -> Formula:
    """Print a number in front of a product."""
    if not product.parts:
        return by.printer.tree(scale)
    if scale == 1:
        return product
    if bool(scale.could_extract_minus_sign()):
        return row("-", _scaled(-scale, product, by))
    return row(precedence.factor(by.printer.tree(scale)), *product.parts)


def _closed(formula: Formula) -> Formula:
    """Print something that a script stands at: in parentheses, if it has scripts or is a sum."""
    alone = len(formula.parts) == 1 and isinstance(formula.parts[0], Atom | Fenced)
    return formula if alone else row(parenthesized(formula))


def _factor(node: Node, by: Printing) -> Formula:
    printed = node.printed(by)
    is_sum = isinstance(node, Total) and (len(node.parts) > 1 and not node.is_of_matrices)
    is_sum = is_sum or (isinstance(node, Entrywise) and node.function.is_Add)
    is_sum = is_sum or printed.parts[:1] == (Atom("-"),)
    return row(parenthesized(printed)) if is_sum or isinstance(node, Hadamard) else printed


def _token(token: Token, by: Printing) -> Formula:
    if token.kind == "diagonal":
        node, power = token.node, None
        if isinstance(node, Entrywise) and node.function.is_Pow:
            letters = dict(node.parts)
            if node.function.base in letters:
                node, power = letters[node.function.base], node.function.exp
        inside = parenthesized(node.printed(by))
        if power is None:
            return row(Word("diag"), inside)
        return row(Word("diag"), scripts(inside, None, level(by.printer.tree(power))))
    factor = _factor(token.node, by)
    if token.kind == "transposed":
        return row(scripts(_closed(factor), None, Atom(r"\top")))
    return factor
