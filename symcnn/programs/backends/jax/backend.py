"""JAX: pure functions of arrays, compiled for any device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends import Backend
from symcnn.programs.backends.jax.lowering import functions
from symcnn.programs.backends.jax.running import JaxRunning, module_text
from symcnn.programs.backends.python.export import (
    listed,
    numbers_text,
    python_module,
    read_first,
    reader_text,
)
from symcnn.programs.backends.python.listing import Listing
from symcnn.programs.plans.plan import Plan

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
