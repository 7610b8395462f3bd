"""The fallback: any equation, on arrays whose axes stand in the tensors' own order.

    sum of products   np.einsum over views of the factors
    one term          the value itself, printed with NumPy's functions
    log-sum-exp       the same after .max over the reduced loops was taken out
    maximum           .max over the reduced loops, and a mask of who was first
    scattered target  += on a view of the target, one small loop's value at a time

A guard that padding cannot express becomes a factor of zeros and ones, and where nothing
is known about a target all its loops are run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import IndexedBase

from symcnn.backends.numpy.general.exponentials import log_sum_exp_of
from symcnn.backends.numpy.general.maxima import Maximum, maximum_of, routing_of
from symcnn.backends.numpy.general.sums import sum_of
from symcnn.backends.numpy.general.targets import placed
from symcnn.backends.numpy.general.writer import Writer
from symcnn.backends.python.names import Names
from symcnn.equations import Equation, LogSumExp, addends, as_sum, is_maximum


class Fallback:
    """Equations as text, one expression for what each adds to its target."""

    def __init__(self, names: Names, arrays: Mapping[IndexedBase, str]) -> None:
        """Take the name of every tensor's array, its axes in their own order."""
        self.writer = Writer(names, arrays)
        self._maxima: dict[Equation, Maximum] = {}

    def parts(self, equation: Equation) -> Iterator[str]:
        """Return what the equation adds to its target, in the target's shape."""
        if is_maximum(equation):
            self._maxima[equation] = maximum_of(self.writer, equation)
            yield self._maxima[equation].array
        elif isinstance(equation.reduction, LogSumExp):
            yield log_sum_exp_of(self.writer, equation)
        else:
            summed = as_sum(equation)
            for value in addends(summed):
                yield placed(self.writer, summed, sum_of(self.writer, summed, value))

    def routing(self, source: Equation) -> str:
        """Return R over all loops of a maximum that was written here."""
        return routing_of(self.writer, source, self._maxima[source])
