"""Numbers for tensors: nested or flat lists become flat rows of exact or float numbers.

A finite decimal is read as written: 0.4 is exactly 2/5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from itertools import accumulate
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any, TypeAlias

import numpy as np
from sympy import Expr, Integer, Rational

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.sizes import is_real_letter
from symcnn.errors import SymcnnError, shown

Values = Mapping[str, Any]
"""Numbers by tensor name: {"x": ..., "conv1.weight": ..., "target": ...}."""

Real: TypeAlias = int | float | Decimal | Fraction | Expr
"""A real number: int, float, Decimal, Fraction or a SymPy number."""

_LISTED = 76
"""The characters of a list of names: a line of error has 200 for everything."""

_TOO_LONG: int = 10**limits.NUMBER_DIGITS
_TOO_LARGE: int = 10**limits.NUMBER_EXPONENT


def exact(value: Any, place: str) -> Expr:
    """Return one number as an exact SymPy rational.

    Raises:
        SymcnnError: If it is not a finite number of a sane size; ``place`` says where
            it stands.
    """
    number = _number(value)
    if number is None:
        raise SymcnnError(f"{place} is {shown(value)}: a finite number is needed")
    if isinstance(number, Rational) and not _is_sane(number):
        raise SymcnnError(
            f"{place} is {shown(value)}: give a number below 10^{limits.NUMBER_EXPONENT} "
            f"of at most {limits.NUMBER_DIGITS} digits"
        )
    return number


def setting(value: Any, place: str) -> Expr:
    """Return a setting as an exact number, or the letter that stands for one.

    Raises:
        SymcnnError: If it is neither.
    """
    return value if is_real_letter(value) else exact(value, place)


def _number(value: Any) -> Expr | None:
    """Return what a value is exactly, or None if it is no finite real number."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Expr):
        return value if value.is_number and value.is_real else None
    if isinstance(value, Integral):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Decimal | RealNumber):
        decimal = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        return _decimal(decimal) if decimal.is_finite() else None
    return None


def _decimal(value: Decimal) -> Expr:
    """Return a decimal as a fraction; one that is too long to write out as 10^digits."""
    if max(abs(value.adjusted()), len(value.as_tuple().digits)) > limits.NUMBER_DIGITS:
        return Integer(10) ** (limits.NUMBER_DIGITS + 1)
    return Rational(*value.as_integer_ratio())


def _is_sane(number: Rational) -> bool:
    """Compare the integers above and below the bar: far faster than SymPy's numbers."""
    p, q = abs(int(number.p)), int(number.q)
    return p < _TOO_LONG and q < _TOO_LONG and p < _TOO_LARGE * q


def entries(value: Any, tensor: Tensor) -> list[Any]:
    """Return the entries of ``value`` in row-major order.

    Args:
        value: Nested lists or an array of the tensor's shape, or one flat list; an axis of a single
            channel may be left out (see ``shapes``).
        tensor: What the numbers are for.

    Raises:
        SymcnnError: If the shape does not fit.
    """
    nested = value.tolist() if hasattr(value, "tolist") else value  # of an array, or a row
    check_shape(shape_of(nested, tensor.name), tensor)
    return list(flattened(nested))


def shapes(tensor: Tensor) -> tuple[Shape, ...]:
    """Return the shapes that numbers for a tensor may have: all mean the same in row-major order.

    They are its own, that of a flat list, and, of an image of one channel, that of its rows alone.
    The filters of a kernel are its last axis, so that only that of a single filter with a single
    channel can be left without both axes: 3 x 3 x 3 could otherwise begin with either.
    """
    shape, own = tensor.shape, (tensor.shape, (tensor.size,))
    left_out = 2 if tensor.role == "parameter" else 1
    is_shorter = len(shape) > left_out and shape[-left_out:] == (1,) * left_out
    return (*own, shape[:-left_out]) if is_shorter else own


def check_shape(shape: Shape, tensor: Tensor) -> None:
    """Refuse numbers of another shape than the tensor's (see ``shapes``)."""
    if shape not in shapes(tensor) and not (shape == () and tensor.size == 1):
        raise SymcnnError(
            f"{tensor.name} has the shape {dimensions(shape)}, but {dimensions(tensor.shape)} is "
            f"needed: {_remedy(shape, tensor)}"
        )


