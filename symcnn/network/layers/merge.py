"""Layers with several inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Indexed, Mul, Symbol

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import uncancelled
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size, number_of
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers.declarations import Given, Parameter, broadcast, checked_shape, entry_for
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Merge(Layer):
    """A layer that reads two or more layers of the same rank."""

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the output's shape; inputs that do not fit are an error."""
        if len(shapes) < 2:
            raise SymcnnError('a single input cannot be merged: give inputs = ["...", "..."]')
        return self.merged(shapes)

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the output's shape for two or more inputs."""
        raise NotImplementedError


_PARTS = When("joins_rows", "entries", "channels")


@dataclass(frozen=True)
class Concatenate(Merge):
    """The inputs, concatenated along the last axis, the channels.

        y[..., c] = x_1[..., c],  y[..., C_1 + c] = x_2[..., c],  ...

    Shapes: all axes but the last agree; y has the channels of all inputs.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            When("repeats", "Copies of {x}", ("The", _PARTS, "of {x}")),
            "are placed one after another.",
        ),
        backward=When(
            "repeats",
            "{own} was used more than once: it receives the sum of its copies' error signals.",
            (
                "{own} receives the error signal of",
                When("has_single", "its own part of {y}.", ("its own", _PARTS, ".")),
            ),
        ),
    )
    prefix: ClassVar[str] = "concatenate"

    def joins_rows(self, *shapes: Shape) -> bool:
        """Tell whether the inputs have a single axis, so that its entries are no channels."""
        return len(shapes[0]) == 1

    def has_single(self, *shapes: Shape) -> bool:
        """Tell whether an input has one channel alone, or one entry."""
        return any(shape[-1] == 1 for shape in shapes)

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the common shape with all channels."""
        if len({shape[:-1] for shape in shapes}) > 1:
            raise SymcnnError(
                f"inputs of shapes {', '.join(map(str, shapes))} cannot be concatenated: "
                "they may differ only in the last axis"
            )
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; each fills its own channels."""
        *positions, channel = y.indices
        made, first = [], 0
        for x in xs:
            over = {channel: x.shape[-1]}
            target, source = y[(*positions, channel + first)], x[(*positions, channel)]
            made.append(define(target, source, over=over))
            first += x.shape[-1]
        return tuple(made)


# Sums, differences, products and quotients of layers, entry by entry, with broadcasting.


@dataclass(frozen=True)
class _Arithmetic(Merge):
    """An operation on the entries of several layers, whose shapes are broadcast."""

    verb: ClassVar[str]
    """What cannot be done with inputs that do not fit."""

    pairs: ClassVar[bool] = False
    """Whether it takes two inputs, rather than two or more."""

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the common shape."""
        if self.pairs and len(shapes) != 2:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes two")
        return broadcast(shapes, self.verb)

    def broadcasts(self, *shapes: Shape) -> bool:
        """Tell whether entries of an input are used in several places."""
        return len({*shapes}) > 1

    def reads(self, y: Tensor, xs: Sequence[Tensor]) -> list[Indexed]:
        """Return the entry of every input that an entry of y is made of."""
        return [entry_for(x, y) for x in xs]


_SPREAD = When(
    "broadcasts",
    "Along an axis that an input lacks, or has with length 1, its entries are used again and "
    "again.",
)
_COLLECTED = When(
    "broadcasts", "An entry that was used in several places collects what comes from each of them."
)


@dataclass(frozen=True)
class Add(_Arithmetic):
    """The sum of the inputs, entry by entry: y[...] = x_1[...] + x_2[...] + ...

    Shapes: all inputs and y have the same shape, or shapes that are broadcast: axes are compared
    from the last on, and have the same length or length 1.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "repeats",
            "{x} is added to itself.",
            ("Entries of {x} at the same place are added.", _SPREAD),
        ),
        backward=When(
            "repeats",
            "{x} receives the error signal of {y} once for each time that it is added.",
            ("A sum passes its error signal on to each of its terms, unchanged.", _COLLECTED),
        ),
    )
    prefix: ClassVar[str] = "add"
    letter: ClassVar[str] = "s"
    instead: ClassVar[str] = "y"
    verb: ClassVar[str] = "added"

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; they add up."""
        return tuple(define(y[y.indices], read) for read in self.reads(y, xs))


