"""The letters of indices: an axis keeps its letter from the equation that makes a tensor on.

A layer writes  z[m] <- sum over q of w[m,q] x[q]  in letters of its own. Behind a layer whose
output is called a[m], it reads  z[q] <- sum over m of w[q,m] a[m],  so that the derivative with
respect to a[m] has the same m.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product, takewhile

from sympy import Expr, Indexed, Symbol

from symcnn.equations.affine import affine
from symcnn.equations.equation import Equation
from symcnn.equations.notation import index, spare_letters
from symcnn.equations.reads import accesses
from symcnn.equations.spelling import Spelling, with_indices
from symcnn.equations.tensor import SAMPLE, Tensor

_POSITIONS = {"i": "r", "j": "s", "r": "i", "s": "j"}
"""The letters of positions one stage after the other."""


def carried(
    inputs: Sequence[Tensor], made: Collection[Tensor], equations: Sequence[Equation]
) -> Spelling:
    """Return letters under which equations read the axes of their inputs as these call them.

    What is called like such an axis and is none gets a letter that has become free, or another.

    Args:
        inputs: What the equations read, of one sample.
        made: What they define, and what else has axes with letters of theirs.
        equations: The equations.
    """
    loops = (loop.symbol for equation in equations for loop in equation.loops)
    used = dict.fromkeys([*loops, *(axis for tensor in made for axis in tensor.indices)])
    spelled = _as_read(inputs, equations)
    axes = {axis for tensor in inputs for axis in tensor.indices}
    bound = {symbol for symbol in used if symbol not in spelled and symbol not in axes}
    for symbol in used:
        if symbol not in spelled and symbol in axes:
            taken = {*axes, *bound, *spelled.values()}
            other = next((s for s in _others(symbol, spelled) if s not in taken), None)
            if other is None:  # there are not enough letters
                return {}
            spelled[symbol] = other
    return {old: new for old, new in spelled.items() if old != new}


def _as_read(inputs: Sequence[Tensor], equations: Sequence[Equation]) -> dict[Symbol, Symbol]:
    """Return the letters of the axes that equations read by a single index, in that order."""
    spelled = dict[Symbol, Symbol]()
    reads = [read for equation in equations for read in accesses(equation.value)]
    for tensor, read in product(inputs, reads):
        axes = tensor.indices if read.base == tensor.base else ()
        for symbol, axis in zip(read.indices, axes, strict=False):
            if symbol.is_Symbol and symbol not in spelled and axis not in spelled.values():
                spelled[symbol] = axis
    return spelled


def _others(symbol: Symbol, spelled: Spelling) -> Iterator[Symbol]:
    """Run over other letters for an index, the one that its letter has replaced first."""
    yield from (old for old, new in spelled.items() if new == symbol)
    yield from [index(_POSITIONS[symbol.name])] if symbol.name in _POSITIONS else []
    letters = takewhile(lambda name: len(name) == 1, spare_letters({SAMPLE.name}))
    yield from map(index, letters)


def with_letters_of(tensor: Tensor, equations: Sequence[Equation], spelled: Spelling) -> Tensor:
    """Return a tensor with the letters for its axes under which equations define or read it.

    The equations are those of one sample.
    """
    one = _of_one_sample(tensor.of_one_sample(), equations, spelled)
    return replace(tensor, axes=(*tensor.axes[: len(tensor.axes) - len(one.axes)], *one.axes))


def _of_one_sample(tensor: Tensor, equations: Sequence[Equation], spelled: Spelling) -> Tensor:
    usual = with_indices(tensor, spelled)
    found = [(e, r) for e in equations for r in _reads(e) if r.base == tensor.base]
    plain = [(e, r) for e, r in found if all(index.is_Symbol for index in r.indices)]
    if not plain and (not found or tensor.role == "parameter"):
        return usual
    equation, read = (plain or found)[0]
    pairs = zip(read.indices, usual.indices, strict=True)
    letters = tuple((_only(i, equation) or own).name for i, own in pairs)
    return usual if len(set(letters)) < len(letters) else replace(usual, axes=letters)


def _reads(equation: Equation) -> tuple[Indexed, ...]:
    return (equation.target, *accesses(equation.value))


def _only(position: Expr, equation: Equation) -> Symbol | None:
    """Return the index that a position is, but for those that take one value.

    A position of several tensors, such as that of a filter in a group of one filter, has none:
    the axis keeps its letter in all of them.
    """
    form = affine(position)
    long = [s for s in form.coefficients if equation.sizes.get(s, 1) != 1]
    if position.is_Symbol:
        return position
    if sum(position in read.indices for read in _reads(equation)) > 1:
        return None
    alone = len(long) == 1 and form.coefficient(long[0]) == 1 and form.constant == 0
    return long[0] if alone else None
