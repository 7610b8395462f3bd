"""Statements read back from their trees: a formula that is printed is the one that was derived.

Both are worked out at random numbers for the entries, and at numbers for letters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import count, product
from math import gcd, prod
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Integer, Rational, Symbol, sympify

from symcnn.derivation.derived import Derived
from symcnn.derivation.drawn import Draw, Drawn, draws, names_of, own_functions
from symcnn.derivation.general import General
from symcnn.derivation.general_value import general_value
from symcnn.derivation.jacobians import Moved
from symcnn.equations import Tensor, is_counted
from symcnn.errors import UnverifiedError, fitted
from symcnn.formula import Fenced, Row, nodes
from symcnn.formula.build import INDENT, row
from symcnn.formula.latex import latex
from symcnn.formula.unicode import text
from symcnn.network import Network
from symcnn.printing.mathematics import MathPrinter
from symcnn.printing.names import named
from symcnn.reading import Meaning, Named, Names, Scene, read_back
from symcnn.reading.names import Places
from symcnn.values.evaluation import Array

_TRIED, _TRIES, _LONGEST, _CASES, _TERMS = 3, 400, 5, 60, 200_000
_OUTSIDE = 0.5

Numbers = Mapping[Symbol, Expr]
"""Numbers for letters."""


class Printed(NamedTuple):
    """What a formula was printed by.

    Attributes:
        network: The network.
        tensors: Every tensor that the formula may hold.
        adjoints: The derivatives with respect to tensors, by their names.
        printer: What printed it.
        constants: The letters of constants.
        base: What the first index is.
    """

    network: Network
    tensors: Mapping[IndexedBase, Tensor]
    adjoints: Mapping[str, Tensor]
    printer: MathPrinter
    constants: Mapping[Expr, Row]
    base: int


class _Place(NamedTuple):
    """Where a formula is worked out: arrays of its tensors, and values of its letters."""

    arrays: Mapping[IndexedBase, Array]
    at: Mapping[Symbol, Array]
    scene: Scene


@np.errstate(all="ignore")
def check(
    p: Printed,
    left: Row,
    right: Sequence[Row],
    general: General,
    choices: Iterable[Numbers] | None = None,
) -> None:
    """Compare a statement, as it is printed, with the formula that it is printed for.

    Args:
        p: What printed it.
        left: The left side.
        right: The summands of the right side.
        general: The formula.
        choices: Numbers for letters; by default some are drawn.

    Raises:
        UnverifiedError: If they are not the same.
    """
    said = row(*(term for term in right if term.parts[:1] != (INDENT,)))
    meanings = read_back(left), read_back(said)
    for numbers in _choices(p.network) if choices is None else choices:
        for draw in draws(branches=_has_branches(said)):
            place = _place(p, general, numbers, draw)
            claimed = _entry(general.left, place), _claimed(general, place)
            if not all(_is_same(m, c, place.scene) for m, c in zip(meanings, claimed, strict=True)):
                raise _other(left, said)


@np.errstate(all="ignore")
def check_entry(
    p: Printed, derivation: Derived, left: Row, right: Sequence[Row], symbol: Symbol, formula: Expr
) -> None:
    """Compare what is printed for an entry with its formula in other entries.

    Raises:
        UnverifiedError: If they are not the same.
    """
    said = row(*right)
    meanings = read_back(left), read_back(said)
    for draw in draws(branches=_has_branches(said)):
        drawn = Drawn(p.network, derivation.entries.locate, draw)
        scene = Scene(names_of(derivation, drawn, p.printer, p.constants), p.base, {})
        claimed = (np.asarray(drawn.number(expression)) for expression in (symbol, formula))
        if not all(_is_same(m, c, scene) for m, c in zip(meanings, claimed, strict=True)):
            raise _other(left, said)


def _other(left: Row, said: Row) -> UnverifiedError:
    after = " is not what was derived; please report this"
    return UnverifiedError(fitted("what is printed, ", text(row(left, "=", said)), after))


def _is_same(meaning: Meaning, claimed: Array, scene: Scene) -> bool:
    """Compare values, but where the expression has none."""
    found = meaning(scene)
    rounding = 1e-9 * np.maximum(np.abs(found), np.abs(claimed)) + 1e-11
    return bool(np.all((np.abs(found - claimed) <= rounding) | ~np.isfinite(claimed)))


def _has_branches(said: Row) -> bool:
    return any(isinstance(node, Fenced) and node.left == "[" for node in nodes(said))


def _choices(network: Network) -> Iterator[Numbers]:
    """Draw numbers for letters at which all lengths are positive; none are needed without any."""
    rng, found = random.Random(0), 0
    for _ in range(_TRIES if network.sizes or network.real_letters else 1):
        if found == _TRIED:
            return
        sizes = {
            s: Integer(rng.randint(1 if s.is_positive else 0, _LONGEST)) for s in network.sizes
        }
        reals = {s: Rational(rng.randint(1, 12), 8) for s in network.real_letters}
        lengths = {n: value.xreplace(sizes) for n, value in network.relations.items()}
        every = {**sizes, **lengths}
        shapes = [[sympify(n).xreplace(every) for n in t.shape] for t in network.tensors.values()]
        if all(n >= 1 for shape in shapes for n in shape) and sum(map(prod, shapes)) <= _TERMS:
            found += 1
            yield {**every, **reals}


def _place(p: Printed, general: General, numbers: Numbers, draw: Draw) -> _Place:
    """Draw arrays for all tensors, and choose values of the free indices."""

    def size(length: Any) -> int:
        return int(sympify(length).xreplace(numbers))

    arrays = _Arrays(p, numbers, draw)
    letters = {s: np.asarray(float(n)) for s, n in numbers.items()}
    free = _cases([(loop.symbol, size(loop.size)) for loop in general.free])
    scene = Scene(
        _names(p, arrays, numbers),
        p.base,
        {latex(named(s.name)): values + p.base for s, values in free.items()},
        padded=_is_forward(p, general),
        defined={latex(named(s.name)): _constant(value) for s, value in letters.items()},
    )
    return _Place(arrays, {**letters, **free}, scene)


class _Arrays(dict[IndexedBase, Array]):
    """Arrays of tensors, drawn when they are asked for: a formula holds few of a network's."""

    def __init__(self, p: Printed, numbers: Numbers, draw: Draw) -> None:
        """Take the tensors, numbers for letters, and which numbers are drawn."""
        self._made = p, numbers, draw

    def __missing__(self, base: IndexedBase) -> Array:
        """Draw an array."""
        p, numbers, draw = self._made
        tensor = p.tensors[base]
        self[base] = _drawn(p.network, tensor, _shape(tensor, numbers), draw)
        return self[base]


