"""The catalogue of mistakes; each is a few lines on equations, and none names a layer.

A mistake is a function from the equations of a quantity to those that are followed instead. A file
in this folder lists some of them with its ``mistakes()``, and is found here.
"""

from itertools import chain

from symcnn.classroom.marking.mistakes.mistake import Mistake as Mistake
from symcnn.classroom.marking.mistakes.mistake import Work as Work
from symcnn.classroom.marking.mistakes.mistake import by_file

OF_PAPER = by_file(__name__, __path__)
CATALOGUE: tuple[Mistake, ...] = tuple(chain.from_iterable(OF_PAPER.values()))
