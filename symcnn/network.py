"""A network: an input shape, layers and a loss become tensors and forward equations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.declared import Declared
from symcnn.equations import Equation, Tensor, check_own, complete, listed, ordered
from symcnn.equations.spelling import Spelling, spelling, with_indices
from symcnn.errors import SymcnnError, TooLargeError, expect, located
from symcnn.layers.layer import Layer
from symcnn.layers.shapes import checked_shape, positive_integer
from symcnn.lettering import RESERVED, check_letters, check_sizes, checked_letters, signal_of
from symcnn.losses import Loss
from symcnn.notation import Shape
from symcnn.sizes import Length, Size, defined, instantiated, letters_of
from symcnn.stage import LossStage, Stage
from symcnn.wiring import Wiring

_AXES = {1: "q", 2: "rc", 3: "rsc"}


@dataclass(frozen=True)
class Network(Declared):
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
        object.__setattr__(self, "layers", tuple(self.layers))
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
        check_letters(self.letters, self._wiring.usual, tensors)

    @cached_property
    def sizes(self) -> tuple[Symbol, ...]:
        """The letters that stand for sizes, if any do."""
        return letters_of(self)

    @cached_property
    def relations(self) -> dict[Symbol, Expr]:
        """The lengths that follow from the letters: {M: floor((H + 2*P - K)/S) + 1, ...}."""
        lengths = dict.fromkeys(n for t in self.tensors.values() for n in t.shape)
        return {n: defined(n) for n in lengths if isinstance(n, Length)}

    def at(self, numbers: Mapping[Symbol, int]) -> Network:
        """Return the network with numbers in place of letters for sizes.

        Its tensors are called as they are here, so formulas fit both.

        Raises:
            SymcnnError: If the network does not exist with these numbers.
        """
        made: Network = instantiated(self, numbers)
        own = {name: tensor.label for name, tensor in self.tensors.items()}
        letters = {name: own[name] for name, t in made.tensors.items() if t.label != own[name]}
        return replace(made, letters={**made.letters, **letters}) if letters else made

    def check_numbers(self) -> None:
        """Refuse letters for sizes, and too many entries, where each entry needs a number."""
        if self.sizes:
            letters = ", ".join(map(str, self.sizes))
            raise SymcnnError(
                f"the network has letters for sizes, {letters}: give numbers in their place with "
                f"network.at({{{self.sizes[0]}: 5, ...}})"
            )
        _check_size(self.tensors.values())

    @property
    def input(self) -> Tensor:
        """The input x."""
        return with_indices(self._input, self._spelling)

    @cached_property
    def _input(self) -> Tensor:
        axes = _AXES.get(len(self.input_shape), "rsghoqlk"[: len(self.input_shape)])
        one = Tensor("x", self.input_shape, "input", self.letters.get("x", "x"), tuple(axes))
        return one.with_batch(self.batch)

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
        stages, end = self._placed, self._placed_loss
        tensors = [self._input, *chain(*map(_tensors_of, stages)), *_tensors_of_loss(end)]
        equations = [*chain(*(s.equations for s in stages)), *end.equations]
        return spelling(tensors, equations, {signal_of(self.letters), *map(str, self.sizes)})

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
        layers = (equation for stage in self.stages for equation in stage.equations)
        return (*layers, *self.loss_stage.equations)

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by its name: x, conv1.weight, conv1, ..., target, loss."""
        made = chain(*map(_tensors_of, self.stages))
        every = (self.input, *made, *_tensors_of_loss(self.loss_stage))
        return {tensor.name: tensor for tensor in every}

    @property
    def given(self) -> tuple[Tensor, ...]:
        """The tensors whose numbers are given: the input, the parameters and the target."""
        return tuple(t for t in self.tensors.values() if t.is_given)

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
            return self._place_loss()

    def _place_loss(self) -> LossStage:
        made = Tensor("loss", (1,), "loss", self.letters.get("loss", RESERVED["loss"]), ("l",))
        output, given, computed = self._placed[-1].output, self._given, self._computed
        y, unbatched = output.of_one_sample(), {k: t.of_one_sample() for k, t in computed.items()}
        one = None if given is None else given.of_one_sample()
        equations = listed(self.loss.forward(made, y, one, **unbatched))
        also = () if one is None else (one,)
        check_own(equations, [made, *unbatched.values()], [y, *also])
        used = [output, *computed.values(), *(() if given is None else (given,))]
        whole = complete(ordered(equations), unbatched.values())
        equations = self._of_all_samples(whole, made, used)
        usual = listed(self.loss.usual(made, y, one, **unbatched))
        usual = self._of_all_samples(usual, made, used)
        penalised = [stage.parameters[key] for stage in self._placed for key in stage.penalised]
        penalty = self.loss.penalty(made, penalised)
        usual = (*usual, *penalty) if usual else ()
        return LossStage(made, given, computed, (*equations, *penalty), usual)

    def parameters_named(self, key: str) -> tuple[Tensor, ...]:
        """Return the parameters of a name such as "weight" in all layers, shared ones once."""
        return _parameters_named(key, self.stages)

    @property
    def has_biases(self) -> bool:
        """Whether there are parameters besides weights."""
        return len(self.parameters_named("weight")) < len(self.parameters)

    @property
    def _given(self) -> Tensor | None:
        name, letter = self.loss.given, self.loss.letter
        if name is None:
            return None
        usual = (
            {name: letter} if RESERVED.get(name) == letter else self._wiring.labels({name: letter})
        )
        label = {**usual, **self.letters}[name]
        return replace(self._placed[-1].output, name=name, role="target", label=label)

    @cached_property
    def _computed(self) -> dict[str, Tensor]:
        computed = self.loss.auxiliaries(self._placed[-1].output.of_one_sample())
        labels = self._wiring.labels({f"loss.{key}": a.letter for key, a in computed.items()})
        return self._wiring.auxiliary_tensors("loss", computed, labels)

    def _of_all_samples(
        self, equations: Iterable[Equation], loss: Tensor, used: Sequence[Tensor]
    ) -> tuple[Equation, ...]:
        return tuple(self._wiring.for_every_sample(self._weighted(equations, loss), used))

    def _weighted(self, equations: Iterable[Equation], loss: Tensor) -> Iterable[Equation]:
        """Weigh what one sample adds to the loss."""
        share = 1 if self.batch is None else self.loss.share(self.batch)
        for equation in equations:
            adds = equation.target.base == loss.base
            yield replace(equation, value=share * equation.value) if adds else equation

    @cached_property
    def _wiring(self) -> Wiring:
        wiring = Wiring(self.batch, {"x": self._input}, self.letters, self.sizes)
        for position, layer in enumerate(self.layers):
            with located(f"layers[{position}] ({type(layer).__name__})"):
                wiring.place(layer)
        return wiring


def _tensors_of(stage: Stage) -> Iterable[Tensor]:
    parameters = () if stage.shares else stage.parameters.values()
    return (*parameters, *stage.auxiliaries.values(), stage.output)


def _tensors_of_loss(stage: LossStage) -> Iterable[Tensor]:
    given = () if stage.given is None else (stage.given,)
    return (*given, *stage.auxiliaries.values(), stage.loss)


def _parameters_named(key: str, stages: Iterable[Stage]) -> tuple[Tensor, ...]:
    found = (stage.parameters[key] for stage in stages if key in stage.parameters)
    return tuple({tensor.name: tensor for tensor in found}.values())


def _check_size(tensors: Iterable[Tensor]) -> None:
    sizes = {tensor.name: tensor.size for tensor in tensors}
    entries, largest = sum(sizes.values()), max(sizes, key=lambda name: sizes[name])
    if entries > limits.NETWORK_ENTRIES:
        raise TooLargeError(
            f"the network's tensors have {entries:,} entries ({largest} alone {sizes[largest]:,}), "
            f"more than the {limits.NETWORK_ENTRIES:,} that symcnn computes: use smaller shapes"
        )