def _shape(tensor: Tensor, numbers: Numbers) -> tuple[int, ...]:
    return tuple(int(sympify(length).xreplace(numbers)) for length in tensor.shape)


def _entries_at(arrays: _Arrays, base: IndexedBase, places: Places) -> Array:
    return np.asarray(arrays[base][places])


def _drawn(network: Network, tensor: Tensor, shape: tuple[int, ...], draw: Draw) -> Array:
    random = np.random.default_rng([draw.seed, crc32(tensor.name.encode())])
    length = network.indexing.get(tensor.name)
    if length is not None and sympify(length).is_Integer:
        return random.integers(0, int(length), shape).astype(float)
    return random.uniform(draw.low, draw.high, shape)


def _cases(loops: Sequence[tuple[Symbol, int]]) -> dict[Symbol, Array]:
    """Choose values of free indices, all of them or some that are spread over their ranges."""
    every = list(product(*(range(size) for _, size in loops)))
    stride = next(n for n in count(max(1, len(every) // _CASES)) if gcd(n, len(every)) == 1)
    chosen = [every[n * stride % len(every)] for n in range(min(_CASES, len(every)))]
    columns = zip(*chosen, strict=True)
    return {s: np.array(own, dtype=float) for (s, _), own in zip(loops, columns, strict=False)}


def _constant(value: Array) -> Callable[[Mapping[str, Array]], Array]:
    return lambda letters: value


def _names(p: Printed, arrays: _Arrays, numbers: Numbers) -> Names:
    """Return what printed names stand for."""
    twice = {(t.of, t.by): t for t in p.tensors.values() if isinstance(t, Moved)}
    twice = {own: t for own, t in twice.items() if t.kind == "signal"}

    def slopes(names: tuple[str, ...], places: Places) -> Array:
        of = p.adjoints[names[0]] if len(names) == 1 else twice[names[0], names[1]]
        return np.asarray(arrays[of.base][places])

    constants = {latex(letter): float(value) for value, letter in p.constants.items()}
    own = own_functions(p.network)
    made = Names(numbers=constants, loss=latex(p.printer.loss), slopes=slopes, functions=own)
    for base, tensor in p.tensors.items():
        if not is_counted(base):
            shown = tuple(axis for axis, size in enumerate(tensor.shape) if size != 1)
            values = partial(_entries_at, arrays, base)
            named_tensor = Named(tensor.name, _shape(tensor, numbers), shown, values)
            made.add(p.printer.tree(base.label), named_tensor)
    return made


def _is_forward(p: Printed, general: General) -> bool:
    """Tell whether a formula is of the forward pass, where entries outside count as nothing."""
    tensor = p.tensors[general.left.base]
    return tensor.role != "adjoint" and getattr(tensor, "kind", "jacobian") == "jacobian"


def _entry(read: Indexed, place: _Place) -> Array:
    indices = [general_value(sympify(i), place.at, partial(_read, place)) for i in read.indices]
    return _read(place, read, indices)


def _read(place: _Place, read: Indexed, indices: Sequence[Array]) -> Array:
    """Look entries up; what stands outside of a tensor has a bracket beside it, or is no term."""
    if is_counted(read.base):
        return indices[0]
    array = place.arrays[read.base]
    whole = [np.round(index) for index in indices]
    inside = reduce(
        np.logical_and, (_within(*pair) for pair in zip(indices, array.shape, strict=True))
    )
    at = tuple(
        np.clip(n, 0, size - 1).astype(int) for n, size in zip(whole, array.shape, strict=True)
    )
    return np.where(inside, array[at], _OUTSIDE)


def _within(index: Array, size: int) -> Any:
    return (np.abs(index - np.round(index)) < 1e-6) & (index > -0.5) & (index < size - 0.5)


def _claimed(general: General, place: _Place) -> Array:
    """Return the values of the right side, or the largest of a window's."""
    read, at, axes = partial(_read, place), dict(place.at), 1
    for loop in general.window:
        size = int(general_value(sympify(loop.size), place.at, read))
        at[loop.symbol] = np.arange(float(size)).reshape(-1, *(1,) * axes)
        axes += 1
    value = general_value(general.checked, at, read, axes)
    if not general.window:
        return value
    inside = general_value(general.inside, at, read, axes)
    kept = np.where(inside == 1, value, -np.inf)
    return np.asarray(kept.max(axis=tuple(range(axes - 1))))
