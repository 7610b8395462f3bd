"""The numbers at one size: what formulas read, and what is due by the theorem.

A case has traits, which a formula may tacitly assume of the layer that it is about: stride 1, no
padding, ... Other layers of the network do not matter: a pool behind a convolution has a stride of
its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any

import numpy as np
from sympy import Rational

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags, tags_of
from symcnn.classroom.checks.formulas.varied import varied
from symcnn.classroom.checks.judging.numbers import drawn
from symcnn.derivation import derive
from symcnn.equations import Tensor
from symcnn.equations.values import Array
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.programs.lambdify import lambdify
from symcnn.reference import Forward

SHARES = "targets that add up to 1"
"""What is taken for granted of the targets of a softmax with cross-entropy."""

Home = tuple[int, ...]
"""The places of the layers that a formula is about, in the order of the network."""


@dataclass(frozen=True, eq=False)
class Case:
    """A network with numbers.

    Attributes:
        network: The network.
        own: Whether it has the settings of the network that the formula is about.
        seed: What its numbers are drawn from.
        base: The network that the formula is about.
        home: The layers of the network that the formula is about.
    """

    network: Network
    own: bool
    seed: int
    base: Network
    home: Home

    @cached_property
    def tags(self) -> dict[str, Tags]:
        """What the axes of the tensors are."""
        return tags_of(self.network)

    @cached_property
    def given(self) -> dict[str, Array]:
        """The numbers that are given; targets that may be classes are shares in most cases."""
        made, target = drawn(self.network, self.seed), self.network.target
        if target is not None and self.network.loss.takes_classes and self.seed % 3 != 2:
            numbers = made[target.name]
            made[target.name] = numbers / numbers.sum(axis=-1, keepdims=True)
        return made

    @cached_property
    def values(self) -> dict[str, Array]:
        """The values of all tensors."""
        return {k: np.asarray(v) for k, v in self._forward.values.items()}

    @cached_property
    def _forward(self) -> Forward:
        return Forward(self.network, self.given)

    @cached_property
    def _due(self) -> Mapping[str, Array]:
        derivation = derive(self.network)
        return lambdify(derivation, backend="array")(self.given).gradients

    def gradient(self, name: str) -> Array:
        """Return dL/dT by the derivation; for what is computed on the way, along all paths."""
        if name in self._due:
            return np.asarray(self._due[name])
        return np.asarray(self._forward.derivatives(name))

    @cached_property
    def sizes(self) -> dict[str, float]:
        """The numbers that letters may stand for, by what they are."""
        found: dict[str, float] = {}
        batch = self.network.batch
        found["the number of samples"] = 1.0 if batch is None else float(batch)
        stages = self.network.stages
        first = [stages[n] for n in self.home]
        for stage in (*first, *(stage for n, stage in enumerate(stages) if n not in self.home)):
            found |= dict(_settings(stage, found))
        for key, value in vars(self.network.loss).items():
            if isinstance(value, Real | Rational | Decimal):
                found.setdefault(f"the {key}", float(value))
        named = {"x": self.network.input, **self.network.tensors}
        for name, tensor in named.items():
            if tensor.role != "loss":
                found |= dict(_lengths(tensor, self.tags[name]))
        return found

    @cached_property
    def traits(self) -> dict[str, bool]:
        """What a formula may assume, and whether it holds here."""
        as_given = dict(_like(self.network, self.base, self.home))
        found = {**dict(_traits(self.network, self.home)), **as_given}
        target = self.network.target
        if target is not None and self.network.loss.takes_classes:
            sums = self.given[target.name].sum(axis=-1)
            found[SHARES] = bool(np.allclose(sums, 1))
        return found

    @property
    def is_like_base(self) -> bool:
        """Whether kernels are as long as in the network, and all other settings are the same."""
        found = _like(self.network, self.base, self.home)
        return self.own and all(same for trait, same in found if trait != "these lengths")

    @property
    def is_usual(self) -> bool:
        """Whether it has the settings of the network, and what everybody takes for granted."""
        return self.own and self.traits.get(SHARES, True)

    @cached_property
    def words(self) -> str:
        """The sizes and settings in a line."""
        shape = " x ".join(map(str, self.network.input_shape))
        batch = self.network.batch
        parts = [f"input {shape}", *([] if batch is None else [f"batch {batch}"])]
        for layer in self.network.layers:
            parts += [f"{k} {_shown(v)}" for k, v in layer.settings().items() if _tells(k, v)]
        return ", ".join(parts)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The sizes and settings by name."""
        found: dict[str, Any] = {"input_shape": list(self.network.input_shape)}
        if self.network.batch is not None:
            found["batch"] = int(self.network.batch)
        for stage in self.network.stages:
            own = stage.layer.settings().items()
            found |= {f"{stage.output.name}.{k}": _jsonable(v) for k, v in own if _tells(k, v)}
        return found


@lru_cache(maxsize=4)
def cases_of(network: Network, name: str) -> tuple[Case, ...]:
    """Return the cases at which formulas of a network are tried; some have no numbers.

    They are kept for the next formula, since their numbers take longer than any formula.
    """
    return tuple(_cases(network, _home_of(network, name)))


def _cases(network: Network, home: Home) -> Iterator[Case]:
    for seed, (made, own) in enumerate(varied(network)):
        yield Case(made, own, seed + 1, network, home)
        if made is network:  # with other numbers, too
            yield from (Case(made, own, seed + further, network, home) for further in (101, 102))


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [_jsonable(one) for one in value]
    return str(value)