def channels_last(name: str, shape: Shape, needed: Shape, samples: bool) -> str:
    """Return how an array whose channels stand as in PyTorch gets its shape; "" for any other.

    >>> channels_last("x", (8, 3, 28, 28), (8, 28, 28, 3), samples=True)
    'the channels stand as in PyTorch: np.moveaxis(x, 1, -1) puts them last'

    Args:
        name: What the array is called.
        shape: Its shape.
        needed: The shape that is needed.
        samples: Whether the first axis of both counts the samples.
    """
    first, is_one = int(samples), not samples and shape[:1] == (1,)
    for array, own in ((name, shape), *[(f"{name}[0]", shape[1:])] * is_one):
        if own == needed != shape:
            return f"a single sample has no axis for it: give {array}"
        if len(own) > first + 1 and (*own[:first], *own[first + 1 :], own[first]) == needed:
            made = f"np.moveaxis({array}, {first}, -1)"
            return f"the channels stand as in PyTorch: {made} puts them last"
    return ""


def _remedy(shape: Shape, tensor: Tensor) -> str:
    """Say how an array gets its shape; one of PyTorch's must not be made flat as it is."""
    is_kernel = tensor.role == "parameter"
    moved = channels_last(tensor.name, shape, tensor.shape, tensor.batched)
    if moved and not is_kernel:
        return moved
    orders = permutations(shape, tensor) if is_kernel else []
    if not orders:
        return f"give nested lists of that shape or one flat list of {tensor.size} numbers"
    order = f"array.transpose{orders[0]}" if len(orders) == 1 else "to (kernel, inputs, filters)"
    return f"the axes stand as in PyTorch: permute them, {order}"


def exact_entries(value: Any, tensor: Tensor) -> list[Expr]:
    """Return the entries of ``value`` as exact rationals, in row-major order."""
    return [
        exact(entry, f"{tensor.name}, number {count},")
        for count, entry in enumerate(entries(value, tensor), start=1)
    ]


def required(values: Values, tensors: Sequence[Tensor]) -> None:
    """Check that there are numbers for every tensor, and for nothing else.

    Raises:
        SymcnnError: If a name is missing or not known.
    """
    names = [tensor.name for tensor in tensors]
    for name in values:
        if name not in names:
            raise SymcnnError(f"the network takes no numbers for {name!r}: {known(name, names)}")
    for name in names:
        if name not in values:
            raise SymcnnError(f"numbers for {name!r} are missing: give them in the values")


def known(name: str, names: Sequence[str]) -> str:
    """Say which names are known, of many the first, and which is nearest."""
    nearest = get_close_matches(name, names, n=1)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    ends = accumulate(len(name) + len(", ") for name in names)
    first = [name for name, end in zip(names, ends, strict=True) if end <= _LISTED]
    more = f" and {len(names) - len(first)} more" if len(first) < len(names) else ""
    return f"{hint}choose from {', '.join(first)}{more}"


def shape_of(value: Any, name: str) -> Shape:
    """Return the shape of nested lists; ragged ones are an error."""
    if not isinstance(value, list | tuple):
        return ()
    shapes = {shape_of(part, name) for part in value}
    if len(shapes) > 1:
        raise SymcnnError(f"{name} is ragged: give every row the same number of entries")
    return (len(value), *(shapes.pop() if shapes else ()))


def flattened(value: Any) -> Iterator[Any]:
    """Run over the entries of nested lists."""
    if isinstance(value, list | tuple):
        for part in value:
            yield from flattened(part)
    else:
        yield value


_KERNELS = [(2, 1, 0), (2, 0, 1), (2, 3, 1, 0), (2, 3, 0, 1)]
"""From PyTorch's kernels to ours; those of transposed convolutions have the inputs first."""


def permutations(shape: Shape, tensor: Tensor) -> list[tuple[int, ...]]:
    """Return how axes may be permuted that stand as in PyTorch; nothing for any other shape."""
    fitting = (order for order in _KERNELS if len(order) == len(shape))
    return [o for o in fitting if tuple(shape[axis] for axis in o) == tensor.shape]


def positive_rate(rate: Any) -> Expr:
    """Return a learning rate exactly; anything but a positive number is an error."""
    number = exact(rate, "the learning rate")
    if number <= 0:
        raise SymcnnError(f"the learning rate is {number}: a positive number is needed")
    return number
