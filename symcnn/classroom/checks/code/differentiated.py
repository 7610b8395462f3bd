"""Functions of PyTorch and JAX whose own derivative is called, with the error signal.

These packages are imported when such a function is called, which is of one of them.
"""

from __future__ import annotations

import copy
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, cast, get_args

import numpy as np

from symcnn.classroom.checks.code.arguments import Arguments, Given
from symcnn.classroom.checks.code.failures import FailureError
from symcnn.classroom.checks.code.forms import Request
from symcnn.classroom.checks.code.vocabulary import ERROR_SIGNAL, array_called

Array = np.ndarray[Any, Any]
Package = Literal["numpy", "torch", "jax"]


def package_of(function: Any) -> Package:
    """Return the package whose arrays a function takes, by what it is, or by what it names."""
    inner = function.func if isinstance(function, partial) else function
    if (said := getattr(inner, "package", None)) in get_args(Package):  # a function of a file
        return cast("Package", said)
    if is_autograd_function(inner) or is_module(inner):
        return "torch"
    if type(inner).__module__.partition(".")[0] in ("jax", "jaxlib"):
        return "jax"
    named = _packages(inner)
    if "torch" in named and not named & {"numpy", _MADE}:
        return "torch"
    return "jax" if "jax" in named else "numpy"


def _packages(function: Any) -> set[str]:
    """Return the packages of the modules that a function's body names, and its annotations."""
    inner = inspect.unwrap(function) if callable(function) else function
    inner = getattr(inner, "__func__", inner)
    if (code := getattr(inner, "__code__", None)) is None:
        return set()
    cells = zip(code.co_freevars, getattr(inner, "__closure__", None) or (), strict=False)
    spaces = {**getattr(inner, "__globals__", {}), **{name: _content(cell) for name, cell in cells}}
    names = (*code.co_names, *code.co_freevars)
    values = [spaces[name] for name in names if name in spaces]
    hints = [str(hint) for hint in getattr(inner, "__annotations__", {}).values()]
    homes = [getattr(v, "__name__", "") if inspect.ismodule(v) else _home(v) for v in values]
    inside = {name for name in code.co_names if name not in spaces}  # imported in the function
    found = {home.partition(".")[0] for home in homes} | inside
    made = {_MADE for name in names if name in ("from_numpy", "as_tensor", "tensor", "Tensor")}
    return found | made | {"torch" for hint in hints if "torch" in hint or hint == "Tensor"}


def knows_jax(function: Any) -> bool:
    """Tell whether the file of a function imports JAX, which functions that it calls may use."""
    inner = function.func if isinstance(function, partial) else function
    spaces = getattr(inspect.unwrap(inner), "__globals__", {}) if callable(inner) else {}
    modules = (value for value in spaces.values() if inspect.ismodule(value))
    return any(module.__name__.partition(".")[0] == "jax" for module in modules)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is not assigned yet
        return None


def _home(value: Any) -> str:
    return str(getattr(value, "__module__", None) or "")


_MADE = "tensors made of arrays"


def is_autograd_function(function: Any) -> bool:
    """Tell whether it is a subclass of ``torch.autograd.Function``."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(function, type):
        return False
    return issubclass(function, torch.autograd.Function)


def is_module(function: Any) -> bool:
    """Tell whether it is a module of PyTorch, with its parameters."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(function, torch.nn.Module)


def tensor(array: Array) -> Any:
    """Return an array as a tensor of PyTorch, which has the same memory."""
    import torch

    return torch.from_numpy(array)


def jax_array(array: Array) -> Any:
    """Return an array as one of JAX."""
    import jax.numpy as jnp

    return jnp.asarray(array)