def _tells(key: str, value: Any) -> bool:
    plain = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    sizes = ("kernel_size", "pool_size", "filters", "units", *plain)
    return key in sizes and value is not None and value != plain.get(key)


def _settings(stage: Stage, found: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Run over the settings of a layer, the first of each kind by its plain name."""
    where = f" of {stage.output.name}"
    for key, value in stage.layer.settings().items():
        number = value[0] if isinstance(value, tuple | list) and value else value
        if isinstance(number, bool) or not isinstance(number, Real | Rational | Decimal):
            continue
        if key in ("over", "axis"):
            continue
        plain = f"the {key.replace('_', ' ')}"
        yield (plain if plain not in found else plain + where), float(number)
    if stage.windows:
        window = stage.windows[0]
        for word, number in (("the stride", window.stride), ("the padding", window.before)):
            yield word + (where if word in found else ""), float(number)
        area = float(np.prod([float(window.kernel) for window in stage.windows]))
        yield f"the number of entries of a window{where}", area


_LENGTHS = {"1": "height", "2": "width", "3": "depth"}


def length_word(tag: str, tensor: str, tags: Tags) -> str:
    """Return what the length of an axis is."""
    if tag == "n":
        return "the number of samples"
    positions = [t for t in tags if t in POSITIONS]
    if tag in POSITIONS:
        return f"the {_LENGTHS[tag] if len(positions) > 1 else 'length'} of {tensor}"
    words = {"c": "channels", "f": "features", "i": "inputs", "o": "outputs", "q": "entries"}
    return f"the number of {words.get(tag, 'entries')} of {tensor}"


def _lengths(tensor: Tensor, tags: Tags) -> Iterator[tuple[str, float]]:
    for size, tag in zip(tensor.shape, tags, strict=True):
        if tag != "-":
            yield length_word(tag, tensor.name, tags), float(size)
    own = {tag: float(size) for size, tag in zip(tensor.shape, tags, strict=True)}
    area = float(np.prod([own[tag] for tag in tags if tag in POSITIONS] or [0]))
    if area:
        yield f"the number of positions of {tensor.name}", area
    if area and "n" in own:
        yield f"the number of samples times that of positions of {tensor.name}", area * own["n"]
    if len(tags) > 1:
        yield f"the number of all entries of {tensor.name}", float(np.prod([*own.values()]))
        per_sample = float(np.prod([v for tag, v in own.items() if tag != "n"]))
        yield f"the number of entries of {tensor.name} per sample", per_sample


def _home_of(network: Network, name: str) -> Home:
    """Return the layers that a tensor belongs to: that learns it, or those that read or make it."""
    stages = [*enumerate(network.stages)]
    learned = [n for n, s in stages if name in {t.name for t in s.parameters.values()}]
    near = [n for n, s in stages if name == s.output.name or name in {t.name for t in s.inputs}]
    windows = [n for n in near if network.stages[n].windows]
    return tuple(learned or windows or near or [n for n, _ in stages])


def _traits(network: Network, home: Home) -> Iterator[tuple[str, bool]]:
    """Run over what may be assumed, and whether it holds."""
    stages = [network.stages[n] for n in home]
    windows = [window for stage in stages for window in stage.windows]
    if windows:
        yield "stride 1", all(w.stride == 1 for w in windows)
        yield "no padding", all(w.before == w.after == 0 for w in windows)
        yield "no dilation", all(w.dilation == 1 for w in windows)
        yield "square kernels", all(len({w.kernel for w in s.windows}) <= 1 for s in stages)
        yield "odd kernels", all(int(w.kernel) % 2 == 1 for w in windows)
        yield "windows that do not overlap", all(w.stride >= w.extent for w in windows)
        yield "windows that reach the last entry", all(_reaches(w) for w in windows)
    shape = stages[0].input.of_one_sample().shape
    if len(shape) > 1:
        yield "one input channel", shape[-1] == 1
    if len(shape) > 2:
        yield "square images", len({*shape[:-1]}) == 1
    for key, word in (("filters", "one filter"), ("units", "one unit")):
        counts = [getattr(stage.layer, key, None) for stage in stages]
        if any(counts):
            yield word, all(count in (1, None) for count in counts)
    yield "one sample", network.batch in (None, 1)


def _like(network: Network, base: Network, home: Home) -> Iterator[tuple[str, bool]]:
    """Run over the settings of the network itself, and whether they are the same here."""
    yield "these lengths", network is base
    for key in ("stride", "padding", "dilation", "kernel_size", "pool_size"):
        own, here = ([getattr(n.layers[p], key, None) for p in home] for n in (base, network))
        if own[0] is not None and (key, own[0]) not in _PLAIN:
            same = all(_pair(a) == _pair(b) for a, b in zip(own, here, strict=True))
            yield f"{key.replace('_', ' ')} {_shown(own[0])}", same


_PLAIN = (("stride", 1), ("padding", 0), ("dilation", 1))


def _shown(value: Any) -> str:
    """Return a setting as it is written: 2 x 3."""
    return " x ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _pair(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return (value,) * 3 if isinstance(value, int) else tuple((*value, *value[:1])[:3])


def _reaches(window: Any) -> bool:
    whole = window.size + window.before + window.after - window.extent
    return bool(whole % window.stride == 0)
