"""The edges of a network, entry by entry, as the equations have them.

An equation  T[a] <- sum of w[b] x[c]  gives an edge from the entry x[c] to the entry
T[a] with the weight w[b], for every assignment of its loops; a maximum gives an edge
from every entry of the window, and the largest wins. What a layer is plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from sympy import Expr, Function, Indexed, Symbol

from symcnn.document import printed_form
from symcnn.document.context import Context
from symcnn.equations import SAMPLE, Equation, Max, Tensor, accesses, indices_in
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.printing.numerals import Numeral

Kind = Literal["plain", "winner", "loser", "same"]
Filter = tuple[str, tuple[int, ...]]
"""A parameter, and where its output stands in it."""

_NODES = ("input", "hidden", "auxiliary", "target", "loss")
_ARGUMENT = Symbol("argument", real=True)


class Edge(NamedTuple):
    """The entry ``source`` takes part in the entry ``target``.

    Attributes:
        source: The entry; None for the number 1, where a weight is added by itself.
        target: The entry.
        weight: The weight of the edge, if it has just one.
        kind: Whether the source won or lost a maximum, or is the same number.
        filter: What the weight is shared by, if it is used at several positions.
        function: The function that is applied on the way.
    """

    source: Symbol | None
    target: Symbol
    weight: Symbol | None = None
    kind: Kind = "plain"
    filter: Filter | None = None
    function: Formula | None = None


def count(context: Context) -> int:
    """Return how many terms the equations have, without writing them out."""
    return sum(equation.terms for equation in _equations(context))


def edges(context: Context) -> tuple[Edge, ...]:
    """Return every edge of the network, in the order of the equations."""
    found = (edge for e in _equations(context) for edge in _edges(context, e))
    return tuple(dict.fromkeys(found))


def _is_node(tensor: Tensor) -> bool:
    """Tell whether entries are drawn; an input is, even one of indices, which are given."""
    return tensor.role in _NODES or tensor.name == "x"


def _equations(context: Context) -> Iterator[Equation]:
    tensors = context.derivation.tensors
    return (e for e in printed_form.equations(context) if _is_node(tensors[e.target.base]))


def _edges(context: Context, equation: Equation) -> Iterator[Edge]:
    """Find the edges of an equation, each from what a term reads to the entry it helps to make."""
    derivation = context.derivation
    tensor = derivation.tensors[equation.target.base]
    shared = _shared(context, equation)
    function = _function(context, equation)
    selects = any(indices_in(equation))  # an index is not multiplied by what it selects
    for position in tensor.positions():
        terms = derivation.entries.terms(equation, tensor, position)
        kinds = _kinds(context, equation, terms)
        for term, kind in zip(terms, kinds, strict=True):
            found = sorted(_told(context, term.free_symbols), key=str)
            located = [(s, *derivation.entries.locate(s)) for s in found]
            weights = [(s, _filter(t, p, shared)) for s, t, p in located if t.role == "parameter"]
            sources: list[Symbol | None] = [s for s, t, _ in located if _is_node(t)]
            if not sources and term.is_Symbol and weights:
                sources = [None]
            weight, own = weights[0] if len(weights) == 1 and not selects else (None, None)
            for source in sources:
                yield Edge(source, tensor.symbol(position), weight, kind, own, function)


def _told(context: Context, symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    """Put what a log-sum-exp reads in its place, where a softmax is told without it."""
    entries = context.derivation.entries
    for symbol in symbols:
        tensor, _ = entries.locate(symbol)
        if tensor.name in context.softmaxes.within:
            formula = entries.formula(symbol)
            assert formula is not None
            yield from formula.free_symbols
        else:
            yield symbol


def _kinds(context: Context, equation: Equation, terms: Sequence[Expr]) -> list[Kind]:
    if not isinstance(equation.reduction, Max):
        renamed = isinstance(equation.value, Indexed) and len(terms) == 1
        return ["same" if renamed else "plain"] * len(terms)
    winners = context.winners(terms, equation.reduction)
    return ["winner" if n in winners else "loser" for n in range(len(terms))]


def _shared(context: Context, equation: Equation) -> dict[str, tuple[int, ...]]:
    """Return the parameters that are used at several positions, and their filters' axes.

    w[u, v, c, k] in z[i, j, k] is used at every i and j; its filters are those of k.
    """
    long = {loop.symbol for loop in equation.loops if loop.size > 1} - {SAMPLE}
    kept = equation.target.free_symbols & long
    found = {}
    for read in accesses(equation.value):
        tensor = context.derivation.tensors[read.base]
        if tensor.role == "parameter" and len(tensor.shape) > 1 and kept - read.free_symbols:
            own = [n for n, index in enumerate(read.indices) if index.free_symbols & kept]
            found[tensor.name] = tuple(own)
    return found


def _filter(
    tensor: Tensor, position: tuple[int, ...], shared: dict[str, tuple[int, ...]]
) -> Filter | None:
    axes = shared.get(tensor.name)
    return None if axes is None else (tensor.name, tuple(position[axis] for axis in axes))


def _function(context: Context, equation: Equation) -> Formula | None:
    r"""Return \sigma(\cdot) for a = sigma(z)."""
    read = accesses(equation.value)
    if not isinstance(equation.value, Function) or len(read) != 1:
        return None
    printer = context.number_printer({_ARGUMENT: Numeral(row(r"\cdot"), exact=True)})
    return printer.tree(equation.value.xreplace({read[0]: _ARGUMENT}))
