"""A formula that is applied to the entries of one tensor or several, at the same place.

y[i, j, c] = exp(-x[i, j, c]^2)
y[i, j, c] = max(x_1[i, j, c], x_2[i, j, c])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sympy import Expr

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, exact, setting
from symcnn.equations.values.exact import expression, names_in
from symcnn.errors import SymcnnError, expect
from symcnn.network.layers import sources
from symcnn.network.layers.activation import AT_ITS_ENTRY, EACH, EACH_FIRST, EACH_SIGNAL
from symcnn.network.layers.declarations import Given, Parameter, broadcast, checked_shape, entry_for
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When

_MOST = 3
"""The inputs that a formula names: x1, x2 and x3."""

_OWN = {"w": "weight", "c": "constant"}
"""What a formula calls the tensors of the layer itself."""


@dataclass(frozen=True)
class Elementwise(Layer):
    """A formula, applied entry by entry: y[...] = f(x[...]), or f(x_1[...], x_2[...], ...).

    The formula is a text such as ``"exp(-x**2)"``. It names the input ``x``, or several inputs
    ``x1``, ``x2`` and ``x3``; ``w`` is a learned tensor, and ``c`` one that is given and not
    learned. It consists of

    - numbers, ``pi`` and ``e``; a decimal is exact: 0.1 is 1/10;
    - ``+ - * / **`` and brackets;
    - ``exp log log2 log10 sqrt abs sign floor ceil erf sin cos tan asin acos atan sinh cosh tanh
      asinh acosh atanh relu sigmoid softplus normal_cdf``, each of one argument;
    - ``max(a, b, ...)`` and ``min(a, b, ...)``;
    - ``where(condition, a, b)``, with comparisons ``< <= > >= == !=``, ``and``, ``or`` and ``not``;
      elsewhere, a condition is 1 where it holds and 0 where it does not.

    At a kink the derivative is that of the formula as it is printed: of ``max`` and ``min`` the
    first of equal arguments receives all of it; comparisons, ``sign``, ``floor`` and ``ceil`` have
    the derivative 0, and so has ``abs`` at 0. Where the formula has no value, as a logarithm of a
    negative number, the computation is refused. The ``l2`` penalty of a loss does not include w.

    Shapes: the shapes of all tensors are broadcast: axes are compared from the last on, and have
    the same length or length 1.

    Attributes:
        expression: The formula.
        weight_shape: The shape of the learned tensor w, if there is one.
        constant_shape: The shape of the given tensor c, if there is one.
    """

    expression: str
    weight_shape: tuple[Size, ...] | None = None
    constant_shape: tuple[Size, ...] | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "is_of_one",
            ("The same function is applied to", EACH, "."),
            (
                "Entries at the same place are combined by the same formula.",
                When(
                    "broadcasts",
                    "Along an axis that a tensor lacks, or has with length 1, its entries are used "
                    "again and again.",
                ),
            ),
        ),
        backward=When(
            "is_of_one",
            (EACH_SIGNAL, "is multiplied by the slope of the function", AT_ITS_ENTRY, "."),
            (
                "{own} receives the error signal of {y}, times the derivative of the formula with "
                "respect to it.",
                When(
                    "broadcasts",
                    "An entry that was used in several places collects what comes from each of "
                    "them.",
                ),
            ),
        ),
    )
    prefix: ClassVar[str] = "elementwise"
    learned: ClassVar[Mapping[str, str]] = {"weight": "weight_shape"}
    supplied: ClassVar[Mapping[str, str]] = {"constant": "constant_shape"}

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read, or that names other tensors than there are."""
        expect(self.expression, str, "expression", 'write a formula such as "exp(-x**2)"')
        named = names_in(self.expression)
        for name, key in _OWN.items():
            if (name in named) != (getattr(self, f"{key}_shape") is not None):
                missing = f"names {name}: give {key}_shape"
                unused = f"does not name {name}: leave {key}_shape out"
                raise SymcnnError(f"the expression {missing if name in named else unused}")

    def is_of_one(self, *shapes: Shape) -> bool:
        """Tell whether the formula is of one tensor."""
        return len(shapes) == 1 and not self._own_shapes

    def broadcasts(self, *shapes: Shape) -> bool:
        """Tell whether entries of a tensor are used in several places."""
        return len({*shapes, *self._own_shapes.values()}) > 1

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the common shape."""
        if len(shapes) > _MOST:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes one, two or three")
        named = [n for n in names_in(self.expression) if n not in _OWN]
        if missing := [n for n in _inputs(len(shapes)) if n not in named]:
            raise SymcnnError(
                f"the expression does not name {missing[0]}: of one input write x, of several x1, "
                "x2 and x3"
            )
        return broadcast([*shapes, *self._own_shapes.values()], "combined")

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the learned tensor, if there is one."""
        own = self._own_shapes
        return {k: Parameter(own[k], "w", _axes(own[k]), False) for k in own if k == "weight"}

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the given tensor, if there is one."""
        own = self._own_shapes
        return {k: Given(own[k], "kappa", _axes(own[k])) for k in own if k == "constant"}

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the formula of the entries."""
        read = dict(zip(_inputs(len(xs)), xs, strict=True))
        read |= {name: tensors[key] for name, key in _OWN.items() if key in tensors}
        entries = {name: entry_for(tensor, y) for name, tensor in read.items()}
        return (define(y[y.indices], expression(self.expression, entries)),)

    @property
    def _own_shapes(self) -> dict[str, Shape]:
        """The shapes of the layer's own tensors, by their names."""
        return dict(self._shapes())

    def _shapes(self) -> Iterator[tuple[str, Shape]]:
        for key in _OWN.values():
            given: Any = getattr(self, f"{key}_shape")
            if given is not None:
                yield key, checked_shape(given, f"{key}_shape")


