"""A formula that is applied to the entries of one tensor or several, at the same place.

y[i, j, c] = exp(-x[i, j, c]^2)
y[i, j, c] = max(x_1[i, j, c], x_2[i, j, c])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values.expression import expression, names_in
from symcnn.errors import SymcnnError, expect
from symcnn.network.layers.activation import AT_ITS_ENTRY, EACH, EACH_SIGNAL
from symcnn.network.layers.declarations import Given, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import broadcast, checked_shape, entry_for
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
