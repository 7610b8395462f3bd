"""The forms of functions: a backward pass by itself, or a forward and a backward pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from symcnn.classroom.checks.code.arguments import Arguments
from symcnn.classroom.checks.code.sources import Given

Array = np.ndarray[Any, Any]
Convert = Callable[[Array], Any]
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Request:
    """One call in the layout of the function.

    Attributes:
        arrays: The arrays by name; the function may change them.
        settings: The settings of the layer.
        axes: The number of axes along which the layer slides over its input.
        shapes: The shapes of what is due, where no array has them.
    """

    arrays: Mapping[str, Array]
    settings: Mapping[str, Any]
    axes: int
    shapes: Shapes

    def given(self, convert: Convert) -> Given:
        """Return what is passed, with arrays as the function takes them."""
        converted = {name: convert(array) for name, array in self.arrays.items()}
        return Given(converted, self.settings, self.axes)


class Form(Protocol):
    """How somebody's function is called."""

    def result(self, request: Request) -> Any:
        """Return what it returns in one call."""
        ...


def unchanged(array: Array) -> Any:
    """Return an array of NumPy as it is."""
    return array


@dataclass(frozen=True)
class Plain:
    """A function that is called once: ``backward(dout, x, w, b)``, ``forward(x, w, b)``."""

    function: Callable[..., Any]
    arguments: Arguments
    convert: Convert = unchanged

    def result(self, request: Request) -> Any:
        """Return what the function returns."""
        positional, keywords = self.arguments.values(request.given(self.convert))
        return self.function(*positional, **keywords)


@dataclass(frozen=True)
class Pair:
    """A forward pass and a backward pass that takes what the forward pass kept.

    ``forward(x, w, b)`` returns the output and a cache, and ``backward(dout, cache)`` the
    gradients. Methods of an object may keep the cache in it.
    """

    forward: Callable[..., Any]
    forward_arguments: Arguments
    backward: Callable[..., Any]
    backward_arguments: Arguments
    convert: Convert = unchanged

    def result(self, request: Request) -> Any:
        """Return what the backward pass returns."""
        given = request.given(self.convert)
        positional, keywords = self.forward_arguments.values(given)
        out = self.forward(*positional, **keywords)
        cache = out[1:] if isinstance(out, tuple | list) else ()
        positional, keywords = self.backward_arguments.values(replace(given, cache=cache))
        return self.backward(*positional, **keywords)
