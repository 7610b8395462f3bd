"""How arrays are shown: in the layout of the function, and where one is wrong, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.equations import Tensor
from symcnn.network.layers import Dense, Flatten
from symcnn.network.network import Network

_IMAGE = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_PICTURE = 30


def axes_of(shape: Sequence[int], *, batched: bool, kernel: bool) -> tuple[str, ...]:
    """Return what the axes of an array are called.

    Args:
        shape: Its shape.
        batched: Whether its first axis runs over samples.
        kernel: Whether its last two axes are channels and filters.
    """
    if kernel and len(shape) > 2:
        return (*_image(len(shape) - 2, "kernel "), "input channel", "filter")
    if batched:
        inner = (*_image(len(shape) - 2), "channel") if len(shape) > 2 else ("entry",)
        return ("sample", *inner[: len(shape) - 1])
    if len(shape) < 3:
        return ("row", "column") if len(shape) == 2 else ("entry",)
    return tuple(f"axis {n + 1}" for n in range(len(shape)))


def axes_of_tensor(subject: Subject, name: str, axes: int) -> tuple[str, ...]:
    """Return what the axes of an array of a layer or network are called."""
    tensor = subject.network.tensors[subject.names[name]]
    own = tensor.name.rpartition(".")[2]
    kernel = tensor.role == "parameter" and own in subject.layer_of(tensor).kernels
    return axes_of((2,) * axes, batched=tensor.batched, kernel=kernel)


def _image(count: int, before: str = "") -> tuple[str, ...]:
    names = _IMAGE.get(count, tuple(f"axis {n + 1}" for n in range(count)))
    return tuple(f"{before}{name}" for name in names)


def in_words(wrong: Array, axes: Sequence[str]) -> str:
    """Return where entries are wrong: everywhere, at the border, in every second row, ..."""
    if wrong.all():
        return "everywhere"
    if wrong.ndim != len(axes):
        return _counted(wrong)
    border = _border(wrong, axes)
    if border:
        return border
    parts = [part for axis, name in enumerate(axes) if (part := _along(wrong, axis, name))]
    return " and ".join(parts) if parts and _is_product(wrong) else _counted(wrong, parts)


def _is_product(wrong: Array) -> bool:
    """Tell whether whole rows, columns, ... are wrong, and all where they meet."""
    whole = np.ones_like(wrong)
    for axis in range(wrong.ndim):
        whole &= _any_along(wrong, axis)
    return bool((whole == wrong).all())


def _any_along(wrong: Array, axis: int) -> Array:
    """Return for every index of an axis whether anything is wrong there, in the same shape."""
    others = tuple(n for n in range(wrong.ndim) if n != axis)
    return np.asarray(np.broadcast_to(wrong.any(axis=others, keepdims=True), wrong.shape))


def _along(wrong: Array, axis: int, name: str) -> str:
    others = tuple(n for n in range(wrong.ndim) if n != axis)
    found, length = np.flatnonzero(wrong.any(axis=others)).tolist(), wrong.shape[axis]
    if len(found) == length:
        return ""
    if found == [0]:
        return f"in the first {name}"
    if found == [length - 1]:
        return f"in the last {name}"
    if found == [0, length - 1]:
        return f"in the first and the last {name}"
    if found == [*range(1, length)]:
        return f"in every {name} but the first"
    if found == [*range(length - 1)]:
        return f"in every {name} but the last"
    step = found[1] - found[0] if len(found) > 1 else 0
    if step > 1 and found == [*range(found[0], length, step)]:
        every = _ORDINALS[step - 1] if step <= len(_ORDINALS) else f"{step}th"
        return f"in every {every} {name}, from {name} index {found[0]} on"
    if len(found) == 1:
        return f"at {name} index {found[0]}"
    return f"at {name} indices {', '.join(map(str, found))}"


def _border(wrong: Array, axes: Sequence[str]) -> str:
    """Say that all entries at the border of an image are wrong, or all others."""
    image = [n for n, name in enumerate(axes) if name in ("row", "column") and wrong.shape[n] > 2]
    if len(image) < 2:
        return ""
    grids = np.ogrid[tuple(slice(n) for n in wrong.shape)]
    edges = [(grids[n] == 0) | (grids[n] == wrong.shape[n] - 1) for n in image]
    frame = np.broadcast_to(edges[0] | edges[1], wrong.shape)
    if not (wrong & ~frame).any() and (wrong == frame).mean() > 0.9:
        return "at the border of the image"
    return "in the interior of the image" if (wrong == ~frame).all() else ""


def _counted(wrong: Array, parts: Sequence[str] = ()) -> str:
    words = f"in {int(wrong.sum())} of {wrong.size} entries"
    return ", all of them ".join([words, " and ".join(parts)]) if parts else words


def picture(wrong: Array, axes: Sequence[str]) -> list[str]:
    """Return rows of dots and crosses: x where an entry of any sample or channel is wrong."""
    shown = [n for n, name in enumerate(axes) if name.endswith(("row", "column", "position"))]
    shown = shown[-2:] or [*range(min(2, wrong.ndim))]
    others = tuple(n for n in range(wrong.ndim) if n not in shown)
    flat = np.atleast_2d(wrong.any(axis=others))
    if max(flat.shape) > _PICTURE:
        return []
    return [" ".join("x" if entry else "." for entry in row) for row in flat.tolist()]


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
