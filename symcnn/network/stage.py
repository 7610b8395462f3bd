"""A layer, and the loss, in their places: what they read, make, learn and are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from symcnn.equations import Equation, Tensor
from symcnn.equations.index_letters import Spelling, with_indices, with_loops
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.window import Window
from symcnn.network.meaning import Place
from symcnn.network.steps import whole_of


class Stage(NamedTuple):
    """A layer in its place: what it reads, what it makes and what it learns.

    Attributes:
        layer: The layer.
        inputs: The tensors that it reads.
        output: The tensor that it makes.
        parameters: What it learns, by the layer's own names; shared ones are another's.
        givens: What it is given besides, by the layer's own names.
        auxiliaries: Its intermediate tensors, by the layer's own names.
        equations: Its forward equations.
        penalised: The names of its own parameters that the loss's penalty takes in.
    """

    layer: Layer
    inputs: tuple[Tensor, ...]
    output: Tensor
    parameters: Mapping[str, Tensor]
    givens: Mapping[str, Tensor]
    auxiliaries: Mapping[str, Tensor]
    equations: tuple[Equation, ...]
    penalised: tuple[str, ...]

    @property
    def input(self) -> Tensor:
        """The tensor that the layer reads, or the first of several."""
        return self.inputs[0]

    @property
    def own(self) -> dict[str, Tensor]:
        """What it learns itself, by the layer's own names: nothing that is another layer's."""
        prefix = f"{self.output.name}."
        return {k: t for k, t in self.parameters.items() if t.name == f"{prefix}{k}"}

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """What it has itself, in the order in which it is computed."""
        inside = (*self.own.values(), *self.givens.values(), *self.auxiliaries.values())
        return (*inside, self.output)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows along each axis of one sample, if the layer has any."""
        return self.layer.windows(self.input.of_one_sample().shape)

    @property
    def called(self) -> dict[str, tuple[Tensor, ...]]:
        """The tensors by the layer's own names: x is all that it reads, x1 the first of several.

        What is computed in steps is all of them.
        """
        several = self.inputs if len(self.inputs) > 1 else ()
        read = {f"x{n}": tensor for n, tensor in enumerate(several, start=1)}
        own = {**read, **self.parameters, **self.givens, **self.auxiliaries}
        found: dict[str, tuple[Tensor, ...]] = {"x": self.inputs, "y": (self.output,)}
        for key, tensor in own.items():
            found[whole_of(key)] = (*found.get(whole_of(key), ()), tensor)
        return found

    @property
    def place(self) -> Place:
        """The layer with its tensors, as sentences speak of them."""
        return Place(self.layer, self.called, self.inputs)

    def spelled(self, spelling: Spelling) -> Stage:
        """Return the stage with other letters for its indices."""
        return Stage(*(_spelled(part, spelling) for part in self))

    @property
    def shares(self) -> bool:
        """Whether the layer uses the parameters of another one."""
        return self.layer.weight_from is not None


class LossStage(NamedTuple):
    """The loss in its place.

    Attributes:
        loss: L, one number.
        given: What the output is compared with, if the loss takes anything.
        givens: What else it is given, by its names in the loss.
        auxiliaries: Its intermediate tensors, by their names in the loss.
        equations: Its equations over all samples.
        usual: Equations for the same number as textbooks write them, if those differ.
    """

    loss: Tensor
    given: Tensor | None
    givens: Mapping[str, Tensor]
    auxiliaries: Mapping[str, Tensor]
    equations: tuple[Equation, ...]
    usual: tuple[Equation, ...] = ()

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """What it has itself, in the order in which it is computed."""
        given = () if self.given is None else (self.given,)
        return (*given, *self.givens.values(), *self.auxiliaries.values(), self.loss)

    def place(self, loss: Any, output: Tensor) -> Place:
        """Return the loss with its tensors, as sentences speak of them."""
        given = {} if self.given is None else {self.given.name: self.given}
        own = {"loss": self.loss, "y": output, **given, **self.givens, **self.auxiliaries}
        called = {key: (tensor,) for key, tensor in own.items()}
        return Place(loss, called, (output,), ("loss", "y"))

    def spelled(self, spelling: Spelling) -> LossStage:
        """Return the stage with other letters for its indices."""
        return LossStage(*(_spelled(part, spelling) for part in self))


def _spelled(part: Any, spelling: Spelling) -> Any:
    """Return tensors and equations with other letters; all else as it is."""
    if isinstance(part, Tensor):
        return with_indices(part, spelling)
    if isinstance(part, Equation):
        return with_loops(part, spelling)
    if isinstance(part, Mapping):
        return {key: _spelled(one, spelling) for key, one in part.items()}
    return tuple(_spelled(one, spelling) for one in part) if isinstance(part, tuple) else part
