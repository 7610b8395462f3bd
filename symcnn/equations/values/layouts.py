"""Arrays in the layout of another framework: recognised by their shape, and said how to permute.

PyTorch has channels first. A kernel of shape (height, width, inputs, outputs) is there one of
(outputs, inputs, height, width), and an image (height, width, channels) one of (channels, height,
width).
"""

from __future__ import annotations

from symcnn.equations import Tensor
from symcnn.equations.notation import Shape

_KERNELS = [(2, 1, 0), (2, 0, 1), (2, 3, 1, 0), (2, 3, 0, 1)]
"""From PyTorch's kernels to ours; those of transposed convolutions have the inputs first."""


def permutations(shape: Shape, tensor: Tensor) -> list[tuple[int, ...]]:
    """Return how axes may be permuted that stand as in PyTorch; nothing for any other shape."""
    orders = _KERNELS if tensor.role == "parameter" else [_channels_last(tensor)]
    fitting = (order for order in orders if len(order) == len(shape))
    return [o for o in fitting if tuple(shape[axis] for axis in o) == tensor.shape]


def _channels_last(tensor: Tensor) -> tuple[int, ...]:
    """Return the order that takes the channels behind all other axes but the batch."""
    first = int(tensor.batched)
    axes = range(len(tensor.shape))
    return (*axes[:first], *axes[first + 1 :], *axes[first : first + 1])
