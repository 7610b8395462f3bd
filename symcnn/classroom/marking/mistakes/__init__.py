"""The catalogue of mistakes; each is a few lines on equations, and none names a layer.

A mistake is a function from the equations of a quantity to those that are followed instead. A file
in this folder lists some of them with its ``mistakes()``, and is found here.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from symcnn.classroom.marking.mistakes.mistake import Mistake as Mistake
from symcnn.classroom.marking.mistakes.mistake import Work as Work


def collected() -> Iterator[Mistake]:
    """Run over the mistakes of all files of this folder, the files in alphabetical order."""
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        if found.name != "mistake":
            yield from import_module(f"{__name__}.{found.name}").mistakes()


CATALOGUE: tuple[Mistake, ...] = tuple(collected())
