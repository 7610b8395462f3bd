"""Arrays as a function has them: channels first or last, kernels by filters or by positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.subject import Subject


@dataclass(frozen=True)
class Layouts:
    """The layout of a function.

    Attributes:
        images: "NHWC" or "NCHW".
        kernels: "HWIO" or "OIHW"; None if it follows from that of images.
    """

    images: str
    kernels: str | None

    def shown(self, subject: Subject, name: str, array: Array) -> Array:
        """Return an array in the layout of the function."""
        tensor = subject.network.tensors[subject.names[name]]
        if tensor.role == "parameter":
            is_kernel = tensor.name.rpartition(".")[2] in subject.layer.kernels and array.ndim > 2
            kernels = self.kernels or ("OIHW" if self.images == "NCHW" else "HWIO")
            if is_kernel and kernels == "OIHW":
                return np.moveaxis(array, (-1, -2), (0, 1))
            return array
        if self.images == "NCHW" and array.ndim > 2 and tensor.batched:
            return np.moveaxis(array, -1, 1)
        return array
