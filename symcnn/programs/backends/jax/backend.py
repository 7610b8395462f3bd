"""JAX: pure functions of arrays, compiled for any device in the requested precision.

Dictionaries are ordered, because JAX returns the keys of others in alphabetical order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import Any

from symcnn.equations import Tensor
from symcnn.equations.values import Evaluation, Values, check_shape, float_array, required
from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends import Backend
from symcnn.programs.backends.jax.library import HELPERS, IMPORTS, NEEDS
from symcnn.programs.backends.jax.lowering import functions
from symcnn.programs.backends.python.export import (
    listed,
    numbers_text,
    python_module,
    read_first,
    reader_text,
)
from symcnn.programs.backends.python.listing import FUNCTION, Listing
from symcnn.programs.backends.python.module import function_text
from symcnn.programs.backends.python.printing import (
    MOST_EXPONENT,
    MOST_EXPONENT_OF_TYPE,
    with_needs,
)
from symcnn.programs.backends.python.running import Running
from symcnn.programs.plans.plan import Plan

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
    check_shape(value.shape, tensor)
    return value


@contextmanager
def _precision(dtype: str) -> Iterator[None]:
    """Let JAX compute in 64 or 32 bits, in this context and thread only."""
    import jax

    # Before JAX 0.8 the switch is in jax.experimental.
    place = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    with place.enable_x64(dtype == "float64"):
        yield


_PURE = "\nThe function is pure, so that jax.jit can compile it."


def module_text(listing: Listing, dtype: str) -> str:
    """Return the listing as a module that imports only JAX and the standard library."""
    called = with_needs(listing.calls, NEEDS)
    helpers = [text for name, text in HELPERS.items() if name in called]
    imports = sorted(line for name, line in IMPORTS.items() if name in called)
    ours = [line for line in imports if "jax" not in line]
    theirs = ["import jax.numpy as jnp", *(line for line in imports if "jax" in line)]
    head = ["\n".join(lines) for lines in (ours, theirs, _constants(listing, dtype)) if lines]
    parts = ["\n\n".join(head), *helpers, function_text(listing, _PURE)]
    return "\n\n\n".join(parts) + "\n"


def _constants(listing: Listing, dtype: str) -> list[str]:
    """Return what depends on the type of the numbers."""
    remark = '  # jax.config.update("jax_enable_x64", True) before the first array'
    lines = [f"dtype = jnp.{dtype}" + (remark if dtype == "float64" else "")]
    if MOST_EXPONENT_OF_TYPE in listing.calls:
        most = f"{MOST_EXPONENT_OF_TYPE} = {MOST_EXPONENT[dtype]}"
        lines.append(f"{most}  # its exponential is close to the largest float")
    return lines


_IN_64_BITS = """
    import jax

    jax.config.update("jax_enable_x64", True)"""


def _exported(listing: Listing, arrays: Iterable[Array], title: str) -> str:
    """Return a module with lists: they would be arrays before JAX is told to use 64 bits."""
    text = module_text(listing, "float64")
    constants = numbers_text(listing, map(listed, arrays))
    return python_module(text, constants, title, "JAX", _IN_64_BITS, arrays="jnp")


def _reading(listing: Listing, names: Sequence[str], file: str, title: str) -> str:
    """Return a module that reads its numbers from an .npz file."""
    text, reader = module_text(listing, "float64"), reader_text(listing, names, "jnp")
    first = f"{_IN_64_BITS}\n{read_first(file)}"
    return python_module(text, reader, title, "JAX", first, arrays="jnp")


def _lowered(plan: Plan, dtype: str) -> Listing:
    """Return the statements, which are those of any type of numbers."""
    return functions(plan)


BACKEND = Backend(_lowered, _exported, JaxRunning, "jax", reading=_reading)
