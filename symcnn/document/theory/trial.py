"""A statement for all sizes, tried at many: numbers for its letters, and for its tensors.

At each choice of sizes, the entries of every formula are compared with a forward pass that
reads the equations as they are defined, and with its derivatives, found by adding up all paths
to the loss: no formula for a derivative is known there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, product, takewhile
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Float, Integer, Rational, Symbol
from sympy.core.relational import Relational

from symcnn.derivation.float_values import Computed
from symcnn.derivation.instance import at_sizes
from symcnn.document.facts.forms import reads_outside
from symcnn.document.theory.statement import Statement, TensorFormula, hypotheses
from symcnn.document.theory.vanishing import shorter
from symcnn.equations.sizes import plain
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, UnverifiedError
from symcnn.network.losses import Upstream
from symcnn.network.network import Network, hold
from symcnn.reference import Forward

CHOICES = 40
"""At how many sizes every statement is tried, if there are as many small ones."""

_FEWEST = 5

_ENTRIES, _TRIES, _IN_VAIN = 600, 5000, 800
_POSITIONS = 40
_LONG, _SHORT = ("H", "W", "V"), 4
"""The letters of lengths that windows slide over, and how far the others go."""

_Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]
_DRAWS: tuple[_Draw, ...] = (
    lambda rng, shape: rng.uniform(0.05, 0.95, shape),
    lambda rng, shape: rng.uniform(-0.95, 0.95, shape),
    lambda rng, shape: rng.integers(-3, 4, shape) / 4,
)
"""Probabilities, which some losses need; both signs, for both sides of a kink; and few numbers,
so that maxima are tied and kinks met."""

DIGITS = 9, 11
"""To a relative error of 10 to the power -9 or an absolute one of 10 to the power -11, computed
entries are those of the forward pass and of its derivatives."""

_RELATIVE, _ABSOLUTE = (10.0**-digits for digits in DIGITS)
_HUGE = 1e12

Numbers = Mapping[Symbol, Any]
Floats = Mapping[str, Array]
Truth = tuple[Floats, Floats]
"""Tensors and derivatives of the loss with respect to them, by name."""


class Trial(NamedTuple):
    """What was tried.

    Attributes:
        choices: The numbers for the letters, once for every choice.
        entries: How many entries were compared in all.
        reads_outside: Whether an entry outside of its tensor was read at any of them.
    """

    choices: tuple[Numbers, ...]
    entries: int
    reads_outside: bool


def passed(network: Network, values: Floats) -> Truth:
    """Return the values of all tensors, and derivatives that add up all paths to the loss."""
    made = Forward(network, values)
    differentiated = ("input", "parameter", "hidden", "auxiliary")
    names = [t.name for t in network.tensors.values() if t.role in differentiated]
    return made.values, {name: made.derivatives(name) for name in names}


def tried(
    made: Statement,
    count: int | None = None,
    seed: int = 0,
    reference: Callable[[Network, Floats], Truth] = passed,
) -> Trial:
    """Compare the formulas of a statement with a reference, at random sizes.

    Args:
        made: The statement.
        count: At how many sizes, by default ``CHOICES``.
        seed: Determines the choices.
        reference: Computes tensors and derivatives of the loss from numbers; what it does not
            know is not compared.

    Raises:
        UnverifiedError: If an entry differs; it names the formula, the sizes and the entry.
        SymcnnError: If there are not enough sizes for which the layer exists.
    """
    choices, entries, outside = list[Numbers](), 0, False
    supposed = hypotheses(made)
    for numbers, network in instances(made.network, count or CHOICES, seed, supposed):
        values = _values(network, len(choices))
        outputs, slopes = reference(network, values)
        truth = _with_wholes(made, outputs), _with_wholes(made, slopes)
        _check_signs(made, numbers, outputs)
        entries += _compared(made, numbers, values, truth)
        choices.append(numbers)
        outside = outside or any(map(reads_outside, network.equations))
    return Trial(tuple(choices), entries, outside)


def instances(
    network: Network, count: int, seed: int, supposed: Sequence[Relational] = ()
) -> Iterator[tuple[Numbers, Network]]:
    """Run over choices of numbers for letters, each with the network that it gives.

    The first choices have borders: all letters at their least values, and single ones; what is
    supposed of the letters holds at all of them.
    """
    found, rng, in_vain = list[Numbers](), random.Random(seed), 0
    for sizes in _drawn(network, rng):
        numbers = {**sizes, **{letter: _real(letter, rng) for letter in network.real_letters}}
        if len(found) == count or in_vain == _IN_VAIN:
            break
        in_vain += 1
        is_new = numbers not in found and hold(supposed, numbers)
        if is_new and (concrete := _instance(network, numbers)):
            found.append(numbers)
            in_vain = 0
            yield numbers, concrete
    if network.sizes and len(found) < min(count, _FEWEST):
        raise SymcnnError(
            f"only {len(found)} choices of sizes were found at which the layer exists and is "
            f"small, and {_FEWEST} are needed to check a statement: give smaller numbers in its "
            "settings, or letters"
        )


def _drawn(network: Network, rng: random.Random) -> Iterator[Numbers]:
    letters = network.sizes
    least = {letter: 1 if letter.is_positive else 0 for letter in letters}
    yield least
    for letter in letters:
        yield {**least, letter: least[letter] + 2}
    short = {1: 60, 2: 12, 3: 6}.get(len(letters), _SHORT)
    most = {s: max(short, 7) if s.name in _LONG else short for s in letters}
    for _ in range(_TRIES):
        yield {s: rng.randint(least[s], most[s]) for s in letters}


def _real(letter: Symbol, rng: random.Random) -> Rational:
    """Draw a number for a letter that is no size: of both signs, and 0, or positive."""
    least = 1 if letter.is_positive else -8
    return Rational(rng.randint(least, 12), 8)


def _instance(network: Network, numbers: Numbers) -> Network | None:
    """Return the network with numbers in it, if it exists and is small."""
    try:
        concrete = network.at(numbers)
    except SymcnnError:
        return None
    entries = sum(tensor.size for tensor in concrete.tensors.values())
    return concrete if entries <= _ENTRIES else None


def _values(network: Network, seed: int) -> Floats:
    """Choose numbers for what is given: of both signs, with ties and zeros, or probabilities.

    Where something is not finite, as a logarithm of a negative number, they are probabilities. What
    the reference finds for an infinite slope, as that of a root at 0, is very large, unless the
    error signal is 0 there.
    """
    probabilities, *others = (_drawn_values(network, seed, draw) for draw in _DRAWS)
    chosen = (probabilities, *others)[seed % len(_DRAWS)]
    ones = {name: np.ones_like(a) for name, a in chosen.items() if name == Upstream.given}
    made = passed(network, {**chosen, **ones})
    finite = all((np.abs(a) < _HUGE).all() for part in made for a in part.values())
    return chosen if finite else probabilities


def _with_wholes(made: Statement, arrays: Floats) -> Floats:
    """Put what steps of a recurrence have, each by itself in a network with numbers, together."""
    tensors, found = made.derivation.tensors, dict(arrays)
    for one in made.network.recurrences:
        for whole in (tensors[base] for base in one.order):
            names = (f"{whole.name}[{n}]" for n in count(1))
            steps = [arrays[name] for name in takewhile(arrays.__contains__, names)]
            if steps:
                is_row = steps[0].ndim == len(whole.shape)  # a step of single numbers has an axis
                join = np.concatenate if is_row else np.stack
                found[whole.name] = join(steps, axis=one.axis)
    return found


def _drawn_values(network: Network, seed: int, draw: _Draw) -> Floats:
    rng, target = np.random.default_rng(seed), network.target
    values = {t.name: draw(rng, t.shape) for t in network.given}
    for name, length in network.indexing.items():
        values[name] = np.asarray(rng.integers(0, int(length), values[name].shape))
    if target is not None and network.loss.supposes(target):
        values[target.name] = np.abs(values[target.name]) + 0.05
        values[target.name] /= values[target.name].sum(axis=-1, keepdims=True)
    return values


def _check_signs(made: Statement, numbers: Numbers, outputs: Floats) -> None:
    """Refuse what is declared to be positive, and is not."""
    for tensor in (t for t in made.tensors if t.positive and t.name in outputs):
        if not (outputs[tensor.name] > 0).all():
            raise UnverifiedError(
                f"{tensor.label} is not positive at {dict(numbers)}: do not declare it to be"
            )


def _compared(made: Statement, numbers: Numbers, values: Floats, truth: Truth) -> int:
    """Compare all formulas at one choice of sizes; return how many entries were compared."""
    own, (outputs, slopes) = at_sizes(made.derivation, numbers), truth
    own_slopes = {name: slopes[name] for name in own.adjoints if name in slopes}
    computed = Computed(own, {**values, **outputs}, own_slopes)

    def number(expression: Expr) -> Callable[[Mapping[Symbol, int]], float]:
        formula = own.entries.general(expression, lambda symbol: Float(computed[symbol]))
        return lambda at: computed.number(formula({**own.counted, **at}))

    put_in, entries = own.put_in, 0
    backward = (*made.backward, *shorter(made))
    for formulas, true in ((made.forward, outputs), (backward, slopes)):
        for formula in (f for f in formulas if f.tensor.name in true):
            for position, found in _entries(formula, put_in, number):
                expected = float(true[formula.tensor.name][position])
                if not abs(found - expected) <= max(_ABSOLUTE, _RELATIVE * abs(expected)):
                    raise UnverifiedError(
                        f"the formula for {formula.general.left} fails at {dict(numbers)}: its "
                        f"entry {position} is {expected:.10g}, not {found:.10g}; please report this"
                    )
                entries += 1
    return entries


def _entries(
    formula: TensorFormula,
    put_in: Callable[[Expr], Expr],
    number: Callable[[Expr], Callable[[Mapping[Symbol, int]], float]],
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Run over some entries of a formula, each with the value that the formula gives it."""
    general = formula.general
    sizes = [(loop.symbol, plain(put_in(Integer(0) + loop.size))) for loop in general.free]
    window = [(loop.symbol, plain(put_in(Integer(0) + loop.size))) for loop in general.window]
    left = [put_in(Integer(0) + index) for index in general.left.indices]
    right, inside = number(general.checked), number(general.inside)
    for at in _some([dict(zip((s for s, _ in sizes), p, strict=True)) for p in _places(sizes)]):
        put = {s: Integer(n) for s, n in at.items()}
        position = tuple(int(index.xreplace(put)) for index in left)
        if not general.window:
            yield position, right(at)
            continue
        terms = (at | dict(zip((s for s, _ in window), p, strict=True)) for p in _places(window))
        yield position, max(right(term) for term in terms if inside(term) == 1)


def _places(sizes: list[tuple[Symbol, int]]) -> Iterator[tuple[int, ...]]:
    return product(*(range(n) for _, n in sizes))


def _some(places: list[dict[Symbol, int]]) -> list[dict[Symbol, int]]:
    """Choose entries: the first and the last, and others spread between them."""
    step = max(1, len(places) // _POSITIONS)
    return list({id(p): p for p in (*places[::step], places[-1])}.values())
