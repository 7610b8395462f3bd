"""The order of axes of a function's arrays, and the way to symcnn's: batch first, channels last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError, check_choice

_IMAGES = ("NC", "NLC", "NHWC", "NDHWC")
_KERNELS = ("OI", "LIO", "HWIO", "DHWIO")
_FIRST = ("NC", "NCL", "NCHW", "NCDHW")
_FILTERS_FIRST = ("OI", "OIL", "OIHW", "OIDHW")
_SWAPPED = str.maketrans("IO", "OI")
_OF_WEIGHT = "weight"
_OUTPUTS = ("dout", "y")
_OF_SAMPLES = (*_OUTPUTS, "x", "prediction", "target")

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Layout:
    """The axes of a function's arrays.

    Attributes:
        image: The axes of images: ``NCHW``.
        kernel: The axes of kernels: ``OIHW``.
        dense: The axes of the matrices of dense layers: ``OI`` or ``IO``.
        axes: The number of axes along which the layer slides over its input.
        spread: Whether vectors of the channels have all axes of an image, most of length 1.
        is_stated: Whether the user has stated the axes of kernels or matrices.
        flattened: The arrays along whose last axis the entries of an image follow each other,
            each with the shape of this image in symcnn's layout.
    """

    image: str
    kernel: str
    dense: str
    axes: int
    spread: bool = False
    is_stated: bool = False
    flattened: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def given(self, name: str, array: Array, sample: Sequence[int] = ()) -> Array:
        """Return an array of symcnn as the function has it, contiguous.

        Args:
            name: What the array is.
            array: Its numbers, in symcnn's layout.
            sample: The shape of a sample of the input, in symcnn's layout.
        """
        if (image := self.flattened.get(name)) is not None:
            array = _reordered(array, image, self._orders(len(image)))
        elif self._is_flattened(name, array, sample):
            return np.ascontiguousarray(_reordered(array, sample, self._orders(len(sample))))
        if self.spread and array.ndim == 1 and name not in _OF_SAMPLES:
            return np.ascontiguousarray(array.reshape(self._spread(array.size)))
        return np.ascontiguousarray(array.transpose(self._order(name, array.ndim)))

    def taken(self, name: str, array: Array, axes: int, sample: Sequence[int] = ()) -> Array | None:
        """Return an array of the function in symcnn's layout; None if it has other axes."""
        is_number = array.ndim == 0 and name == "loss"
        if is_number or (axes == 1 and array.ndim > 1 and max(array.shape) == array.size):
            return array.reshape(-1)
        if array.ndim != axes:
            return None
        if self._is_flattened(name, array, sample):
            there = self._orders(len(sample))
            swapped = [sample[k] for k in there]
            return _reordered(array, swapped, np.argsort(there).tolist())
        back = array.transpose(np.argsort(self._order(name, axes)).tolist())
        image = self.flattened.get(name)
        if image is None or back.shape[-1] != prod(image):
            return back
        there = self._orders(len(image))
        return _reordered(back, [image[k] for k in there], np.argsort(there).tolist())

    def candidates(self) -> tuple[Layout, ...]:
        """Return this layout and others that a function may mean where it is not stated."""
        swapped = replace(self, dense=self.dense[::-1], kernel=self.kernel.translate(_SWAPPED))
        orders = (self.kernel, _KERNELS[self.axes], _FILTERS_FIRST[self.axes], swapped.kernel)
        kernels = [replace(self, kernel=order) for order in dict.fromkeys(orders)]
        stated = (self,) if self.is_stated else (*kernels, replace(self, dense=swapped.dense))
        return tuple(replace(m, spread=spread) for spread in (False, True) for m in stated)

    def note(self, other: Layout) -> tuple[str, ...]:
        """Return what another layout has that this one has not, in a sentence each."""
        notes = []
        if other.dense != self.dense:
            wanted = "(inputs, units)" if other.dense == "IO" else "(units, inputs)"
            notes.append(f"The function fails otherwise: matrices of weights are {wanted}.")
        if other.kernel != self.kernel:
            notes.append(f"The function fails otherwise: the layout of kernels is {other.kernel}.")
        if other.spread:
            shape = ", ".join("C" if letter == "C" else "1" for letter in self.image)
            notes.append(f"The function fails otherwise: vectors have the shape ({shape}).")
        return tuple(notes)

    def _order(self, name: str, axes: int) -> list[int]:
        is_weight = name.rpartition(".")[2] == _OF_WEIGHT
        if axes == 2 and is_weight:
            return _order(_KERNELS[0], self.dense)
        if axes == self.axes + 2:
            if is_weight:
                return _order(_KERNELS[self.axes], self.kernel)
            return _order(_IMAGES[self.axes], self.image)
        if axes == self.axes + 1 > 1 and "." not in name and name not in _OUTPUTS:
            return self._orders(axes)
        return list(range(axes))

    def _orders(self, axes: int) -> list[int]:
        return _order(_IMAGES[axes - 1][1:], self.image.replace("N", ""))

    def _is_flattened(self, name: str, array: Array, sample: Sequence[int]) -> bool:
        """Tell whether a row holds the entries of a whole sample of the input, one by one."""
        is_image = self.axes > 0 and len(sample) == self.axes + 1
        return name in _OUTPUTS and is_image and array.ndim == 2 and array.shape[1] == prod(sample)

    def _spread(self, channels: int) -> tuple[int, ...]:
        return tuple(channels if letter == "C" else 1 for letter in self.image)


