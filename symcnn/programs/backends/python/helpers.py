"""Functions that NumPy lacks: each is written into a module that calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MATH = ("erf", "erfc", "exp", "log", "log1p", "tanh")
"""Functions of Python's math module that helpers and programs on single floats call."""

HELPERS = {
    "strided": '''def strided(a, start, shape, steps):
    """Return v[i, j, ...] = a.flat[start + steps @ (i, j, ...)] without a copy."""
    first, strides = a.reshape(-1)[start:], [a.itemsize*step for step in steps]
    return np.lib.stride_tricks.as_strided(first, shape, strides)''',
    "views": '''def views(a, start, moving, shape, steps):
    """Return a list of such views; each moving loop, (size, step), shifts their start."""
    starts = [start]
    for size, step in moving:
        starts = [first + step*n for first in starts for n in range(size)]
    return [strided(a, first, shape, steps) for first in starts]''',
    "part": '''def part(memory, start, shape):
    """Return an array of this shape in a longer one."""
    return memory[start:start + np.prod(shape, dtype=int)].reshape(shape)''',
    "keep_first": '''def keep_first(truths, axes):
    """Keep of the entries along the axes that hold, in their order, the first alone."""
    along = np.moveaxis(truths, axes, range(len(axes)))
    free = np.ones(along.shape[len(axes):], bool)
    for at in np.ndindex(along.shape[:len(axes)]):
        along[at] &= free
        free &= ~along[at]''',
    "positions": '''def positions(sizes, guards, start, steps):
    """Return start + steps @ (i, j, ...) for all i < sizes[0], j < sizes[1], ... in a row,

    as far as 0 <= first + moves @ (i, j, ...) < size for all guards (first, moves, size).
    """
    at = np.indices(sizes).reshape(len(sizes), -1)
    for first, moves, size in guards:
        inside = first + np.dot(moves, at)
        at = at[:, (0 <= inside) & (inside < size)]
    return start + np.dot(steps, at)''',
    "keep_first_at": '''def keep_first_at(truths, positions):
    """Keep of the entries that hold and go to one position the first alone."""
    held = np.flatnonzero(truths)
    _, first = np.unique(positions[held], return_index=True)
    truths[:] = False
    truths[held[first]] = True''',
    "log_of_sum": '''def log_of_sum(*terms):
    """Return log(exp(t_0) + exp(t_1) + ...); the largest is taken out: nothing overflows."""
    largest = max(terms)
    return largest + log(sum(exp(term - largest) for term in terms))''',
    "real_power": '''def real_power(z, exponent):
    """Return z**exponent of floats, and nan where Python's own is a complex number."""
    return z**exponent if z >= 0 else float("nan")''',
    "error_function": '''def error_function(z):
    """Return erf(z) for every entry."""
    return np.vectorize(erf, otypes=[float])(z)''',
    "normal_cdf": '''def normal_cdf(z):
    """Return the distribution function of the standard normal distribution."""
    return np.vectorize(erfc, otypes=[float])(-z/2**0.5)/2''',
}

NEEDS = {
    "views": ("strided",),
    "log_of_sum": ("exp", "log"),
    "error_function": ("erf",),
    "normal_cdf": ("erfc",),
}
"""What else helpers call, NumPy's functions aside."""


def with_needs(called: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return what is called, and what that calls, and so on.

    >>> sorted(with_needs(["normal_cdf"], NEEDS))
    ['erfc', 'normal_cdf']
    """
    found, new = set[str](), set(called)
    while new:
        found |= new
        new = {name for caller in new for name in needs.get(caller, ())} - found
    return found
