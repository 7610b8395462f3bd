"""Python on single floats: one statement for each entry, and the number of its operations.

On a handful of numbers Python's own floats are some fifty times faster than arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from sympy import Add, Expr, Mul, Piecewise, Pow, S, Symbol
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symcnn.equations import Tensor, fraction_of
from symcnn.equations.functions import (
    Iverson,
    bounded,
    bounded_exp,
    maximum,
    sigmoid,
    softplus,
    uncancelled,
)
from symcnn.programs.backends import Backend
from symcnn.programs.backends.python.export import numpy_module, reading_module
from symcnn.programs.backends.python.listing import ON_FLOATS, Block, Listing
from symcnn.programs.backends.python.printing import FloatPrinter
from symcnn.programs.backends.python.running import Running
from symcnn.programs.backends.straight.assignments import Stage, StraightLine, straight
from symcnn.programs.backends.straight.functions import Argmax, Select
from symcnn.programs.backends.straight.identifiers import LOSS, MADE, PACKED, Identifiers
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import WIDTH, filled


def straight_line(plan: Plan, dtype: str = "float64") -> Listing:
    """Write every entry's formula as a statement.

    Args:
        plan: What to compute.
        dtype: The type of the arrays that are returned.

    Raises:
        TooLargeError: If there are more terms than ``limits.SCALAR_TERMS``.
    """
    return _Text(plan, dtype).listing(straight(plan))


class _Text:
    """Statements as Python text, every entry under one identifier."""

    def __init__(self, plan: Plan, dtype: str) -> None:
        self._printer = FloatPrinter(dtype)
        self._type = "float" if dtype == "float64" else f"np.{dtype}"
        self._plan, self._names = plan, Identifiers(plan.given)

    def listing(self, code: StraightLine) -> Listing:
        """Return the whole program."""
        forward, backward = (tuple(map(self._block, s)) for s in (code.forward, code.backward))
        plan, losses = self._plan, self._names.entries(self._plan.losses)
        loss = losses[0] if losses else "np.nan"
        gradients, outputs = plan.gradients.values(), plan.outputs.values()
        parts = (
            f"{PACKED} = {_tuple(self._names.entries(gradients))}",
            f"{MADE} = {_tuple(self._names.entries(outputs))}",
        )
        cuts = _cuts(plan.outputs, lambda places: f"np.array({MADE}{places}, {self._type})")
        return Listing(
            arguments={name: tensor.shape for name, tensor in self._names.arguments.items()},
            unpack=(self._call(),),
            forward=forward,
            backward=backward,
            loss=LOSS,
            outputs=cuts,
            # One array, cut into views, costs less than many.
            pack=(f"{PACKED} = np.array({PACKED}, {self._type})",),
            gradients=_cuts(plan.gradients, lambda places: f"{PACKED}{places}"),
            numbers=tuple(self._names.numbers),
            returned=(*parts, f"return {loss}, {PACKED}, {MADE}"),
            calls=frozenset(self._printer.called),
        )

    def _block(self, stage: Stage) -> Block:
        lines = tuple(self._statement(*made) for made in stage.assignments)
        return Block(
            stage.notes, lines, sum(operations_of(value) for _, value in stage.assignments)
        )

    def _call(self) -> str:
        numbers = ", ".join(f"*{name}.ravel().tolist()" for name in self._names.arguments)
        return f"{LOSS}, {PACKED}, {MADE} = {ON_FLOATS}(\n    {filled(numbers)}\n)"

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        text = self._printer.code(self._names.written(value))
        return f"{self._names.name(symbol)} = {text}"


def _tuple(names: Sequence[str]) -> str:
    text = "".join(f"{name}, " for name in names).rstrip()
    if len(names) > 1:
        text = text.removesuffix(",")
    return f"({text})" if len(text) < WIDTH - 12 else f"(\n    {filled(text)}\n)"


def _cuts(tensors: Mapping[str, Tensor], at: Callable[[str], str]) -> dict[str, str]:
    """Return the text of every tensor, whose numbers lie one behind the other."""
    ends = accumulate(made.size for made in tensors.values())
    return {
        name: at(f"[{end - made.size}:{end}]") + _shaped(made)
        for (name, made), end in zip(tensors.items(), ends, strict=True)
    }


def _shaped(tensor: Tensor) -> str:
    return "" if len(tensor.shape) == 1 else f".reshape{tensor.shape}"


_OWN = {
    **{sigmoid: (5, 3), softplus: (6, 2), bounded_exp: (2, 1), bounded: (2, 1)},
    uncancelled: (0, 1),
}
"""The operations of what is written out, and how often it computes its argument."""

_IN_ORDER = StrPrinter()


def operations_of(value: Expr) -> int:
    """Count arithmetic operators, comparisons and calls; of two branches the longer one is run.

    >>> from sympy import symbols, tanh
    >>> a, b = symbols("a b", real=True)
    >>> operations_of(tanh(2 * a) - b / 3), operations_of(-a), operations_of(1 / (a * b))
    (4, 1, 2)
    """
    if value.is_Atom:
        return 0
    if isinstance(value, Relational):
        return 1 + sum(map(operations_of, value.args))
    if isinstance(value, Piecewise):
        return _of_cases(value)
    if value.as_coeff_Mul()[0].is_negative:  # -1 is an operation; other signs are the number's.
        return operations_of(-value) + _is_negated(value)
    inside: list[int] = [operations_of(part) for part in value.args]
    match value:
        case Add():
            first = _IN_ORDER._as_ordered_terms(value)[0]
            signs = sum(_is_negated(term) for term in value.args if term != first)
            return sum(inside) - signs + len(inside) - 1
        case Mul():
            return _of_product(value)
        case Pow():
            return _of_power(value)
        case Select():
            return max(inside) if len(inside) == 3 else sum(inside)
        case Argmax():
            return sum(inside) + max(len(inside) - 2, 1)  # The last term needs no comparison.
        case maximum():
            branch = max(inside) if len(inside) == 2 else 0
            return sum(inside) + branch + len(inside) - 1
        case Iverson():
            return sum(inside)
        case _:
            own, times = _OWN.get(value.func, (1, 1))
            return own + times * sum(inside)


def _of_product(value: Mul) -> int:
    """Count a product over a product; what is below is multiplied and divided by."""
    above, below = fraction_of(value)
    return max(len(above) - 1, 0) + len(below) + sum(map(operations_of, (*above, *below)))


def _of_power(value: Pow) -> int:
    if value.exp == -S.Half:
        return 2 + operations_of(value.base)
    return 1 + operations_of(value.base) + operations_of(value.exp)


def _of_cases(value: Piecewise) -> int:
    """Count the comparisons up to a case, and its value, where that is most."""
    compared = [sum(map(operations_of, c.atoms(Relational))) for _, c in value.args]
    return max(
        before + operations_of(case)
        for before, (case, _) in zip(accumulate(compared), value.args, strict=True)
    )


def _is_negated(value: Expr) -> bool:
    """Tell whether a sign is an operation: in -a it is, in -1/a it belongs to the number."""
    if value.is_Atom or value.as_coeff_Mul()[0] != -1:
        return False
    return any(factor.free_symbols for factor in fraction_of(value)[0])


BACKEND = Backend(straight_line, numpy_module, Running, reading=reading_module)
