"""A layer, and the loss, in their places: what they read, make, learn and are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from symcnn import limits
from symcnn.equations import Equation, Tensor, grouped, recurring, step_by_step, without_empty
from symcnn.equations.index_letters import Spelling, with_indices, with_loops
from symcnn.equations.notation import letter_of, numbered
from symcnn.equations.sizes import is_symbolic
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.window import Window
from symcnn.network.meaning import Place

# Recurrences with a number of steps: every step has tensors of its own.


_STEP = "[{}]"
"""How the tensor of a step is named, behind the name of the whole: no layer names one so."""

_ALL = "{}[:]"
"""How that of all steps is named: the derivative with respect to it is not through later steps."""

Tensors = Mapping[str, Tensor]


def whole_of(key: str) -> str:
    """Return the name of what a step is of, state of state[2]; that of anything else."""
    return key.partition("[")[0]


def in_steps(
    equations: tuple[Equation, ...], made: Tensors, spare: Callable[[Iterable[str]], str]
) -> tuple[tuple[Equation, ...], Tensors]:
    """Write the recurrences of a layer out, unless a letter says how many steps there are.

    Args:
        equations: The equations of the layer, for one sample.
        made: Its intermediate tensors, for one sample, by its names for them.
        spare: Returns the first free one of some labels.

    Returns:
        The equations, and the intermediate tensors that they have: those of steps, and of wholes
        those that something else reads.
    """
    if not recurring(equations):
        return equations, made
    equations = without_empty(equations)  # of a single step, nothing reads another
    by_base = {tensor.base: key for key, tensor in made.items()}
    kept, steps = {**made}, dict[str, Tensor]()
    for one in recurring(equations):
        if not by_base.keys() >= {*one.order}:
            raise SymcnnError(
                "the output is computed from its own entries step by step: compute an auxiliary "
                "so, and the output from it"
            )
        if any(is_symbolic(base.shape[one.axis]) for base in one.order):
            continue
        of = {base: [*_steps(made[by_base[base]], one.axis, spare)] for base in one.order}
        steps |= {t.name.rpartition(".")[2]: t for every in of.values() for t in every}
        equations = step_by_step(one, equations, of)
        wholes = {by_base[base]: kept.pop(by_base[base]) for base in one.order}
        left = {equation.target.base for equation in equations}
        kept |= {_ALL.format(key): _all(t) for key, t in wholes.items() if t.base in left}
    order = {base: n for n, (base, _) in enumerate(grouped(equations))}
    # what no term is left for comes first
    every = sorted({**kept, **steps}.items(), key=lambda one: order.get(one[1].base, -1))
    return equations, dict(every)


def _all(whole: Tensor) -> Tensor:
    """Return the tensor of all steps, for what reads them at once."""
    called = whole.noun or whole.name.rpartition(".")[2].replace("_", " ")
    return replace(whole, name=_ALL.format(whole.name), noun=f"{called} at all steps")


def _steps(whole: Tensor, axis: int, spare: Callable[[Iterable[str]], str]) -> Iterator[Tensor]:
    """Run over the tensors of the steps of one that is computed step by step."""
    number = int(whole.shape[axis])
    if number > limits.NETWORK_LAYERS:
        raise TooLargeError(
            f"{whole.name} is computed in {number:,} steps, more than the "
            f"{limits.NETWORK_LAYERS:,} that are written out: use fewer steps"
        )
    shape = (*whole.shape[:axis], *whole.shape[axis + 1 :])
    axes = (*whole.axes[:axis], *whole.axes[axis + 1 :])
    one = replace(whole, shape=shape or (1,), axes=axes or whole.axes)
    called = whole.noun or whole.name.rpartition(".")[2].replace("_", " ")
    for n in range(1, number + 1):
        name, label = f"{whole.name}{_STEP.format(n)}", spare(_labels(whole.label, n))
        yield replace(one, name=name, label=label, noun=f"{called} at step {n}")


def _labels(whole: str, step: int) -> Iterator[str]:
    """Run over what a step may be called: h^[2], or else the next h^(3) that is free."""
    if "^" not in whole:
        yield f"{whole}^[{step}]"
    yield from numbered(letter_of(whole))


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
