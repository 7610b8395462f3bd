"""What is due in a case: numbers for everything given, and what the derivation yields at them.

They are short binary fractions, which float64 holds, as it does their products and sums. The same
case has the same numbers everywhere: of Python's generators, only ``random()`` of one that is
seeded with a text gives the same results in every version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random

from sympy import Expr

from symcnn import limits
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.equations import Tensor
from symcnn.errors import NotFiniteError, SymcnnError, TooLargeError
from symcnn.problems import Problem
from symcnn.problems.evaluation.exact import ExactEvaluation, exact_evaluation

_LARGEST = 2**24
"""Whole numbers below are floats of any kind."""


@dataclass(frozen=True)
class Due:
    """A specimen with its numbers."""

    specimen: Specimen
    problem: Problem
    evaluation: ExactEvaluation

    def value(self, tensor: Tensor) -> Sequence[Expr]:
        """Return the entries of what is given or computed, in row-major order."""
        if tensor.name in self.problem.values:
            return list(self.problem.values[tensor.name])
        return list(self.evaluation.outputs[tensor.name].ravel())

    def slope(self, tensor: Tensor) -> Sequence[Expr] | None:
        """Return the derivatives of the loss with respect to a tensor; None if it has none."""
        found = self.evaluation.gradients.get(tensor.name)
        return None if found is None else list(found.ravel())

    def numbers(self) -> Iterator[Expr]:
        """Run over all results."""
        for array in (*self.evaluation.outputs.values(), *self.evaluation.gradients.values()):
            yield from array.ravel()

    @property
    def is_exact(self) -> bool:
        """Whether float64, and float32, hold every result exactly."""
        return all(n.is_Rational and _is_short(int(n.p), int(n.q)) for n in self.numbers())


def _is_short(numerator: int, denominator: int) -> bool:
    return denominator & (denominator - 1) == 0 and abs(numerator) < _LARGEST


def due(specimen: Specimen, *names: object) -> Due:
    """Return a case whose results floats hold, if numbers for such a one are found.

    Raises:
        SymcnnError: If the layer has no values at any numbers that are tried.
    """
    first = _at(specimen, distinct, distinct, names)
    first = first or _at(specimen, positive, distinct, names)
    if first is None:
        raise SymcnnError(f"{specimen.layer} has no values at the numbers that were tried")
    if (factor := _missing(first)) is None:
        return first
    scaled = times(factor, distinct)
    found = (_at(specimen, draw, draw, names) for draw in (scaled, powers))
    return next((one for one in found if one is not None and one.is_exact), first)


def tied(specimen: Specimen, *names: object) -> Due | None:
    """Return a case with equal numbers in the input; None if the layer has no values there."""
    first = _at(specimen, repeated, distinct, names)
    if first is None or (factor := _missing(first)) is None:
        return first
    scaled, signal = times(factor, repeated), times(factor, distinct)
    other = _at(specimen, scaled, signal, names)
    return other if other is not None and other.is_exact else first


def _missing(due: Due) -> int | None:
    """Return what numbers may have to be multiplied by, so that floats hold all results.

    None means that they already do, or that no factor helps.
    """
    if due.is_exact or not all(number.is_Rational for number in due.numbers()):
        return None
    factor = lcm(*(_odd_part(int(number.q)) for number in due.numbers()))
    return factor if factor < _LARGEST else 1


def _odd_part(number: int) -> int:
    return number // (number & -number)


def _at(specimen: Specimen, draw: Draw, signal: Draw, names: Sequence[object]) -> Due | None:
    """Evaluate the network at numbers for its input and for the error signal."""
    network = specimen.network
    _check_small(specimen)
    drawn = (
        _draw(specimen, t, draw, signal)(int(t.size), seeded(*names, t.name)) for t in network.given
    )
    values = {t.name: numbers for t, numbers in zip(network.given, drawn, strict=True)}
    problem = Problem(network, values)
    try:
        evaluation = exact_evaluation(problem)
    except NotFiniteError:
        return None
    return None if evaluation.doubts else Due(specimen, problem, evaluation)


def _check_small(specimen: Specimen) -> None:
    """Refuse what is too large to be worked out exactly, before numbers are drawn for it."""
    network = specimen.network
    count = sum(equation.terms for equation in network.equations)
    count += sum(tensor.size for tensor in network.given)
    if count > limits.EXACT_TERMS:
        raise TooLargeError(
            f"{specimen.layer} has {count:,} terms and entries, more than the "
            f"{limits.EXACT_TERMS:,} that are evaluated exactly: test vectors are small, choose "
            "smaller settings"
        )


def _draw(specimen: Specimen, tensor: Tensor, draw: Draw, signal: Draw) -> Draw:
    """Return what draws the numbers of a tensor; those of parameters are distinct."""
    layer, network = specimen.layer, specimen.network
    own = {t.name: name for name, t in specimen.givens.items()}
    if tensor == network.input:
        return below(getattr(layer, "entries", 2)) if layer.takes_indices else draw
    if tensor == network.target:
        return signal
    if tensor.name in network.indexing:
        return below(int(network.indexing[tensor.name]))
    return _DRAWS.get(own.get(tensor.name, ""), distinct)


Numbers = list[Fraction]
Draw = Callable[[int, Random], Numbers]
"""Draws so many numbers."""


def distinct(count: int, random: Random) -> Numbers:
    """Return distinct multiples of 1/4 around 0, without 0: no tie, and no kink at 0."""
    largest = count // 2 + 2
    pool = [Fraction(n, 4) for n in range(-largest, largest + 1) if n]
    return _shuffled(pool, random)[:count]


def repeated(count: int, random: Random) -> Numbers:
    """Return numbers that are equal to each other and to 0 here and there."""
    pool = [Fraction(n, 2) for n in (-2, -1, 0, 1, 2)]
    return [_one_of(pool, random) for _ in range(count)]


def powers(count: int, random: Random) -> Numbers:
    """Return powers of 2 with signs, whose quotients are binary fractions, too."""
    pool = [sign * Fraction(2) ** n for n in range(-2, 3) for sign in (-1, 1)]
    return [_one_of(pool, random) for _ in range(count)]


def positive(count: int, random: Random) -> Numbers:
    """Return distinct positive multiples of 1/4."""
    return _shuffled([Fraction(n + 1, 4) for n in range(count)], random)


def bits(count: int, random: Random) -> Numbers:
    """Return 0 and 1, both of them if there are several."""
    return _shuffled([Fraction(n % 3 > 0) for n in range(count)], random)


def below(entries: int) -> Draw:
    """Return what draws whole numbers from 0 to below a number of entries, with repetitions."""

    def draw(count: int, random: Random) -> Numbers:
        pool = [Fraction(n) for n in range(entries)]
        return [_one_of(pool, random) for _ in range(count)]

    return draw


def times(factor: int, draw: Draw) -> Draw:
    """Return what draws multiples of a factor."""
    return lambda count, random: [factor * number for number in draw(count, random)]


def seeded(*names: object) -> Random:
    """Return a generator of its own for what has these names."""
    return Random("/".join(map(str, names)))


def _shuffled(pool: Sequence[Fraction], random: Random) -> Numbers:
    return [number for _, number in sorted((random.random(), number) for number in pool)]


def _one_of(pool: Sequence[Fraction], random: Random) -> Fraction:
    return pool[int(random.random() * len(pool))]


_DRAWS: Mapping[str, Draw] = {"mask": bits, "variance": positive}
"""For what is given besides and cannot be any number, by its name."""
