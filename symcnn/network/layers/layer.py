"""A layer: declared fields, an output shape, parameters and forward equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from sympy import Indexed
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.sizes import Size
from symcnn.errors import SymcnnError
from symcnn.network.declared import Declared
from symcnn.network.layers.declarations import Auxiliary, Given, Parameter, checked_shape
from symcnn.network.layers.window import Window
from symcnn.network.meaning import PLACING, Meaning, check_gaps

WEIGHT_AND_BIAS: Mapping[str, str] = {"weight": "", "bias": "bias"}
"""What most layers learn; a setting turns the bias off."""


@dataclass(frozen=True)
class Layer(Declared):
    """A layer: the shape of its output, and its forward equations.

    Derivatives, documents and programs follow from ``forward``. Shapes are those of
    one sample; the network adds the batch axis.

    Attributes:
        name: Its name in the network; by default ``prefix`` and a running number.
        inputs: The names of the layers that it reads ("x" is the input of the network); by
            default the previous layer.
        weight_from: The name of an earlier layer whose parameters it shares.
        weight_axes: With ``weight_from``, for each axis of its weight the axis of the other's
            that it is, or -1 for one of length 1; then the weight alone is shared, (1, 0) reads it
            transposed.
    """

    name: str | None = field(default=None, kw_only=True)
    inputs: tuple[str, ...] | None = field(default=None, kw_only=True)
    weight_from: str | None = field(default=None, kw_only=True)
    weight_axes: tuple[int, ...] | None = field(default=None, kw_only=True)

    type_name: ClassVar[str] = ""
    """What problem files call it, if not its class's name in snake case (of the class itself:
    a subclass has its own). The empty text is for a class that is no layer by itself."""

    learned: ClassVar[Mapping[str, str]] = {}
    """The names of the parameters, each with the setting that turns it off, or an empty text."""

    supplied: ClassVar[Mapping[str, str]] = {}
    """The names of what is given besides, each with the setting that turns it off."""

    kernels: ClassVar[tuple[str, ...]] = ()
    """The parameters that have a filter along their last axis and its channels along the one
    before: files may give them filter by filter, ``layout = "filters-first"``."""

    takes_indices: ClassVar[bool] = False
    """Whether its input holds whole numbers that select entries; then it is not differentiated."""

    source: ClassVar[str] = ""
    """The work that defines it, as documents cite it."""

    departs: ClassVar[str] = ""
    """What is otherwise in that work, as a theorem says it."""

    meaning: ClassVar[Meaning | None] = None
    """What documents say of it in its author's words (of the class itself)."""

    prefix: ClassVar[str] = "layer"
    letter: ClassVar[str] = "y"

    instead: ClassVar[str] = ""
    """The letter of its output in networks in which ``letter`` stands for something else."""

    inputs_called: ClassVar[str] = ""
    """The letters of its inputs, one each, in networks in which they stand for nothing else."""

    axes: ClassVar[str] = ""

    input_axes: ClassVar[str] = ""
    """The letters of the axes of an input that has none yet, as that of the network has."""

    @property
    def cited(self) -> str:
        """The work that documents cite: the one that defines it, or a setting of it."""
        return self.source

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a meaning with gaps that nothing fills."""
        super().__init_subclass__(**options)
        check_gaps(cls, ("forward", "join"), 2, ("x", "y"))

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the output; by default that of the input.

        Raises:
            SymcnnError: If an input of this shape does not fit.
        """
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the parameters of the layer, for an input of this shape."""
        return {}

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the tensors of the layer that are given and not learned."""
        return {}

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the intermediate tensors of the layer, for an input of this shape."""
        return {}

    def check(self, shape: Shape, samples: Size) -> None:
        """Refuse an input whose shape fits, but not for this number of samples."""

    def forward(self, y: Tensor, x: Tensor, *others: Any, **tensors: Any) -> tuple[Equation, ...]:
        """Return the equations that define the output y in terms of the input x.

        A layer names its own tensors, ``forward(self, y: Tensor, x: Tensor, gain: Tensor)``; type
        checkers accept that in place of any others.

        Args:
            y: The output.
            x: The input.
            others: Nothing; all other tensors are given by name.
            tensors: The parameters, auxiliaries and given tensors, by name.
        """
        raise NotImplementedError

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the output for all inputs; most layers take one."""
        if len(shapes) != 1:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes one")
        return self.output_shape(shapes[0])

    def joined_auxiliaries(self, shapes: Sequence[Shape]) -> Mapping[str, Auxiliary]:
        """Return the intermediate tensors for all inputs; most need the first one's shape alone."""
        return self.auxiliaries(shapes[0])

    def join(
        self, y: Tensor, xs: Sequence[Tensor], *others: Any, **tensors: Any
    ) -> tuple[Equation, ...]:
        """Return the equations that define the output y in terms of all inputs."""
        return self.forward(y, xs[0], **tensors)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows that slide over the first axes, if the layer has any."""
        return ()

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return what the letters of sizes fulfil where the layer exists: P <= H - 1.

        Numbers are checked instead, and so are lengths, which are at least 1.
        """
        return ()

    def settings(self) -> dict[str, Any]:
        """Return the declared fields by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in PLACING}


def weight_and_bias(shape: Shape, axes: str, bias: bool, unit: int = -1) -> dict[str, Parameter]:
    """Return weights and, if asked for, one bias for each output; the axis ``unit`` counts them."""
    weight = {"weight": Parameter(shape, "w", axes)}
    return {**weight, "bias": Parameter((shape[unit],), "b", axes[unit], False)} if bias else weight


def bias_of(y: Tensor, tensors: Mapping[str, Tensor]) -> tuple[Equation, ...]:
    """Return y[..., k] <- b[k], which adds to weighted sums, if there is a bias."""
    has_bias = "bias" in tensors
    return (define(y[y.indices], tensors["bias"][y.indices[-1]]),) if has_bias else ()


# Further inputs of a network.


@dataclass(frozen=True)
class Input(Layer):
    """A further input of the network, of which every sample has its own numbers: y[i] = u[i].

    What it is given, its ``value``, does not depend on x, and is not learned. The layers that
    read it name it among their ``inputs``.

    Shapes: x any; value and y ``shape``.

    Attributes:
        shape: The shape of one sample.
    """

    shape: Shape

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="{value} is a further input of the network: it does not depend on {x}.",
        backward="{x} is not read here, so no error signal reaches it from {y}.",
    )
    prefix: ClassVar[str] = "input"
    supplied: ClassVar[Mapping[str, str]] = {"value": ""}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape that is given."""
        return checked_shape(self.shape, "shape")

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the numbers of each sample."""
        own = self.output_shape(shape)
        return {"value": Given(own, "u", "ijklmnopqr"[: len(own)], sampled=True)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the numbers as they are."""
        return (define(y[y.indices], tensors["value"][y.indices]),)


