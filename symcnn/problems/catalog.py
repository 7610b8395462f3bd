"""The types that a problem file can name: every layer and loss of the library, by its class.

A type's name is that of its class in snake case, and its keys are the declared fields, each
read by its type, and the numbers of what the class learns or compares with.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from inspect import get_annotations

from symcnn.errors import SymcnnError
from symcnn.network import layers, losses
from symcnn.network.layers import Layer
from symcnn.network.losses import Loss
from symcnn.network.optimizers import Optimizer
from symcnn.problems.reading import READABLE, Reader, reader

_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Kind:
    """What a type in a file stands for.

    Attributes:
        made: The class that is made of the settings.
        settings: How each declared field is read.
        numbers: The keys that hold arrays of numbers, each with the setting that
            turns it off, or an empty text.
    """

    made: type[Layer] | type[Loss]
    settings: Mapping[str, Reader]
    numbers: Mapping[str, str]

    @property
    def required(self) -> tuple[str, ...]:
        """The settings that have no default."""
        missing = (f for f in fields(self.made) if f.default is f.default_factory is MISSING)
        return tuple(f.name for f in missing)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a table of this type takes."""
        return ("type", *self.settings, *self.numbers)


LAYERS: dict[str, Kind] = {}
LOSSES: dict[str, Kind] = {}


def register(made: type[Layer] | type[Loss]) -> None:
    """Let problem files name a layer or loss; those of the library are registered.

    The name is ``leaky_relu`` for the class ``LeakyReLU``, or what its ``type_name`` says.

    Raises:
        SymcnnError: If a field is of a type that no file holds, or the name is taken.
    """
    name = type_name(made)
    kinds = LAYERS if issubclass(made, Layer) else LOSSES
    if name in kinds and kinds[name].made.__module__ != made.__module__:
        raise SymcnnError(
            f"{made.__name__}: the type {name!r} is already taken: choose another type_name"
        )
    kinds[name] = Kind(made, readers(made), _numbers(made))


def type_name(made: type[Layer] | type[Loss]) -> str:
    """Return what problem files call a class, e.g. max_pool2d for ``MaxPool2D``."""
    return str(vars(made).get("type_name", _NEXT_WORD.sub("_", made.__name__).lower()))


def key_of(parameter: str) -> str:
    """Return the key with a parameter's numbers; ``bias`` says whether there is one."""
    return "bias_values" if parameter == "bias" else parameter


def switched_off(switch: str) -> str:
    """Return the setting without which numbers are there: affine = false, mode = "training"."""
    return switch if "=" in switch else f"{switch} = false"


def readers(made: type[Layer] | type[Loss] | type[Optimizer]) -> dict[str, Reader]:
    """Return how files state each declared field of a class, by its type.

    Raises:
        SymcnnError: If a field is of a type that no file holds.
    """
    try:
        types = ChainMap(*map(_annotations, made.__mro__))
    except NameError as error:
        raise SymcnnError(
            f"{made.__name__}: {error}: import it in the module of the class"
        ) from None
    return {f.name: _reader(f"{made.__name__}.{f.name}", types[f.name]) for f in fields(made)}


@cache
def _annotations(owner: type) -> dict[str, object]:
    """Return what a class itself declares, as types: they stand as texts in its file."""
    return get_annotations(owner, eval_str=True)


def _reader(place: str, type_: object) -> Reader:
    found = reader(type_)
    if found is None:
        raise SymcnnError(
            f"{place} is of the type {type_}, which problem files cannot hold: use {READABLE}"
        )
    return found


def _numbers(made: type[Layer] | type[Loss]) -> dict[str, str]:
    if issubclass(made, Layer):
        named = {**made.learned, **made.supplied}
        return {key_of(name): switch for name, switch in named.items()}
    return {**({} if made.given is None else {made.given: ""}), **made.supplied}


_PUBLIC = [made for name, made in {**vars(layers), **vars(losses)}.items() if name[0] != "_"]
for _made in _PUBLIC:
    if isinstance(_made, type) and issubclass(_made, Layer | Loss) and type_name(_made):
        register(_made)
