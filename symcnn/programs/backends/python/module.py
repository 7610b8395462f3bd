"""The text of a module: its imports, its helpers, and the function of a listing.

A reader finds above each block the equation that it computes.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.programs.backends.python.helpers import HELPERS, MATH, NEEDS, with_needs
from symcnn.programs.backends.python.listing import FUNCTION, MAKER, ON_FLOATS, Listing
from symcnn.programs.backends.python.parts import Whole, in_parts
from symcnn.programs.backends.python.printing import MOST_EXPONENT, MOST_EXPONENT_OF_TYPE
from symcnn.programs.backends.python.text import blocks_text, defined, dict_text, indented
from symcnn.writing.wrapping import wrapped

_DOCSTRING = '''"""Return the loss L, and dL/dT for every tensor T as a dict by its name.

Arguments are arrays of these shapes:
{shapes}

If a dict is given as ``outputs``, it receives every layer's output by its name.{remark}
"""'''


_MAKER_DOCSTRING = '''"""Return the function {FUNCTION}, with arrays of its own.

They are made once and used by every call, so calls at the same time, from several
threads, need a function each: program() once more. Samples lie last in memory.
"""'''.replace("{FUNCTION}", FUNCTION)


_ON_FLOATS_DOCSTRING = '''"""Return the loss, all gradients and all outputs: floats in, floats out.

Gradients and outputs are a tuple of numbers each, in the order in which the function
below cuts them into arrays.
"""'''


def module_text(listing: Listing, dtype: str = "float64") -> str:
    """Return the listing as a module that imports NumPy alone, and Python's own math."""
    called = with_needs(listing.calls, NEEDS)
    helpers = [text for name, text in HELPERS.items() if name in called]
    by_math = ", ".join(name for name in MATH if name in called)
    imports = [f"from math import {by_math}"] if by_math else []
    if listing.setup:
        written: tuple[str, ...] = _maker(listing, dtype)
    else:
        written = (*([_on_floats(listing)] if listing.numbers else []), function_text(listing))
    parts = ["\n\n".join([*imports, "import numpy as np"]), *helpers, *written]
    return "\n\n\n".join(parts) + "\n"


def _maker(listing: Listing, dtype: str) -> tuple[str, str]:
    """Return the function that makes the arrays and then the function, and a call of it."""
    setup = "\n".join((*_constants(listing), *map(wrapped, listing.setup)))
    whole = in_parts(listing)
    function = defined(FUNCTION, [*listing.arguments, "outputs=None"], _body(whole))
    texts = [f"{_MAKER_DOCSTRING}\n{setup}", *whole.parts, function, f"return {FUNCTION}"]
    head = f"def {MAKER}(dtype=np.{dtype}):\n"
    return head + indented("\n\n".join(texts)), f"{FUNCTION} = {MAKER}()"


def _constants(listing: Listing) -> Iterator[str]:
    """Return the numbers that depend on the type of floats, where a statement reads one."""
    if MOST_EXPONENT_OF_TYPE in listing.calls:
        yield "# exp of this is near the end of the range of floats."
        chosen = "{float64} if dtype == np.float64 else {float32}".format(**MOST_EXPONENT)
        yield f"{MOST_EXPONENT_OF_TYPE} = {chosen}"


def _on_floats(listing: Listing) -> str:
    forward, backward = _passes(listing)
    body = [_ON_FLOATS_DOCSTRING, *forward, *backward, "", *listing.returned]
    return defined(ON_FLOATS, listing.numbers, body)


def function_text(listing: Listing, remark: str = "") -> str:
    """Return the function of arrays; a remark ends its docstring."""
    whole = Whole([], listing, dict_text(listing.outputs), dict_text(listing.gradients))
    return defined(FUNCTION, [*listing.arguments, "outputs=None"], _body(whole, remark))


def _body(whole: Whole, remark: str = "") -> Iterator[str]:
    """Run over the statements of the function, from its docstring to what it returns."""
    listing = whole.listing
    shapes = "\n".join(f"    {name}: {shape}" for name, shape in listing.arguments.items())
    yield _DOCSTRING.format(shapes=shapes, remark=remark)
    yield from (*map(wrapped, listing.made), *listing.unpack)
    forward, backward = ([], []) if listing.numbers else _passes(listing)
    yield from forward
    yield "\nif outputs is not None:"
    yield indented(f"outputs.update({whole.outputs})")
    yield from backward
    yield from ("", *map(wrapped, listing.pack))
    yield f"gradients = {whole.gradients}"
    yield f"return {listing.loss}, gradients"


def _passes(listing: Listing) -> tuple[list[str], list[str]]:
    """Return the statements of both passes."""
    forward, backward = map(blocks_text, (listing.forward, listing.backward))
    ahead = "\n# Backward pass: gradients, from the loss to the input."
    return ["\n# Forward pass.", *forward], [ahead, *backward]
