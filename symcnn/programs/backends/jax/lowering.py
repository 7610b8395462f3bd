"""Lowering to pure functions: every equation creates new arrays and modifies none.

sum of products   a convolution, if windows slide; else einsum over views of the factors
one term          the value itself
maximum           .max over the reduced loops, and the least number of a largest term
scattered target  shares with zeros between and around them, added
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Expr

from symcnn.derivation import Routing
from symcnn.equations import (
    Equation,
    Group,
    LogSumExp,
    Tensor,
    addends,
    as_sum,
    is_maximum,
    without_unit_loops,
)
from symcnn.programs.backends.jax.builder import Builder, scattered
from symcnn.programs.backends.jax.convolutions import convolution_of, spreading_of
from symcnn.programs.backends.jax.einsum import sum_of
from symcnn.programs.backends.jax.library import JAX, Library
from symcnn.programs.backends.jax.maxima import Maximum, log_sum_exp_of, maximum_of, routing_of
from symcnn.programs.backends.jax.operands import Operand
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.backends.python.listing import Block, Listing
from symcnn.programs.backends.python.names import Names
from symcnn.programs.plans.plan import Plan


def functions(plan: Plan, library: Library = JAX, *, apart: bool = False) -> Listing:
    """Write every equation as statements that make new arrays.

    Args:
        plan: The equations.
        library: What the statements call.
        apart: Whether the backward pass makes views and padded copies of its own, in place of
            those of the forward pass.
    """
    return _Lowering(plan, library).listing(apart=apart)


class _Lowering:
    def __init__(self, plan: Plan, library: Library) -> None:
        self._names, self._plan = Names({*library.reserved}), plan
        self._arguments = {tensor: self._names.fresh(tensor.name) for tensor in plan.given}
        self._arrays = {tensor.base: name for tensor, name in self._arguments.items()}
        self._builder = Builder(self._names, self._arrays, library)
        self._maxima: dict[Equation, Maximum] = {}

    def listing(self, *, apart: bool) -> Listing:
        """Return the whole program."""
        plan, array = self._plan, self._arrays
        forward = tuple(map(self._stage, plan.forward))
        if apart:
            self._builder.forget()
        routings = tuple(map(self._routing, plan.routings))
        backward = tuple(map(self._stage, plan.backward))
        return Listing(
            arguments={name: tensor.shape for tensor, name in self._arguments.items()},
            unpack=tuple(
                f"{name} = {self._builder.library.argument.format(name, tensor.shape)}"
                for tensor, name in self._arguments.items()
            ),
            forward=forward,
            backward=(*routings, *backward),
            loss="jnp.nan" if plan.loss is None else f"{array[plan.loss.base]}[0]",
            outputs={name: array[t.base] for name, t in plan.outputs.items()},
            gradients={name: array[t.base] for name, t in plan.gradients.items()},
            calls=frozenset(self._builder.printer.called),
        )

    def _stage(self, group: Group) -> Block:
        tensor, equations = group
        name = self._named(tensor)
        parts = [part for e in equations for part in self._parts(without_unit_loops(e))]
        total = " + ".join(parts) or self._builder.library.zeros.format(tensor.shape)
        return self._block(map(note, equations), name, total)

    def _routing(self, routing: Routing) -> Block:
        source = without_unit_loops(routing.source)
        name = self._named(routing.tensor)
        made = routing_of(self._builder, source, self._maxima[source])
        value = f"{made.atom}.reshape({routing.tensor.shape})"
        return self._block([note_of_routing(routing)], name, value)

    def _block(self, notes: Iterable[str], name: str, value: str) -> Block:
        lines = self._builder.stage(name, value)
        return Block(tuple(notes), lines, len(lines))

    def _named(self, tensor: Tensor) -> str:
        self._arrays[tensor.base] = self._names.fresh(tensor.label)
        return self._arrays[tensor.base]

    def _parts(self, equation: Equation) -> Iterator[str]:
        """Return what the equation adds to its target, in the target's shape."""
        if is_maximum(equation):
            self._maxima[equation] = maximum_of(self._builder, equation)
            yield self._maxima[equation].array.text
        elif isinstance(equation.reduction, LogSumExp):
            yield log_sum_exp_of(self._builder, equation).text
        else:
            summed = as_sum(equation)
            for value in addends(summed):
                yield self._addend(summed, value).text

    def _addend(self, equation: Equation, value: Expr) -> Operand:
        """Return what one addend of an equation adds."""
        builder = self._builder
        if builder.library.spreads and (whole := spreading_of(builder, equation, value)):
            return whole
        part = convolution_of(builder, equation, value) or sum_of(builder, equation, value)
        return scattered(builder, equation, part)