@dataclass(frozen=True)
class Subtract(_Arithmetic):
    """The difference of two inputs, entry by entry: y[...] = x_1[...] - x_2[...].

    Shapes: those of ``Add``.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=("{x2} is subtracted from {x1}, entry by entry.", _SPREAD),
        backward={
            "x1": ("{x1} receives the error signal of the difference unchanged.", _COLLECTED),
            "x2": (
                "{x2} is subtracted, so it receives the error signal with the opposite sign.",
                _COLLECTED,
            ),
        },
    )
    prefix: ClassVar[str] = "subtract"
    verb: ClassVar[str] = "subtracted"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; they add up."""
        first, second = self.reads(y, xs)
        return define(y[y.indices], first), define(y[y.indices], -second)


_FACTOR = (
    "Each factor receives the error signal, times",
    When("takes_two", "the other factor.", "the product of the others."),
    _COLLECTED,
)
_GATE = (
    "A gate scales a whole channel: its error signal is the sum, over this channel, of each error "
    "signal times the entry that was scaled."
)


def _scaled(x: str) -> str:
    return f"An entry of {x} receives the error signal of its scaled copy, times its gate."


def _is_gate(gate: Shape, of: Shape) -> bool:
    """Tell whether there is one factor for each channel."""
    return len(of) > 1 and gate[-1] == of[-1] and number_of(gate) == gate[-1] != number_of(of)


@dataclass(frozen=True)
class Multiply(_Arithmetic):
    """The product of the inputs, entry by entry: y[...] = x_1[...] x_2[...] ...

    A gate of shape (channels,) scales the channels of an image, as in squeeze and excitation.

    Shapes: those of ``Add``.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "gates",
            "Each channel of {x1} is scaled by its gate, an entry of {x2}.",
            When(
                "is_gated",
                "Each channel of {x2} is scaled by its gate, an entry of {x1}.",
                When(
                    "repeats",
                    "Each entry of {x} is multiplied by itself.",
                    ("Entries of {x} at the same place are multiplied.", _SPREAD),
                ),
            ),
        ),
        backward={
            "x1": When("gates", _scaled("{x1}"), When("is_gated", _GATE)),
            "x2": When("gates", _GATE, When("is_gated", _scaled("{x2}"))),
            "x": When("gates", "", When("is_gated", "", _FACTOR)),
        },
    )
    prefix: ClassVar[str] = "multiply"
    verb: ClassVar[str] = "multiplied"

    def takes_two(self, *shapes: Shape) -> bool:
        """Tell whether there are two factors."""
        return len(shapes) == 2

    def gates(self, *shapes: Shape) -> bool:
        """Tell whether the second of two inputs has a factor for each channel of the first."""
        return len(shapes) == 2 and _is_gate(shapes[1], shapes[0])

    def is_gated(self, *shapes: Shape) -> bool:
        """Tell whether the first has one for each channel of the second."""
        return len(shapes) == 2 and _is_gate(shapes[0], shapes[1])

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the product."""
        return (define(y[y.indices], Mul(*self.reads(y, xs))),)


@dataclass(frozen=True)
class Divide(_Arithmetic):
    """The quotient of two inputs, entry by entry: y[...] = x_1[...] / x_2[...].

    An input divided by itself is 1 where it is not 0; where it is 0, there is no quotient.

    Shapes: those of ``Add``.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=("{x1} is divided by {x2}, entry by entry.", _SPREAD),
        backward={
            "x1": ("The dividend receives the error signal, divided by the divisor.", _COLLECTED),
            "x2": (
                "The divisor receives minus the error signal, times the quotient, divided by the "
                "divisor.",
                _COLLECTED,
            ),
        },
    )
    prefix: ClassVar[str] = "divide"
    verb: ClassVar[str] = "divided"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the quotient."""
        first, second = self.reads(y, xs)
        below = uncancelled(second) if second == first else second
        return (define(y[y.indices], first / below),)


# Products of matrices: both are computed, and neither is learned.


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


# Sums of products, by the letters of their indices.


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
