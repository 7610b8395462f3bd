"""Padding: additional entries before and after those of an axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from sympy import Expr, Indexed, Integer, Symbol
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_at_least, is_whole, not_above
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.reshaping import STAYED
from symcnn.network.meaning import Meaning, When

_MODES = ("constant", "reflect", "replicate", "circular")
_SPARE = {"reflect": 1, "circular": 0}
"""How many entries of an axis cannot be added on one side, by mode."""

_AXES = "ijkmopqr"
_STAGES = ("padded_once", "padded_twice", *(f"padded_{n}_times" for n in range(3, len(_AXES))))
"""The names of what is padded along some axes."""

_NOUNS = {1: "once padded input", 2: "twice padded input"}


_ADDED = When(
    "mode",
    When("value", "the number {value}", "zeros", value=True),
    When(
        "mode",
        "mirror images of the entries inside, the outermost one being the mirror",
        When(
            "mode",
            "copies of the outermost entry",
            "the entries of the opposite end",
            value="replicate",
        ),
        value="reflect",
    ),
    value="constant",
)
_COLLECTS = "collects the error signals of all its copies."


@dataclass(frozen=True)
class Pad(Layer):
    """Adds entries before and after the input along some axes, p of them before it.

        y[i] = x[i - p]      inside
        y[i] = v             outside, "constant"
        y[i] = x[p - i]      before it, "reflect": the first entry is a mirror
        y[i] = x[0]          before it, "replicate"
        y[i] = x[n - p + i]  before it, "circular", and likewise behind the n entries

    Several axes are padded one after the other.

    Shapes: y has the shape of x, with what is added to every axis.

    Attributes:
        padding: n or (before, after) for every axis of a sample from the first on, 0 for those
            that are left out; a single n is for all axes but the last, the channels.
        mode: "constant", "reflect", "replicate" or "circular".
        value: The constant v.
    """

    padding: Size | tuple[Size | tuple[Size, Size], ...]
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant"
    value: Real = 0

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "padded_once": When(
                "padded_once", ("One axis of {x} after another is padded with", _ADDED, ".")
            ),
            **{key: When(key, "The next axis is padded in the same way.") for key in _STAGES[1:]},
            "y": When(
                "adds_nothing",
                "Nothing is added.",
                When(
                    "padded_once",
                    "The last axis is padded in the same way.",
                    ("Beyond its border, {x} is padded with", _ADDED, "."),
                ),
            ),
        },
        backward={
            **{key: When(key, f"An entry of {{{key}}} {_COLLECTS}") for key in _STAGES},
            "x": When(
                "adds_nothing",
                STAYED,
                When(
                    "mode",
                    "What was added is constant, so {x} receives the error signals of its own "
                    "entries alone.",
                    f"An entry of {{x}} {_COLLECTS}",
                    value="constant",
                ),
            ),
        },
    )
    prefix: ClassVar[str] = "pad"

    def adds_nothing(self, shape: Shape) -> bool:
        """Tell whether no axis is padded."""
        return not self._along(self._pads(shape))

    def output_shape(self, shape: Shape) -> Shape:
        """Return the lengths with what is added."""
        return _padded(shape, self._pads(shape))

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return what is padded along the first of several axes, for the next.

        Constants are put around all axes at once.
        """
        pads, axes = self._pads(shape), _AXES[: len(shape)]
        along = () if self.mode == "constant" else self._along(pads)
        return {
            key: Auxiliary(_padded(shape, pads, along[:n]), "r", axes, noun=_NOUNS.get(n, ""))
            for n, key in zip(range(1, len(along)), _STAGES, strict=False)
        }

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that no more entries are reflected or repeated than there are."""
        if self.mode not in _SPARE:
            return ()
        ends = zip(self._pads(shapes[0]), shapes[0], strict=True)
        pairs = ((n, length) for pair, length in ends for n in pair if n != 0)
        return tuple(c for n, m in pairs for c in not_above(n, m - _SPARE[self.mode]))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations of what is inside, and of what is before and behind it."""
        pads = self._pads(x.shape)
        if self.mode == "constant":
            return self._with_constant(y, x, pads)
        along = self._along(pads)
        if not along:
            return (define(y[y.indices], x[y.indices]),)
        stages = [x, *(tensors[key] for key in _STAGES[: len(along) - 1]), y]
        steps = zip(along, stages, stages[1:], strict=False)
        return tuple(e for axis, read, made in steps for e in self._along_axis(made, read, axis))

    def _along_axis(self, y: Tensor, x: Tensor, axis: int) -> Iterator[Equation]:
        """Run over the equations that fill y along one axis: inside, before and behind."""
        before, after = self._pads(x.shape)[axis]
        n, i = x.shape[axis], y.indices[axis]
        sources = {
            "reflect": (before - i, n - 2 - i),
            "replicate": (Integer(0), Integer(0) + n - 1),
            "circular": (n - before + i, i),
        }[self.mode]
        parts = ((before, n, i), (0, before, sources[0]), (before + n, after, sources[1]))
        for first, count, source in parts:
            if count != 0:
                yield define(
                    y[_put(y.indices, axis, i + first)],
                    x[_put(y.indices, axis, source)],
                    over={i: count},
                )

    def _with_constant(self, y: Tensor, x: Tensor, pads: Pads) -> tuple[Equation, ...]:
        """Return the equations of a constant: what is omitted is 0, another one fills borders."""
        value, first = setting(self.value, "value"), [before for before, _ in pads]
        if value == 0:
            read = x[tuple(i - p for i, p in zip(y.indices, first, strict=True))]
            return (define(y[y.indices], read, over=dict(zip(y.indices, y.shape, strict=True))),)
        inside = y[tuple(i + p for i, p in zip(y.indices, first, strict=True))]
        borders = self._borders(y, x.shape, pads)
        constants = (define(target, value, over=over) for target, over in borders)
        own = dict(zip(y.indices, x.shape, strict=True))
        return (define(inside, x[y.indices], over=own), *constants)

    def _borders(self, y: Tensor, shape: Shape, pads: Pads) -> Iterator[_Border]:
        """Run over what is before and behind each axis, and inside along those before it."""
        for axis, (before, after) in enumerate(pads):
            inside = dict(zip(y.indices[:axis], shape, strict=False))
            for first, count in ((0, before), (before + shape[axis], after)):
                if count != 0:
                    shifts = (*(p for p, _ in pads[:axis]), first, *([0] * len(shape)))
                    target = (i + shift for i, shift in zip(y.indices, shifts, strict=False))
                    yield y[tuple(target)], {**inside, y.indices[axis]: count}

    def _along(self, pads: Pads) -> tuple[int, ...]:
        return tuple(axis for axis, pair in enumerate(pads) if pair != (0, 0))

    def _pads(self, shape: Shape) -> Pads:
        if self.mode not in _MODES:
            choices = ", ".join(f'"{mode}"' for mode in _MODES)
            raise SymcnnError(f"mode = {self.mode!r} is unknown: choose from {choices}")
        given: Any = self.padding
        if not isinstance(given, tuple | list):
            given = [given] * (len(shape) - 1) or [given]
        pairs = [tuple(one) if isinstance(one, tuple | list) else (one, one) for one in given]
        if len(pairs) > len(shape) or not all(
            len(pair) == 2 and all(is_whole(n, 0) for n in pair) for pair in pairs
        ):
            raise SymcnnError(
                f"padding = {self.padding!r} is invalid for an input of shape {shape}: give n, "
                "or one n or [before, after] per axis"
            )
        pads = (*pairs, *[(0, 0)] * (len(shape) - len(pairs)))
        self._check(pads, shape)
        return pads

    def _check(self, pads: Pads, shape: Shape) -> None:
        """Refuse to reflect or to repeat more entries than there are."""
        for axis, (pair, length) in enumerate(zip(pads, shape, strict=True)):
            most = length - _SPARE[self.mode] if self.mode in _SPARE else None
            if most is not None and any(is_at_least(n - most, 1) for n in pair):
                raise SymcnnError(
                    f"padding = {self.padding!r} adds {max(pair)} entries to axis {axis}, which "
                    f'has {length}: with mode = "{self.mode}" give at most {most}'
                )


Pads = tuple[tuple[Size, ...], ...]
"""The numbers of entries before and behind every axis."""

_Border = tuple[Indexed, dict[Symbol, Size]]
"""An entry, and the ranges of its indices."""


def _put(indices: tuple[Symbol, ...], axis: int, index: Expr) -> tuple[Expr, ...]:
    return (*indices[:axis], index, *indices[axis + 1 :])


def _padded(shape: Shape, pads: Pads, along: tuple[int, ...] | None = None) -> Shape:
    chosen = range(len(shape)) if along is None else along
    pairs = enumerate(zip(shape, pads, strict=True))
    return tuple(n + sum(pair) if axis in chosen else n for axis, (n, pair) in pairs)
