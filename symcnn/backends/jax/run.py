"""Running on JAX: arrays in, a compiled function, arrays out, in the precision asked for.

Dictionaries are ordered ones: JAX hands others back in the order of the alphabet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from symcnn.backends.python.listing import FUNCTION
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.values.floats import float_array

_MISSING = "backend = 'jax' needs jax: pip install 'symcnn[jax]'"

Function = Callable[..., Any]


def jax_or_error() -> Any:
    """Return the module.

    Raises:
        SymcnnError: If it is not installed.
    """
    try:
        import jax
    except ImportError:
        raise SymcnnError(_MISSING) from None
    return jax


def compiled(source: str, dtype: str) -> Function:
    """Return the function of a module, compiled: loss and gradients."""
    function = _function(source)

    def evaluated(*arguments: Any) -> Any:
        loss, gradients = function(*arguments)
        return loss, OrderedDict(gradients)

    return _in_precision(evaluated, dtype)


def compiled_with_outputs(source: str, dtype: str) -> Function:
    """Return the function that returns loss, outputs and gradients, compiled."""
    function = _function(source)

    def evaluated(*arguments: Any) -> Any:
        outputs: dict[str, Any] = {}
        loss, gradients = function(*arguments, outputs=outputs)
        return loss, OrderedDict(outputs), OrderedDict(gradients)

    return _in_precision(evaluated, dtype)


def jax_argument(value: Any, tensor: Tensor, dtype: str) -> Any:
    """Return an array of the tensor's shape; a JAX array stays on its devices, unread.

    Raises:
        SymcnnError: If the shape is wrong, or a number that is no JAX array's.
    """
    if not isinstance(value, jax_or_error().Array):
        return float_array(value, tensor, dtype)
    if value.shape not in (tensor.shape, (tensor.size,)):
        raise SymcnnError(
            f"{tensor.name} has the shape {value.shape}, but {tensor.shape} is needed"
        )
    return value


def _function(source: str) -> Function:
    namespace: dict[str, Any] = {}
    exec(compile(source, "<symcnn>", "exec"), namespace)
    return namespace[FUNCTION]  # type: ignore[no-any-return]


def _in_precision(function: Function, dtype: str) -> Function:
    jitted = jax_or_error().jit(function)

    def run(*arguments: Any) -> Any:
        with _precision(dtype):
            return jitted(*arguments)

    return run


@contextmanager
def _precision(dtype: str) -> Iterator[None]:
    """Let JAX compute in 64 bits, or in 32, here and in this thread alone."""
    jax = jax_or_error()
    # JAX older than 0.8 has the switch among its experiments.
    place = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    with place.enable_x64(dtype == "float64"):
        yield
