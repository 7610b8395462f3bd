"""Placing a loss behind the last layer: its tensors, and its equations over all samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symcnn.equations import Equation, Tensor, check_own, complete, listed, ordered
from symcnn.equations.index_letters import marked, plain_errors, unmarked
from symcnn.network.layers.declarations import Own, check_declared
from symcnn.network.losses import Loss
from symcnn.network.meaning import check_filled
from symcnn.network.stage import LossStage, Stage
from symcnn.network.wiring import Wiring
from symcnn.writing.lettering import RESERVED

Tensors = Mapping[str, Tensor]


@dataclass(frozen=True)
class LossWiring:
    """A loss and the layers before it.

    Attributes:
        loss: The loss.
        stages: The layers in place.
        wiring: What names tensors.
        letters: The letters that were chosen for tensors, by tensor name.
    """

    loss: Loss
    stages: Sequence[Stage]
    wiring: Wiring
    letters: Mapping[str, str]

    def place(self) -> LossStage:
        """Return the loss in its place."""
        letter, output = self.letters.get("loss", RESERVED["loss"]), self.stages[-1].output
        made = Tensor("loss", (1,), "loss", letter, ("l",))
        given, (supplied, computed) = self._given, self._own
        compared = () if given is None else (given,)
        read = [tensor.of_one_sample() for tensor in (output, *compared)]
        own = {**supplied, **computed}
        y = marked(output.of_one_sample())
        one = None if given is None else marked(given.of_one_sample())
        unbatched = {key: tensor.of_one_sample() for key, tensor in own.items()}
        with plain_errors():
            equations = unmarked(listed(self.loss.forward(made, y, one, **unbatched)))
        auxiliaries = [unbatched[key] for key in computed]
        known = [*read, *(unbatched[key] for key in supplied)]
        check_own(equations, [made, *auxiliaries], known)
        used = [output, *own.values(), *compared]
        equations = self._of_all_samples(complete(ordered(equations), auxiliaries), made, used)
        with plain_errors():
            usual = unmarked(listed(self.loss.usual(made, y, one, **unbatched)))
        usual = self._of_all_samples(usual, made, used)
        penalty = self.loss.penalty(made, self._penalised)
        usual = (*usual, *penalty) if usual else ()
        stage = LossStage(made, given, supplied, computed, (*equations, *penalty), usual)
        check_filled(stage.place(self.loss, output))
        return stage

    @property
    def _penalised(self) -> list[Tensor]:
        return [stage.parameters[key] for stage in self.stages for key in stage.penalised]

    @cached_property
    def _given(self) -> Tensor | None:
        name, letter = self.loss.given, self.loss.letter
        if name is None:
            return None
        usual = (
            {name: letter} if RESERVED.get(name) == letter else self.wiring.labels({name: letter})
        )
        label = {**usual, **self.letters}[name]
        return replace(self.stages[-1].output, name=name, role="target", label=label)

    @cached_property
    def _own(self) -> tuple[Tensors, Tensors]:
        """What the loss is given besides a target, and its intermediate tensors."""
        output = self.stages[-1].output.of_one_sample()
        supplied, computed = self.loss.givens(output), self.loss.auxiliaries(output)
        check_declared({}, supplied, computed)
        own: dict[str, Own] = {**supplied, **computed}
        labels = self.wiring.labels({f"loss.{key}": part.letter for key, part in own.items()})
        given = self.wiring.own_tensors("loss", supplied, labels)
        return given, self.wiring.own_tensors("loss", computed, labels)

    def _of_all_samples(
        self, equations: Iterable[Equation], loss: Tensor, used: Sequence[Tensor]
    ) -> tuple[Equation, ...]:
        return tuple(self.wiring.for_every_sample(self._weighted(equations, loss), used))

    def _weighted(self, equations: Iterable[Equation], loss: Tensor) -> Iterator[Equation]:
        """Weigh what one sample adds to the loss."""
        samples = self.wiring.batch
        share = 1 if samples is None else self.loss.share(samples)
        for equation in equations:
            adds = equation.target.base == loss.base
            yield replace(equation, value=share * equation.value) if adds else equation
