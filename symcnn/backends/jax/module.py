"""The text of a module for JAX: pure functions of arrays, to be compiled by jax.jit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent

from symcnn.backends.jax.helpers import HELPERS, LOOPS, Helper
from symcnn.backends.python.listing import FUNCTION, WIDTH, Block, Listing, filled, wrapped
from symcnn.backends.python.printing import MOST_EXPONENT, MOST_EXPONENT_32, MOST_EXPONENT_OF_TYPE

_DOCSTRING = '''"""Return the loss L, and dL/dT for every tensor T as a dict by its name.

Arguments are arrays of these shapes:
{shapes}

The function is pure, so that jax.jit compiles it. If a dict is given as ``outputs``, it
receives every layer's output by its name.
"""'''

_IN_JAX = ((r"\bnp\.float64\b", "dtype"), (r"\bnp\.", "jnp."))
"""A number is of the program's type; all other names are those of NumPy."""


def module_text(listing: Listing, dtype: str) -> str:
    """Return the listing as a module that imports JAX alone, and Python's own functions."""
    body = "\n".join(_body(listing))
    called = _called(body)
    imports = dict.fromkeys(line for helper in called for line in helper.imports)
    ours = sorted(line for line in imports if "jax" not in line)
    theirs = ["import jax.numpy as jnp", *sorted(line for line in imports if "jax" in line)]
    head = [*(["\n".join(ours)] if ours else []), "\n".join(theirs), *_constants(body, dtype)]
    parts = ["\n\n".join(head), *(helper.text for helper in called), _function(listing, body)]
    return "\n\n\n".join(parts) + "\n"


def _called(text: str) -> list[Helper]:
    called = [helper for name, helper in HELPERS.items() if re.search(rf"\b{name}\(", text)]
    needed = any(HELPERS[name] in called for name in ("view", "spread"))
    return [*([LOOPS] if needed else []), *called]


def _constants(body: str, dtype: str) -> Iterator[str]:
    """Return what depends on the type of the numbers."""
    text = f"dtype = jnp.{dtype}"
    if dtype == "float64":
        text += '  # jax.config.update("jax_enable_x64", True) before the first array'
    if MOST_EXPONENT_OF_TYPE in body:
        most = MOST_EXPONENT if dtype == "float64" else MOST_EXPONENT_32
        text += f"\n{MOST_EXPONENT_OF_TYPE} = {most}  # exp of it is near the end of the range"
    yield text


def _function(listing: Listing, body: str) -> str:
    signature = ", ".join([*listing.arguments, "outputs=None"])
    if len(signature) > WIDTH:
        signature = f"\n    {filled(signature)}\n"
    return f"def {FUNCTION}({signature}):\n" + indent(body, "    ")


def _body(listing: Listing) -> Iterator[str]:
    shapes = "\n".join(f"    {name}: {shape}" for name, shape in listing.arguments.items())
    yield _DOCSTRING.format(shapes=shapes)
    yield from map(_in_jax, listing.unpack)
    yield from _blocks("Forward pass.", listing.forward)
    yield "\nif outputs is not None:"
    yield indent(f"outputs.update({_dict(listing.outputs)})", "    ")
    yield from _blocks("Gradients, from the loss backwards.", listing.backward)
    yield f"\ngradients = {_dict(listing.gradients)}"
    yield f"return {listing.loss}, gradients"


def _blocks(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    yield f"\n# {title}"
    for block in blocks:
        yield from ("", *(f"# {text}" for text in block.notes))
        yield from (wrapped(_in_jax(line)) for line in block.lines)


def _in_jax(line: str) -> str:
    for name, ours in _IN_JAX:
        line = re.sub(name, ours, line)
    return line


def _dict(entries: Mapping[str, str]) -> str:
    rows = "".join(f"    {name!r}: {text},\n" for name, text in entries.items())
    return "{\n" + rows + "}"
