"""The forms of functions: a backward pass, a forward and a backward pass, or a function of C.

A function of C writes into arrays that it is given. By ``ctypes`` it takes, in the order of
``arguments=``, pointers to contiguous arrays (``x``), settings (``stride``) and lengths of axes
(``x.0`` is that of the first axis in the function's layout), and then pointers to the arrays that
it writes into, in the order of ``returns=``; these hold zeros. Numbers are of type ``double`` or
``float``, as the arrays are, and integers are ``int``; what the function declares by ``argtypes``
takes precedence.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from symcnn.classroom.checks.code.arguments import Arguments, Given
from symcnn.classroom.checks.code.failures import FailureError

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


_POINTED: dict[np.dtype[Any], Any] = {
    np.dtype(number): pointed
    for number, pointed in (
        ("float64", ctypes.c_double),
        ("float32", ctypes.c_float),
        ("int64", ctypes.c_int64),
        ("int32", ctypes.c_int32),
    )
}


def is_compiled(function: Any) -> bool:
    """Tell whether it is a function of a shared library."""
    return isinstance(function, ctypes._CFuncPtr)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Compiled:
    """A function of C.

    Attributes:
        function: The function.
        arguments: What it is given, in order.
        written: The arrays that it writes into, in order.
    """

    function: Any
    arguments: Arguments
    written: tuple[str, ...]

    def result(self, request: Request) -> Mapping[str, Array]:
        """Return the arrays that it wrote."""
        values, _ = self.arguments.values(request.given(unchanged))
        number = next(a.dtype for a in request.arrays.values() if a.dtype.kind == "f")
        types = [*(self.function.argtypes or ())]
        types += [None] * (len(values) + len(self.written) - len(types))
        made = {
            name: np.zeros(_shape(name, request), _number(declared) or number)
            for name, declared in zip(self.written, types[len(values) :], strict=False)
        }
        both = zip((*values, *made.values()), types, strict=False)
        self.function(*[_passed(value, declared, number) for value, declared in both])
        return made


def _number(declared: Any) -> np.dtype[Any] | None:
    """Return the type of the numbers that a declared pointer points to."""
    pointed = getattr(declared, "_dtype_", None) or getattr(declared, "_type_", None)
    is_pointer = pointed is not None and not isinstance(pointed, str)
    return np.dtype(pointed) if is_pointer else None


def _shape(name: str, request: Request) -> tuple[int, ...]:
    if name in request.arrays:
        return tuple(request.arrays[name].shape)
    if name not in request.shapes:
        raise FailureError(f"The shape of {name}, which the function is to write, is not known.")
    return request.shapes[name]


def _passed(value: Any, declared: Any, number: np.dtype[Any]) -> Any:
    if isinstance(value, np.ndarray):
        return _pointer(value.astype(_number(declared) or value.dtype, copy=False), declared)
    if declared is not None:
        return value
    return _POINTED[number](value) if isinstance(value, float) else ctypes.c_int(int(value))


def _pointer(array: Array, declared: Any) -> Any:
    if hasattr(declared, "_dtype_"):  # as numpy.ctypeslib.ndpointer declares it
        return array
    pointer = ctypes.POINTER(_POINTED[array.dtype])
    return array.ctypes.data_as(pointer if declared in (None, ctypes.c_void_p) else declared)
