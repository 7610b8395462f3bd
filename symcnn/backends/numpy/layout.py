"""Where tensors lie in memory.

A batched tensor lies with its samples last, and its last axis, the channels of an image,
before its last but one: (n, h, w, c) is kept as (h, c, w, n). Then the samples and a row
of the image are one long run, and the windows of a row are one matrix. Other tensors lie
as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Indexed, Symbol

from symcnn.backends.numpy.strided import Strided
from symcnn.equations import Tensor, affine
from symcnn.notation import Shape


@dataclass(frozen=True)
class Room:
    """Where a tensor lies.

    Attributes:
        array: The name of its array.
        shape: The tensor's own shape.
        steps: How many entries the next one is away, along each axis of the tensor.
    """

    array: str
    shape: Shape
    steps: tuple[int, ...]


def order_of(tensor: Tensor) -> tuple[int, ...]:
    """Return the axes of a tensor in the order in which they lie in memory."""
    axes = list(range(len(tensor.shape)))
    if not tensor.batched:
        return tuple(axes)
    samples, *own = axes
    if len(own) > 1:
        own[-2:] = own[:-3:-1]
    return (*own, samples)


def strided(
    room: Room, read: Indexed, sizes: Mapping[Symbol, int], before: Sequence[int] | None = None
) -> Strided:
    """Return an access to a room whose tensor begins ``before`` entries in."""
    forms = [affine(position) for position in read.indices]
    ahead = before or [0] * len(forms)
    start = sum(
        (f.constant + b) * step for f, b, step in zip(forms, ahead, room.steps, strict=True)
    )
    steps = {
        loop: sum(f.coefficient(loop) * step for f, step in zip(forms, room.steps, strict=True))
        for loop in sizes
        if any(form.coefficient(loop) for form in forms)
    }
    return Strided(room.array, start, {loop: sizes[loop] for loop in steps}, steps)


def outside(read: Indexed, sizes: Mapping[Symbol, int]) -> tuple[tuple[int, int], ...]:
    """Return how far an access leaves its tensor, before and behind each axis."""
    reach = (affine(position).bounds(sizes) for position in read.indices)
    return tuple(
        (max(0, -bounds[0]), max(0, bounds[1] - int(size) + 1)) if bounds else (0, 0)
        for bounds, size in zip(reach, read.shape, strict=True)
    )


def in_memory(room: Room) -> list[int]:
    """Return the axes, the one that moves farthest first; the place of one of length 1 is free."""
    return sorted(range(len(room.shape)), key=lambda axis: -room.steps[axis])
