"""What the letters of documents usually stand for, the likeliest first.

x what a layer reads, w and K weights, b biases, z sums before an activation, a what follows it, y
outputs and targets, p probabilities, t targets, delta and g error signals, mu and sigma statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from symcnn.classroom.checks.formulas.meaning import Kind, Letter, Quantity, letter_of
from symcnn.classroom.checks.formulas.spelling import LAYERS, words
from symcnn.classroom.checks.formulas.tree import Node, Ref, rebuilt
from symcnn.equations import Tensor
from symcnn.network.layers.activation import Activation
from symcnn.network.network import Network
from symcnn.network.stage import Stage

Found = Iterator[Quantity]

_ACTIVE = words("a A h H o O y Y x X s S out act f p")
_SUMS = words("z Z u U net s S y Y O o h a A v out pre S p r x c C")
_SIGNALS = words("delta Delta g G e d epsilon grad dout upstream D E eta err r")
_INNER: tuple[tuple[frozenset[str], str, Kind], ...] = (
    (words("P A a p alpha w"), "weights", "value"),
    (words("S s e z"), "scores", "value"),
    (words("mu m xbar mean"), "mean", "value"),
    (words("var V v sigma2 variance Var"), "variance", "value"),
    (words("sigma s std"), "variance", "deviation"),
    (words("xhat z y xbar normalised n xtilde"), "normalised", "value"),
)
"""Letters of what a layer computes on the way, by the layer's own names."""

_SIMPLE = words("N M B T n m H W L P S C D R Q")
"""Letters that are sizes where no index follows, if they are nothing else."""


