"""Products of matrices: both are computed, and neither is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.errors import SymcnnError
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.shapes import broadcast, entry_for
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class MatMul(Merge):
    """The product of two matrices: y[i, j] = sum over q of x_1[i, q] x_2[q, j].

    With more than two axes, the last two are those of the matrices; the axes before them are
    broadcast: from the last on, each has the same length in both inputs, or length 1.

    Shapes: x_1 (..., rows, inner), x_2 (..., inner, columns), y (..., rows, columns).

    Attributes:
        transpose_a: Whether x_1 is transposed: its shape is (..., inner, rows).
        transpose_b: Whether x_2 is transposed: its shape is (..., columns, inner).
    """

    transpose_a: bool = False
    transpose_b: bool = False

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "{y} is the matrix product of",
            When("transpose_a", "the transpose of"),
            "{x1} and",
            When("transpose_b", "the transpose of"),
            "{x2}.",
        ),
        backward="Each factor receives the error signal, multiplied as a matrix by the other "
        "factor.",
    )
    type_name: ClassVar[str] = "matmul"
    prefix: ClassVar[str] = "matmul"

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the rows of the first matrix and the columns of the second."""
        if len(shapes) != 2:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes two")
        if any(len(shape) < 2 for shape in shapes):
            raise SymcnnError(
                f"inputs of shapes {shapes[0]} and {shapes[1]} cannot be multiplied as "
                "matrices: each needs two axes at least, so insert a reshape layer"
            )
        first, second = shapes
        rows, inner = first[:-3:-1] if self.transpose_a else first[-2:]
        other, columns = second[:-3:-1] if self.transpose_b else second[-2:]
        if inner != other:
            raise SymcnnError(
                f"inputs of shapes {first} and {second} cannot be multiplied as matrices: the "
                f"inner axes have the lengths {inner} and {other}, which must be equal"
            )
        before = [shape[:-2] for shape in shapes if len(shape) > 2]
        return (*(broadcast(before, "multiplied") if before else ()), rows, columns)

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum of products."""
        *before, i, j = y.indices
        q = index(next(spare_letters({symbol.name for symbol in y.indices})))
        first, second = (
            (i, q)[:: -1 if self.transpose_a else 1],
            (q, j)[:: -1 if self.transpose_b else 1],
        )
        value = _at(xs[0], y, first) * _at(xs[1], y, second)
        return (define(y[(*before, i, j)], value),)


def _at(x: Tensor, y: Tensor, last: Sequence[Expr]) -> Expr:
    """Return the entry of x at its last two indices; those before are y's, or of length 1."""
    return x[(*entry_for(x, y).indices[:-2], *last)]
