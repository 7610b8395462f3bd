"""Running on JAX: a compiled function of arrays, in the requested precision.

Dictionaries are ordered, because JAX returns the keys of others in alphabetical order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import Any

from symcnn.equations import Tensor
from symcnn.equations.values import Evaluation, Values, float_array, required
from symcnn.errors import SymcnnError
from symcnn.programs.backends.jax.module import module_text
from symcnn.programs.backends.python.listing import FUNCTION
from symcnn.programs.backends.python.running import Running

Function = Callable[..., Any]


class JaxRunning(Running):
    """The function of a program, compiled where its arguments are; results stay there."""

    @cached_property
    def source(self) -> str:
        """The text of a module that imports only JAX and the standard library."""
        return module_text(self.listing, self.dtype)

    @cached_property
    def function(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """The bare function, compiled: arrays in, JAX arrays out."""
        return self._compiled(lambda loss, outputs, gradients: (loss, gradients))

    def evaluated(self, values: Values) -> Evaluation:
        """Return what the function computes; JAX arrays are not searched for infinities."""
        required(values, self.given)
        arguments = (_argument(values[t.name], t, self.dtype) for t in self.given)
        return Evaluation(*self._with_outputs(*arguments))

    @cached_property
    def _with_outputs(self) -> Function:
        return self._compiled(lambda *results: results)

    def _compiled(self, chosen: Function) -> Function:
        """Compile the function for what is chosen of loss, outputs and gradients."""
        import jax

        function = self.names()[FUNCTION]

        def evaluated(*arguments: Any) -> Any:
            outputs: dict[str, Any] = OrderedDict()
            loss, gradients = function(*arguments, outputs=outputs)
            return chosen(loss, outputs, OrderedDict(gradients))

        jitted = jax.jit(evaluated)

        def run(*arguments: Any) -> Any:
            with _precision(self.dtype):
                return jitted(*arguments)

        return run


def _argument(value: Any, tensor: Tensor, dtype: str) -> Any:
    """Return an array of the tensor's shape; a JAX array stays on its devices and is not read.

    Raises:
        SymcnnError: If the shape is wrong, or a number that is no JAX array's.
    """
    import jax

    if not isinstance(value, jax.Array):
        return float_array(value, tensor, dtype)
    if value.shape not in (tensor.shape, (tensor.size,)):
        raise SymcnnError(
            f"{tensor.name} has the shape {value.shape}, but {tensor.shape} is needed"
        )
    return value


@contextmanager
def _precision(dtype: str) -> Iterator[None]:
    """Let JAX compute in 64 or 32 bits, in this context and thread only."""
    import jax

    # Before JAX 0.8 the switch is in jax.experimental.
    place = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    with place.enable_x64(dtype == "float64"):
        yield
