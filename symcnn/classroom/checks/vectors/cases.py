"""Test vectors: cases of one layer for implementations in any language, and the file that has them.

The same layer has the same bytes everywhere, its axes in the order that is chosen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from symcnn.classroom.checks.vectors.arrays import VectorArray, token
from symcnn.errors import SymcnnError, shown

CHANNEL, INPUT_CHANNEL, FILTER = "channel", "input channel", "filter"
"""The axes that layouts place; what is counted along the others keeps its order."""

_FIRST = ("NCHW", "NCW", "NCDHW")
_LAST = ("NHWC", "NWC", "NDHWC")


@dataclass(frozen=True)
class Layout:
    """The order of the axes of arrays and of kernels.

    Attributes:
        is_first: Whether the channels come before the positions.
        kernel: The order of a kernel's axes, such as "HWIO", where "HW" stands for all positions.
    """

    is_first: bool
    kernel: str

    def placed(self, array: VectorArray) -> VectorArray:
        """Return an array in this layout."""
        if set(array.axes) >= {INPUT_CHANNEL, FILTER}:
            return array.transposed(self._kernel_order(array.axes))
        *_, last = array.axes
        if not self.is_first or last != CHANNEL or len(array.axes) < 3:
            return array
        axes = range(len(array.axes))
        return array.transposed((0, axes[-1], *axes[1:-1]))

    def _kernel_order(self, axes: Sequence[str]) -> list[int]:
        *positions, channel, unit = range(len(axes))
        found = {"I": [channel], "O": [unit], "H": positions}
        return [axis for letter in self.kernel if letter != "W" for axis in found[letter]]


def layout_of(layout: str, kernel_layout: str | None) -> Layout:
    """Read the names of layouts.

    Raises:
        SymcnnError: If there is no such layout.
    """
    if layout not in (*_FIRST, *_LAST):
        raise SymcnnError(
            f"there is no layout {shown(str(layout))}: choose NHWC, with the channels last, or NCHW"
        )
    kernel = "HWIO" if kernel_layout is None else kernel_layout
    if sorted(str(kernel)) != sorted("HWIO") or "HW" not in kernel:
        raise SymcnnError(
            f"there is no layout of kernels {shown(str(kernel_layout))}: write HWIO in the "
            "order of the axes, such as OIHW; HW stands for all axes with positions"
        )
    return Layout(layout in _FIRST, kernel)


FORMAT = "symcnn-vectors-1"
"""What the first key of a file says: by it a reader knows what follows."""

_INDENT = "  "
_BROAD = 100
"""A list or a table that is longer is written in several lines."""


@dataclass(frozen=True)
class Separated:
    """A mistake of the catalogue that a case separates.

    Attributes:
        name: Its name.
        shows_in: The arrays in which its equations give other numbers: "y", "gradient of x".
        every_way: Whether all ways to make it do: whoever makes it fails the case.
    """

    name: str
    shows_in: tuple[str, ...]
    every_way: bool

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {**vars(self), "shows_in": list(self.shows_in)}


@dataclass(frozen=True)
class VectorCase:
    """One case.

    Attributes:
        number: Its number in the file, from 1.
        layer: The layer as Python writes it.
        settings: Its settings; those of windows have one number an axis, padding two.
        covers: What it tries, in words.
        exact: Whether float64 holds every input and every result, so that they have to be equal.
        inputs: What the layer is given, by name: "x", "weight", "bias".
        error_signal: The derivative of the loss with respect to the output.
        outputs: What is due in the forward pass: "y".
        gradients: What is due in the backward pass, by the names of the inputs.
        mistakes: The mistakes that it separates.
    """

    number: int
    layer: str
    settings: Mapping[str, Any]
    covers: tuple[str, ...]
    exact: bool
    inputs: Mapping[str, VectorArray]
    error_signal: VectorArray
    outputs: Mapping[str, VectorArray]
    gradients: Mapping[str, VectorArray]
    mistakes: tuple[Separated, ...]

    def placed(self, layout: Layout) -> VectorCase:
        """Return the case with its arrays in a layout."""

        def all_of(arrays: Mapping[str, VectorArray]) -> dict[str, VectorArray]:
            return {name: layout.placed(array) for name, array in arrays.items()}

        return replace(
            self,
            inputs=all_of(self.inputs),
            error_signal=layout.placed(self.error_signal),
            outputs=all_of(self.outputs),
            gradients=all_of(self.gradients),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        tables = ("inputs", "outputs", "gradients")
        return {
            **vars(self),
            "settings": dict(self.settings),
            "covers": list(self.covers),
            "error_signal": self.error_signal.to_dict(),
            **{key: {n: a.to_dict() for n, a in getattr(self, key).items()} for key in tables},
            "mistakes": [mistake.to_dict() for mistake in self.mistakes],
        }


@dataclass(frozen=True)
class Vectors:
    """The test vectors of a layer.

    Attributes:
        layer: Its type in problem files, such as "conv2d".
        layout: The order of the axes of images.
        kernel_layout: The order of the axes of kernels; "" if the layer has none.
        mistakes: The mistakes that some case separates, each with a sentence about it.
        cases: The cases.
    """

    layer: str
    layout: str
    kernel_layout: str
    mistakes: Mapping[str, str]
    cases: tuple[VectorCase, ...]

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.cases)

    def __iter__(self) -> Iterator[VectorCase]:
        """Run over the cases."""
        return iter(self.cases)

    def __repr__(self) -> str:
        """Name the layer; the numbers would fill screens."""
        return f"<Vectors of {self.layer}: {len(self.cases)} cases>"

    def placed(self, layout: str = "NHWC", kernel_layout: str | None = None) -> Vectors:
        """Return the same cases with their axes in another order; they are in NHWC and HWIO.

        Args:
            layout: The order of the axes of images, "NHWC" or "NCHW".
            kernel_layout: That of kernels, such as "OIHW"; by default "HWIO".

        Raises:
            SymcnnError: If there is no such layout, or the axes have been placed before.
        """
        order = layout_of(layout, kernel_layout)
        if (self.layout, self.kernel_layout) not in (("NHWC", "HWIO"), ("NHWC", "")):
            raise SymcnnError(
                f"these test vectors are in {self.layout} and {self.kernel_layout or 'HWIO'}: take "
                "those of sc.vectors(layer) and place them once"
            )
        return replace(
            self,
            layout=layout,
            kernel_layout=order.kernel if self.kernel_layout else "",
            cases=tuple(case.placed(order) for case in self.cases),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds; numbers are ``decimal.Decimal``."""
        return {
            "format": FORMAT,
            "layer": self.layer,
            "layout": self.layout,
            "kernel_layout": self.kernel_layout,
            "mistakes": dict(self.mistakes),
            "cases": [case.to_dict() for case in self.cases],
        }

    def to_json(self) -> str:
        """Return the file, with exact decimals."""
        return _text(self.to_dict(), "") + "\n"


def _text(value: Any, margin: str) -> str:
    """Write a value of JSON: an array of numbers in one line, other long ones in several."""
    if isinstance(value, Decimal):
        return token(value)
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    short = _joined(value, (_text(v, "") for v in _values(value)), " ", "")
    if len(short) <= _BROAD or _are_numbers(value):
        return short
    inside = margin + _INDENT
    return _joined(value, (_text(v, inside) for v in _values(value)), f"\n{inside}", f"\n{margin}")


def _joined(value: Any, parts: Iterable[str], before: str, end: str) -> str:
    """Put the parts of a list or a table together."""
    if isinstance(value, dict):
        parts = (f"{json.dumps(k)}: {part}" for k, part in zip(value, parts, strict=True))
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    made = f",{before}".join(parts)
    return f"{opened}{before.lstrip(' ') if made else ''}{made}{end if made else ''}{closed}"


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, int | Decimal) for v in value)
