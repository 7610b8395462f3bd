"""What a model of ONNX is given: arrays of the shapes that it states, by its inputs' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import onnx

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown
from symcnn.imports.choosing import check_input

FLOATS = (
    onnx.TensorProto.DOUBLE,
    onnx.TensorProto.FLOAT,
    onnx.TensorProto.FLOAT16,
    onnx.TensorProto.BFLOAT16,
)
"""The types of numbers that are read, all of them in 64 bits."""

BOOL = onnx.TensorProto.BOOL
"""The type of masks, which are 0 and 1."""

_NO_NUMBERS = (
    onnx.TensorProto.UNDEFINED,
    onnx.TensorProto.STRING,
    onnx.TensorProto.COMPLEX64,
    onnx.TensorProto.COMPLEX128,
)
"""The types of what is no real number."""


class Stated(NamedTuple):
    """An input of a model.

    Attributes:
        name: Its name.
        shape: Its shape; None stands for a length that is left open.
        numbers: The type of its numbers, as ONNX counts types.
    """

    name: str
    shape: tuple[int | None, ...]
    numbers: int

    @property
    def is_float(self) -> bool:
        """Whether it has floats."""
        return self.numbers in FLOATS

    def random(self, generator: np.random.Generator, samples: int) -> Array:
        """Return numbers from 0 to 1, for so many samples where the model leaves that open."""
        open_ = (samples if axis == 0 and n is None else n for axis, n in enumerate(self.shape))
        return generator.uniform(size=_closed(tuple(open_)))

    def checked(self, given: Any) -> Array:
        """Return an array in float64, if it has the shape; floats where whole numbers are read.

        Raises:
            SymcnnError: If it has another shape.
        """
        array = np.asarray(given)
        check_input(array, self.shape)
        if self.numbers == BOOL:
            return array.astype(bool)
        is_float = self.is_float or array.dtype.kind in "fb"
        return array.astype(np.float64) if is_float else array


def stated_in(model: Any) -> list[Stated]:
    """Return the inputs of a model, of which the first is that of the network.

    Raises:
        SymcnnError: If there is none, or it is no array of numbers with an axis of samples.
    """
    held = {tensor.name for tensor in model.graph.initializer}
    values = [value for value in model.graph.input if value.name not in held]
    if not values:
        raise SymcnnError("the model has no input: export it with one")
    first, *others = values
    made = [_stated(first, _network_shape(first.type))]
    made += (_stated(value, _shape(value.type)) for value in others)
    if (entries := sum(prod(n or 1 for n in s.shape) for s in made)) > limits.IMPORTED_ENTRIES:
        raise TooLargeError(
            f"the input has {entries:,} entries, more than the {limits.IMPORTED_ENTRIES:,} "
            "of a network that is imported: use a smaller one"
        )
    return made


def _stated(value: Any, shape: tuple[int | None, ...]) -> Stated:
    return Stated(value.name, shape, value.type.tensor_type.elem_type)


def _shape(kind: Any) -> tuple[int | None, ...]:
    """Return the shape of an input; None stands for a length that is left open."""
    if kind.tensor_type.elem_type in _NO_NUMBERS:
        raise SymcnnError("the input is not an array of numbers: import a model that reads one")
    dims = kind.tensor_type.shape.dim
    shape = tuple(d.dim_value if d.HasField("dim_value") else None for d in dims)
    least = min((n for n in shape if n is not None), default=1)
    if len(shape) > limits.INPUT_AXES + 1 or least < 1:
        raise _refused(shape)
    return shape


def _network_shape(kind: Any) -> tuple[int | None, ...]:
    """Return the shape of the input of the network, whose first axis counts the samples."""
    shape = _shape(kind)
    if not shape:
        raise _refused(shape)
    if len(shape) == 1:
        raise SymcnnError(
            f"the input has a single axis, {shape}, but the first one counts the samples: export "
            "the model with an axis of samples"
        )
    return shape


def _refused(shape: tuple[int | None, ...]) -> SymcnnError:
    return SymcnnError(
        f"the model states an input of shape {shown([*shape])}: give it an axis of "
        f"samples, at most {limits.INPUT_AXES} more, and lengths above 0"
    )


def _closed(shape: tuple[int | None, ...]) -> Shape:
    if None in shape:
        raise SymcnnError(
            f"the model leaves its input open, {shape}: give an array x, by --data FILE.npz"
        )
    return tuple(n for n in shape if n is not None)


def arrays_of(inputs: Sequence[Stated], given: Any) -> dict[str, Array]:
    """Return the arrays that a model is given, by name, the input of the network first.

    Args:
        inputs: What it takes.
        given: An array, a tuple of arrays in the order of the inputs, or a table by their names,
            in which ``x`` may stand for the first; None stands for random numbers from 0 to 1.

    Raises:
        SymcnnError: Says what is missing, or of another shape.
    """
    if given is None:
        return dict(_random(inputs))
    named = _named(inputs, given)
    if {*named} != {s.name for s in inputs}:
        raise SymcnnError(
            fitted(
                f"the model has {len(inputs)} input{'s' * (len(inputs) > 1)}, ",
                shown([s.name for s in inputs]),
                f", but is given {shown([*named])}: give an array for each, by these names",
            )
        )
    return {s.name: s.checked(named[s.name]) for s in inputs}


def _random(inputs: Sequence[Stated]) -> Iterator[tuple[str, Array]]:
    generator, samples = np.random.default_rng(0), 1
    for at, stated in enumerate(inputs):
        if at and not stated.is_float:
            raise SymcnnError(
                f"the model reads whole numbers or a mask, {shown(stated.name)}: give its inputs "
                "by name"
            )
        yield stated.name, (made := stated.random(generator, samples))
        samples = samples if at else len(made)


def _named(inputs: Sequence[Stated], given: Any) -> dict[str, Any]:
    names = [s.name for s in inputs]
    if isinstance(given, Mapping):
        return {names[0] if n == "x" and n not in names else n: a for n, a in given.items()}
    several = given if isinstance(given, tuple) and len(inputs) > 1 else (given,)
    return dict(zip([*names, *map(str, range(len(names), len(several)))], several, strict=False))
