"""What a derivation has, for the files that show it and that ``Derivation`` itself calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain
from typing import Any, NamedTuple, Protocol

from sympy import Add, Expr, IndexedBase, Pow, Rational, S, Symbol

from symcnn.derivation.adjoint import Routing, Step
from symcnn.derivation.entries import LongEntries
from symcnn.equations import Equation, Guard, Loop, Tensor, accesses, along_axes
from symcnn.equations.notation import index as index_named
from symcnn.equations.notation import spare_letters
from symcnn.equations.sizes import Size
from symcnn.equations.values import setting
from symcnn.network.network import Network
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.lettering import signal_of, taken_letters
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.names import letters_of
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.order import stages_of


class Derived(Protocol):
    """A ``Derivation``, which says what each of these is."""

    @property
    def network(self) -> Network: ...  # noqa: D102

    @property
    def steps(self) -> Sequence[Step]: ...  # noqa: D102

    @property
    def adjoints(self) -> Mapping[str, Tensor]: ...  # noqa: D102

    @property
    def routings(self) -> Sequence[Routing]: ...  # noqa: D102

    @property
    def tensors(self) -> Mapping[IndexedBase, Tensor]: ...  # noqa: D102

    @property
    def entries(self) -> LongEntries: ...  # noqa: D102

    def indices(self, name: str) -> tuple[Symbol, ...]: ...  # noqa: D102

    def free_indices(  # noqa: D102
        self, axes: tuple[Symbol, ...], equations: Sequence[Equation], taken: Collection[str] = ()
    ) -> tuple[Symbol, ...]: ...

    def partial(  # noqa: D102
        self, name: str, index: Sequence[int] | None = None, *, staged: bool = False
    ) -> Expr: ...


def names_by_signal(derivation: Derived) -> dict[IndexedBase, str]:
    """Return the names of tensors by what the derivatives with respect to them are called."""
    return {adjoint.base: name for name, adjoint in derivation.adjoints.items()}


# What adds to the derivative with respect to a tensor, over the letters of the tensor's axes.


def adding(derivation: Derived, name: str) -> list[Equation]:
    """Return the equations that add to dL/dT, of a recurrence over the letters of T's own axes."""
    equations = [step.equation for step in derivation.steps if step.of.name == name]
    network = derivation.network
    base, axes = network.tensors[name].base, derivation.adjoints[name].indices
    if not network.sizes or all(base not in one.order for one in network.recurrences):
        return equations
    return [_over(equation, axes) for equation in equations]


def _over(equation: Equation, axes: Sequence[Symbol]) -> Equation:
    """Return an equation with the letters of axes as the indices of its target.

    It stays as it is where an index of the target is more than a loop and a number.
    """
    put, guards, loops = dict[Symbol, Expr](), list(equation.guards), dict(equation.sizes)
    own = dict[Symbol, Size]()
    for (index, length), axis in zip(along_axes(equation.target), axes, strict=True):
        used = [symbol for symbol in index.free_symbols if symbol in loops]
        if len(used) != 1 or not (index - used[0]).is_Integer:
            return equation
        put[used[0]], own[axis] = axis - (index - used[0]), length
        guards.append(Guard(used[0], loops.pop(used[0])))
    freed = (symbol for symbol in put if symbol not in {*axes, *loops})
    taken = {symbol.name for symbol in (*axes, *put, *loops)}
    spare = chain(freed, map(index_named, spare_letters(taken)))
    put |= {symbol: next(spare) for symbol in loops if symbol in own}
    others = {put.get(symbol, symbol): size for symbol, size in loops.items()}
    reads = {r: r.base[tuple(i.xreplace(put) for i in r.indices)] for r in accesses(equation.value)}
    return replace(
        equation,
        target=equation.target.base[tuple(axes)],
        value=equation.value.xreplace(reads),
        loops=tuple(Loop(symbol, size) for symbol, size in {**own, **others}.items()),
        guards=tuple(Guard(g.expression.xreplace(put), g.size) for g in guards),
    )


# How the formulas of a derivation are printed: its letters, shapes, stages and constants.


_LETTERS = {"epsilon": r"\varepsilon"}
"""The settings that textbooks call by a letter; they are added to something."""

_FRACTIONS = (2, 4, 8)
"""Losses and means have halves, which stay fractions."""


_LONG = 1_000
"""A larger denominator is that of a decimal."""


class Constants(NamedTuple):
    """How constants are printed.

    Attributes:
        decimals: Those that are no fractions, 1/100 as 0.01.
        letters: Those that have a letter where they are added to something.
        values: What these are.
    """

    decimals: Mapping[Expr, Formula]
    letters: Mapping[Expr, Formula]
    values: Mapping[Expr, Formula]

    def called(self, formula: Expr) -> list[tuple[Formula, Formula]]:
        """Return the letters of a formula's constants, with their decimals."""
        summands = {term for total in formula.atoms(Add) for term in total.args}
        return [(letter, self.values[n]) for n, letter in self.letters.items() if n in summands]


def constants(network: Network, numerals: Numerals) -> Constants:
    """Return how the settings of a network's layers and loss are printed."""
    numbers = {abs(value) for _, value in _given(network)} | {*_in_formulas(network)}
    printed = {n: numerals(n).formula for n in numbers if numerals(n).exact}
    decimals = {n: number for n, number in printed.items() if n.q not in _FRACTIONS}
    return Constants(decimals, dict(_lettered(network, printed)), printed)


def _in_formulas(network: Network) -> Iterator[Expr]:
    """Run over numbers that a formula itself has, as 0.044715 x^3, and those of its derivative."""
    for equation in network.equations:
        exponents = {power.exp for power in equation.value.atoms(Pow) if power.exp.is_Integer}
        for number in equation.value.atoms(Rational):
            if number.q > _LONG:
                yield from (abs(number * n) for n in (S.One, *exponents))


def _given(network: Network) -> Iterator[tuple[tuple[int, str], Expr]]:
    """Run over the settings that are numbers but no integers, by place and name."""
    for place, part in enumerate((*(stage.layer for stage in network.stages), network.loss)):
        for name in _numbers(part):
            value = setting(getattr(part, name), name)
            if value.is_number and not value.is_Integer:
                yield (place, name), value


def _numbers(part: Any) -> Iterator[str]:
    return (field.name for field in fields(part) if field.type == "Real")


def _lettered(network: Network, printed: Mapping[Expr, Formula]) -> Iterator[tuple[Expr, Formula]]:
    """Run over the constants that have a letter to themselves: one value, no tensor's name."""
    given = list(_given(network))
    taken = taken_letters(network)
    for name, letter in _LETTERS.items():
        values = {value for (_, own), value in given if own == name}
        others = {value for (_, own), value in given if own != name}
        if len(values) == 1 and not values & others and not {name, letter[1:]} & taken:
            (value,) = values
            if value in printed:
                yield value, row(letter)


def manner_of(
    derivation: Derived, constants: Constants, index_base: int, separator: str = ","
) -> Manner:
    """Return how to print formulas with indices from ``index_base`` on."""
    network = derivation.network
    shapes = {tensor.label: tensor.shape for tensor in derivation.tensors.values()}
    positions = [network.tensors[name].label for name in network.indexing if network.sizes]
    return Manner(
        base=index_base,
        shapes={} if index_base == 1 else shapes,
        weights=letters_of(network.parameters),
        loss=network.loss_tensor.label,
        signal=signal_of(network.letters),
        stages=stages_of(network.equations),
        separator=separator,
        constants=constants.decimals,
        summands=constants.letters,
        positions=positions,
    )
