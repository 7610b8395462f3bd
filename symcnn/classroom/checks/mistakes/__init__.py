"""The catalogue of mistakes for code: those that people make on paper, and those of programs.

Marking uses the first alone: nobody who computes by hand ends a loop too early. A file in this
folder lists some with its ``mistakes()``, and is found here. None names a layer.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from symcnn.classroom.marking.mistakes import CATALOGUE, Mistake

_HELPERS = {"changes"}


def collected() -> Iterator[Mistake]:
    """Run over the mistakes of all files of this folder, the files in alphabetical order."""
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        if found.name not in _HELPERS:
            yield from import_module(f"{__name__}.{found.name}").mistakes()


OF_CODE: tuple[Mistake, ...] = tuple(collected())
CODE_CATALOGUE: tuple[Mistake, ...] = (*CATALOGUE, *OF_CODE)
