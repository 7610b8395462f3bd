"""Reading: an indexed access becomes an array with one axis for each of its loops.

    T[s i + d u - p, c]   over i, u, c    is a view with T's memory and strides

so a window, a group of channels and a flattened image cost no copy. Where an access
can leave its tensor, the tensor is padded first.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from sympy import Indexed, Symbol

from symcnn.equations import Affine, affine
from symcnn.notation import Shape

VIEW = '''def view(a, sizes, steps, start):
    """Return v[i, j, ...] = a[start + steps @ (i, j, ...)] without a copy."""
    first = a[tuple(slice(s, None) for s in start)]
    strides = np.array(a.strides) @ np.array(steps, int).reshape(a.ndim, len(sizes))
    return np.lib.stride_tricks.as_strided(first, sizes, strides)'''
"""The function behind every view that is more than a reshape."""


_TIGHT = (ast.Name, ast.Call, ast.Subscript, ast.Attribute)


@dataclass(frozen=True)
class Operand:
    """The text of an array, and the loop that each of its axes runs over."""

    text: str
    loops: tuple[Symbol, ...]

    def over(self, order: Sequence[Symbol]) -> str:
        """Return the text with its axes in ``order``, loops that it lacks of length 1."""
        own = [loop for loop in order if loop in self.loops]
        text = self.text
        if own != list(self.loops):
            text = f"{atom(text)}.transpose({[self.loops.index(loop) for loop in own]})"
        axes = [":" if loop in self.loops else "None" for loop in order]
        return text if "None" not in axes else f"{atom(text)}[{', '.join(axes)}]"


@dataclass(frozen=True)
class Access:
    """The affine indices of one access, and the sizes of the loops in them."""

    forms: tuple[Affine, ...]
    shape: Shape
    sizes: Mapping[Symbol, int]

    @classmethod
    def of(cls, read: Indexed, sizes: Mapping[Symbol, int]) -> Access:
        """Read an access; loops that it does not hold are left out."""
        forms = tuple(affine(position) for position in read.indices)
        used = {s: n for s, n in sizes.items() if any(f.coefficient(s) for f in forms)}
        return cls(forms, tuple(int(size) for size in read.shape), used)

    @property
    def loops(self) -> tuple[Symbol, ...]:
        """The loops of the access, in the equation's order."""
        return tuple(self.sizes)

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """How far the access reaches out of its tensor, before and behind each axis."""
        reach = (form.bounds(self.sizes) or (0, 0) for form in self.forms)
        return tuple(
            (max(0, -low), max(0, high - size + 1))
            for (low, high), size in zip(reach, self.shape, strict=True)
        )

    @property
    def padded(self) -> Shape:
        """The shape of the tensor with the padding that the access needs."""
        pads = zip(self.shape, self.padding, strict=True)
        return tuple(size + before + behind for size, (before, behind) in pads)

    @property
    def view(self) -> str:
        """The arguments of ``view`` after the padded array."""
        steps = tuple(tuple(form.coefficient(s) for s in self.loops) for form in self.forms)
        start = tuple(f.constant + p for f, (p, _) in zip(self.forms, self.padding, strict=True))
        return f"{tuple(self.sizes.values())}, {steps}, {start}"

    @property
    def reshaped(self) -> tuple[Symbol, ...] | None:
        """The loops in the order in which a mere reshape of the tensor has them as axes.

        Each axis must count its own loops in mixed radix, as (i W + j) C + c does.
        """
        digits = [_digits(f, self.sizes, n) for f, n in zip(self.forms, self.shape, strict=True)]
        order = [loop for axis in digits if axis is not None for loop in axis]
        whole = None not in digits and len(order) == len(self.loops)
        return tuple(order) if whole else None


def atom(text: str) -> str:
    """Put an expression in parentheses, unless it binds as tightly as a name does."""
    tight = isinstance(ast.parse(text, mode="eval").body, _TIGHT)
    return text if tight else f"({text})"


def shape_of(order: Sequence[Symbol], sizes: Mapping[Symbol, int]) -> Shape:
    """Return the sizes of loops."""
    return tuple(sizes[loop] for loop in order)


def _digits(form: Affine, sizes: Mapping[Symbol, int], length: int) -> list[Symbol] | None:
    loops = sorted((s for s in sizes if form.coefficient(s)), key=lambda s: -form.coefficient(s))
    expected = 1
    for loop in reversed(loops):
        if sizes[loop] > 1 and form.coefficient(loop) != expected:
            return None
        expected *= sizes[loop]
    return loops if expected == length and form.constant == 0 else None


def injective(access: Access, kept: Sequence[Symbol]) -> bool:
    """Tell whether different values of these loops surely lead to different entries."""
    shape = access.padded
    weights = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    reach = 0
    steps = {
        s: sum(w * f.coefficient(s) for w, f in zip(weights, access.forms, strict=True))
        for s in kept
    }
    for loop, step in sorted(steps.items(), key=lambda item: abs(item[1])):
        if access.sizes[loop] > 1 and abs(step) <= reach:
            return False
        reach += abs(step) * (access.sizes[loop] - 1)
    return True
