"""Lowering to pure functions: every equation becomes new arrays, and none is written into.

    sum of products   a convolution, if windows slide; else einsum over views of the factors
    one term          the value itself
    maximum           .max over the reduced loops, and the least number of a largest term
    scattered target  shares with zeros between and around them, added

The statements are those of NumPy and its JAX namesake alike; ``jax_module`` names the one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import IndexedBase

from symcnn.backends.jax.convolutions import slide_of
from symcnn.backends.jax.helpers import RESERVED
from symcnn.backends.jax.maxima import log_sum_exp_of, maximum_of, routing_of
from symcnn.backends.jax.targets import placed
from symcnn.backends.numpy.general.maxima import Maximum
from symcnn.backends.numpy.general.sums import sum_of
from symcnn.backends.numpy.general.writer import Writer
from symcnn.backends.python.listing import Block, Listing, note
from symcnn.backends.python.names import Names
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
from symcnn.plans.plan import Plan


def functions(plan: Plan) -> Listing:
    """Write every equation as statements that make new arrays."""
    return _Lowering(plan).listing()


class _Lowering:
    """A plan on its way down."""

    def __init__(self, plan: Plan) -> None:
        names, self._plan = Names(RESERVED), plan
        self._arguments = {tensor: names.fresh(tensor.name) for tensor in plan.given}
        self._arrays: dict[IndexedBase, str] = {
            tensor.base: name for tensor, name in self._arguments.items()
        }
        self._names, self._writer = names, Writer(names, self._arrays)
        self._maxima: dict[Equation, Maximum] = {}

    def listing(self) -> Listing:
        """Return the whole program as text."""
        plan, array = self._plan, self._arrays
        forward = tuple(map(self._stage, plan.forward))
        routings = tuple(map(self._routing, plan.routings))
        backward = tuple(map(self._stage, plan.backward))
        return Listing(
            arguments={name: tensor.shape for tensor, name in self._arguments.items()},
            unpack=tuple(self._unpacked()),
            forward=forward,
            backward=(*routings, *backward),
            loss=f"{array[plan.loss.base]}[0]",
            outputs={name: array[t.base] for name, t in plan.outputs.items()},
            gradients={name: array[t.base] for name, t in plan.gradients.items()},
        )

    def _unpacked(self) -> Iterator[str]:
        for tensor, name in self._arguments.items():
            yield f"{name} = np.asarray({name}, dtype).reshape({tensor.shape})"

    def _stage(self, group: Group) -> Block:
        tensor, equations = group
        name = self._named(tensor)
        parts = [part for e in equations for part in self._parts(without_unit_loops(e))]
        self._writer.line(f"{name} = {' + '.join(parts) or f'np.zeros({tensor.shape}, dtype)'}")
        return Block(tuple(map(note, equations)), self._writer.taken())

    def _routing(self, routing: Routing) -> Block:
        source = without_unit_loops(routing.source)
        name = self._named(routing.tensor)
        made = routing_of(self._writer, source, self._maxima[source])
        self._writer.line(f"{name} = ({made}).reshape({routing.tensor.shape})")
        text = f"{routing.entry} = 1 where {routing.source.target} comes from, else 0"
        return Block((text,), self._writer.taken())

    def _named(self, tensor: Tensor) -> str:
        self._arrays[tensor.base] = self._names.fresh(tensor.label)
        return self._arrays[tensor.base]

    def _parts(self, equation: Equation) -> Iterator[str]:
        """Return what the equation adds to its target, in the target's shape."""
        if is_maximum(equation):
            self._maxima[equation] = maximum_of(self._writer, equation)
            yield self._maxima[equation].array
        elif isinstance(equation.reduction, LogSumExp):
            yield log_sum_exp_of(self._writer, equation)
        else:
            summed = as_sum(equation)
            for value in addends(summed):
                slide = slide_of(self._writer, summed, value)
                part = sum_of(self._writer, summed, value) if slide is None else slide
                yield placed(self._writer, summed, part)
