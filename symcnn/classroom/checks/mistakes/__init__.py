"""The catalogue of mistakes for code: those that people make on paper, and those of programs.

Marking uses the first alone: nobody who computes by hand ends a loop too early. A file in this
folder lists some with its ``mistakes()``, and is found here. None names a layer.
"""

from itertools import chain

from symcnn.classroom.marking.mistakes import CATALOGUE, Mistake
from symcnn.classroom.marking.mistakes.mistake import by_file

_PARTICULAR = f"{__name__}.statistics"
"""The file of what general mistakes of paper yield too, such as a missing path: they say which."""

OF_PROGRAMS = by_file(__name__, __path__)
OF_CODE: tuple[Mistake, ...] = tuple(chain.from_iterable(OF_PROGRAMS.values()))
CODE_CATALOGUE: tuple[Mistake, ...] = (
    *OF_PROGRAMS[_PARTICULAR],
    *CATALOGUE,
    *(mistake for mistake in OF_CODE if mistake not in OF_PROGRAMS[_PARTICULAR]),
)
