"""Axes whose letters come from elsewhere, kept apart from the letters that a layer writes.

A layer writes  y[2 m + g] <- x[3 g + m]  without knowing that an axis of x may be called g, and
must not read that axis by its own g. While a layer or a loss writes its equations, axes that it
did not name itself therefore have a mark, g', that no letter of its own has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sympy import Symbol

from symcnn.equations.equation import Equation
from symcnn.equations.notation import index, spare_letters
from symcnn.equations.spelling import with_loops
from symcnn.equations.tensor import Tensor
from symcnn.errors import SymcnnError

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
