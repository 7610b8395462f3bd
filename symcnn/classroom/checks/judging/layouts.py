"""Arrays as a function has them: channels first or last, kernels by filters or by positions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.equations import Tensor
from symcnn.network.layers import Dense, Flatten
from symcnn.network.network import Network


def flattened(network: Network) -> dict[str, tuple[int, ...]]:
    """Return the weights that read an image row by row, by name, each with its shape.

    They have a column for each entry of the image, in its row-major order: height, width, channels
    here, and channels, height, width in a function with channels first.
    """
    images, found = dict[Tensor, tuple[int, ...]](), dict[str, tuple[int, ...]]()
    for stage in network.stages:
        shape = tuple(int(n) for n in stage.input.of_one_sample().shape)
        if isinstance(stage.layer, Flatten) and len(shape) == len(network.input_shape):
            images[stage.output] = shape
        elif isinstance(stage.layer, Dense) and stage.input in images:
            found[stage.parameters["weight"].name] = images[stage.input]
        elif stage.input in images and stage.output.shape == stage.input.shape:
            images[stage.output] = images[stage.input]
    return found


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
        return replace(layout, flattened=self.flattened(subject)).given(name, array, sample)

    def flattened(self, subject: Subject) -> dict[str, tuple[int, ...]]:
        """Return the weights of a network that read an image row by row, each with its shape."""
        is_of_images = len(subject.network.input_shape) > 1
        return flattened(subject.network) if subject.kind == "gradients" and is_of_images else {}

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
