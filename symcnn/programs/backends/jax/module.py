"""The text of a module for JAX: pure functions of arrays, to be compiled by jax.jit."""

from __future__ import annotations

from symcnn.programs.backends.jax.helpers import HELPERS, IMPORTS, NEEDS
from symcnn.programs.backends.python.helpers import with_needs
from symcnn.programs.backends.python.listing import Listing
from symcnn.programs.backends.python.module import function_text
from symcnn.programs.backends.python.printing import MOST_EXPONENT, MOST_EXPONENT_OF_TYPE

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
