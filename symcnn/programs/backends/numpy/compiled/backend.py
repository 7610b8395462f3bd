"""NumPy with what is no matrix product in C; for Python alone, which calls it.

NumPy says of every result whether it overflowed, and warns or raises as ``np.errstate`` asks.
Functions in C keep that in a number, of which NumPy is told after a call.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cached_property
from textwrap import indent
from typing import Any

import numpy as np

from symcnn.equations.values.evaluation import Array
from symcnn.errors import SymcnnError
from symcnn.programs.backends import Backend
from symcnn.programs.backends.numpy.compiled.compiler import NotCompiledError, library
from symcnn.programs.backends.numpy.compiled.lowering import (
    FUNCTION_OF,
    TABLE_OF,
    Compiled,
    compiled,
)
from symcnn.programs.backends.numpy.compiled.texts import HARM
from symcnn.programs.backends.python.listing import FUNCTION
from symcnn.programs.backends.python.running import Running


class CompiledRunning(Running):
    """The functions of a program, some of them in C."""

    @cached_property
    def source(self) -> str:
        """The text of the module in Python, and below it the functions in C that it calls."""
        text = super().source
        if not isinstance(self.listing, Compiled):
            return text
        return f"{text}\n\n# Called through ctypes:\n#\n{indent(self.listing.functions, '# ')}"

    def names(self) -> dict[str, Any]:
        """Execute the module again, with a table of its own, and return its namespace."""
        if not isinstance(self.listing, Compiled):
            return super().names()
        try:
            loaded, harm = library(self.listing.functions), _Harm()
        except NotCompiledError as error:
            raise SymcnnError(f'{error}: use backend="array"') from None
        namespace: dict[str, Any] = {
            TABLE_OF: harm.table_of,
            FUNCTION_OF: lambda name: _function(loaded, name),
        }
        exec(self._code, namespace)
        namespace[FUNCTION] = harm.told(namespace[FUNCTION])
        return namespace


def _function(loaded: ctypes.CDLL, name: str) -> Any:
    function = loaded[name]
    function.restype = None
    return function


class _Harm:
    """What the functions of one program found to be infinite or no number."""

    def __init__(self) -> None:
        self._found = ctypes.c_int(0)
        self._kept = list[Array | None]()  # C does not keep them

    def table_of(self, *arrays: Array | None) -> Any:
        """Return the addresses of arrays, behind that of what is found."""
        self._kept += arrays
        table = (ctypes.c_void_p * (len(arrays) + HARM + 1))()
        table[HARM] = ctypes.addressof(self._found)
        for place, array in enumerate(arrays, HARM + 1):
            table[place] = None if array is None else array.ctypes.data
        return table

    def told(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function after whose calls NumPy is told."""

        def telling(*arguments: Array, outputs: dict[str, Array] | None = None) -> Any:
            self._found.value = 0
            made = function(*arguments, outputs=outputs)
            if self._found.value:
                _tell(self._found.value)
            return made

        return telling


_TOLD = (
    (1, np.divide, 1.0, 0.0),
    (2, np.subtract, np.inf, np.inf),
    (4, np.multiply, 1e300, 1e300),
)


def _tell(found: int) -> None:
    """Let NumPy find the same, so that it warns, raises or is silent."""
    for bit, function, one, other in _TOLD:
        if found & bit:
            function(one, other)


def _exported(listing: Any, arrays: Sequence[Array], title: str) -> str:
    raise SymcnnError('backend = "native" is for this machine: export to "numpy" or "c"')


BACKEND = Backend(compiled, _exported, CompiledRunning)
