"""Logarithms of sums of exponentials.

m = max of t,  y = m + log(sum of exp(t - m)):  no exponent is positive, one is 0
"""

from __future__ import annotations

from symcnn.backends.numpy.general.maxima import kept_loops, maximum_of, reduced_axes
from symcnn.backends.numpy.general.operands import Operand
from symcnn.backends.numpy.general.targets import placed
from symcnn.backends.numpy.general.writer import Writer
from symcnn.equations import Equation


def log_sum_exp_of(writer: Writer, equation: Equation) -> str:
    """Return an array of the target's shape with the logarithms."""
    found, loops = maximum_of(writer, equation), tuple(equation.sizes)
    largest = writer.name("largest", found.array)
    exponentials = f"np.exp({found.terms} - {found.here.over(loops)})"
    summed = f"{exponentials}.sum(axis={reduced_axes(equation)})"
    part = Operand(writer.name("total", summed), kept_loops(equation))
    total = placed(writer, equation, part)
    return f"{largest} + np.log({total})"
