"""Placing layers: each gets its name, its letters, its tensors and its equations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Symbol

from symcnn import limits
from symcnn.equations import (
    Equation,
    Tensor,
    check_own,
    complete,
    for_every_sample,
    is_maximum,
    listed,
    ordered,
    with_sizes,
)
from symcnn.equations.index_letters import (
    carried,
    marked,
    plain_errors,
    unmarked,
    unmarked_axes,
    with_letters_of,
    with_loops,
)
from symcnn.equations.notation import Shape, index, numbered, spare_letters
from symcnn.equations.sizes import Length, Size, deserves_letter, put, spare_length, supposing
from symcnn.equations.tensor import Role
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.network.layers.declarations import (
    Auxiliary,
    Own,
    Parameter,
    check_declared,
    checked_shape,
)
from symcnn.network.layers.layer import WEIGHT, Layer, is_shared, tied
from symcnn.network.layers.window import Window
from symcnn.network.letters import check_name, name_of
from symcnn.network.losses import Loss
from symcnn.network.meaning import check_filled
from symcnn.network.stage import LossStage, Stage, Tensors, in_steps, whole_of
from symcnn.writing.lettering import RESERVED, check_selector, kept_letters


@dataclass
class Wiring:
    """The layers that have been placed so far.

    Attributes:
        batch: The number of samples; None means one sample without a batch axis.
        stages: The layers in place, by name.
        sources: What a layer can read, by name; the last is what it reads by default.
        chosen: The letters that were chosen for tensors, by tensor name.
        sizes: The letters for sizes, which no tensor is called by.
        planned: What formulas call tensors that have no chosen letters, by name.
        names: Those of all tensors that have been made, and those that are left for the loss,
            without capitals.
        usual: The letters that layers and losses give their tensors, by name, without numbers.
        lengths: The letters of lengths, and of what is added, by what they are equal to.
    """

    batch: Size | None
    sources: dict[str, Tensor]
    chosen: Mapping[str, str] = field(default_factory=dict)
    sizes: Collection[Symbol] = ()
    planned: Mapping[str, str] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    names: set[str] = field(default_factory=lambda: {*RESERVED})
    usual: dict[str, str] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)
    _letters: set[str] = field(default_factory=lambda: set(RESERVED.values()))
    lengths: dict[Size, Length] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the chosen letters from being given to others."""
        self._letters |= {*kept_letters(self.chosen), *map(str, self.sizes)}
        self._letters |= {*self.planned.values()}

    def place(self, layer: Layer) -> Stage:
        """Put a layer behind those that are there."""
        name = name_of(layer, self._numbers)
        check_name(name)
        self._take(name)
        stage = self._stage(layer, name, self._inputs(layer))
        check_selector(self.sizes if any(map(is_maximum, stage.equations)) else ())
        self._take(*(f"{name}.{key}" for key in (*stage.own, *stage.givens, *stage.auxiliaries)))
        self.stages[name], self.sources[name] = stage, stage.output
        return stage

    def _take(self, *names: str) -> None:
        """Give names to tensors, and to no others: conv1.weight may also be that of a layer.

        To readers and file systems, names that differ by a capital are one; the letters of a
        layer's own tensors may.
        """
        folded = {name.casefold(): name for name in names}
        for known, name in folded.items():
            if known in self.names or known.startswith("loss."):
                raise SymcnnError(f"the layer name {name!r} is already taken: choose another name")
        self.names |= folded.keys()

    def own_tensors(
        self, owner: str, declared: Mapping[str, Own], labels: Mapping[str, str]
    ) -> dict[str, Tensor]:
        """Return the intermediate tensors of a layer or a loss, or those that it is given."""
        return {key: self._own(f"{owner}.{key}", part, labels) for key, part in declared.items()}

    def labels(self, letters: Mapping[str, str]) -> dict[str, str]:
        """Return what formulas call the tensors that are made together, no two the same."""
        self.usual |= letters
        called = {**self.planned, **self.chosen}
        usual = {name: numbered(letter) for name, letter in letters.items()}
        return {name: called.get(name) or self._spare(labels) for name, labels in usual.items()}

    def _spare(self, labels: Iterable[str]) -> str:
        """Return the first label that is free, for what was not planned."""
        label = next(label for label in labels if label not in self._letters)
        self._letters.add(label)
        return label

    def _named(self, shape: Shape, wanted: Collection[str] = ()) -> Shape:
        """Call lengths that follow from other sizes by letters, which tensors do not want."""
        return tuple(self._length(n, wanted) if deserves_letter(n) else n for n in shape)

    def _length(self, size: Size, wanted: Collection[str]) -> Length:
        if size not in self.lengths:
            self.lengths[size] = spare_length(size, {*self._letters, *wanted})
            self._letters.add(self.lengths[size].name)
        return self.lengths[size]

    def _added(self, windows: Iterable[Window], wanted: Collection[str]) -> dict[Size, Length]:
        """Call what is added before an axis by letters that stand for nothing else."""
        found = dict.fromkeys(w.before for w in windows if isinstance(w.before, Length))
        for one in (own for own in found if own not in self.lengths):
            taken = {*self._letters, *wanted}
            self.lengths[one] = spare_length(one.definition, taken, least=0)
            self._letters.add(self.lengths[one].name)
        return {one: self.lengths[one] for one in found}

    def for_every_sample(
        self, equations: Iterable[Equation], tensors: Sequence[Tensor]
    ) -> tuple[Equation, ...]:
        """Repeat equations of one sample for every sample; ``tensors`` are what they use."""
        batched = {t.of_one_sample().base: t for t in tensors if t.batched}
        listed = [*equations]
        loops = {loop.symbol.name for equation in listed for loop in equation.loops}
        other = index(next(spare_letters(loops | {a for t in tensors for a in t.axes})))
        return tuple(for_every_sample(equation, batched, other) for equation in listed)

    def _inputs(self, layer: Layer) -> tuple[Tensor, ...]:
        """Return what a layer reads: the tensors that it names, or the one made last."""
        if layer.inputs is None:
            return (next(reversed(self.sources.values())),)
        for name in layer.inputs:
            if name not in self.sources:
                raise SymcnnError(
                    f"the input {shown(name)} is not an earlier layer: choose from "
                    f"{', '.join(self.sources)}"
                )
        if not layer.inputs:
            raise SymcnnError("inputs is empty: name at least one layer")
        if len(layer.inputs) > limits.LAYER_INPUTS:
            raise TooLargeError(
                f"the layer has {len(layer.inputs):,} inputs, more than the "
                f"{limits.LAYER_INPUTS:,} that are joined: join them in several layers"
            )
        return tuple(self.sources[name] for name in layer.inputs)

    def _stage(self, layer: Layer, name: str, inputs: tuple[Tensor, ...]) -> Stage:
        """Make a layer's tensors, for one sample, and its equations, for all of them."""
        xs = [marked(x.of_one_sample()) for x in inputs]
        shapes = [x.shape for x in xs]
        made_shape = layer.joined_shape(shapes)
        layer.check(xs[0].shape, self.batch or 1)
        learned, computed = layer.parameters(xs[0].shape), layer.joined_auxiliaries(shapes)
        supplied = layer.givens(xs[0].shape)
        check_declared(learned, supplied, computed)
        own = {key: part for key, part in learned.items() if not is_shared(layer, key)}
        named: dict[str, Parameter | Own] = {**own, **supplied, **computed}
        letters = {name: layer.letter, **{f"{name}.{k}": part.letter for k, part in named.items()}}
        shape = self._named(checked_shape(made_shape, "output_shape"), letters.values())
        labels = self.labels(letters)
        y = _output(layer, Tensor(name, shape, "hidden", labels[name], (), of_batch=self.batch), xs)
        parameters = self._parameters(layer, name, learned, labels)
        auxiliaries = self.own_tensors(name, computed, labels)
        givens = self.own_tensors(name, supplied, labels)
        unbatched = {key: t.of_one_sample() for key, t in auxiliaries.items()}
        one = {key: t.of_one_sample() for key, t in givens.items()}
        usual = {key: replace(t, axes=tuple(learned[key].axes)) for key, t in parameters.items()}
        tie = None
        if layer.weight_axes is not None:
            tie = tied(layer, learned[WEIGHT].shape, learned[WEIGHT].axes, parameters[WEIGHT])
            usual[WEIGHT] = tie.own
        with plain_errors(), supposing(layer.supposed(shapes)):
            equations = listed(layer.join(y, xs, **usual, **one, **unbatched))
        equations = tuple(with_sizes(equation, self.lengths) for equation in equations)
        added = self._added(layer.windows(shapes[0]), letters.values())
        equations = tuple(put(equation, added) for equation in equations) if added else equations
        equations, xs, y = unmarked(equations), [*map(unmarked_axes, xs)], unmarked_axes(y)
        defined = [y, *unbatched.values()]
        known = [*usual.values(), *one.values()]
        check_own(equations, defined, [*xs, *known])
        if tie is not None:
            equations, known = tie.read(equations), [t for t in known if t != tie.own]
        # shared parameters keep the letters that they have in the layer that they are of
        shared = {key: t for key, t in parameters.items() if is_shared(layer, key)}
        spelled = carried([*shared.values(), *xs], [*defined, *known], equations)
        equations = tuple(with_loops(equation, spelled) for equation in equations)
        parameters = {k: with_letters_of(t, equations, spelled) for k, t in parameters.items()}
        parameters |= shared
        auxiliaries = {k: with_letters_of(t, equations, spelled) for k, t in auxiliaries.items()}
        givens = {k: with_letters_of(t, equations, spelled) for k, t in givens.items()}
        output = with_letters_of(y.with_batch(self.batch), equations, spelled)
        one = {key: t.of_one_sample() for key, t in auxiliaries.items()}
        equations, kept = in_steps(equations, one, self._spare)
        auxiliaries = {k: self._like(t, auxiliaries[whole_of(k)]) for k, t in kept.items()}
        defined = [y, *kept.values()]
        used = [*inputs, output, *auxiliaries.values(), *givens.values()]
        equations = self.for_every_sample(complete(ordered(equations), defined), used)
        penalised = tuple(key for key, parameter in own.items() if parameter.penalised)
        made = Stage(layer, inputs, output, parameters, givens, auxiliaries, equations, penalised)
        check_filled(made.place)
        return made

    def _parameters(
        self, layer: Layer, name: str, learned: Mapping[str, Parameter], labels: Mapping[str, str]
    ) -> dict[str, Tensor]:
        """Return a layer's own parameters, or another's that it uses as its own."""
        own = {
            key: _tensor(f"{name}.{key}", "parameter", self._lettered(one), labels)
            for key, one in learned.items()
            if not is_shared(layer, key)
        }
        if layer.weight_from is None:
            if layer.weight_axes is not None:
                raise SymcnnError("weight_axes is given without weight_from: name the other layer")
            return own
        if layer.weight_from not in self.stages:
            raise SymcnnError(
                f"weight_from = {shown(layer.weight_from)} is not an earlier layer: the layers are "
                f"{', '.join(self.stages) or 'none so far'}"
            )
        other = self.stages[layer.weight_from]
        shared = other.parameters
        if other.layer.weight_axes is not None:
            raise SymcnnError(
                f"weight_from = {layer.weight_from!r}, whose weight is that of another layer: give "
                f"{other.layer.weight_from!r}"
            )
        if layer.weight_axes is not None and not {WEIGHT} <= {*learned} & {*shared}:
            raise SymcnnError("weight_axes is given, but a layer has no weight: remove it")
        for key, parameter in learned.items() if layer.weight_axes is None else ():
            if key not in shared or shared[key].shape != self._lettered(parameter).shape:
                found = shared[key].shape if key in shared else "none"
                raise SymcnnError(
                    f"weight_from = {layer.weight_from!r}: the {key} of shape "
                    f"{parameter.shape} is needed, but it has {found}"
                )
        if not learned:
            raise SymcnnError("weight_from is given, but the layer has no parameters: remove it")
        return {key: own[key] if key in own else shared[key] for key in learned}

    def _own(self, name: str, declared: Own, labels: Mapping[str, str]) -> Tensor:
        named = replace(declared, shape=self._named(declared.shape))
        one = _tensor(name, declared.role, named, labels)
        return one.with_batch(self.batch) if declared.sampled else one

    def _like(self, tensor: Tensor, whole: Tensor) -> Tensor:
        """Return a tensor of one sample with a batch axis, if another one has it."""
        return tensor.with_batch(self.batch) if whole.batched else tensor

    def _lettered(self, of: Parameter) -> Parameter:
        """Return a parameter whose lengths have the letters that they have elsewhere."""
        return replace(of, shape=tuple(self.lengths.get(n, n) for n in of.shape))


def _tensor(name: str, role: Role, of: Parameter | Own, labels: Mapping[str, str]) -> Tensor:
    made = Tensor(name, of.shape, role, labels[name], tuple(of.axes))
    if not isinstance(of, Auxiliary):
        return made
    return replace(made, noun=of.noun, positive=of.positive)


def _output(layer: Layer, y: Tensor, xs: Sequence[Tensor]) -> Tensor:
    """Return a layer's output with the axes that the layer names, or else those of its input."""
    if len(layer.axes) == len(y.shape):
        return replace(y, axes=tuple(layer.axes))
    if len(xs[0].axes) == len(y.shape):
        return replace(y, axes=xs[0].axes)
    return marked(replace(y, axes=tuple("ijklmopq"[: len(y.shape)])))


# Placing a loss behind the last layer: its tensors, and its equations over all samples.


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
