"""The letters of indices: no index is called like a tensor.

Layers choose the letters of their indices, users and layers those of tensors, and neither
knows the others': y[g] <- g[g] is g's entries under an index g. In a network such an index
gets another letter, in all equations and for all axes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sympy import Symbol

from symcnn.equations.equation import Equation, Guard, Loop
from symcnn.equations.notation import index, letter_of, spare_letters
from symcnn.equations.tensor import SAMPLE, Tensor

Spelling = Mapping[Symbol, Symbol]


def spelling(
    tensors: Collection[Tensor], equations: Collection[Equation], others: Collection[str] = ()
) -> Spelling:
    """Return other letters for the indices that are called like a tensor, or like one of others."""
    letters = {letter_of(tensor.label) for tensor in tensors} | {*others}
    loops = (loop.symbol for equation in equations for loop in equation.loops)
    used = dict.fromkeys([*loops, *(axis for tensor in tensors for axis in tensor.indices)])
    spare = map(index, spare_letters({*letters, *(symbol.name for symbol in used)}))
    clashing = (symbol for symbol in used if symbol.name in letters and symbol != SAMPLE)
    return {symbol: next(spare) for symbol in clashing}


def with_indices(tensor: Tensor, spelled: Spelling) -> Tensor:
    """Return a tensor with other letters for its axes."""
    own = tuple(spelled.get(symbol, symbol).name for symbol in tensor.indices)
    return tensor if own == tensor.axes else replace(tensor, axes=own)


def with_loops(equation: Equation, spelled: Spelling) -> Equation:
    """Return an equation with other letters for its loops."""
    if not any(loop.symbol in spelled for loop in equation.loops):
        return equation
    loops = (Loop(spelled.get(loop.symbol, loop.symbol), loop.size) for loop in equation.loops)
    guards = (Guard(guard.expression.xreplace(spelled), guard.size) for guard in equation.guards)
    return replace(
        equation,
        target=equation.target.xreplace(spelled),
        value=equation.value.xreplace(spelled),
        loops=tuple(loops),
        guards=tuple(guards),
    )
