"""The symbols: what every letter stands for."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.words import filled, meaning, times
from symcnn.equations import Tensor

_NOTATION = (
    "Entries are numbered from {base}, and an axis of length 1 has no index. The derivative of the "
    r"loss by an entry gets the letter $\delta$, with the tensor above it: $\delta_i^T = "
    r"\frac{\partial L}{\partial T_i}$. A bracket such as $\left[a \geq b\right]$ is 1 where what "
    "it says is true, and 0 where not."
)


def symbols(context: Context) -> Iterator[Block]:
    """List every tensor with its letter, and explain the notation."""
    network = context.derivation.network
    yield heading(1, "Symbols")
    yield paragraph(*filled(_NOTATION, base=str(context.style.index_base)))
    yield Table(
        (("Symbol",), ("Shape",), ("What it is",)),
        tuple(_row(tensor, context) for tensor in network.tensors.values()),
        "lll",
    )


def _row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    entry = tensor[tensor.indices] if tensor.role != "loss" else tensor.symbol((0,))
    return (Inline(context.printed(entry)),), (times(tensor.shape),), (meaning(tensor),)
