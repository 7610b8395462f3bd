"""The symbols: what every letter stands for."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Inline, Table, Text, heading, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.words import DEFINITION, meaning, times
from symcnn.equations import Tensor
from symcnn.formula import Fenced
from symcnn.formula.build import row


def symbols(context: Context) -> Iterator[Block]:
    """List every tensor with its letter, and explain the notation."""
    network = context.derivation.network
    yield heading(1, "Symbols")
    yield paragraph(
        f"Entries are numbered from {context.style.index_base}, and an axis of length 1 has no "
        "index. The derivative of the loss by an entry gets the letter ",
        inline(r"\delta"),
        ", with the tensor above it: ",
        DEFINITION,
        ". A bracket such as ",
        inline(Fenced("[", row("a", r"\geq", "b"), "]")),
        " is 1 where what it says is true, and 0 where not.",
    )
    yield Table(
        (("Symbol",), ("Shape",), ("What it is",)),
        tuple(_row(tensor, context) for tensor in network.tensors.values()),
        "lll",
    )


def _row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    entry = tensor[tensor.indices] if tensor.role != "loss" else tensor.symbol((0,))
    return (Inline(context.printed(entry)),), (times(tensor.shape),), (meaning(tensor),)
