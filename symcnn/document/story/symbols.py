"""The symbols: what every letter stands for."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.matrices import first_slice, written
from symcnn.document.story.conventions import brackets, logarithms, roundings
from symcnn.document.story.layer_table import lettered
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import filled, joined, meaning, times
from symcnn.equations import Tensor
from symcnn.network.network import Network
from symcnn.writing.formula import Formula

_NOTATION = "Entries are numbered from {base}, and axes of length 1 carry no index. {signal}"
LETTERS = "the letters of the layers"
"""What is noted where the problem has given them, so that they are not listed again."""

SIGNAL = (
    r"The error signal $\delta_i^Y = \frac{\partial L}{\partial Y_i}$ of an entry $Y_i$ is the "
    "derivative of the loss with respect to it: it says how fast the loss changes with that "
    "entry. Its superscript names the tensor and is not an exponent."
)
"""The definition of error signals, which a document gives once."""

_MATRICES = (
    " Tensors are written as matrices: of the indices that are not written{dots}, the first counts "
    "the rows and the second the columns; a single one counts the columns."
)


def symbols(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """List every tensor with its letter, and explain the notation."""
    network = context.derivation.network
    yield heading(1, "Symbols")
    mentioned.first(SIGNAL)
    base = str(context.style.index_base)
    opening = filled(_NOTATION, base=base, signal=filled(SIGNAL, context.letters))
    notation = joined((opening, brackets(context.derivation), roundings(context)))
    every = [tensor for tensor in network.tensors.values() if tensor.role != "position"]
    natural = logarithms(network.equations)
    if context.is_full:
        yield paragraph(*joined(((*notation, *_matrices(context)), natural)))
        rows = (_row(tensor, context) for tensor in every)
        yield Table((("Symbol",), ("Shape",), ("Meaning",)), tuple(rows), "llX")
        return
    is_listed = mentioned.first(LETTERS)
    names = () if is_listed else (_python_names(network),)
    yield paragraph(*joined(((*notation, *_matrices(context)), natural)), *names)
    known = frozenset[str]() if is_listed else lettered(network)
    if others := [_long_row(tensor, context) for tensor in every if tensor.name not in known]:
        header = (("Symbol",), ("Python name",), ("Shape",), ("Meaning",))
        yield Table(header, tuple(others), "lllX")


def _matrices(context: Context) -> Text:
    """Say how matrices are to be read; a dot stands in the names of those that are slices."""
    name = first_dotted(context)
    dots: Text = () if name is None else (", or for which a dot stands as in ", Inline(name))
    return filled(_MATRICES, dots=dots)


def _python_names(network: Network) -> str:
    """Say how tensors are called in Python, if their letters stand with the layers."""
    learned = (
        f', and a parameter has a name such as "{tensor.name}"' for tensor in network.parameters[:1]
    )
    return "".join((" In Python, an output has the name of its layer", *learned, "."))


def first_dotted(context: Context) -> Formula | None:
    """Return the first name with dots of a matrix, if there is one: that of a slice."""
    tensors = written(context, context.derivation.network.tensors.values())
    return next(filter(None, (first_slice(context, tensor) for tensor in tensors)), None)


def _long_row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    """Give the name in Python too."""
    symbol, shape, what = _row(tensor, context)
    return symbol, (tensor.name,), shape, what


def _row(tensor: Tensor, context: Context) -> tuple[Text, ...]:
    symbol = Inline(context.printed(entry_of(tensor)))
    return (symbol,), (times(tensor.shape),), (meaning(tensor),)


def entry_of(tensor: Tensor) -> Expr:
    """Return the general entry of a tensor; the loss is one number, which has no index."""
    return tensor[tensor.indices] if tensor.role != "loss" else tensor.symbol((0,))
