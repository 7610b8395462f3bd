"""Random numbers for all entries, each independent of the others: what formulas are read back at.

There an expression is equal to what is printed for it only if both are the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from sympy import Dummy, Expr, Symbol

from symcnn.derivation.derived import Derived
from symcnn.derivation.entries import Entries, Place
from symcnn.derivation.jacobians import Moved
from symcnn.equations import Tensor, is_counted
from symcnn.equations.functions import DefinedFunction
from symcnn.equations.values.evaluation import Array
from symcnn.network.network import Network
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula import Formula
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.reading.functions import FUNCTIONS
from symcnn.writing.reading.names import Named, Names, Places


class Draw(NamedTuple):
    """Which numbers are drawn, and between what they lie."""

    seed: int
    low: float
    high: float


_POSITIVE, *_OTHERS = (Draw(0, 0.1, 0.9), *(Draw(seed, -0.9, 0.9) for seed in range(1, 6)))


def draws(*, branches: bool) -> tuple[Draw, ...]:
    """Return where formulas are tried: where all functions have a value, and on both sides of 0.

    Args:
        branches: Whether comparisons of entries choose between parts of a formula.
    """
    return (_POSITIVE, *_OTHERS) if branches else (_POSITIVE, _OTHERS[0])


_MOVED = 1e-12


class Drawn(dict[Any, Any]):
    """The numbers of entries by their symbols, drawn when they are asked for."""

    def __init__(
        self,
        network: Network,
        locate: Callable[[Symbol], Place],
        draw: Draw,
        *,
        moved: bool = False,
    ) -> None:
        """Take what finds entries, and which numbers they get.

        Args:
            network: Whose entries they are.
            locate: Finds an entry by its symbol.
            draw: Which numbers they are.
            moved: Whether they are moved by more than rounding moves what follows from them.
        """
        self._network, self._locate, self._draw, self._moved = network, locate, draw, moved
        self._arrays = dict[str, Array]()
        self._figures: Mapping[Symbol, float] = {}

    def __missing__(self, symbol: Symbol) -> float:
        """Return the number of an entry."""
        if symbol in self._figures:
            return self._near(self._figures[symbol])
        tensor, position = self._locate(symbol)
        return float(self.array(tensor)[position])

    def array(self, tensor: Tensor) -> Array:
        """Return the numbers of a tensor; of one that holds indices, some, and of positions all."""
        if tensor.name not in self._arrays:
            self._arrays[tensor.name] = self._drawn(tensor)
        return self._arrays[tensor.name]

    def _drawn(self, tensor: Tensor) -> Array:
        random = np.random.default_rng([self._draw.seed, crc32(tensor.name.encode())])
        shape = tuple(int(size) for size in tensor.shape)
        if is_counted(tensor.base):
            return np.arange(float(shape[0]))
        lengths = self._network.indexing
        if tensor.name in lengths:
            return random.integers(0, int(lengths[tensor.name]), shape).astype(float)
        drawn = random.uniform(self._draw.low, self._draw.high, shape)
        return drawn * (1 + _MOVED * random.choice((-1, 1), shape)) if self._moved else drawn

    def _near(self, figure: float) -> float:
        sign = 1 if crc32(str(figure).encode()) % 2 else -1
        return figure * (1 + sign * _MOVED) if self._moved else figure

    def with_figures(self, figures: Mapping[Symbol, float]) -> Drawn:
        """Return the same, but for some entries that have numbers already."""
        made = Drawn(self._network, self._locate, self._draw, moved=self._moved)
        made._arrays, made._figures = self._arrays, figures
        return made

    def number(self, expression: Expr) -> float:
        """Return the value of an expression of entries; no number if it has none."""
        try:
            return float(np.real(evaluate(expression, self, FLOATS)))
        except ArithmeticError:
            return float("nan")


def names_of(
    derivation: Derived, drawn: Drawn, printer: MathPrinter, constants: Mapping[Expr, Formula]
) -> Names:
    """Return what printed names stand for: tensors with drawn numbers, and constants.

    Args:
        derivation: Whose tensors they are.
        drawn: Their numbers.
        printer: What prints their names.
        constants: The letters of constants.
    """
    tensors, entries = derivation.tensors, derivation.entries
    names = Names(
        numbers={latex(letter): float(value) for value, letter in constants.items()},
        loss=latex(printer.loss),
        slopes=_slopes(derivation, drawn),
        functions=own_functions(derivation.network),
    )
    for base, tensor in tensors.items():
        if not is_counted(base):
            named = _selected if tensor.role == "selector" else _read
            names.add(printer.tree(base.label), named(tensor, drawn, entries))
    return names


def own_functions(network: Network) -> dict[str, Callable[[Array], Array]]:
    """Return the functions of users in a network by their names, in floats."""
    used = (f for e in network.equations for f in e.value.atoms(DefinedFunction))
    return {f.__name__: _in_floats(f) for f in map(type, used) if f.__name__ not in FUNCTIONS}


def _in_floats(function: type[DefinedFunction]) -> Callable[[Array], Array]:
    z = Dummy("z", real=True)
    definition = function.definition(z)

    def value(number: float) -> float:
        return float(np.real(evaluate(definition, {z: number}, FLOATS)))

    return np.vectorize(value, otypes=[float])


def _read(tensor: Tensor, drawn: Drawn, entries: Entries) -> Named:
    def values(places: Places) -> Array:
        return np.asarray(drawn.array(tensor)[places])

    return _named(tensor, values)


def _selected(tensor: Tensor, drawn: Drawn, entries: Entries) -> Named:
    """Return the shares of the terms of a maximum in it, which follow from the terms."""

    def values(places: Places) -> Array:
        flat = [place.ravel().tolist() for place in places]
        expressions = (entries.scalar(tensor.base[at]) for at in zip(*flat, strict=True))
        numbers = [drawn.number(expression) for expression in expressions]
        return np.array(numbers, dtype=float).reshape(places[0].shape)

    return _named(tensor, values)


def _named(tensor: Tensor, values: Callable[[Places], Array]) -> Named:
    shape = tuple(int(size) for size in tensor.shape)
    shown = tuple(axis for axis, size in enumerate(tensor.shape) if size != 1)
    return Named(tensor.name, shape, shown, values)


def _slopes(derivation: Derived, drawn: Drawn) -> Callable[[tuple[str, ...], Places], Array]:
    """Return what looks up derivatives of the loss, with respect to one entry or to two."""
    twice = second_derivatives(derivation.tensors.values())

    def slopes(names: tuple[str, ...], places: Places) -> Array:
        if len(names) == 1:
            return np.asarray(drawn.array(derivation.adjoints[names[0]])[places])
        return np.asarray(drawn.array(twice[names[0], names[1]])[places])

    return slopes


def second_derivatives(tensors: Iterable[Tensor]) -> dict[tuple[str, str], Moved]:
    """Return the tensors of second derivatives by what the loss is differentiated with respect to.

    Jacobians of stages are none of them.
    """
    moved = (tensor for tensor in tensors if isinstance(tensor, Moved))
    return {(made.of, made.by): made for made in moved if made.kind != "jacobian"}
