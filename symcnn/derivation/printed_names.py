"""What printed names stand for, where a formula is read back: tensors with numbers, constants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sympy import Dummy, Expr, IndexedBase

from symcnn.derivation.jacobians import Sensitivity
from symcnn.equations import Tensor, is_counted
from symcnn.equations.functions import DefinedFunction
from symcnn.equations.values.evaluation import Array
from symcnn.network.network import Network
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula import Fenced, Formula, nodes
from symcnn.writing.formula.build import INDENT
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.reading.functions import FUNCTIONS
from symcnn.writing.reading.names import Named, Names, Places


class Printed(NamedTuple):
    """What a formula was printed by.

    Attributes:
        network: The network.
        tensors: Every tensor that the formula may hold.
        adjoints: The derivatives with respect to tensors, by their names.
        printer: What printed it.
        constants: The letters of constants.
        base: What the first index is.
    """

    network: Network
    tensors: Mapping[IndexedBase, Tensor]
    adjoints: Mapping[str, Tensor]
    printer: MathPrinter
    constants: Mapping[Expr, Formula]
    base: int


def names_of(p: Printed, named: Callable[[Tensor], Named]) -> Names:
    """Return what printed names stand for.

    Args:
        p: What printed them.
        named: Gives tensors with their numbers.
    """
    moved = (tensor for tensor in p.tensors.values() if isinstance(tensor, Sensitivity))
    # Jacobians of stages are no second derivatives of the loss.
    twice = {(made.of, made.by): made for made in moved if made.kind != "jacobian"}

    def slopes(names: tuple[str, ...], places: Places) -> Array:
        of = p.adjoints[names[0]] if len(names) == 1 else twice[names[0], names[1]]
        return named(of).values(places)

    made = Names(
        numbers={latex(letter): float(value) for value, letter in p.constants.items()},
        loss=latex(p.printer.loss),
        slopes=slopes,
        functions=_own_functions(p.network),
    )
    for base, tensor in p.tensors.items():
        if not is_counted(base):
            made.add(p.printer.tree(base.label), named(tensor))
    return made


def _own_functions(network: Network) -> dict[str, Callable[[Array], Array]]:
    """Return the functions of users in a network by their names, in floats."""
    used = (f for e in network.equations for f in e.value.atoms(DefinedFunction))
    return {f.__name__: _in_floats(f) for f in map(type, used) if f.__name__ not in FUNCTIONS}


def _in_floats(function: type[DefinedFunction]) -> Callable[[Array], Array]:
    z = Dummy("z", real=True)
    definition = function.definition(z)

    def value(number: float) -> float:
        return float(np.real(evaluate(definition, {z: number}, FLOATS)))

    return np.vectorize(value, otypes=[float])


def without_ranges(terms: Sequence[Formula]) -> list[Formula]:
    """Return the summands of a side, without what free indices run over behind them."""
    return [term for term in terms if term.parts[:1] != (INDENT,)]


def has_branches(said: Iterable[Formula]) -> bool:
    """Tell whether comparisons of entries choose between parts of formulas."""
    every = (node for formula in said for node in nodes(formula))
    return any(isinstance(node, Fenced) and node.left == "[" for node in every)


def constant(value: float) -> Callable[[Mapping[str, Array]], Array]:
    """Return what has one value wherever it is worked out."""
    return lambda letters: np.asarray(float(value))
