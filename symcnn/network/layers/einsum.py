"""Sums of products, by the letters of their indices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Mul, Symbol

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers.declarations import Given, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import checked_shape
from symcnn.network.meaning import Meaning, When

_EQUATION = re.compile(r"[a-zA-Z]+(,[a-zA-Z]+)*->[a-zA-Z]*")


@dataclass(frozen=True)
class Einsum(Layer):
    """Products of entries of all inputs, added up over the indices that y lacks.

        "ij,jk->ik"    y[i, k] = sum over j of x_1[i, j] x_2[j, k]
        "i,j->ij"      y[i, j] = x_1[i] x_2[j]
        "iic->ic"      y[i, c] = x[i, i, c]

    The equation names each axis of every input by a letter; an axis of y is one of these. Behind
    the inputs there may be a learned tensor, ``weight``, and then a given one, ``factor``. The axis
    of the samples is not among the letters.

    Shapes: axes of the same letter have the same length; without an axis, y is one number.

    Attributes:
        equation: The letters of all factors, and behind an arrow those of y.
        weight_shape: The shape of a learned tensor that is the next factor behind the inputs.
        factor_shape: The shape of a given tensor that is the last factor.
    """

    equation: str
    weight_shape: tuple[Size, ...] | None = None
    factor_shape: tuple[Size, ...] | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "multiplies",
            (
                When("repeats", "An entry of {x} and another one", "Entries of {x}"),
                When("weight_shape", "and of the learned {weight}"),
                When("factor_shape", "and of the given {factor}"),
                "are multiplied",
                When("sums", ", and the products are added up"),
                ".",
            ),
            When(
                "sums",
                "Entries of {x} are added up.",
                "{y} consists of entries of {x}; no number changes.",
            ),
        ),
        backward=When(
            "multiplies",
            "Each factor receives the error signal of every product that it is part of, times the "
            "other factors.",
            When(
                "sums",
                "A sum passes its error signal on to each of its terms, unchanged.",
                "An entry of {x} receives the error signal of its place in {y}; one that {y} does "
                "not contain receives 0.",
            ),
        ),
    )
    prefix: ClassVar[str] = "einsum"
    learned: ClassVar[Mapping[str, str]] = {"weight": "weight_shape"}
    supplied: ClassVar[Mapping[str, str]] = {"factor": "factor_shape"}

    def multiplies(self, *shapes: Shape) -> bool:
        """Tell whether there are several factors."""
        return len(self._factors) > 1

    def sums(self, *shapes: Shape) -> bool:
        """Tell whether there is an index that the output lacks."""
        return bool({*"".join(self._factors)} - {*self._made})

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the lengths of the axes that are left."""
        lengths = self._lengths(shapes)
        return tuple(lengths[letter] for letter in self._made) or (1,)

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the learned factor, if there is one."""
        own = _of(self.weight_shape)
        return {"weight": Parameter(own, "w", "pqrmovh"[: len(own)])} if own else {}

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the given factor, if there is one."""
        own = _of(self.factor_shape)
        return {"factor": Given(own, "f", "pqrmovh"[: len(own)], instead="g")} if own else {}

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum of products."""
        lengths = self._lengths([x.shape for x in xs])
        indices = dict(zip(self._made, y.indices, strict=False))
        spare = spare_letters({symbol.name for symbol in y.indices})
        indices |= {letter: index(next(spare)) for letter in lengths if letter not in indices}
        own = [tensors[key] for key in ("weight", "factor") if key in tensors]
        factors = zip([*xs, *own], self._factors, strict=True)
        value = Mul(*(x[tuple(indices[letter] for letter in named)] for x, named in factors))
        target = y[y.indices] if self._made else y[0]
        over: dict[Symbol, Size] = {indices[letter]: n for letter, n in lengths.items()}
        return (define(target, value, over=over),)

    @property
    def _factors(self) -> list[str]:
        return self._written.partition("->")[0].split(",")

    @property
    def _made(self) -> str:
        return self._written.partition("->")[2]

    @property
    def _written(self) -> str:
        """The equation without blanks."""
        given: Any = self.equation
        text = "".join(given.split()) if isinstance(given, str) else ""
        factors, _, made = text.partition("->")
        if not _EQUATION.fullmatch(text) or len({*made}) < len(made) or {*made} - {*factors}:
            raise SymcnnError(
                f"equation = {shown(given)} is invalid: name every axis of each factor by a "
                'letter, and those of the result behind an arrow, each once, as in "ij,jk->ik"'
            )
        return text

    def _lengths(self, shapes: Sequence[Shape]) -> dict[str, Size]:
        own = [shape for shape in (_of(self.weight_shape), _of(self.factor_shape)) if shape]
        read, factors, lengths = [*shapes, *own], self._factors, dict[str, Size]()
        if [*map(len, read)] != [*map(len, factors)]:
            raise SymcnnError(
                f"equation = {shown(self.equation)} does not fit factors of shapes "
                f"{', '.join(map(str, read))}: give a letter for every axis of each"
            )
        for letter, n in zip("".join(factors), (n for shape in read for n in shape), strict=True):
            if lengths.setdefault(letter, n) != n:
                raise SymcnnError(
                    f"{letter} of equation = {shown(self.equation)} is the index of axes of "
                    f"{lengths[letter]} and of {n} entries: give axes of equal length, or two "
                    "letters"
                )
        return lengths


def _of(shape: Any) -> Shape:
    return () if shape is None else checked_shape(shape, "shape of the factor")
