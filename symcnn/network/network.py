"""A network: an input shape, layers and a loss become tensors and forward equations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from sympy import Expr, S, Symbol
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.equations import (
    Equation,
    Recurrence,
    Tensor,
    counted,
    indexing,
    positions_in,
    recurring,
)
from symcnn.equations.index_letters import Spelling, spelling, with_indices
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import (
    Length,
    Size,
    defined,
    instantiated,
    letters_of,
    positive_integer,
    real_letters_of,
)
from symcnn.equations.tensor import Role
from symcnn.errors import SymcnnError, TooLargeError, expect, located
from symcnn.limits.machine import memory
from symcnn.network.declared import Declared
from symcnn.network.layers.declarations import checked_shape
from symcnn.network.layers.layer import Layer
from symcnn.network.letters import Plan, plan
from symcnn.network.losses import Loss
from symcnn.network.stage import LossStage, Stage
from symcnn.network.summary import Summarised
from symcnn.network.wiring import LossWiring, Wiring
from symcnn.writing.lettering import check_letters, check_sizes, checked_letters, signal_of


@dataclass(frozen=True)
class Network(Declared, Summarised):
    r"""Layers that read each other's outputs, and a loss of the last output.

    Attributes:
        input_shape: The shape of one sample, e.g. (height, width, channels).
        layers: The layers, in order; each reads the previous one unless it names others.
        loss: The function that is minimised.
        batch: The number of samples; None means one sample without a batch axis.
        letters: The letters of tensors in formulas, by name, where they differ from the usual
            ones: {"conv1.weight": "K", "x": r"\mathbf{x}", "loss": "J", "error signal": "g"}.
    """

    input_shape: Shape
    layers: Sequence[Layer]
    loss: Loss
    batch: Size | None = None
    letters: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Normalise the fields and check every shape at once."""
        object.__setattr__(self, "input_shape", checked_shape(self.input_shape, "input shape"))
        expect(self.layers, Iterable, "layers", "give a list of layers, [Dense(2), ReLU()]")
        object.__setattr__(self, "layers", tuple(map(_with_tuples, self.layers)))
        for position, layer in enumerate(self.layers):
            expect(layer, Layer, f"layers[{position}]", "give layers such as Dense(2) or ReLU()")
        expect(self.loss, Loss, "the loss", "give one such as MeanSquaredError()")
        if self.batch is not None:
            positive_integer(self.batch, "batch")
        if not self.layers:
            raise SymcnnError("the network has no layers: give at least one")
        if len(self.layers) > limits.NETWORK_LAYERS:
            raise TooLargeError(
                f"the network has {len(self.layers):,} layers, more than the "
                f"{limits.NETWORK_LAYERS:,} that symcnn derives: use fewer layers"
            )
        object.__setattr__(self, "letters", checked_letters(self.letters))
        check_sizes(self.sizes, self.letters)
        tensors = self.tensors  # layers and loss are placed here, and every shape is checked
        check_letters(self.letters, self._wiring.usual, self._wiring.planned, tensors)
        self._check_indices()

    def _check_indices(self) -> None:
        """Refuse indices that are computed or learned: they have no derivative."""
        if not self._positions:
            return
        for name in self.indexing:
            if self.tensors[name].role not in ("given", "target"):
                raise SymcnnError(
                    f"entries of {name} are used as indices, which cannot be differentiated: let "
                    "a layer with takes_indices = True, such as Embedding, read them from x, or "
                    "give them by givens"
                )

    @cached_property
    def sizes(self) -> tuple[Symbol, ...]:
        """The letters that stand for sizes, if any do."""
        return letters_of(self)

    @cached_property
    def real_letters(self) -> tuple[Symbol, ...]:
        """The letters that stand for other settings, such as alpha of ELU, if any do."""
        return real_letters_of(self)

    @cached_property
    def relations(self) -> dict[Symbol, Expr]:
        """The lengths that follow from the letters: {M: floor((H + 2*P - K)/S) + 1, ...}."""
        lengths = dict.fromkeys(n for t in self.tensors.values() for n in t.shape)
        lengths |= dict.fromkeys(self._wiring.lengths.values())
        return {n: defined(n) for n in lengths if isinstance(n, Length)}

    def at(self, numbers: Mapping[Symbol, Any]) -> Network:
        """Return the network with numbers in place of letters for sizes and other settings.

        Its tensors are called as they are here, so formulas fit both.

        Raises:
            SymcnnError: If the network does not exist with these numbers.
        """
        made: Network = instantiated(self, numbers)
        both = self.tensors.keys() & made.tensors.keys()  # at numbers, every step has its own
        own = {n: self.tensors[n].label for n in made._wiring.usual if n in both}
        differ = any(made.tensors[name].label != label for name, label in own.items())
        return replace(made, letters={**made.letters, **own}) if differ else made

    def check_numbers(self) -> None:
        """Refuse letters for sizes, and too many entries, where each entry needs a number."""
        kinds = (("for sizes", self.sizes, 5), ("in its settings", self.real_letters, 1))
        for kind, letters, number in kinds:
            if letters:
                raise SymcnnError(
                    f"the network has letters {kind}, {', '.join(map(str, letters))}: give numbers "
                    f"in their place with network.at({{{letters[0]}: {number}, ...}})"
                )
        _check_size(self.tensors.values())

    @property
    def input(self) -> Tensor:
        """The input x."""
        return with_indices(self._input, self._spelling)

    @cached_property
    def _input(self) -> Tensor:
        role: Role = "given" if self._has_indices else "input"
        label, axes = self.letters.get("x", "x"), tuple(self._plan.axes)
        return Tensor("x", self.input_shape, role, label, axes).with_batch(self.batch)

    @property
    def _has_indices(self) -> bool:
        """Whether the input holds whole numbers that a layer uses as indices."""
        first, *others = self.layers
        reading = [layer for layer in others if "x" in (layer.inputs or ())]
        if first.inputs is None or "x" in first.inputs:
            reading.append(first)
        return any(layer.takes_indices for layer in reading)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The layers in place, in order."""
        return tuple(stage.spelled(self._spelling) for stage in self._placed)

    @property
    def _placed(self) -> tuple[Stage, ...]:
        """The layers with the indices that each of them chose."""
        return tuple(self._wiring.stages.values())

    @cached_property
    def _spelling(self) -> Spelling:
        """Other letters for the indices that are called like a tensor."""
        placed: list[Stage | LossStage] = [*self._placed, self._placed_loss]
        tensors = [self._input, *chain(*(stage.tensors for stage in placed))]
        equations = [*chain(*(stage.equations for stage in placed))]
        taken = {signal_of(self.letters), *map(str, (*self.sizes, *self.real_letters))}
        return spelling(tensors, equations, taken)

    @property
    def output(self) -> Tensor:
        """The last layer's output."""
        return self.stages[-1].output

    @property
    def target(self) -> Tensor | None:
        """The target with which the loss compares the output, if there is one."""
        return self.loss_stage.given

    @property
    def loss_tensor(self) -> Tensor:
        """The loss L, one number."""
        return self.loss_stage.loss

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """All forward equations, in the order of evaluation; the last define the loss."""
        counts = chain(*map(counted, self._positions))
        return (*counts, *self._own_equations)

    @cached_property
    def recurrences(self) -> tuple[Recurrence, ...]:
        """What is computed step by step, each step from the one before."""
        return tuple(recurring(self.equations))

    @property
    def terms(self) -> int:
        """The number of loop assignments of all forward equations."""
        return int(sum(equation.terms for equation in self.equations))

    @property
    def _own_equations(self) -> tuple[Equation, ...]:
        return (*chain(*(s.equations for s in self.stages)), *self.loss_stage.equations)

    @cached_property
    def _positions(self) -> tuple[Tensor, ...]:
        return positions_in(self._own_equations)

    @cached_property
    def indexing(self) -> dict[str, Size]:
        """The tensors of whole numbers that are indices, by name, and the lengths of the axes."""
        named = {tensor.base: name for name, tensor in self.tensors.items()}
        return {named[base]: n for base, n in indexing(self._own_equations).items()}

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by its name: x, conv1.weight, conv1, ..., target, loss."""
        placed: list[Stage | LossStage] = [*self.stages, self.loss_stage]
        made = chain(*(stage.tensors for stage in placed))
        return {tensor.name: tensor for tensor in (self.input, *made, *self._positions)}

    @property
    def given(self) -> tuple[Tensor, ...]:
        """The tensors whose numbers are given: input, parameters, target and what else is given."""
        return tuple(t for t in self.tensors.values() if t.is_given)

    @cached_property
    def of_samples(self) -> tuple[Tensor, ...]:
        """The given tensors of which every sample has its own, such as input and target."""
        batched = self if self.batch is not None else replace(self, batch=1)
        own = {tensor.name for tensor in batched.given if tensor.batched}
        return tuple(tensor for tensor in self.given if tensor.name in own)

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """Every learned tensor, in the order of the layers."""
        return tuple(t for t in self.tensors.values() if t.role == "parameter")

    @cached_property
    def loss_stage(self) -> LossStage:
        """The loss in its place."""
        return self._placed_loss.spelled(self._spelling)

    @cached_property
    def _placed_loss(self) -> LossStage:
        with located("loss"):
            return LossWiring(self.loss, self._placed, self._wiring, self.letters).place()

    @cached_property
    def _plan(self) -> Plan:
        return plan(self.input_shape, self.layers, self.loss, self.letters, self.sizes)

    def parameters_named(self, key: str) -> tuple[Tensor, ...]:
        """Return the parameters of a name such as "weight" in all layers, shared ones once."""
        found = (stage.parameters[key] for stage in self.stages if key in stage.parameters)
        return tuple({tensor.name: tensor for tensor in found}.values())

    @property
    def has_biases(self) -> bool:
        """Whether there are parameters besides weights."""
        return len(self.parameters_named("weight")) < len(self.parameters)

    @cached_property
    def _wiring(self) -> Wiring:
        labels, tensors = self._plan.labels, {"x": self._input}
        wiring = Wiring(self.batch, tensors, self.letters, self.sizes, labels)
        for position, layer in enumerate(self.layers):
            with located(f"layers[{position}] ({type(layer).__name__})"):
                wiring.place(layer)
        return wiring


def _with_tuples(layer: Layer) -> Layer:
    """Return a layer with tuples for the lists among its settings, so that it can be compared."""
    if not isinstance(layer, Layer):
        return layer  # refused below
    lists = {k: _tuples(v) for k, v in vars(layer).items() if isinstance(v, list)}
    return replace(layer, **lists) if lists else layer


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _check_size(tensors: Iterable[Tensor]) -> None:
    sizes = {tensor.name: tensor.size for tensor in tensors}
    entries, largest = sum(sizes.values()), max(sizes, key=lambda name: sizes[name])
    counted = f"the network's tensors have {entries:,} entries ({largest} alone {sizes[largest]:,})"
    remedy = "use smaller shapes or fewer samples"
    if entries > (most := limits.NETWORK_ENTRIES):
        raise TooLargeError(f"{counted}, more than the {most:,} that symcnn computes: {remedy}")
    if (held := memory()) and entries * limits.ENTRY_BYTES > held:
        gigabytes = f"{held / 1e9:.3g} GB of memory of this machine"
        raise TooLargeError(f"{counted}, too many for the {gigabytes}: {remedy}")


# What the letters of a network fulfil where its layers exist: P <= H - 1 where P are reflected.


def supposed(network: Network) -> tuple[Relational, ...]:
    """Return what letters fulfil, beside lengths of at least 1."""
    found = (
        condition
        for stage in network.stages
        for condition in stage.layer.supposed([x.of_one_sample().shape for x in stage.inputs])
    )
    return tuple(dict.fromkeys((*found, *network.loss.supposed())))


def hold(conditions: Iterable[Relational], numbers: Mapping[Symbol, Any]) -> bool:
    """Tell whether numbers for letters are as they are supposed to be, as far as these tell."""
    tried = (c.func(*map(defined, c.args)).xreplace(numbers) for c in conditions)
    return all(one is not S.false for one in tried)
