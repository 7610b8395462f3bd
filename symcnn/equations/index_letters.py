"""The letters of indices: each has one meaning, and an axis keeps its letter in all equations.

A layer writes  z[m] <- sum over q of w[m,q] x[q]  in letters of its own. Behind a layer whose
output is called a[m], it reads  z[q] <- sum over m of w[q,m] a[m],  so that the derivative with
respect to a[m] has the same m.

Nor does a layer know that an axis of x may be called g, or a tensor. While it writes its
equations, axes that it did not name itself have a mark, g', that no letter of its own has, and an
index that is called like a tensor, y[g] <- g[g], gets another letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product, takewhile

from sympy import Expr, Indexed, Symbol

from symcnn.equations.access import accesses
from symcnn.equations.affine import affine
from symcnn.equations.equation import Equation, Guard, Loop
from symcnn.equations.notation import index, letter_of, spare_letters
from symcnn.equations.tensor import SAMPLE, Tensor
from symcnn.errors import SymcnnError

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
    """Return the letters of the axes that equations read by a single index, in that order.

    Two indices have the letter of one axis where no equation has both.
    """
    spelled = dict[Symbol, Symbol]()
    reads = [read for equation in equations for read in accesses(equation.value)]
    for tensor, read in product(inputs, reads):
        axes = tensor.indices if read.base == tensor.base else ()
        for symbol, axis in zip(read.indices, axes, strict=False):
            if symbol.is_Symbol and symbol not in spelled:
                beside = {s for e in equations if symbol in e.sizes for s in e.sizes}
                if axis not in {spelled.get(s) for s in beside}:
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


_MARK = "\N{PRIME}"


def marked(tensor: Tensor) -> Tensor:
    """Return a tensor whose axes have letters that nothing else has."""
    return replace(tensor, axes=tuple(axis + _MARK for axis in tensor.axes))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Let errors call axes by their letters."""
    try:
        yield
    except SymcnnError as error:
        raise SymcnnError(str(error).replace(_MARK, "")) from error


def unmarked_axes(tensor: Tensor) -> Tensor:
    """Return a tensor whose axes have their letters again."""
    return replace(tensor, axes=tuple(axis.removesuffix(_MARK) for axis in tensor.axes))


def unmarked(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """Return equations whose axes have their letters again, and own indices like them others."""
    used = dict.fromkeys(loop.symbol for equation in equations for loop in equation.loops)
    plain = {symbol: _plain(symbol) for symbol in used if symbol != _plain(symbol)}
    own = {symbol for equation in equations for symbol in _called_like_an_axis(equation)}
    spare = map(index, spare_letters({_plain(symbol).name for symbol in used}))
    spelled = {**plain, **{symbol: next(spare) for symbol in used if symbol in own}}
    return tuple(with_loops(equation, spelled) for equation in equations)


def _called_like_an_axis(equation: Equation) -> Iterator[Symbol]:
    """Run over the indices of a layer's own that have the letter of an axis beside them."""
    symbols = [loop.symbol for loop in equation.loops]
    axes = {_plain(symbol) for symbol in symbols if symbol != _plain(symbol)}
    return (symbol for symbol in symbols if symbol in axes)


def _plain(symbol: Symbol) -> Symbol:
    return index(symbol.name.removesuffix(_MARK))


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
