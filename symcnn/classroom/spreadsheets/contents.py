"""What stands on the sheets of a workbook: every entry, and its formula over entries before it.

Given       the input, the parameters, the target, the learning rate
Forward     the outputs of the layers, and the loss
Backward    the loss's derivative with respect to each of them, and to each parameter
Update      the parameters after one step, w - rate dL/dw

Names of cells read as on paper. They consist of letters, digits and underscores, do not distinguish
upper and lower case, and are not the address of a cell, as Z2 and R1C1 are.

    w_13  ->  w_13        delta^z_21  ->  delta_z_21        w^(2)_1  ->  w2_1

Where entries stand on a sheet: matrices one below the other, with the letter of each entry.

An array of more than two axes is a matrix for each index along the others, as an image is one for
each channel. Axes of length 1 take no room, as they have no index in formulas.

    conv1
    k = 1     z_111  [    ]   z_121  [    ]
              z_211  [    ]   z_221  [    ]
    k = 2     z_112  [    ]   ...
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation.statement import GRADIENT
from symcnn.document.rows.slices import Position, matrix_axes, slices
from symcnn.equations import Equation, Tensor, accesses, is_maximum
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.problems import Problem

RATE = "learning rate"
RATE_SYMBOL = Symbol("eta", real=True)
UPDATED = "updated "
GIVEN, FORWARD, BACKWARD, UPDATE = "Given", "Forward", "Backward", "Update"


@dataclass(frozen=True)
class Quantity:
    """An array on a sheet.

    Attributes:
        name: Its name, as ``Problem.quantity`` takes it.
        tensor: An array of its shape.
        symbols: The symbols of its entries by their positions.
        is_given: Whether its numbers are given.
    """

    name: str
    tensor: Tensor
    symbols: dict[tuple[int, ...], Symbol]
    is_given: bool = False


@dataclass(frozen=True)
class Contents:
    """The quantities of a problem, on sheets."""

    problem: Problem
    asked: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse what no workbook could hold, before anything is enumerated."""
        derivation = self.problem.derivation
        tensors = (*derivation.network.tensors.values(), *derivation.adjoints.values())
        entries = sum(tensor.size for tensor in tensors)
        steps = (step.equation for step in derivation.steps)
        terms = sum(map(_terms, (*derivation.network.equations, *steps)))
        if entries > limits.SPREADSHEET_ENTRIES or terms > limits.SPREADSHEET_TERMS:
            raise TooLargeError(
                f"the workbook would have {entries:,} cells and {terms:,} terms, but may have "
                f"{limits.SPREADSHEET_ENTRIES:,} and {limits.SPREADSHEET_TERMS:,}: export a program"
            )

    @cached_property
    def sheets(self) -> dict[str, tuple[Quantity, ...]]:
        """The quantities on each sheet, in the order of computation."""
        return {title: kept for title, all in self._all.items() if (kept := self._kept(all))}

    @cached_property
    def _all(self) -> dict[str, tuple[Quantity, ...]]:
        """What there would be on each sheet if everything were asked for."""
        return {
            GIVEN: tuple(self._given()),
            FORWARD: tuple(self._forward()),
            BACKWARD: tuple(self._backward()),
            UPDATE: tuple(self._updated()),
        }

    @property
    def computed(self) -> list[str]:
        """The quantities that are not given, in the order of computation."""
        return [quantity.name for quantity in self.quantities if not quantity.is_given]

    def chosen(self, names: Collection[str]) -> Contents:
        """Return the contents with some of the computed quantities alone.

        Raises:
            SymcnnError: If there is no cell of one.
        """
        for name in names:
            if name not in self.computed:
                raise SymcnnError(
                    f"there is no cell of {shown(name)}: {known(name, self.computed)}"
                )
        return replace(self, asked=frozenset(names))

    def _kept(self, quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
        asked = self.asked
        return tuple(q for q in quantities if q.is_given or asked is None or q.name in asked)

    @property
    def quantities(self) -> Iterator[Quantity]:
        """All quantities."""
        return (quantity for sheet in self.sheets.values() for quantity in sheet)

    @cached_property
    def names(self) -> dict[Symbol, str]:
        """The name of every cell; dL/dw_11 is dL_dw_11."""
        every = [quantity for sheet in self._all.values() for quantity in sheet]
        labels = [label for quantity in every for label in self._labels(quantity)]
        symbols = [symbol for quantity in every for symbol in quantity.symbols.values()]
        return dict(zip(symbols, cell_names(labels), strict=True))

    def formula(self, symbol: Symbol) -> Expr:
        """Return the formula of an entry that is computed."""
        if symbol in self._steps:
            return self._steps[symbol]
        found = self.problem.derivation.entries.formula(symbol)
        assert found is not None, "what is given has no formula"
        return found

    def value(self, expression: Expr) -> Expr:
        """Return the value of entries, or of an expression of them, at the problem's numbers."""
        if expression == RATE_SYMBOL:
            return self.problem.learning_rate
        step = self._steps.get(expression)
        if step is None:
            return self.problem.point.value(expression)
        return self.problem.point.value(step.xreplace({RATE_SYMBOL: self.problem.learning_rate}))

    def _labels(self, quantity: Quantity) -> Iterator[str]:
        if not self._is_slope(quantity):
            return (symbol.name for symbol in quantity.symbols.values())
        learned = self._tensors[quantity.name.removeprefix(GRADIENT)]
        loss = self.problem.network.loss_tensor.label
        entries = map(learned.symbol, quantity.symbols)
        return (f"d{loss}_d{entry.name}" for entry in entries)

    def _is_slope(self, quantity: Quantity) -> bool:
        """Tell whether it is the derivative with respect to a parameter."""
        learned = {f"{GRADIENT}{tensor.name}" for tensor in self.problem.network.parameters}
        return quantity.name in learned

    @property
    def _tensors(self) -> dict[str, Tensor]:
        return self.problem.network.tensors

    def _given(self) -> Iterator[Quantity]:
        for name, tensor in self._tensors.items():
            if tensor.is_given:
                yield Quantity(name, tensor, _symbols(tensor), is_given=True)
        if self.problem.learning_rate is not None:
            yield Quantity(RATE, self.problem.network.loss_tensor, {(0,): RATE_SYMBOL}, True)

    def _forward(self) -> Iterator[Quantity]:
        for name, tensor in self._tensors.items():
            if not tensor.is_given and tensor.role != "position":
                yield Quantity(name, tensor, _symbols(tensor))

    def _backward(self) -> Iterator[Quantity]:
        """Run over the derivatives: error signals from the loss back, then the parameters'."""
        learned = [tensor.name for tensor in self.problem.network.parameters]
        adjoints = self.problem.derivation.adjoints
        signals = [name for name in reversed(self._tensors) if name not in learned]
        for name in (*signals, *learned):
            if name in adjoints and self._has_use(name):
                yield Quantity(f"{GRADIENT}{name}", adjoints[name], _symbols(adjoints[name]))

    def _has_use(self, name: str) -> bool:
        """Tell whether a derivative is more than a 0 that nothing is computed from."""
        derivation = self.problem.derivation
        if self._tensors[name].role != "auxiliary" or derivation.steps_by(name):
            return True
        base = derivation.adjoints[name].base
        return any(r.base == base for s in derivation.steps for r in accesses(s.equation.value))

    def _updated(self) -> Iterator[Quantity]:
        if self.problem.learning_rate is None:
            return
        for tensor in self.problem.network.parameters:
            moved = {at: Symbol(f"new {s.name}", real=True) for at, s in _symbols(tensor).items()}
            yield Quantity(f"{UPDATED}{tensor.name}", tensor, moved)

    @cached_property
    def _steps(self) -> dict[Symbol, Expr]:
        """The updated entries, w - eta dL/dw, or as the optimizer has them."""
        adjoints, moves = self.problem.derivation.adjoints, self.problem.optimizer.first
        return {
            moved: moves(
                quantity.tensor.symbol(at),
                adjoints[quantity.tensor.name].symbol(at),
                RATE_SYMBOL,
            )
            for quantity in self._all[UPDATE]
            for at, moved in quantity.symbols.items()
        }


def _symbols(tensor: Tensor) -> dict[tuple[int, ...], Symbol]:
    return {position: tensor.symbol(position) for position in tensor.positions()}


def _terms(equation: Equation) -> int:
    """Count the terms of all formulas of an equation; a maximum is routed by comparing each two."""
    compared = equation.terms_of_entry if is_maximum(equation) else 0
    return int(equation.terms * (1 + compared))


_ADDRESS = re.compile(r"[a-z]{1,3}[0-9]+|[rc][0-9]*|r[0-9]+c[0-9]+|true|false", re.IGNORECASE)
_ORDINAL = re.compile(r"\^?\((\d+)\)")
_FOREIGN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 200
"""The letters of a name; workbooks allow 255."""


def cell_names(labels: Iterable[str]) -> list[str]:
    """Return the names of the cells of entries, each another one, whatever their letters are.

    >>> cell_names(["w_13", "delta^z(2)_1", "z^(2)", "W_13", "x_1,12"])
    ['w_13', 'delta_z2_1', 'z2_', 'W_13_', 'x_1_12']
    """
    names, taken = list[str](), set[str]()
    for label in labels:
        name = _valid(label)
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        names.append(name)
    return names


def _valid(label: str) -> str:
    """Return a label as a name, which may be taken."""
    plain = _FOREIGN.sub("_", _ORDINAL.sub(r"\1", label)).strip("_")[:_LONGEST]
    if not plain or plain[0].isdigit():
        plain = f"_{plain}"
    return f"{plain}_" if _ADDRESS.fullmatch(plain) else plain


_SHORT = 12
"""The entries of a vector that is written in one row."""


class Place(NamedTuple):
    """A row and a column, from 0."""

    row: int
    column: int


@dataclass(frozen=True)
class Matrix:
    """One matrix of an array.

    Attributes:
        label: The indices that all its entries share, "n = 1, k = 2"; nothing if there are none.
        rows: The positions of its entries.
    """

    label: str
    rows: tuple[tuple[Position, ...], ...]


def matrices(tensor: Tensor) -> Iterator[Matrix]:
    """Run over the matrices of an array, in the order of the indices that they are numbered by.

    A vector is a column, but a row where its axis is none of heights and it is short.
    """
    inside, _ = matrix_axes(tensor)
    is_row = inside != [0] and max(tensor.shape, default=1) <= _SHORT
    for fixed, rows in slices(tensor):
        label = ", ".join(f"{tensor.axes[axis]} = {index + 1}" for axis, index in fixed.items())
        turned = len(inside) == 1 and not is_row
        yield Matrix(label, tuple(zip(*rows, strict=True)) if turned else rows)


def address(place: Place) -> str:
    """Return the address of a cell.

    >>> address(Place(0, 0)), address(Place(9, 27))
    ('$A$1', '$AB$10')
    """
    letters, column = "", place.column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"${letters}${place.row + 1}"
