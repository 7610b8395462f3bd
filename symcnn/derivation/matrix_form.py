r"""The formula of a tensor in whole vectors and matrices, read off its indices.

    dz_q = sum over m of dy_m w_mq   is   dz = w^T dy

An index is followed from factor to factor: a matrix leads from one to another, a vector ends it,
and the next vector begins with another one, as a row.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, count
from typing import NamedTuple

from sympy import Add, Dummy, Expr, Indexed, Mul, Pow, Symbol, expand_mul
from sympy import Sum as SymbolicSum

from symcnn.derivation.matrix_nodes import (
    LETTERS,
    Axes,
    Entry,
    Entrywise,
    Hadamard,
    Node,
    Ones,
    Product,
    Token,
    Total,
)

_MOST = 7
"""The most factors of a product, whose orders are tried."""


class NoMatrixFormError(Exception):
    """The formula is none in matrices."""


class MatrixForm(NamedTuple):
    """A formula in whole vectors and matrices.

    Attributes:
        node: The right side.
        fixed: The indices of the left side that stay: there is a formula for each of them.
        lengths: How many values the indices have that are summed over.
    """

    node: Total
    fixed: Axes
    lengths: Mapping[Symbol, Expr]


def matrix_form(right: Expr, free: Axes, signals: Container[Expr]) -> MatrixForm | None:
    """Return a formula in matrices; None if it is none.

    Args:
        right: The right side, in entries with free indices.
        free: The indices of the left side, of its axes that are longer than 1.
        signals: The error signals, by their bases.
    """
    for fixed in chain.from_iterable(combinations(free, n) for n in range(len(free) + 1)):
        own = tuple(index for index in free if index not in fixed)
        if len(own) > 2 or (fixed and not own):
            continue
        found = [_read(part, own, signals) for part in (expand_mul(right), right)]
        made = [(node, lengths) for node, lengths in found if node is not None]
        if made:
            node, lengths = made[0] if made[0][0].is_of_matrices else made[-1]
            return MatrixForm(node, fixed, lengths)
    return None


def _read(
    right: Expr, own: Axes, signals: Container[Expr]
) -> tuple[Total | None, Mapping[Symbol, Expr]]:
    reader = _Reader(signals)
    try:
        return reader.total(right, own), reader.lengths
    except NoMatrixFormError:
        return None, {}


@dataclass(frozen=True)
class _Part:
    """A factor with the indices that it has."""

    node: Node
    axes: Axes


class _Reader:
    """Reads expressions over indices as expressions in matrices."""

    def __init__(self, signals: Container[Expr]) -> None:
        self._signals, self._numbers = signals, count()
        self.lengths = dict[Symbol, Expr]()

    def total(self, expression: Expr, out: Axes) -> Total:
        """Read a sum, all of whose entries have the indices ``out`` or lack some of them."""
        terms = (part for term in Add.make_args(expression) for part in _spread(term))
        return Total(tuple(self._product(term, out) for term in terms), out)

    def _product(self, term: Expr, out: Axes) -> Product:
        for flat in (True, False):
            scale, parts, summed = self._factors(term, out, is_flat=flat)
            if len(parts) <= _MOST:
                found = [*_chains(self._grouped(parts), out, summed)]
                if found:
                    return Product(scale, min(found, key=self._cost), out)
        raise NoMatrixFormError

    def _factors(
        self, term: Expr, out: Axes, *, is_flat: bool
    ) -> tuple[Expr, list[_Part], frozenset[Symbol]]:
        """Return the number in front, the factors, and the indices that are summed over."""
        scale, parts, summed = Mul(), list[_Part](), set[Symbol]()
        waiting = [*Mul.make_args(term)]
        while waiting:
            factor = waiting.pop(0)
            if isinstance(factor, SymbolicSum):
                used = self._used(factor, (*out, *summed))
                if is_flat or len(used) != 1 or factor == term:
                    body, own = self._opened(factor)
                    summed |= own
                    waiting = [*Mul.make_args(body), *waiting]
                    continue
                parts.append(_Part(self.total(factor, used), used))
                continue
            used = self._used(factor, (*out, *summed))
            if used:
                parts.append(_Part(self._node(factor, used), used))
            else:
                scale *= factor
        if any(all(index not in part.axes for part in parts) for index in summed):
            raise NoMatrixFormError
        if scale.has(SymbolicSum):
            raise NoMatrixFormError
        return scale, parts, frozenset(summed)

    def _opened(self, total: SymbolicSum) -> tuple[Expr, set[Symbol]]:
        """Return what is summed, with indices that nothing else has; their ranges are whole."""
        fresh = {s: Dummy(f"m{next(self._numbers)}", integer=True) for s, *_ in total.limits}
        body = total.function
        if isinstance(body, Add) or any(low != 0 for _, low, _ in total.limits):
            raise NoMatrixFormError
        self.lengths |= {fresh[index]: high + 1 for index, _, high in total.limits}
        return body.xreplace(fresh), {*fresh.values()}

    def _used(self, factor: Expr, indices: Sequence[Symbol]) -> Axes:
        return tuple(index for index in dict.fromkeys(indices) if index in factor.free_symbols)

    def _node(self, factor: Expr, axes: Axes) -> Node:
        """Read a factor that has one index or two."""
        if len(axes) > 2:
            raise NoMatrixFormError
        if isinstance(factor, Indexed):
            return self._entry(factor, axes)
        if isinstance(factor, Add):
            return self.total(factor, axes)
        if isinstance(factor, Pow) and not factor.exp.has(*axes):
            letter = Dummy(f"u{next(self._numbers)}", real=True)
            base = self._node(factor.base, axes)
            return Entrywise(Pow(letter, factor.exp, evaluate=False), ((letter, base),), axes)
        return self._function(factor, axes)

    def _entry(self, entry: Indexed, axes: Axes) -> Entry:
        own = tuple(index for index in entry.indices if index in axes)
        others = [index for index in entry.indices if index not in axes]
        if {*own} != {*axes} or len(own) != len(axes) or any(i.has(*axes) for i in others):
            raise NoMatrixFormError
        return Entry(entry, own)

    def _function(self, factor: Expr, axes: Axes) -> Entrywise:
        """Read a function of entries with the same indices."""
        if factor.has(SymbolicSum):
            raise NoMatrixFormError
        entries = sorted((e for e in factor.atoms(Indexed) if e.has(*axes)), key=str)
        if not entries or any({*self._used(entry, axes)} != {*axes} for entry in entries):
            raise NoMatrixFormError
        if len(entries) > len(LETTERS):
            raise NoMatrixFormError
        letters = dict(zip(entries, LETTERS, strict=False))
        made = factor.xreplace(letters)
        if made.has(*axes):
            raise NoMatrixFormError
        parts = tuple((letter, self._entry(entry, axes)) for entry, letter in letters.items())
        return Entrywise(made, parts, axes)

    def _grouped(self, parts: Sequence[_Part]) -> list[_Part]:
        """Multiply matrices with the same indices entry by entry."""
        found = dict[frozenset[Symbol], list[_Part]]()
        for part in parts:
            found.setdefault(frozenset(part.axes), []).append(part)
        made = list[_Part]()
        for axes, group in found.items():
            if len(axes) == 2 and len(group) > 1:
                nodes = tuple(part.node for part in group)
                own = group[0].node.axes
                if any(node.axes != own for node in nodes):
                    raise NoMatrixFormError
                made.append(_Part(Hadamard(nodes, own), own))
            else:
                made += group
        return made

    def _cost(self, tokens: Sequence[Token]) -> tuple[int, ...]:
        """Prefer few factors, few ones, no diagonal error signals, and few transposes."""
        ones = sum(isinstance(token.node, Ones) for token in tokens)
        diagonal = [token for token in tokens if token.kind == "diagonal"]
        signals = sum(self._is_signal(token.node) for token in diagonal)
        transposed = sum(token.kind == "transposed" for token in tokens)
        last = tokens[-1].node if tokens else None
        at_the_end = isinstance(last, Ones), last is not None and not self._is_signal(last)
        return len(tokens), ones, signals, len(diagonal), transposed, *at_the_end

    def _is_signal(self, node: Node) -> bool:
        return isinstance(node, Entry) and node.entry.base in self._signals


def _spread(term: Expr) -> Iterator[Expr]:
    """Make a sum of sums of what is a sum over several terms."""
    factors = Mul.make_args(term)
    for factor in factors:
        if isinstance(factor, SymbolicSum) and isinstance(factor.function, Add):
            rest = Mul(*(other for other in factors if other is not factor))
            for part in factor.function.args:
                yield from _spread(rest * SymbolicSum(part, *factor.limits))
            return
    yield term


Tokens = tuple[Token, ...]


def _chains(parts: Sequence[_Part], out: Axes, summed: frozenset[Symbol]) -> Iterator[Tokens]:
    """Run over the orders in which factors are a product of matrices."""
    if out:
        yield from _open(out[0], (), [*parts], out, {out[0]})
    else:
        yield from _closed((), [*parts], out, set())


def _open(
    at: Symbol, tokens: Tokens, left: list[_Part], out: Axes, seen: set[Symbol]
) -> Iterator[Tokens]:
    """Go on behind a factor whose columns are counted by an index."""
    mine = [part for part in left if at in part.axes]
    if not mine:
        if len(out) == 2 and at == out[1] and tokens:
            if not left:
                yield tokens
            return
        yield from _closed((*tokens, Token(Ones((at,)), "")), left, out, seen)
        return
    for part in mine:
        rest = [other for other in left if other is not part]
        if len(part.axes) == 1:
            yield from _open(at, (*tokens, Token(part.node, "diagonal")), rest, out, seen)
            if not any(at in other.axes for other in rest) and not (len(out) == 2 and at == out[1]):
                yield from _closed((*tokens, Token(part.node, "")), rest, out, seen)
            continue
        (away,) = (index for index in part.axes if index != at)
        if away not in seen and len(mine) == 1:
            kind = "" if part.node.axes == (at, away) else "transposed"
            token = Token(part.node, "transposed" if kind else "")
            yield from _open(away, (*tokens, token), rest, out, seen | {away})


def _closed(tokens: Tokens, left: list[_Part], out: Axes, seen: set[Symbol]) -> Iterator[Tokens]:
    """Go on behind a column: the product is complete, or a row begins."""
    if not left:
        if len(out) < 2:
            yield tokens
        elif out[1] not in seen:
            yield (*tokens, Token(Ones((out[1],)), "transposed"))
        return
    for index in dict.fromkeys(i for part in left for i in part.axes if i not in seen):
        for part in left:
            rest = [other for other in left if other is not part]
            if part.axes == (index,):
                token = Token(part.node, "transposed")
                yield from _open(index, (*tokens, token), rest, out, seen | {index})
        token = Token(Ones((index,)), "transposed")
        yield from _open(index, (*tokens, token), left, out, seen | {index})
