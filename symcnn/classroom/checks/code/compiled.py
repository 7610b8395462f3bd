"""Functions of C by ``ctypes``, which write into arrays that they are given.

A function is given, in the order of ``arguments=``, pointers to contiguous arrays (``x``), settings
(``stride``) and lengths of axes (``x.0`` is that of the first axis in the function's layout),
and then pointers to the arrays that it writes into, in the order of ``returns=``; these hold zeros.
Numbers are of type ``double`` or ``float``, as the arrays are, and integers are ``int``; what the
function declares by ``argtypes`` takes precedence.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.arguments import Arguments
from symcnn.classroom.checks.code.failures import FailureError
from symcnn.classroom.checks.code.forms import Request, unchanged

Array = np.ndarray[Any, Any]
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
