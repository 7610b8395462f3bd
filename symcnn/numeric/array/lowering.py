"""Array code: one block of NumPy statements for each equation.

    sum of products   np.einsum over views of the factors
    one term          the value itself, printed with NumPy's functions
    maximum           .max over the reduced loops, and a mask of who was first
    scattered target  += on a view of the target, one small loop's value at a time

The fallback is the same code: a guard that padding cannot express becomes a factor
of zeros and ones, and where nothing is known about a target all its loops are run.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr

from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import is_maximum
from symcnn.equations import Equation, Tensor
from symcnn.numeric import stages
from symcnn.numeric.array.maxima import Maximum, maximum_of, routing_of
from symcnn.numeric.array.operands import VIEW
from symcnn.numeric.array.sums import sum_of
from symcnn.numeric.array.targets import placed
from symcnn.numeric.array.writer import Writer
from symcnn.numeric.listing import RESERVED, Block, Listing, note
from symcnn.numeric.names import Names


def arrays(derivation: Derivation) -> Listing:
    """Write every equation as NumPy statements."""
    return _Arrays(derivation).listing()


class _Arrays:
    """The blocks under way."""

    def __init__(self, derivation: Derivation) -> None:
        names = Names({*RESERVED, "axis", "at"})
        given, tensors = stages.given(derivation), derivation.tensors
        order = (*given, *(t for t in tensors.values() if t not in given))
        self.arguments = {tensor: names.fresh(tensor.name) for tensor in order}
        self.derivation = derivation
        self.writer = Writer(names, {t.base: name for t, name in self.arguments.items()})
        self.maxima: dict[Equation, Maximum] = {}

    def listing(self) -> Listing:
        """Return the whole program."""
        name, network = self.arguments, self.derivation.network
        given = stages.given(self.derivation)
        forward = tuple(self._block(*group) for group in stages.forward(self.derivation))
        backward = tuple(self._backward())
        return Listing(
            arguments={name[t]: t.shape for t in given},
            unpack=tuple(
                f"{name[t]} = np.asarray({name[t]}, float).reshape({t.shape})" for t in given
            ),
            forward=forward,
            backward=backward,
            loss=f"float({name[network.loss_tensor]}[0])",
            outputs={stage.output.name: name[stage.output] for stage in network.stages},
            gradients={of: name[adjoint] for of, adjoint in self.derivation.adjoints.items()},
            helpers=(VIEW,) if self.writer.uses_view else (),
        )

    def _backward(self) -> Iterator[Block]:
        for routing in self.derivation.routings:
            made = routing_of(self.writer, routing.source, self.maxima[routing.source])
            self.writer.line(f"{self.arguments[routing.tensor]} = {made}")
            text = f"{routing.entry} = 1 where {routing.source.target} comes from, else 0"
            yield Block((text,), self.writer.taken())
        forward = self.derivation.network.equations
        for adjoint, steps in stages.backward(self.derivation):
            yield self._block(adjoint, [stages.reusing(step, forward) for step in steps])

    def _block(self, tensor: Tensor, equations: list[Equation]) -> Block:
        array, started = self.arguments[tensor], False
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
            return
        for value in _addends(equation):
            yield placed(self.writer, equation, sum_of(self.writer, equation, value))


def _addends(equation: Equation) -> tuple[Expr, ...]:
    """Split a sum of sums, so that each becomes one einsum without a grid of all loops."""
    return Add.make_args(equation.value) if equation.reduced else (equation.value,)