def double_precision() -> AbstractContextManager[Any]:
    """Return a context in which JAX keeps all 64 bits."""
    import jax

    scoped = getattr(jax, "enable_x64", None)
    if scoped is not None:
        return scoped(True)  # type: ignore[no-any-return]
    from jax.experimental import enable_x64

    return enable_x64()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class OfTorch:
    """A function of tensors, differentiated by PyTorch: the backward pass is its own."""

    function: Callable[..., Any]
    arguments: Arguments
    wanted: tuple[str, ...]

    def result(self, request: Request) -> Any:
        """Return the gradients by name."""
        given = request.given(tensor)
        for name in self.wanted:
            given.arrays[name].requires_grad_()
        positional, keywords = self.arguments.values(given)
        inputs = {name: given.arrays[name] for name in self.wanted}
        return _gradients(self.function(*positional, **keywords), inputs, given.arrays)


@dataclass(frozen=True)
class OfModule:
    """A module of PyTorch; its parameters are replaced by the arrays that are given.

    Attributes:
        module: The module.
        names: Its parameters' names, each with the array that replaces it.
        arguments: What its forward pass is given.
        wanted: The arrays with respect to which it is differentiated; None calls it alone.
    """

    module: Any
    names: Mapping[str, str]
    arguments: Arguments
    wanted: tuple[str, ...] | None

    def result(self, request: Request) -> Any:
        """Return the gradients by name, or the output."""
        given = request.given(tensor)
        number = next(t.dtype for t in given.arrays.values() if t.is_floating_point())
        module = copy.deepcopy(self.module).to(number)
        inputs = self._prepared(module, given)
        positional, keywords = self.arguments.values(given)
        output = module(*positional, **keywords)
        return output if self.wanted is None else _gradients(output, inputs, given.arrays)

    def _prepared(self, module: Any, given: Given) -> dict[str, Any]:
        """Put the arrays into the module, and return what is differentiated with respect to."""
        leaves = dict(given.arrays)
        for own, name in self.names.items():
            parameter = module.get_parameter(own)
            parameter.data, leaves[name] = given.arrays[name].contiguous(), parameter
        wanted = self.wanted or ()
        for name in wanted:
            leaves[name].requires_grad_()
        return {name: leaves[name] for name in wanted}


def parameters_of_module(module: Any, names: Sequence[str]) -> dict[str, str]:
    """Return the parameters of a module, each with the array that it stands for, where known."""
    own = [name for name, _ in module.named_parameters()]
    found = {name: array_called(name.rpartition(".")[2], names) for name in own}
    exact = {name: name if name in names else found[name] for name in own}
    return {name: array for name, array in exact.items() if array is not None}


def _gradients(output: Any, inputs: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
    import torch

    y = output[0] if isinstance(output, tuple | list) else output
    if not isinstance(y, torch.Tensor):
        raise FailureError(f"The function returned no tensor, but {type(y).__name__}.")
    dout = arrays.get(ERROR_SIGNAL)
    found = torch.autograd.grad(y, [*inputs.values()], dout, allow_unused=True)
    return dict(zip(inputs, found, strict=True))


@dataclass(frozen=True)
class OfJax:
    """A function of JAX, whose product of the error signal and the Jacobian is its own."""

    function: Callable[..., Any]
    arguments: Arguments
    wanted: tuple[str, ...]

    def result(self, request: Request) -> Any:
        """Return the gradients by name."""
        import jax

        given = request.given(jax_array)
        inputs = [given.arrays[name] for name in self.wanted]
        y, pull = jax.vjp(partial(self._output, given), *inputs)
        signal = given.arrays.get(ERROR_SIGNAL)
        found = pull(jax.numpy.ones_like(y) if signal is None else signal)
        return dict(zip(self.wanted, found, strict=True))

    def _output(self, given: Given, *inputs: Any) -> Any:
        arrays = {**given.arrays, **dict(zip(self.wanted, inputs, strict=True))}
        positional, keywords = self.arguments.values(
            Given(arrays, given.settings, given.axes, given.cache)
        )
        output = self.function(*positional, **keywords)
        return output[0] if isinstance(output, tuple | list) else output
