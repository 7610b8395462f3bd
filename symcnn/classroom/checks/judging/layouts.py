"""Arrays as a function has them: channels first or last, kernels by filters or by positions."""

from __future__ import annotations

from dataclasses import dataclass

from symcnn.classroom.checks.code.layouts import layout_of
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
        return layout.given(name, array, sample)
