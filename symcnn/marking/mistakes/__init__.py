"""The catalogue of mistakes; each is a few lines on equations, and none names a layer.

A new one is a function from the equations of a quantity to those that the mistake follows. The
``mistakes()`` of its file lists it, and the file is listed here.
"""

from symcnn.marking.mistakes import (
    exponentials,
    factors,
    maxima,
    quantities,
    slopes,
    sums,
    weights,
    windows,
)
from symcnn.marking.mistakes.mistake import Mistake as Mistake
from symcnn.marking.mistakes.mistake import Work as Work

CATALOGUE: tuple[Mistake, ...] = (
    *windows.mistakes(),
    *sums.mistakes(),
    *slopes.mistakes(),
    *maxima.mistakes(),
    *weights.mistakes(),
    *exponentials.mistakes(),
    *factors.mistakes(),
    *quantities.mistakes(),
)
