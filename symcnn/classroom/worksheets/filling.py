"""Friendly numbers: short decimals for what a network is given, drawn with a seed.

All numbers of a tensor have the same number of digits and none is 0, and as many of them are
negative in every draw, so that two draws differ in numbers and not in what they are like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
from sympy import IndexedBase

from symcnn.equations import Tensor
from symcnn.equations.values import Array
from symcnn.network import losses
from symcnn.network.network import Network

Drawn = Mapping[str, tuple[Fraction, ...]]
"""Numbers by tensor name, in row-major order."""

_DISTRIBUTIONS: tuple[type[losses.Loss], ...] = (losses.CrossEntropy, losses.SoftmaxCrossEntropy)
"""Losses whose target is a distribution over classes: one class is right."""

_LARGEST_WEIGHT = Fraction(1, 2)
"""Weights are at most as large, so that sums of many products are of the size of one."""


@dataclass(frozen=True)
class Pool:
    """The numbers that an entry of a tensor can have.

    Attributes:
        magnitudes: The absolute values.
        signed: Whether half of the entries are negative.
        chosen: The length of the runs of entries of which one is 1 and the others are 0; 0 if
            there are none.
    """

    magnitudes: tuple[Fraction, ...]
    signed: bool = False
    chosen: int = 0

    def draw(self, size: int, random: Random) -> list[Fraction]:
        """Draw all entries of a tensor."""
        if self.chosen:
            runs = range(size // self.chosen)
            return [n for _ in runs for n in _one_of(self.chosen, random)]
        signs = [-1] * (size // 2 if self.signed else 0)
        signs += [1] * (size - len(signs))
        random.shuffle(signs)
        return [sign * random.choice(self.magnitudes) for sign in signs]

    def moved(self, numbers: Sequence[Fraction], random: Random) -> list[Fraction]:
        """Change one entry, or let two change their signs."""
        made, place = list(numbers), random.randrange(len(numbers))
        if self.chosen:
            first = place - place % self.chosen
            made[first : first + self.chosen] = _one_of(self.chosen, random)
            return made
        other = random.randrange(len(numbers))
        if self.signed and made[place] * made[other] < 0 and random.random() < 1 / 3:
            made[place], made[other] = -made[place], -made[other]
        else:
            sign = -1 if made[place] < 0 else 1
            made[place] = sign * random.choice(self.magnitudes)
        return made

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return not self.chosen and len(self.magnitudes) == 1 and not self.signed


def _one_of(length: int, random: Random) -> list[Fraction]:
    place = random.randrange(length)
    return [Fraction(int(n == place)) for n in range(length)]


@dataclass(frozen=True)
class Filling:
    """What is drawn for a network, and what is kept.

    Attributes:
        pools: The numbers for every tensor that is filled, by name.
        kept: Numbers that stay as they are: masks, statistics, weights of a loss.
        network: The network.
    """

    pools: Mapping[str, Pool]
    kept: Drawn
    network: Network

    def draw(self, random: Random) -> Drawn:
        """Draw numbers for everything."""
        sizes = {name: int(self.network.tensors[name].size) for name in self.pools}
        drawn = {name: pool.draw(sizes[name], random) for name, pool in self.pools.items()}
        return {**self.kept, **{name: tuple(numbers) for name, numbers in drawn.items()}}

    def moved(self, drawn: Drawn, random: Random) -> Drawn:
        """Change a number or two of one tensor; large tensors are met more often."""
        names = [name for name, pool in self.pools.items() if not pool.is_fixed]
        weights = [len(drawn[name]) ** 0.5 for name in names]
        (name,) = random.choices(names, weights)
        return {**drawn, name: tuple(self.pools[name].moved(drawn[name], random))}

    def floats(self, drawn: Drawn) -> dict[IndexedBase, Array]:
        """Return the numbers as arrays, by the tensors' bases."""
        tensors = self.network.tensors
        return {tensors[name].base: np.array(n, dtype=float) for name, n in drawn.items()}

    def nearby(self, given: Mapping[IndexedBase, Array]) -> dict[IndexedBase, Array]:
        """Return numbers in general position close to some: only what must hold still holds."""
        random, made = np.random.default_rng(0), dict(given)
        for name, pool in self.pools.items():
            base = self.network.tensors[name].base
            if len(pool.magnitudes) > 1 and name not in self.network.indexing:
                made[base] = given[base] * (1 + 1e-4 * random.uniform(0.5, 1, given[base].shape))
        return made


def filling(network: Network, kept: Drawn, places: int) -> Filling:
    """Return what is drawn for a network: decimals with one or two places.

    Args:
        network: The network.
        kept: Numbers that are not drawn.
        places: How many digits stand behind the decimal point.
    """
    drawn = [tensor for tensor in network.given if tensor.name not in kept]
    return Filling({t.name: _pool(network, t, places) for t in drawn}, kept, network)


def _pool(network: Network, tensor: Tensor, places: int) -> Pool:
    if tensor.name in network.indexing:
        return Pool(tuple(map(Fraction, range(int(network.indexing[tensor.name])))))
    if tensor.role == "target" and isinstance(
        network.loss, losses.BinaryCrossEntropy | losses.Focal | losses.Dice
    ):
        return Pool((Fraction(0), Fraction(1)))
    if tensor.role == "target" and isinstance(network.loss, losses.KLDivergence):
        return Pool(_decimals(places, Fraction(1)))
    if tensor.role == "target" and isinstance(network.loss, losses.Hinge):
        return Pool((Fraction(1),), signed=True)
    if tensor.role == "target" and isinstance(network.loss, _DISTRIBUTIONS):
        return Pool((Fraction(1),), chosen=int(tensor.shape[-1]))
    largest = Fraction(1) if tensor.role == "input" else _LARGEST_WEIGHT
    return Pool(_decimals(places, largest), signed=tensor.role != "input")


def _decimals(places: int, largest: Fraction) -> tuple[Fraction, ...]:
    """Return the positive decimals that end in the last of some places, and not in 0."""
    scale = 10**places
    whole = range(scale // 10 if places > 1 else 1, int(largest * scale) + 1)
    return tuple(Fraction(n, scale) for n in whole if n % 10)
