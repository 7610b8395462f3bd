"""A network: an input shape, layers and a loss become tensors and forward equations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sympy import IndexedBase

from symcnn.equations import Equation, Tensor, for_every_sample
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.layers.layer import Layer
from symcnn.layers.window import count
from symcnn.losses import Loss
from symcnn.notation import Shape, superscripted

MOST_ENTRIES = 10**8
"""A network whose tensors hold more entries than this is refused, not allocated."""

MOST_AXES = 8
"""The most axes that an input has."""

MOST_LETTERS = 60
"""The most letters that a layer's name has."""

_AXES = {1: "q", 2: "rc", 3: "rsc"}
_DATA_LETTERS = {"x": "x", "target": "t", "loss": "L"}


class Stage(NamedTuple):
    """A layer in its place: what it reads, what it makes and what it learns."""

    layer: Layer
    input: Tensor
    output: Tensor
    parameters: Mapping[str, Tensor]
    equations: tuple[Equation, ...]


@dataclass(frozen=True)
class Network:
    """Layers one after the other, and a loss.

    Attributes:
        input_shape: The shape of one sample, e.g. (height, width, channels).
        layers: The layers, in order.
        loss: What is to become small.
        batch: The number of samples; None is one sample without a batch axis.
    """

    input_shape: Shape
    layers: Sequence[Layer]
    loss: Loss
    batch: int | None = None

    def __post_init__(self) -> None:
        """Normalise the fields and check every shape at once."""
        object.__setattr__(self, "input_shape", _checked_shape(self.input_shape))
        object.__setattr__(self, "layers", tuple(self.layers))
        if self.batch is not None:
            count(self.batch, "batch")
        if not self.layers:
            raise SymcnnError("the network has no layers: give at least one")
        _check_size(self.tensors.values())

    @cached_property
    def input(self) -> Tensor:
        """The input x."""
        axes = _AXES.get(len(self.input_shape), "rsghoqde"[: len(self.input_shape)])
        return self._sampled(Tensor("x", self.input_shape, "input", "x", tuple(axes)))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The layers in place, in order."""
        return tuple(self._stages())

    @property
    def output(self) -> Tensor:
        """The last layer's output."""
        return self.stages[-1].output

    @cached_property
    def target(self) -> Tensor:
        """The target t, of the output's shape."""
        return replace(self.output, name="target", role="target", label="t")

    @cached_property
    def loss_tensor(self) -> Tensor:
        """The loss L, one number."""
        return Tensor("loss", (1,), "loss", "L", ("l",))

    @cached_property
    def loss_equation(self) -> Equation:
        """The equation of the loss over all samples."""
        y, target = self.output.of_one_sample(), self.target.of_one_sample()
        sample = self.loss.forward(self.loss_tensor, y, target)
        if self.batch is None:
            return sample
        share = self.loss.share(self.batch)
        weighted = replace(sample, value=share * sample.value)
        return for_every_sample(weighted, _batched([self.output, self.target]))

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """All forward equations, in the order of evaluation; the last is the loss."""
        layers = (equation for stage in self.stages for equation in stage.equations)
        return (*layers, self.loss_equation)

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by its name: x, conv1.weight, conv1, ..., target, loss."""
        learned = (t for s in self.stages for t in (*s.parameters.values(), s.output))
        every = (self.input, *learned, self.target, self.loss_tensor)
        return {tensor.name: tensor for tensor in every}

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """Every learned tensor, in the order of the layers."""
        return tuple(t for t in self.tensors.values() if t.role == "parameter")

    def _stages(self) -> Iterator[Stage]:
        source, numbers, taken = self.input, Counter[str](), set(_DATA_LETTERS.values())
        names: set[str] = set(_DATA_LETTERS)
        for position, layer in enumerate(self.layers):
            numbers[layer.prefix] += 1
            name = f"{layer.prefix}{numbers[layer.prefix]}" if layer.name is None else layer.name
            try:
                _check_name(name, names)
                stage = self._stage(layer, name, source, taken)
            except SymcnnError as error:
                raise error.at(f"layers[{position}] ({type(layer).__name__})") from None
            names.add(name)
            yield stage
            source = stage.output

    def _stage(self, layer: Layer, name: str, source: Tensor, taken: set[str]) -> Stage:
        x = source.of_one_sample()
        shape = x.shape
        output_shape, learned = layer.output_shape(shape), layer.parameters(shape)
        letters = {layer.letter, *(p.letter for p in learned.values())}
        number = _first_free(letters, taken)
        taken |= {superscripted(letter, number) for letter in letters}
        axes = _output_axes(layer, x, output_shape)
        label = superscripted(layer.letter, number)
        y = Tensor(name, output_shape, "hidden", label, axes)
        parameters = {
            key: Tensor(
                f"{name}.{key}", p.shape, "parameter", superscripted(p.letter, number), (*p.axes,)
            )
            for key, p in learned.items()
        }
        output, equations = self._sampled(y), layer.forward(y, x, **parameters)
        if self.batch is not None:
            batched = _batched([source, output])
            equations = tuple(for_every_sample(equation, batched) for equation in equations)
        return Stage(layer, source, output, parameters, tuple(equations))

    def _sampled(self, tensor: Tensor) -> Tensor:
        return tensor if self.batch is None else tensor.with_batch(self.batch)


def _checked_shape(shape: Shape) -> Shape:
    rank = len(shape) if isinstance(shape, tuple | list) else 1
    if not 1 <= rank <= MOST_AXES:
        raise SymcnnError(f"the input shape has {rank} axes: give 1 to {MOST_AXES} of them")
    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    return tuple(count(n, f"input shape[{axis}]") for axis, n in enumerate(sizes))


def _check_size(tensors: Iterable[Tensor]) -> None:
    sizes = {tensor.name: tensor.size for tensor in tensors}
    entries, largest = sum(sizes.values()), max(sizes, key=lambda name: sizes[name])
    if entries > MOST_ENTRIES:
        raise TooLargeError(
            f"the network's tensors hold {entries:,} entries ({largest} alone {sizes[largest]:,}), "
            f"more than the {MOST_ENTRIES:,} that symcnn takes: make the shapes smaller"
        )


def _check_name(name: str, taken: Collection[str]) -> None:
    words = name if isinstance(name, str) else ""
    if not words.isprintable() or not words.strip() or "." in words or len(words) > MOST_LETTERS:
        raise SymcnnError(
            f"the layer name {shown(name)} is not right: give 1 to {MOST_LETTERS} "
            "printable letters without a dot"
        )
    if name in taken:
        raise SymcnnError(f"the layer name {name!r} is taken: give another name")


def _batched(tensors: Iterable[Tensor]) -> dict[IndexedBase, Tensor]:
    return {tensor.of_one_sample().base: tensor for tensor in tensors}


def _first_free(letters: set[str], taken: set[str]) -> int:
    number = 1
    while any(superscripted(letter, number) in taken for letter in letters):
        number += 1
    return number


def _output_axes(layer: Layer, source: Tensor, shape: Shape) -> tuple[str, ...]:
    if len(layer.axes) == len(shape):
        return tuple(layer.axes)
    if len(source.axes) == len(shape):
        return source.axes
    return tuple("ijklmopq"[: len(shape)])
