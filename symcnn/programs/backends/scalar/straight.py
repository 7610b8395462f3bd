"""Straight-line code as Python, on single floats.

On a handful of numbers Python's own floats are some fifty times faster than arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from sympy import Expr, Symbol

from symcnn.equations import Tensor
from symcnn.programs.backends.python.listing import ON_FLOATS, Block, Listing
from symcnn.programs.backends.python.printing import FloatPrinter
from symcnn.programs.backends.scalar.operations import operations_of
from symcnn.programs.backends.straight.assignments import Stage, StraightLine, straight
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
        plan, loss = self._plan, self._names.name(self._plan.loss.symbol((0,)))
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
        """Return one statement for every assignment."""
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
