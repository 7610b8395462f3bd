"""Samples: what a network reads and what its loss compares the output with, many times.

x        (samples, *input shape), or (samples, entries) row by row
target   (samples, *output shape), or (samples, entries)
dropout1.mask and others of which every sample has its own: likewise
y        (samples,) whole numbers from 0 on, the classes; they become targets
with a 1 at the class and 0 elsewhere
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Float

from symcnn.equations import Tensor
from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array, channels_last, check_indices, known, shapes
from symcnn.equations.values.archive import Header
from symcnn.errors import SymcnnError, shown
from symcnn.network.network import Network


@dataclass(frozen=True)
class Samples:
    """Arrays with one sample after the other along their first axis.

    Attributes:
        given: The input, what the loss compares with, and what else every sample has of its
            own, by tensor name.
        labels: The class of every sample, if the samples have classes.
    """

    given: Mapping[str, Array]
    labels: Array | None

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.given["x"])

    def take(self, chosen: Array) -> Samples:
        """Return some of the samples, by their numbers."""
        given = {name: array[chosen] for name, array in self.given.items()}
        return Samples(given, None if self.labels is None else self.labels[chosen])


def checked(arrays: Mapping[str, Any], network: Network, dtype: str) -> Samples:
    """Return the samples to train with.

    Raises:
        SymcnnError: If an array is missing, is not known, has another shape or holds
            anything but finite numbers; the error names it.
    """
    named = {name: np.asarray(array) for name, array in arrays.items()}
    names = names_of(network)
    for name in named:
        if name not in names:
            raise SymcnnError(unknown(name, names))
    return _Reader(named, network, dtype).samples()


def names_of(network: Network) -> list[str]:
    """Return what the arrays of a network's samples may be called."""
    own = [tensor.name for tensor in _further(network)]
    compared = [] if network.target is None else [network.target.name]
    return ["x", *compared, *own, "y"]


def unknown(name: str, names: list[str]) -> str:
    """Say that an array has another name."""
    return f"the array {shown(name)} is unknown: {known(name, names)}"


def _further(network: Network) -> list[Tensor]:
    """Return what every sample has of its own besides input and target."""
    return [tensor for tensor in network.of_samples if tensor.role == "given"]


class _Reader:
    """The arrays of one file, read for one network."""

    def __init__(self, arrays: Mapping[str, Array], network: Network, dtype: str) -> None:
        self._arrays, self._network, self._dtype = arrays, network, dtype

    def samples(self) -> Samples:
        """Read all of them."""
        x = self._numbers("x", self._network.input.of_one_sample())
        if not len(x):
            raise SymcnnError("x contains no samples: give at least one")
        target, labels = self._target()
        own = _further(self._network)
        more = {t.name: self._numbers(t.name, t.of_one_sample()) for t in own}
        for of, array in {**target, **more}.items():
            name = of if of in more or labels is None else "y"
            if len(array) != len(x):
                raise SymcnnError(
                    f"x has {len(x):,} samples, but {name} has {len(array):,}: "
                    "give as many of one as of the other"
                )
        return Samples({"x": x, **target, **more}, labels)

    def _target(self) -> tuple[dict[str, Array], Array | None]:
        tensor = self._network.target
        if tensor is None or tensor.name in self._arrays:
            return self._stated(tensor), None
        labels = self._labels("y", tensor)
        one_hot = np.eye(tensor.of_one_sample().size, dtype=self._dtype)[labels]
        return {tensor.name: one_hot}, labels

    def _stated(self, tensor: Tensor | None) -> dict[str, Array]:
        if "y" in self._arrays:
            other = "the loss has no target" if tensor is None else f"so is {tensor.name}"
            raise SymcnnError(f"y is given, but {other}: remove y")
        if tensor is None:
            return {}
        target = self._numbers(tensor.name, tensor.of_one_sample())
        stated = np.asarray(self._arrays[tensor.name], float)  # before it is rounded to the dtype
        self._network.loss.check([*map(Float, stated.ravel().tolist())], target.shape)
        return {tensor.name: target}

    def _labels(self, name: str, target: Tensor) -> Array:
        one = target.of_one_sample()
        if name not in self._arrays:
            other = f", or {target.name}, the targets themselves"
            raise SymcnnError(f"the array {name} is missing: give the class of each sample{other}")
        if len(one.shape) != 1 or one.size < 2:
            raise SymcnnError(
                f"{name} gives classes, but the network's output has the shape "
                f"{dimensions(one.shape)}: give {target.name} instead"
            )
        return _checked_labels(self._arrays[name], name, one.size)

    def _numbers(self, name: str, one: Tensor) -> Array:
        """Return an array as samples of a tensor's shape; another shape is an error."""
        if name not in self._arrays:
            raise SymcnnError(
                f"the array {name} is missing: give one of shape samples x {dimensions(one.shape)}"
            )
        array = self._arrays[name]
        if one.name in self._network.indexing:
            check_indices({name: array}, {name: self._network.indexing[one.name]})
        _check_stated(name, array, one)
        with np.errstate(all="ignore"):  # what is no number is named below
            made = np.ascontiguousarray(array.reshape(-1, *one.shape), self._dtype)
        return _finite(made, name)


def check_headers(headers: Mapping[str, Header], network: Network) -> None:
    """Refuse samples of other shapes than the network's, before their numbers are read.

    Raises:
        SymcnnError: Names the array.
    """
    for tensor in network.of_samples:
        name = tensor.name
        if name in headers and name not in network.indexing:
            _check_stated(name, headers[name], tensor.of_one_sample())


def _check_stated(name: str, stated: Header | Array, one: Tensor) -> None:
    if stated.dtype.kind not in "biuf":
        raise SymcnnError(f"{name} is an array of {stated.dtype}: give real numbers")
    if stated.shape[1:] not in shapes(one) or not stated.shape:
        needed = (*stated.shape[:1], *one.shape)
        remedy = channels_last(name, stated.shape, needed, samples=True) or (
            f"{name}.reshape(-1, {', '.join(map(str, one.shape))}) makes it where the numbers are "
            "in this order"
        )
        raise SymcnnError(
            f"{name} has the shape {dimensions(stated.shape)}, but samples x "
            f"{dimensions(one.shape)} is needed: {remedy}"
        )


def _checked_labels(array: Array, name: str, classes: int) -> Array:
    """Return the classes as indices; anything but whole numbers below their number is an error."""
    if array.ndim != 1:
        raise SymcnnError(
            f"{name} has the shape {dimensions(array.shape)}, but one number for each sample is "
            "needed: give the classes, not a row for each"
        )
    if array.dtype.kind not in "iu":
        raise SymcnnError(f"{name} is an array of {array.dtype}: give whole numbers, y.astype(int)")
    wrong = np.flatnonzero((array < 0) | (array >= classes))
    if wrong.size:
        raise SymcnnError(
            f"{name}[{wrong[0]}] is {array[wrong[0]]}: the network has {classes} outputs, "
            f"so give classes from 0 to {classes - 1}"
        )
    return array.astype(np.int64)


def _finite(array: Array, name: str) -> Array:
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = ", ".join(map(str, wrong[0]))
        raise SymcnnError(f"{name}[{place}] is {array[tuple(wrong[0])]}: a finite number is needed")
    return array
