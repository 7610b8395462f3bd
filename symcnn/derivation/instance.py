"""A derivation with letters for sizes, at numbers: its own equations, with the numbers in them.

The network with these numbers may have other tensors: the count of an average pool is none
without a padding, and a maximum over a single entry has no routing. Formulas in letters have them
at every size, so they are evaluated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from sympy import Expr, IndexedBase, Symbol, sympify

from symcnn.derivation.derivation import Derivation
from symcnn.derivation.entries import LongEntries
from symcnn.equations import Equation, Tensor
from symcnn.equations.sizes import put


@dataclass(frozen=True, repr=False)
class Instance(Derivation):
    """A derivation with numbers in place of letters.

    Attributes:
        general: The derivation with letters.
        numbers: The number of every letter, those of lengths that follow included.
    """

    general: Derivation
    numbers: Mapping[Symbol, Expr]

    @cached_property
    def tensors(self) -> dict[IndexedBase, Tensor]:
        """Every tensor of the derivation with letters, by its base."""
        made = (put(tensor, self.numbers) for tensor in self.general.tensors.values())
        return {tensor.base: tensor for tensor in made}

    @cached_property
    def entries(self) -> LongEntries:
        """The by-hand reading of all equations.

        It reads formulas of the derivation with letters, too: there, tensors have these in their
        shapes, and the letters are given beside the indices, as in ``counted``.
        """
        forward = (_at(equation, self.numbers) for equation in self.general.network.equations)
        backward = (step.equation for step in self.steps)
        lettered = dict(zip(self.general.tensors, self.tensors.values(), strict=True))
        pairs = zip(self.routings, self.general.routings, strict=True)
        routings = (replace(own, tensor=other.tensor) for own, other in pairs)
        every = (*self.routings, *routings)
        return LongEntries((*forward, *backward), self.tensors | lettered, every)

    @cached_property
    def counted(self) -> dict[Symbol, int | Fraction]:
        """The numbers of the letters, to be given beside those of indices."""
        every = {letter: Fraction(str(number)) for letter, number in self.numbers.items()}
        return {s: int(n) if n.denominator == 1 else n for s, n in every.items()}

    def put_in(self, formula: Expr) -> Expr:
        """Return a formula of the derivation with letters, with the numbers in it."""
        return formula.xreplace(self.numbers)


def at_sizes(derivation: Derivation, numbers: Mapping[Symbol, Any]) -> Instance:
    """Put numbers in place of all letters of a derivation.

    Args:
        derivation: The derivation of a network with letters.
        numbers: {H: 5, K: 3, ...}, for all letters.

    Returns:
        A derivation whose ``put_in`` puts the numbers into formulas of the one with letters, and
        whose ``substitute`` evaluates them, also where they name a tensor that the network with
        these numbers lacks.

    Raises:
        SymcnnError: If the network does not exist with these numbers, or letters are left.

    >>> import symcnn as sc
    >>> H, P = sc.size("H"), sc.size("P", least=0)
    >>> pool = sc.AvgPool1D(2, padding=P, count_include_pad=False)
    >>> d = sc.derive(sc.Network((H, 1), [pool], sc.Upstream()))
    >>> made = at_sizes(d, {H: 4, P: 0})
    >>> entry = made.put_in(d.partial("x")).xreplace(dict.fromkeys(d.indices("x"), 0))
    >>> made.substitute(entry, {"gradient": [3, 5]})
    3/2
    """
    network = derivation.network.at(numbers)
    network.check_numbers()
    given = {letter: sympify(number) for letter, number in numbers.items()}
    every = {n: e.xreplace(given) for n, e in derivation.network.relations.items()} | given
    steps = tuple(replace(step, equation=_at(step.equation, every)) for step in derivation.steps)
    adjoints = {name: put(tensor, every) for name, tensor in derivation.adjoints.items()}
    routings = tuple(
        replace(routing, tensor=put(routing.tensor, every), source=_at(routing.source, every))
        for routing in derivation.routings
    )
    return Instance(network, steps, adjoints, routings, derivation, every)


def _at(equation: Equation, numbers: Mapping[Symbol, Expr]) -> Equation:
    made: Equation = put(equation, numbers)
    guards = tuple(replace(g, expression=sympify(g.expression)) for g in made.guards)
    return replace(made, value=sympify(made.value), guards=guards)