# Parameters that are another layer's: as they are, or the weight alone with its axes permuted.


WEIGHT = "weight"
"""The parameter that is shared with its axes in another order."""

_LOCAL = "\N{DOUBLE PRIME}"


def is_shared(layer: Layer, key: str) -> bool:
    """Tell whether a parameter of a layer is that of another."""
    return layer.weight_from is not None and (layer.weight_axes is None or key == WEIGHT)


@dataclass(frozen=True)
class Tied:
    """A weight that is another layer's, read with its axes in another order.

        w[i, j] = v[j, i]  with the axes (1, 0);   w[0, c, k] = v[k, c]  with (-1, 1, 0)

    Attributes:
        other: The other layer's weight v.
        own: The weight w as the layer writes it, which no equation has in the end.
        axes: For each axis of w the axis of v, or -1 for one of length 1.
    """

    other: Tensor
    own: Tensor
    axes: tuple[int, ...]

    def read(self, equations: Sequence[Equation]) -> tuple[Equation, ...]:
        """Return equations that read v in the place of w."""
        return tuple(map(self._read, equations))

    def _read(self, equation: Equation) -> Equation:
        found = (a for a in equation.value.atoms(Indexed) if a.base == self.own.base)
        places = {entry: self._entry(entry) for entry in found}
        if not places:
            return equation
        value, guards = equation.value.xreplace(places), equation.guards
        parts = (value, equation.target, *(guard.expression for guard in guards))
        used = {symbol for part in parts for symbol in part.free_symbols}
        loops = tuple(loop for loop in equation.loops if loop.symbol in used or loop.size != 1)
        return replace(equation, value=value, loops=loops)

    def _entry(self, entry: Indexed) -> Indexed:
        at = dict(zip(self.axes, entry.indices, strict=True))
        return self.other[tuple(at.get(axis, 0) for axis in range(len(self.other.shape)))]


def tied(layer: Layer, shape: Shape, letters: Sequence[str], other: Tensor) -> Tied:
    """Return the weight of a layer that is another's.

    Raises:
        SymcnnError: If the axes of one are not those of the other.
    """
    axes = tuple(layer.weight_axes or ())
    named = [axis for axis in axes if axis != -1]
    left = [n for axis, n in enumerate(other.shape) if axis not in named]
    made = [1 if axis == -1 else other.shape[axis] for axis in axes if axis < len(other.shape)]
    once = len(named) == len({*named}) and min(axes, default=0) >= -1
    if not once or made != [*shape] or any(n != 1 for n in left):
        raise SymcnnError(
            f"weight_axes = {[*axes]} does not make {dimensions(shape)} of the weight of "
            f"{layer.weight_from}, {dimensions(other.shape)}: give for each axis the other's, or -1"
        )
    label = other.label + _LOCAL
    return Tied(other, Tensor(other.name, shape, "parameter", label, tuple(letters)), axes)