@dataclass(frozen=True, eq=False)
class Letters:
    """The letters of a network's tensors, as seen from what a formula is about."""

    network: Network
    target: Quantity
    chosen: Mapping[str, Quantity]

    def candidates(self, letter: Letter, layer: int | None) -> list[Quantity]:
        """Return what a letter may stand for, the likeliest first.

        Args:
            letter: The letter, what stands above it, and whether it is a gradient.
            layer: The number of the layer that l stands for; where layers are numbered, what
                their numbers are short of the network's.
        """
        base, upper, grad = letter
        plain = base.rstrip("'")
        if plain in self.chosen:
            own = self.chosen[plain]
            return [Quantity(own.name, "gradient")] if grad else [own]
        place = self._place(upper, layer)
        found = [*dict.fromkeys(self._of(plain.partition("_")[0], place))]
        if plain in ("z", "Z") and any(self._is_sum(q.name) for q in found):
            active = {s.output.name for s in self.network.stages if self._is_sum(s.input.name)}
            found = [q for q in found if q.name not in active or self._is_sum(q.name)]
        if grad:
            values = [q.name for q in found if q.kind in ("value", "root", "deviation")]
            return [*self._signals_of(values)]
        return found

    def is_size(self, base: str) -> bool:
        """Tell whether a letter without indices is rather a size than an array.

        It is not if a layer has this name, or if attention computes what usually has it.
        """
        attends = any("scores" in s.auxiliaries for s in self.network.stages)
        inner = attends and any(base in letters for letters, _, _ in _INNER[:2])
        named = any(s.output.name == base.lower() for s in self.network.stages)
        return (base in _SIMPLE and not named and not inner) or (base == "d" and attends)

    @cached_property
    def labels(self) -> dict[tuple[str, tuple[str, ...]], str]:
        """The names of tensors by their letters, and the numbers that stand above these."""
        found = dict[tuple[str, tuple[str, ...]], str]()
        for name, tensor in self.network.tensors.items():
            base, _, number = tensor.label.partition("^")
            found.setdefault((base, (number.strip("()[]"),) if number else ()), name)
        return found

    def with_gradients(self, node: Node, *, layers: bool) -> Node:
        r"""Return a formula with dL/dz for \delta^z, where z is a tensor of the network.

        Args:
            node: The formula.
            layers: Whether \ell is a tensor, too, and no layer.
        """

        def changed(part: Node) -> Node:
            if isinstance(part, Ref) and part.base == "delta" and len(part.upper) == 1:
                (mark,) = part.upper
                if isinstance(mark, Ref) and (layers or mark.base not in LAYERS):
                    made = Ref(mark.base, part.subs, mark.upper, grad=True)
                    if letter_of(made, frozenset())[:2] in self.labels:
                        return made
            return part

        return rebuilt(node, changed)

    @cached_property
    def weighted(self) -> list[Stage]:
        """The layers that are numbered: those with weights, or all if there are none."""
        own = [s for s in self.network.stages if "weight" in s.parameters]
        return own or list(self.network.stages)

    @cached_property
    def number(self) -> int:
        """The number of the layer that the target belongs to, from 1 on; 0 for the input."""
        name = self.target.name
        for number, stage in enumerate(self.weighted, start=1):
            own = (stage.output, *stage.parameters.values())
            if name in (self._activated(stage), *(t.name for t in own)):
                return number
        return 0

    def _activated(self, stage: Stage) -> str:
        """Return the output of the activation behind a layer, or that of the layer itself."""
        for other in self.network.stages:
            if isinstance(other.layer, Activation) and other.input.name == stage.output.name:
                return other.output.name
        return stage.output.name

    def _place(self, upper: tuple[str, ...], layer: int | None) -> int | None:
        """Return the number of the layer that stands above a letter."""
        for text in upper:
            if text.isdecimal():
                return int(text) + (layer or 0)
            start = {"L": len(self.weighted), "l": layer}.get(text[:1])
            shift = text[1:].strip() or "+0"
            if start is not None and shift[0] in "+-" and shift[1:].isdecimal():
                return start + int(shift)
        return None

    @cached_property
    def near(self) -> list[Stage]:
        """The layers, those next to the target first."""
        stages = self.network.stages

        def holding(tensors: Callable[[Stage], Iterable[Tensor]]) -> list[Stage]:
            return [s for s in stages if self.target.name in {t.name for t in tensors(s)}]

        learned, readers = holding(lambda s: s.parameters.values()), holding(lambda s: s.inputs)
        makers, inner = holding(lambda s: [s.output]), holding(lambda s: s.auxiliaries.values())
        is_value = self.target.kind == "value"
        first = [*makers, *inner, *readers] if is_value else [*learned, *inner, *readers, *makers]
        return list({id(stage): stage for stage in (*first, *stages)}.values())

    def _of(self, base: str, place: int | None) -> Found:
        if place is None:  # a layer that is called like the letter
            own = (s.output.name for s in self.network.stages)
            yield from (Quantity(name) for name in own if name == base.lower())
        for letters, key, kind in _INNER:
            if base in letters:
                yield from self._inner(key, kind)
        for letters, find in _FAMILIES:
            if base in letters:
                yield from find(self, base, place)

    def _inner(self, key: str, kind: Kind) -> Found:
        for stage in self.near:
            if key in stage.auxiliaries:
                own = Quantity(stage.auxiliaries[key].name, kind)
                yield from (own, own._replace(kind="root")) if kind == "deviation" else (own,)

    def learned(self, key: str, place: int | None, normalising: bool = False) -> Found:
        """Run over the parameters of a kind."""
        stages = self.near if place is None else [*self._at(place), *self._at(place + 1)]
        for stage in stages:
            if key in stage.parameters and (not normalising or stage.auxiliaries):
                yield Quantity(stage.parameters[key].name)

    def _at(self, place: int) -> list[Stage]:
        return self.weighted[place - 1 : place] if place > 0 else []

    def read(self, base: str, place: int | None) -> Found:
        """Run over what layers read."""
        if place is None:
            for stage in self.near[:1]:
                yield from (Quantity(t.name) for t in stage.inputs)
            if base in ("x", "X", "I", "input"):
                yield Quantity("x")
            if base not in ("z", "u", "U", "V", "v"):
                yield from (Quantity(s.input.name) for s in self.near)
        elif base in ("x", "X", "a", "A", "h", "H"):
            yield from self._active_at(place)
            if base in ("x", "X"):
                yield from (Quantity(s.input.name) for s in self._at(place))

    def _active_at(self, place: int) -> Found:
        if place == 0:
            yield Quantity("x")
        for stage in self._at(place):
            yield Quantity(self._activated(stage))

    def outputs(self, base: str, place: int | None) -> Found:
        """Run over sums, activations and outputs."""
        if place is not None:
            own = [Quantity(s.output.name) for s in self._at(place)]
            active = [*self._active_at(place)]
            yield from [*own, *active] if base in _SUMS - _ACTIVE else [*active, *own]
            return
        if base in ("z", "Z", "u", "net", "pre"):
            if self.target.name in self.network.tensors and self._is_sum(self.target.name):
                yield Quantity(self.target.name)
            names = [t.name for s in self.near for t in (s.output, *s.inputs)]
            yield from (Quantity(n) for n in names if self._is_sum(n))
        if base in ("a", "A", "h", "H", "s", "o"):
            near = (s.output.name for s in self.near if isinstance(s.layer, Activation))
            yield from map(Quantity, near)
        yield from map(Quantity, (*(s.output.name for s in self.near), "x"))

    def _is_sum(self, name: str) -> bool:
        return any(s.output.name == name and s.parameters for s in self.network.stages) or any(
            s.input.name == name and isinstance(s.layer, Activation) for s in self.network.stages
        )

    def shares(self, place: int | None) -> Found:
        """Run over probabilities, which the last layer has."""
        if place not in (None, len(self.weighted)):
            return
        end = self.network.loss_stage
        if "probabilities" in end.auxiliaries:
            yield Quantity(end.auxiliaries["probabilities"].name)
        for stage in reversed(self.network.stages):
            name, is_last = type(stage.layer).__name__, stage.output == self.network.output
            if name == "Softmax" or (name == "Sigmoid" and is_last):
                yield Quantity(stage.output.name)
        if type(self.network.loss).__name__ != "SoftmaxCrossEntropy":
            yield Quantity(self.network.output.name)

    def targets(self) -> Found:
        """Run over what outputs are compared with."""
        given = self.network.loss_stage.given
        if given is not None and given.name != "gradient":
            yield Quantity(given.name)

    def signals(self, place: int | None) -> Found:
        """Run over error signals."""
        if place is not None:
            names = [s.output.name for s in self._at(place)]
            names += [q.name for q in self._active_at(place)]
            yield from self._signals_of(names)
            return
        names = [s.output.name for s in self.near]
        first = [s.output.name for s in self.near[:1]]
        summed = [n for n in names if self._is_sum(n) and n not in first]
        yield from self._signals_of([*first, *summed, *names])

    def _signals_of(self, names: list[str]) -> Found:
        """Run over error signals: a formula for the target does not read it."""
        is_read = self.target.kind != "gradient"
        others = [n for n in dict.fromkeys(names) if is_read or n != self.target.name]
        yield from (Quantity(name, "gradient") for name in others)
        if self.network.batch is not None and self.network.loss.given != "gradient":
            yield from (Quantity(name, "sample") for name in others)


_FAMILIES: tuple[tuple[frozenset[str], Callable[[Letters, str, int | None], Found]], ...] = (
    (words("gamma g"), lambda own, base, place: own.learned("weight", place, normalising=True)),
    (
        words("w W K k F f U V omega theta Theta kernel weight weights filter H h C"),
        lambda own, base, place: own.learned("weight", place),
    ),
    (words("b B beta bias c theta"), lambda own, base, place: own.learned("bias", place)),
    (words("p P q s S yhat y a pi o phat"), lambda own, base, place: own.shares(place)),
    (words("t T target label"), lambda own, base, place: own.targets()),
    (words("x X I input i in f a A h H S v u U V z"), Letters.read),
    (_ACTIVE | _SUMS, Letters.outputs),
    (words("t T y Y d target ytrue label q"), lambda own, base, place: own.targets()),
    (_SIGNALS, lambda own, base, place: own.signals(place)),
)
"""What letters usually stand for, in the order in which it is tried."""


def may_be_size(base: str, candidates: Sequence[object]) -> bool:
    """Tell whether a letter without indices may be a size, too: s, k, W, or one of no tensor."""
    return not candidates or base in _SOMETIMES


_SOMETIMES = words("A s p d k r f h w q a W F K V U alpha beta lambda")
