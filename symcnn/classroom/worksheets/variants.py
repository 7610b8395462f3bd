"""Variants: problems with friendly numbers, which differ in numbers and not in difficulty.

The search for friendly numbers: one number is changed at a time, and no step leads away.

The demands are counted, and a change is kept unless more of them are missed. Where all are met,
changes go on until mistakes can be told apart. The sequence of changes follows from the seed alone.

Friendly numbers: short decimals for what a network is given, drawn with a seed.

All numbers of a tensor have the same number of digits and none is 0, and as many of them are
negative in every draw, so that two draws differ in numbers and not in what they are like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from random import Random
from typing import NamedTuple

import numpy as np
from sympy import IndexedBase

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.worksheets.demands import (
    MEANT,
    Demands,
    Judged,
    Layout,
    Named,
    Pair,
    State,
    Wrong,
    tensor_of,
)
from symcnn.classroom.worksheets.folder import Callback, check_named, known_at, worth_at
from symcnn.derivation.statement import GRADIENT
from symcnn.document.outline import Level
from symcnn.equations import Tensor
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.network import losses
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.load import Unfilled

_PLACES = (1, 2)
"""The decimal places of given numbers: two where there are no numbers with one."""

_PROBES = 12
"""How many draws show which mistakes can be distinguished at all."""


@dataclass(frozen=True)
class Filled:
    """A network, filled with numbers several times.

    Attributes:
        problems: The problems, in order.
        alike: The mistakes that give the same figures in one of them: a quantity and two names,
            of which an empty one stands for the right way.
    """

    problems: tuple[Problem, ...]
    alike: frozenset[Named]


class Request(NamedTuple):
    """What is wanted.

    Attributes:
        level: What the sheets ask for.
        variants: The number of variants.
        seed: What the numbers follow from.
        digits: The significant digits to which students round.
        named: Quantities that have to be on the sheets.
    """

    level: Level
    variants: int
    seed: int
    digits: int
    named: tuple[str, ...] = ()


def filled(unfilled: Unfilled, request: Request, callback: Callback | None = None) -> Filled:
    """Fill a network with friendly numbers.

    Raises:
        TooLargeError: If more figures are asked for than fit on a sheet.
        SymcnnError: If no such numbers are found.
    """
    missed: dict[str, int] = {}
    for places in _PLACES:
        numbers = filling(unfilled.network, unfilled.kept, places)
        blank = Problem(unfilled.network, numbers.draw(Random(0)), **unfilled.heading)
        check_named(blank, request.level, request.named)
        quantities = known_at(blank, request.level)
        blank = replace(blank, worth=worth_at(blank, request.level))
        _check_figures(blank, quantities)
        layout = Layout(Formulas(blank))
        search = _Variants(blank, layout, numbers, quantities, request.digits)
        found = list[Found]()
        for one in search.run(request.variants, request.seed):
            found.append(one)
            if callback is not None:
                callback(len(found), request.variants)
        if not found[-1].cost:
            problems = tuple(_problem(blank, f.drawn, n) for n, f in enumerate(found, start=1))
            return Filled(problems, search.alike)
        missed = found[-1].missed
    raise SymcnnError(_not_found(missed))


def _not_found(missed: dict[str, int]) -> str:
    worst = next(name for name in MEANT if missed.get(name))
    return (
        f"no numbers were found that give {MEANT[worst]}: use another seed, a network with more "
        "filters or classes, or a lower level"
    )


def _problem(blank: Problem, drawn: Drawn, number: int) -> Problem:
    """Return a variant, whose network is not derived again."""
    titled = replace(blank, title=f"{blank.title}, variant {number}")
    titled.__dict__["derivation"] = blank.derivation  # a cached property, of the same network
    return titled.with_values(dict(drawn))


@dataclass
class _Variants:
    """The search for variants among numbers with some decimal places."""

    blank: Problem
    layout: Layout
    filling: Filling
    quantities: Sequence[str]
    digits: int
    excused: frozenset[Named] = frozenset()
    alike: frozenset[Named] = frozenset()
    wrong: Wrong = field(init=False)

    def __post_init__(self) -> None:
        """Lay the mistakes out."""
        self.wrong = Wrong(self.layout, self.quantities)

    def run(self, number: int, seed: int) -> Iterator[Found]:
        """Run over the numbers of the variants; after those that miss something there is none."""
        demands = self._demands(Random(f"{seed}"))
        self.excused = self._never_distinguished(demands, Random(f"{seed}, probes"))
        for count in range(number):
            search = Search(self.layout, self.filling, demands, self.wrong, self.excused)
            random = Random(f"{seed}, variant {count}")
            found = search(random)
            short = search.shortened(found, random)
            yield short
            if found.cost:
                return
            named = self.wrong.named(search.judged(short).alike)
            self.alike |= named
            if not count:
                demands = replace(demands, pattern=demands.pattern_of(found.state))
                self.excused |= named

    def _never_distinguished(self, demands: Demands, random: Random) -> frozenset[Named]:
        """Return the mistakes that agree at every one of some numbers, friendly or not."""
        found: frozenset[Pair] | None = None
        for _ in range(_PROBES):
            given = self.filling.nearby(self.filling.floats(self.filling.draw(random)))
            state = self.layout.at(given)
            alike = self.wrong.alike(state, demands.tolerance)
            found = alike if found is None else found & alike
        return frozenset(self.wrong.named(found or ()))

    def _demands(self, random: Random) -> Demands:
        formulas, parameters = self.layout.formulas, self.blank.network.parameters
        plain = [name for name in self.quantities if not name.startswith(UPDATED)]
        tensors = [tensor_of(formulas, name) for name in plain]
        learned = {f"{GRADIENT}{tensor.name}" for tensor in parameters}
        weights = [tensor_of(formulas, name) for name in plain if name in learned]
        drawn = replace(self.blank, values=dict(self.filling.draw(random)))
        exact = [tensor for tensor in tensors if _is_rational(drawn, tensor)]
        return Demands(tensors, weights, exact, 2 * 10.0 ** (1 - self.digits))


def _is_rational(problem: Problem, tensor: Tensor) -> bool:
    """Tell whether the entries of a tensor are fractions, where all given numbers are."""
    symbols = map(tensor.symbol, tensor.positions())
    return all(problem.point.value(symbol).is_Rational for symbol in symbols)


def check_size(network: Network) -> None:
    """Refuse a network that is too large to be worked by hand, before anything is computed."""
    terms = sum(int(equation.terms) for equation in network.equations)
    if terms > limits.WORKSHEET_TERMS:
        raise TooLargeError(_too_large(terms, "terms", limits.WORKSHEET_TERMS))
    for tensor in network.given:
        if tensor.size > limits.GIVEN_ENTRIES:
            what = f"numbers in {tensor.name}"
            raise TooLargeError(_too_large(int(tensor.size), what, limits.GIVEN_ENTRIES))


def _check_figures(problem: Problem, quantities: Sequence[str]) -> None:
    figures = sum(int(problem.quantities.shape(name).size) for name in quantities)
    if figures > limits.WORKSHEET_FIGURES:
        raise TooLargeError(_too_large(figures, "figures to compute", limits.WORKSHEET_FIGURES))


def _too_large(number: int, what: str, most: int) -> str:
    return (
        f"the network has {number:,} {what}, more than the {most:,} of a worksheet: use a smaller "
        "image, batch or network"
    )


_BEGINNINGS = 3
_STEPS = 2_500
_PATIENCE = 800
"""A search begins anew after so many changes that have led nowhere."""

_LOOKED_AT = 50
"""The changes that are tried to tell two more mistakes apart, where everything else is met."""

_POLISHED = 150
"""The changes that are tried to make exact figures shorter."""

_LONG = 4
"""Figures with more decimal places are made shorter, if that can be."""

_UNBOUNDED = 10**9


@dataclass(frozen=True, eq=False)
class Found:
    """The numbers that a search ended with.

    Attributes:
        drawn: The numbers.
        state: Everything at them.
        near: Gives the same at numbers close by.
        missed: For every demand that was looked at, how many figures miss it.
    """

    drawn: Drawn
    state: State
    near: Callable[[], State]
    missed: dict[str, int]

    @cached_property
    def cost(self) -> int:
        """How many demands are missed in all."""
        return sum(self.missed.values())


@dataclass(frozen=True, eq=False)
class Search:
    """A search among the numbers of one filling.

    Attributes:
        layout: The equations.
        filling: What numbers there are.
        demands: What is demanded of figures.
        wrong: What mistakes make of figures.
        excused: The mistakes that need not be told apart, as they never could.
    """

    layout: Layout
    filling: Filling
    demands: Demands
    wrong: Wrong
    excused: frozenset[Named] = frozenset()

    def __call__(self, random: Random) -> Found:
        """Return the best numbers that are found."""
        best: tuple[tuple[int, int, int], Found] | None = None
        for _ in range(_BEGINNINGS):
            found = self._told_apart(self._descended(random), random)
            rank = (found.cost, *(self._confused(found) if not found.cost else (0, 0)))
            if best is None or rank < best[0]:
                best = rank, found
            if not any(best[0][:2]):
                break
        assert best is not None
        return best[1]

    def _descended(self, random: Random) -> Found:
        """Begin somewhere, and change numbers until nothing is missed or nothing helps."""
        best, idle = self._looked_at(self.filling.draw(random)), 0
        for _ in range(_STEPS):
            if not best.cost or idle > _PATIENCE:
                break
            other = self._looked_at(self.filling.moved(best.drawn, random), best.cost)
            idle = 0 if other.cost < best.cost else idle + 1
            if other.cost <= best.cost:
                best = other
        return best

    def _told_apart(self, found: Found, random: Random) -> Found:
        """Change numbers until no two mistakes agree that need not, or nothing helps."""
        if found.cost:
            return found
        best, confused, idle = found, self._confused(found), 0
        while any(confused) and idle < _LOOKED_AT:
            other = self._looked_at(self.filling.moved(best.drawn, random), 0)
            if other.cost:
                continue
            fewer = self._confused(other)
            idle = 0 if fewer < confused else idle + 1
            if fewer <= confused:
                best, confused = other, fewer
        return best

    def shortened(self, found: Found, random: Random) -> Found:
        """Return numbers with shorter exact figures, if there are any, that miss nothing more."""
        if found.cost or max(self.demands.pattern_of(found.state).places) <= _LONG:
            return found
        best, length, confused = found, self.demands.length(found.state), self._confused(found)
        for _ in range(_POLISHED):
            other = self._looked_at(self.filling.moved(best.drawn, random), 0)
            if other.cost or self.demands.length(other.state) >= length:
                continue
            if self._confused(other) <= confused:
                best, length = other, self.demands.length(other.state)
        return best

    def judged(self, found: Found) -> Judged:
        """Return how well mistakes can be told at some numbers."""
        return self.wrong.judged(found.state, found.near, self.demands.tolerance)

    def _confused(self, found: Found) -> tuple[int, int]:
        """Count the mistakes that agree and are not excused, and figures that agree by accident."""
        judged = self.judged(found)
        return len(self.wrong.named(judged.alike) - self.excused), judged.accidents

    def _looked_at(self, drawn: Drawn, most: int = _UNBOUNDED) -> Found:
        """Count what numbers miss, as long as it is not more than some others miss."""
        given = self.filling.floats(drawn)
        state = self.layout.at(given)
        near = cache(lambda: self.layout.at(self.filling.nearby(given)))
        missed = self.demands.shortfall(state, near, most)
        return Found(drawn, state, near, missed)


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
