"""The catalogue of mistakes for code: those that people make on paper, and those of programs.

Marking uses the first alone: nobody who computes by hand ends a loop too early. A file in this
folder lists some with its ``mistakes()``, and is found here. None names a layer.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from symcnn.classroom.marking.mistakes import CATALOGUE, Mistake

_PARTICULAR = {"statistics"}
"""What a general mistake of paper yields too, such as a missing path: these say which one."""


def collected() -> Iterator[tuple[str, Mistake]]:
    """Run over the mistakes of all files of this folder, in alphabetical order, and the files."""
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        listed = import_module(f"{__name__}.{found.name}").mistakes()
        yield from ((found.name, mistake) for mistake in listed)


_COLLECTED = tuple(collected())
OF_CODE: tuple[Mistake, ...] = tuple(mistake for _, mistake in _COLLECTED)
CODE_CATALOGUE: tuple[Mistake, ...] = (
    *(mistake for file, mistake in _COLLECTED if file in _PARTICULAR),
    *CATALOGUE,
    *(mistake for file, mistake in _COLLECTED if file not in _PARTICULAR),
)
