"""How a library of arrays that are never modified spells pure functions, and what JAX lacks."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from symcnn.programs.backends.jax.operands import JaxPrinter
from symcnn.programs.backends.python.listing import RESERVED as RESERVED_BY_NUMPY

HELPERS = {
    "is_axis_aligned": '''def is_axis_aligned(steps):
    """Tell whether each loop moves along one axis alone, and forwards."""
    return all(len(own := [s for s in moves if s]) == 1 and own[0] > 0 for moves in zip(*steps))''',
    "positions": '''def positions(sizes, steps, start):
    """Return start + steps @ (i, j, ...), one array of indices for each axis."""
    at = jnp.indices(sizes)
    return tuple(sum((s*n for s, n in zip(row, at)), first) for row, first in zip(steps, start))''',
    "one_axis": '''def one_axis(loops):
    """Tell whether loops (size, step) are the digits of one number."""
    return all(step == size*next_step for (_, step), (size, next_step) in zip(loops, loops[1:]))''',
    "shortest": '''def shortest(loops):
    """Return which loop is the shortest, and the others."""
    number = min(range(len(loops)), key=lambda loop: loops[loop][0])
    return number, loops[:number] + loops[number + 1:]''',
    "view": '''def view(a, sizes, steps, start):
    """Return v[i, j, ...] = a[start + steps @ (i, j, ...)]."""
    if not is_axis_aligned(steps):
        return a[positions(sizes, steps, start)]
    order = [loop for row in steps for loop, step in enumerate(row) if step]
    for axis in reversed(range(a.ndim)):
        loops = [(sizes[loop], step) for loop, step in enumerate(steps[axis]) if step]
        a = unfolded(a, axis, start[axis], loops)
    return a.transpose([order.index(loop) for loop in range(len(sizes))])''',
    "unfolded": '''def unfolded(a, axis, start, loops):
    """Return an array with one axis for each loop (size, step) in the place of one axis."""
    if not loops:
        return lax.index_in_dim(a, start, axis, keepdims=False)
    size, step = loops[0]
    if len(loops) == 1:
        return lax.slice_in_dim(a, start, start + step*(size - 1) + 1, step, axis)
    if one_axis(loops):
        whole = unfolded(a, axis, start, [(prod(n for n, _ in loops), loops[-1][1])])
        return whole.reshape(*a.shape[:axis], *(n for n, _ in loops), *a.shape[axis + 1:])
    number, rest = shortest(loops)
    size, step = loops[number]
    parts = [unfolded(a, axis, start + step*n, rest) for n in range(size)]
    return jnp.stack(parts, axis + number)''',
    "scatter": '''def scatter(shares, shape, steps, start, combine, empty):
    """Return an array a with shares[i, j, ...] brought to a[start + steps @ (i, j, ...)].

    What falls outside of it is left out, and where nothing comes, it holds ``empty``.
    """
    if not is_axis_aligned(steps):
        where = tuple(
            jnp.where(at < 0, size, at)  # a negative index would count from the end
            for at, size in zip(positions(shares.shape, steps, start), shape)
        )
        a = jnp.full(shape, empty, shares.dtype)
        return getattr(a.at[where], combine)(shares, mode="drop")
    a = shares.transpose([loop for row in steps for loop, step in enumerate(row) if step])
    for axis, row in enumerate(steps):
        loops = [(shares.shape[loop], step) for loop, step in enumerate(row) if step]
        a = folded(a, axis, shape[axis], start[axis], loops, combine, empty)
    return a''',
    "folded": '''def folded(a, axis, size, start, loops, combine, empty):
    """Return an array with one axis of this size in the place of one for each loop."""
    if len(loops) > 1 and not one_axis(loops):
        number, rest = shortest(loops)
        parts = [
            folded(part, axis, size, start + loops[number][1]*n, rest, combine, empty)
            for n, part in enumerate(jnp.moveaxis(a, axis + number, 0))
        ]
        rule = {"add": jnp.add, "max": jnp.maximum, "min": jnp.minimum}[combine]
        return reduce(rule, parts)
    count, step = prod(n for n, _ in loops), loops[-1][1] if loops else 1
    a = a.reshape(*a.shape[:axis], count, *a.shape[axis + len(loops):])
    around = [(0, 0, 0)]*a.ndim
    around[axis] = (start, size - start - step*(count - 1) - 1, step - 1)
    return lax.pad(a, jnp.asarray(empty, a.dtype), around)''',
    "correlate": '''def correlate(a, b, steps, dilations, border):
    """Return y[n, k, i, ...] = sum of a[n, c, s i + d u - p, ...]*b[k, c, u, ...] over c, u, ...

    s are the steps and d the dilations; the border is (p zeros before, zeros behind).
    """
    return lax.conv_general_dilated(a, b, steps, border, rhs_dilation=dilations)''',
    "inverse_power": '''def inverse_power(z, exponent):
    """Return 1/z**exponent, and nan where no float holds z**exponent: it is not 0 there."""
    power = jnp.sqrt(z) if exponent == 1/2 else z**exponent
    return jnp.where(jnp.isinf(power), jnp.nan, 1/power)''',
    "error_function": '''def error_function(z):
    """Return erf(z) for every entry."""
    return erf(z)''',
    "normal_cdf": '''def normal_cdf(z):
    """Return the distribution function of the standard normal distribution."""
    return erfc(-z/2**0.5)/2''',
}

IMPORTS = {
    "prod": "from math import prod",
    "reduce": "from functools import reduce",
    "lax": "from jax import lax",
    "erf": "from jax.scipy.special import erf",
    "erfc": "from jax.scipy.special import erfc",
}
"""How helpers get what they use."""

NEEDS = {
    "view": ("is_axis_aligned", "positions", "unfolded"),
    "unfolded": ("lax", "one_axis", "prod", "shortest"),
    "scatter": ("folded", "is_axis_aligned", "positions"),
    "folded": ("lax", "one_axis", "prod", "reduce", "shortest"),
    "correlate": ("lax",),
    "error_function": ("erf",),
    "normal_cdf": ("erfc",),
}
"""What else helpers use, functions of jax.numpy aside."""

RESERVED = RESERVED_BY_NUMPY | HELPERS.keys() | IMPORTS.keys() | {"jax", "jnp", "dtype", "axis"}


@dataclass(frozen=True)
class Library:
    """A library as the lowering needs it; gaps in braces hold texts.

    Attributes:
        printer: Prints expressions.
        reserved: Names that its modules have of their own.
        argument: An argument as an array of the program's type and of a shape.
        number: A number of the program's type.
        zeros: An array of zeros of a shape.
        indices: The indices along each axis of a shape.
        count: The numbers from 0 on, so many.
        truth: 1 where a comparison of arrays holds, else 0, as floats.
        one_truth: The same of a comparison of numbers.
        at_least_one: The larger of a number and 1, entry by entry.
        spellings: Pieces of text, and what stands in their place in this library.
        spreads: Whether a helper ``spread`` adds products at windows of their target.
        scans: Whether helpers ``largest`` and ``first`` find the maxima of windows.
    """

    printer: type[JaxPrinter]
    reserved: Set[str]
    argument: str
    number: str
    zeros: str
    indices: str
    count: str
    truth: str
    one_truth: str
    at_least_one: str
    spellings: tuple[tuple[str, str], ...] = ()
    spreads: bool = False
    scans: bool = False

    def spelled(self, text: str) -> str:
        """Return a statement of JAX as this library spells it."""
        for piece, own in self.spellings:
            text = text.replace(piece, own)
        return text


JAX = Library(
    printer=JaxPrinter,
    reserved=RESERVED,
    argument="jnp.asarray({0}, dtype).reshape({1})",
    number="dtype({})",
    zeros="jnp.zeros({}, dtype)",
    indices="jnp.indices({})",
    count="jnp.arange({})",
    truth="1.0*({})",
    one_truth="jnp.asarray(1.0*({}))",
    at_least_one="jnp.maximum({}, 1)",
)