def _inputs(count: int) -> list[str]:
    """Return what a formula calls so many inputs."""
    return ["x"] if count == 1 else [f"x{number}" for number in range(1, count + 1)]


def _axes(shape: Shape) -> str:
    return "ijkmopqr"[: len(shape)]


# Scaling and shifting: by constants, or by learned tensors.


@dataclass(frozen=True)
class Scale(Layer):
    """Every entry is multiplied by a constant, and another one is added: y[...] = a x[...] + b.

    Shapes: x and y have the same shape.

    Attributes:
        factor: The factor a.
        offset: The summand b.
    """

    factor: Real = 1
    offset: Real = 0

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            When(
                "factor",
                ("{offset} is added to", EACH),
                (
                    EACH_FIRST,
                    "is multiplied by {factor}",
                    When("offset", ", and {offset} is added"),
                ),
                value=1,
            ),
            ".",
        ),
        backward=(
            EACH_SIGNAL,
            When("factor", "passes unchanged.", "is multiplied by {factor} as well.", value=1),
        ),
    )
    prefix: ClassVar[str] = "scale"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return a x + b."""
        factor, offset = setting(self.factor, "factor"), setting(self.offset, "offset")
        return (define(y[y.indices], factor * x[y.indices] + offset),)


@dataclass(frozen=True)
class _Learned(Layer):
    """A learned tensor is combined with the input, entry by entry.

    Attributes:
        shape: The shape of the learned tensor: that of the input, or one that is broadcast.
    """

    shape: tuple[Size, ...]

    verb: ClassVar[str]
    own: ClassVar[str]
    """The letter of what is learned."""

    def is_spread(self, shape: Shape) -> bool:
        """Tell whether entries of the learned tensor are used in several places."""
        return self._shape != shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input, to which the learned tensor is broadcast."""
        made = broadcast([shape, self._shape], self.verb)
        if made != shape:
            raise SymcnnError(
                f"the learned tensor of shape {self._shape} has more entries than an input of "
                f"the shape {shape}: give the shape of the input, or axes of length 1"
            )
        return made

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the learned tensor."""
        (key,) = self.learned
        axes = "ijkmopqr"[: len(self._shape)]
        return {key: Parameter(self._shape, self.own, axes, penalised=False)}

    @property
    def _shape(self) -> Shape:
        given: Any = self.shape
        return tuple(given) if isinstance(given, tuple | list) else (given,)


@dataclass(frozen=True)
class AddParameter(_Learned):
    """A learned tensor is added: y[i, c] = x[i, c] + beta[i, c], as a position embedding is.

    Axes of beta that have length 1, or that beta lacks before its first, are broadcast. The ``l2``
    penalty of a loss does not include it.

    Shapes: x and y have the same shape; bias (beta) has the given one.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "The learned {bias} is added to {x}",
            When("x", "", ", entry by entry", value=1),
            When("is_spread", "; along the axes that it lacks, the same entries are added"),
            ".",
        ),
        backward="A sum passes its error signal on unchanged.",
    )
    prefix: ClassVar[str] = "add_parameter"
    learned: ClassVar[Mapping[str, str]] = {"bias": ""}
    verb: ClassVar[str] = "added"
    own: ClassVar[str] = "beta"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each summand."""
        beta = entry_for(tensors["bias"], y)
        return define(y[y.indices], x[y.indices]), define(y[y.indices], beta)


@dataclass(frozen=True)
class MultiplyParameter(_Learned):
    """The entries are multiplied by a learned tensor: y[i, c] = gamma[c] x[i, c].

    Axes of gamma that have length 1, or that gamma lacks before its first, are broadcast, as in
    the layer scale of ConvNeXt, with one factor for every channel. The ``l2`` penalty of a loss
    does not include it.

    Shapes: x and y have the same shape; weight (gamma) has the given one.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "{x} is multiplied by the learned {weight}",
            When("x", "", ", entry by entry", value=1),
            When("is_spread", "; along the axes that it lacks, the same factors are used"),
            ".",
        ),
        backward="Each error signal is multiplied by {weight}, as its entry was.",
    )
    prefix: ClassVar[str] = "multiply_parameter"
    learned: ClassVar[Mapping[str, str]] = {"weight": ""}
    verb: ClassVar[str] = "multiplied"
    own: ClassVar[str] = "gamma"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the product."""
        return (define(y[y.indices], entry_for(tensors["weight"], y) * x[y.indices]),)


# Dropout.


@dataclass(frozen=True)
class Dropout(Layer):
    """Entries that a given mask keeps are scaled up; the others become 0.

        y[i, ...] = m[i, ...] x[i, ...] / (1 - rate)

    The mask m is given, one number for every entry of every sample: 1 where the entry is kept
    and 0 where it is dropped. No number is drawn, so results can be computed by hand and
    repeated. For prediction, where nothing is dropped, there is no mask and y = x.

    Shapes: x, y and the mask have the same shape.

    Attributes:
        rate: The probability with which the mask was drawn to drop an entry; the scaling keeps
            the expected value of y equal to x.
        masked: Whether there is a mask; if not, y = x.

    Source: Srivastava et al., "Dropout" (2014).
    """

    rate: Real = Decimal("0.5")
    masked: bool = True

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "masked",
            "Each entry of {mask} is 0 or 1. Where it is 0, the entry of {x} is dropped; the "
            "others are divided by {kept}, the probability of being kept, so that the expected "
            "value stays the same.",
            "Nothing is dropped outside of training: {y} is {x}.",
        ),
        backward=When(
            "masked",
            "What was dropped receives no error signal; what was kept receives it, divided by "
            "{kept} as well.",
            "Nothing was computed, so the error signal is passed on unchanged.",
        ),
    )
    source: ClassVar[str] = sources.DROPOUT
    prefix: ClassVar[str] = "dropout"
    supplied: ClassVar[Mapping[str, str]] = {"mask": "masked"}

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the mask, unless ``masked`` is off."""
        axes = "ijkmopq"[: len(shape)]
        return {"mask": Given(shape, "m", axes, sampled=True)} if self.masked else {}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return y = m x / (1 - rate)."""
        kept, position = self.kept, y.indices
        if not self.masked:
            return (define(y[position], x[position]),)
        return (define(y[position], tensors["mask"][position] * x[position] / kept),)

    @property
    def kept(self) -> Expr:
        """The probability with which an entry is kept."""
        rate = exact(self.rate, "rate")
        if not 0 <= rate < 1:
            raise SymcnnError(f"rate is {rate}: give a number from 0 to below 1")
        return 1 - rate
