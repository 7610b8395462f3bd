"""The numbers at one size: what formulas read, and what is due by the theorem."""

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
from symcnn.classroom.checks.formulas.traits import Home, home_of, like, shown, traits
from symcnn.classroom.checks.formulas.varied import varied
from symcnn.classroom.checks.judging.numbers import drawn
from symcnn.derivation import derive
from symcnn.equations import Tensor
from symcnn.equations.values import Array
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.programs.lambdify import lambdify
from symcnn.reference import Forward


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
        """The numbers that are given."""
        return drawn(self.network, self.seed)

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
        as_given = dict(like(self.network, self.base, self.home))
        return {**dict(traits(self.network, self.home)), **as_given}

    @property
    def is_like_base(self) -> bool:
        """Whether kernels are as long as in the network, and all other settings are the same."""
        found = like(self.network, self.base, self.home)
        return self.own and all(same for trait, same in found if trait != "these lengths")

    @cached_property
    def words(self) -> str:
        """The sizes and settings in a line."""
        shape = " x ".join(map(str, self.network.input_shape))
        batch = self.network.batch
        parts = [f"input {shape}", *([] if batch is None else [f"batch {batch}"])]
        for layer in self.network.layers:
            parts += [f"{k} {shown(v)}" for k, v in layer.settings().items() if _tells(k, v)]
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

    Args:
        network: The network.
        name: The tensor that formulas are about.
    """
    return tuple(_cases(network, home_of(network, name)))


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
    if "stride" not in found and stage.windows:
        window = stage.windows[0]
        for word, number in (("stride", window.stride), ("padding", window.before)):
            yield (word_of(word, found, where)), float(number)
    if stage.windows:
        area = float(np.prod([float(window.kernel) for window in stage.windows]))
        yield f"the number of entries of a window{where}", area


def word_of(word: str, found: Mapping[str, float], where: str) -> str:
    """Return the plain name of a setting, or the one that says whose it is."""
    return f"the {word}" if f"the {word}" not in found else f"the {word}{where}"


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
