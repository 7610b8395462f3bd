"""Arrays as a function has them: channels first or last, kernels by filters or by positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.classroom.checks.judging.flattened import Order, as_in_function, flattened
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.subject import Subject


@dataclass(frozen=True)
class Layouts:
    """The layout of a function.

    Attributes:
        images: That of images, such as "NCHW".
        kernels: That of kernels, such as "OIHW"; None if it follows from that of images.
    """

    images: str
    kernels: str | None

    def shown(self, subject: Subject, name: str, array: Array) -> Array:
        """Return an array in the layout of the function."""
        sample = tuple(int(n) for n in subject.network.input_shape)
        layout = layout_of(self.images, self.kernels, len(sample) - 1)
        if name in (orders := self.flattened(subject)):
            array = as_in_function(array, orders[name])
        return layout.given(name, array, sample)

    def flattened(self, subject: Subject) -> dict[str, Order]:
        """Return the weights behind flattened images, whose columns stand in another order."""
        if subject.kind != "gradients" or not subject.network.input.batched:
            return {}
        if subject.network.input.name not in subject.names:  # of a loss, which images do not reach
            return {}
        return flattened(subject.network, self.order(subject, subject.network.input.name))

    def order(self, subject: Subject, name: str) -> tuple[int, ...]:
        """Return the axes of an array of the function, as those of symcnn's are numbered."""
        axes = len(subject.network.tensors[subject.names[name]].shape)
        lengths = tuple(range(2, axes + 2))
        sample = tuple(int(n) for n in subject.network.input_shape)
        layout = layout_of(self.images, self.kernels, len(sample) - 1)
        shape = layout.given(name, np.empty(lengths), sample).shape
        if sorted(shape) != sorted(lengths):
            return tuple(range(axes))
        return tuple(lengths.index(n) for n in shape)
