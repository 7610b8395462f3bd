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

_MATRICES = (
    " The entries of a tensor are written as matrices: the first index that is not written, or "
    r"that a dot stands for as in $x_{\cdot \cdot 1}$, counts the rows, and the second the columns."
)


def symbols(context: Context) -> Iterator[Block]:
    """List every tensor with its letter, and explain the notation."""
    network = context.derivation.network
    yield heading(1, "Symbols")
    notation = filled(_NOTATION, base=str(context.style.index_base))
    yield paragraph(*notation, *(() if context.is_full else filled(_MATRICES)))
    if context.is_full:
        yield Table(
            (("Symbol",), ("Shape",), ("What it is",)),
            tuple(_row(tensor, context) for tensor in network.tensors.values()),
            "lll",
        )
        return
    yield Table(
        (("Symbol",), ("Python name",), ("Shape",), ("What it is",)),
        tuple(_long_row(tensor, context) for tensor in network.tensors.values()),
        "llll",
    )


def _long_row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    """Give the name in Python too."""
    symbol, shape, what = _row(tensor, context)
    return symbol, (tensor.name,), shape, what


def _row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    entry = tensor[tensor.indices] if tensor.role != "loss" else tensor.symbol((0,))
    return (Inline(context.printed(entry)),), (times(tensor.shape),), (meaning(tensor),)
