r"""How the formulas of a derivation are printed: its letters, shapes, stages and constants.

Some settings of layers have a letter, the others are decimals:

    \sqrt{V_c + \varepsilon}  for  epsilon = 0.00001,   0.01 z  for  alpha = 0.01
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from sympy import Add, Expr, Pow, Rational, S

from symcnn.derivation.derived import Derived
from symcnn.equations.values import setting
from symcnn.network.network import Network
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.lettering import signal_of, taken_letters
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.names import letters_of
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.order import stages_of

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