def layout_of(image: str, kernel: str | None, axes: int) -> Layout:
    """Return a layout as users state it.

    Args:
        image: The axes of images: ``NHWC``, ``NCHW``, or any other order of these letters. What is
            said of images in the plane holds for sequences and volumes accordingly.
        kernel: The axes of kernels, ``HWIO`` or ``OIHW``, and of matrices, ``OI`` or ``IO``, or
            both; None takes filters first where images have channels first.
        axes: The number of axes along which the layer slides over its input.

    Raises:
        SymcnnError: They are no order of the axes.
    """
    known = _image(image, axes)
    words = [] if kernel is None else kernel.upper().replace(",", " ").split()
    matrices = [word for word in words if sorted(word) == ["I", "O"]]
    others = [word for word in words if word not in matrices]
    if len(matrices) > 1 or len(others) > 1:
        raise SymcnnError(f"kernel_layout is {kernel!r}: give 'OIHW' or 'HWIO'")
    is_first = known == _FIRST[axes] and axes > 0
    default = (_FILTERS_FIRST if is_first else _KERNELS)[axes]
    stated = _kernel(others[0], axes) if others else default
    return Layout(known, stated, (*matrices, "OI")[0], axes, is_stated=bool(words))


def _image(image: str, axes: int) -> str:
    check_choice("the number of axes", axes, range(len(_IMAGES)), "0, 1, 2 or 3")
    word = str(image).upper()
    for standard in (_IMAGES, _FIRST):
        if _as_sequence(word) in standard[1:]:
            return standard[axes]
    right = _as_sequence(word) if axes == 1 else word
    if sorted(right) != sorted(_IMAGES[axes]):
        raise SymcnnError(f"layout is {image!r}: give {_IMAGES[axes]!r} or {_FIRST[axes]!r}")
    return right


def _kernel(kernel: str, axes: int) -> str:
    for standard in (_KERNELS, _FILTERS_FIRST):
        if _as_sequence(kernel) in standard[1:]:
            return standard[axes]
    right = _as_sequence(kernel) if axes == 1 else kernel
    if axes and sorted(right) != sorted(_KERNELS[axes]):
        other = _FILTERS_FIRST[axes]
        raise SymcnnError(f"kernel_layout is {kernel!r}: give {_KERNELS[axes]!r} or {other!r}")
    return right if axes else _KERNELS[0]


def _as_sequence(word: str) -> str:
    """Return the axes of a sequence with the letter L for its length, which many call W."""
    return word if "H" in word else word.replace("W", "L")


def _order(source: str, target: str) -> list[int]:
    return [source.index(letter) for letter in target]


def _reordered(rows: Array, sample: Sequence[int], order: Sequence[int]) -> Array:
    apart = rows.reshape(len(rows), *sample).transpose(0, *(1 + k for k in order))
    return apart.reshape(len(rows), -1)
