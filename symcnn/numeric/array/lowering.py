"""Array code: one block of NumPy statements for each equation.

    sum of products   np.einsum over views of the factors
    one term          the value itself, printed with NumPy's functions
    log-sum-exp       the same after .max over the reduced loops was taken out
    maximum           .max over the reduced loops, and a mask of who was first
    scattered target  += on a view of the target, one small loop's value at a time

The fallback is the same code: a guard that padding cannot express becomes a factor
of zeros and ones, and where nothing is known about a target all its loops are run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from sympy import Add, Expr

from symcnn.derivation.adjoint import is_maximum
from symcnn.equations import SUM, Equation, LogSumExp, Mean
from symcnn.numeric.array.exponentials import log_sum_exp_of
from symcnn.numeric.array.maxima import Maximum, maximum_of, routing_of
from symcnn.numeric.array.operands import VIEW
from symcnn.numeric.array.sums import sum_of
from symcnn.numeric.array.targets import placed
from symcnn.numeric.array.writer import Writer
from symcnn.numeric.listing import RESERVED, Block, Listing, note
from symcnn.numeric.names import Names
from symcnn.numeric.plan import Plan
from symcnn.numeric.stages import Group


def arrays(plan: Plan) -> Listing:
    """Write every equation as NumPy statements."""
    return _Arrays(plan).listing()


class _Arrays:
    """The blocks under way."""

    def __init__(self, plan: Plan) -> None:
        names = Names({*RESERVED, "axis", "at"})
        self.names = {tensor: names.fresh(tensor.name) for tensor in plan.tensors.values()}
        self.plan = plan
        self.writer = Writer(names, {t.base: name for t, name in self.names.items()})
        self.maxima: dict[Equation, Maximum] = {}

    def listing(self) -> Listing:
        """Return the whole program."""
        name, plan = self.names, self.plan
        forward = tuple(map(self._block, plan.forward))
        backward = (*self._routings(), *map(self._block, plan.backward))
        return Listing(
            arguments={name[t]: t.shape for t in plan.given},
            unpack=tuple(
                f"{name[t]} = np.asarray({name[t]}, float).reshape({t.shape})" for t in plan.given
            ),
            forward=forward,
            backward=backward,
            loss=f"float({name[plan.loss]}[0])",
            outputs={of: name[tensor] for of, tensor in plan.outputs.items()},
            gradients={of: name[tensor] for of, tensor in plan.gradients.items()},
            helpers=(VIEW,) if self.writer.uses_view else (),
        )

    def _routings(self) -> Iterator[Block]:
        for routing in self.plan.routings:
            made = routing_of(self.writer, routing.source, self.maxima[routing.source])
            self.writer.line(f"{self.names[routing.tensor]} = {made}")
            text = f"{routing.entry} = 1 where {routing.source.target} comes from, else 0"
            yield Block((text,), self.writer.taken())

    def _block(self, group: Group) -> Block:
        tensor, equations = group
        array, started = self.names[tensor], False
        for equation in equations:
            for text in self._parts(equation):
                self.writer.line(f"{array} = {array} + {text}" if started else f"{array} = {text}")
                started = True
        if not started:
            self.writer.line(f"{array} = np.zeros({tensor.shape})")
        return Block(tuple(map(note, equations)), self.writer.taken())

    def _parts(self, equation: Equation) -> Iterator[str]:
        """Return what the equation adds to its target, in the target's shape."""
        if is_maximum(equation):
            self.maxima[equation] = maximum_of(self.writer, equation)
            yield self.maxima[equation].array
        elif isinstance(equation.reduction, LogSumExp):
            yield log_sum_exp_of(self.writer, equation)
        else:
            yield from self._sums(_summed(equation))

    def _sums(self, equation: Equation) -> Iterator[str]:
        for value in _addends(equation):
            yield placed(self.writer, equation, sum_of(self.writer, equation, value))


def _summed(equation: Equation) -> Equation:
    """Write a mean of n terms as a sum of n-ths."""
    if not isinstance(equation.reduction, Mean):
        return equation
    count = prod(loop.size for loop in equation.reduced)
    return replace(equation, value=equation.value / count, reduction=SUM)


def _addends(equation: Equation) -> tuple[Expr, ...]:
    """Split a sum of sums, so that each becomes one einsum without a grid of all loops."""
    return Add.make_args(equation.value) if equation.reduced else (equation.value,)
