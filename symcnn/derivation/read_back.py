"""Statements read back from their trees: a formula that is printed is the one that was derived.

Both are worked out at random numbers for the entries, and at numbers for letters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import count
from math import gcd, prod
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from sympy import Dummy, Expr, Indexed, IndexedBase, Integer, Rational, S, Symbol, sympify

from symcnn.derivation.convolution_form import ConvolutionForm
from symcnn.derivation.derived import Derived
from symcnn.derivation.general import General
from symcnn.derivation.jacobians import Sensitivity
from symcnn.derivation.matrix_nodes import general_value
from symcnn.derivation.random_values import Draw, Drawn, Scattered, draws
from symcnn.derivation.random_values import named as named_tensor
from symcnn.equations import Loop, Tensor, is_counted
from symcnn.equations.functions import DefinedFunction
from symcnn.equations.values.evaluation import Array
from symcnn.errors import UnverifiedError, fitted
from symcnn.network.network import Network, hold, supposed
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula import Fenced, Formula, nodes
from symcnn.writing.formula.build import INDENT, row
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named
from symcnn.writing.reading import Reading, Scene, at_fewer, by_pieces, read_arrays, read_back
from symcnn.writing.reading.functions import FUNCTIONS
from symcnn.writing.reading.names import Named, Names, Places

# What printed names stand for, where a formula is read back: tensors with numbers, constants.


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
    constants: Mapping[Expr, Formula]
    base: int


def names_of(p: Printed, named: Callable[[Tensor], Named]) -> Names:
    """Return what printed names stand for.

    Args:
        p: What printed them.
        named: Gives tensors with their numbers.
    """
    moved = (tensor for tensor in p.tensors.values() if isinstance(tensor, Sensitivity))
    # Jacobians of stages are no second derivatives of the loss.
    twice = {(made.of, made.by): made for made in moved if made.kind != "jacobian"}

    def slopes(names: tuple[str, ...], places: Places) -> Array:
        of = p.adjoints[names[0]] if len(names) == 1 else twice[names[0], names[1]]
        return named(of).values(places)

    made = Names(
        numbers={latex(letter): float(value) for value, letter in p.constants.items()},
        loss=latex(p.printer.loss),
        slopes=slopes,
        functions=_own_functions(p.network),
    )
    for base, tensor in p.tensors.items():
        if not is_counted(base):
            made.add(p.printer.tree(base.label), named(tensor))
    return made


def _own_functions(network: Network) -> dict[str, Callable[[Array], Array]]:
    """Return the functions of users in a network by their names, in floats."""
    used = (f for e in network.equations for f in e.value.atoms(DefinedFunction))
    return {f.__name__: _in_floats(f) for f in map(type, used) if f.__name__ not in FUNCTIONS}


def _in_floats(function: type[DefinedFunction]) -> Callable[[Array], Array]:
    z = Dummy("z", real=True)
    definition = function.definition(z)

    def value(number: float) -> float:
        return float(np.real(evaluate(definition, {z: number}, FLOATS)))

    return np.vectorize(value, otypes=[float])


def without_ranges(terms: Sequence[Formula]) -> list[Formula]:
    """Return the summands of a side, without what free indices run over behind them."""
    return [term for term in terms if term.parts[:1] != (INDENT,)]


def has_branches(said: Iterable[Formula]) -> bool:
    """Tell whether comparisons of entries choose between parts of formulas."""
    every = (node for formula in said for node in nodes(formula))
    return any(isinstance(node, Fenced) and node.left == "[" for node in every)


def constant(value: float) -> Callable[[Mapping[str, Array]], Array]:
    """Return what has one value wherever it is worked out."""
    return lambda letters: np.asarray(float(value))


_TRIED, _TRIES, _CASES, _OF_ARRAYS = 3, 50, 60, 12
_LONGEST = [5 * 2**n for n in range(10)]
"""How large sizes are: small, unless a kernel, say, is larger."""

_OUTSIDE = 0.5

RELATIVE, ABSOLUTE = 1e-9, 1e-11
"""How far values may differ by rounding."""

Numbers = Mapping[Symbol, Expr]
"""Numbers for letters."""


class _Place(NamedTuple):
    """Where a formula is worked out: arrays of its tensors, and values of its letters."""

    arrays: Mapping[IndexedBase, Scattered]
    at: Mapping[Symbol, Array]
    scene: Scene


@np.errstate(all="ignore")
def check(
    p: Printed,
    left: Formula,
    right: Sequence[Formula],
    general: General,
    form: ConvolutionForm | None = None,
) -> None:
    """Compare a statement, as it is printed, with the formula that it is printed for.

    Args:
        p: What printed it.
        left: The left side.
        right: The summands of the right side.
        general: The formula.
        form: What it is in convolution notation, if it is printed so; this has numbers for
            letters, which are drawn otherwise.

    Raises:
        UnverifiedError: If they are not the same.
    """
    said = row(*without_ranges(right))
    read, most = (read_arrays, _OF_ARRAYS) if form else (read_back, _CASES)
    meanings = read(left), read(said)
    for numbers in form.choices if form else choices(p.network):
        for draw in draws(branches=has_branches([said])):
            holds = partial(_holds, p, meanings, general, form, numbers, draw)
            if at_fewer(_cases(general, numbers, most), holds) is False:
                raise _other(left, said)


def _holds(
    p: Printed,
    meanings: Sequence[Reading],
    general: General,
    form: ConvolutionForm | None,
    numbers: Numbers,
    draw: Draw,
    cases: Sequence[Sequence[int]],
) -> bool:
    """Compare both sides at some values of the free indices."""
    place = _place(p, general, numbers, draw, cases)
    indices = _indices(general.left, place)
    claimed = _read(place, general.left, indices), _claimed(general, place)
    scene = form.scene(place.scene, indices, numbers) if form else place.scene
    return all(_is_same(m, c, scene) for m, c in zip(meanings, claimed, strict=True))


@np.errstate(all="ignore")
def check_entry(
    p: Printed,
    derivation: Derived,
    left: Formula,
    right: Sequence[Formula],
    symbol: Symbol,
    formula: Expr,
) -> None:
    """Compare what is printed for an entry with its formula in other entries.

    Raises:
        UnverifiedError: If they are not the same.
    """
    said = row(*right)
    meanings = read_back(left), read_back(said)
    for draw in draws(branches=has_branches([said])):
        drawn = Drawn(p.network, derivation.entries.locate, draw)
        scene = Scene(names_of(p, drawn.named(derivation.entries)), p.base, {})
        claimed = (np.asarray(drawn.number(expression)) for expression in (symbol, formula))
        if not all(_is_same(m, c, scene) for m, c in zip(meanings, claimed, strict=True)):
            raise _other(left, said)


def _other(left: Formula, said: Formula) -> UnverifiedError:
    after = " is not what was derived; please report this"
    return UnverifiedError(fitted("what is printed, ", text(row(left, "=", said)), after))


def _is_same(meaning: Reading, claimed: Array, scene: Scene) -> bool:
    """Compare values, but where the expression has none."""
    return bool(np.all(agree(meaning(scene), claimed) | ~np.isfinite(claimed)))


def agree(found: Array | float, claimed: Array | float) -> Array:
    """Tell where values agree up to rounding; what is infinite, or no number, agrees nowhere."""
    rounding = RELATIVE * np.maximum(np.abs(found), np.abs(claimed)) + ABSOLUTE
    return np.asarray(np.isfinite(found) & (np.abs(found - claimed) <= rounding))


def choices(network: Network) -> Iterator[Numbers]:
    """Draw numbers for letters at which all lengths are positive; none are needed without any."""
    rng, found = random.Random(0), 0
    wanted = _TRIED if network.sizes or network.real_letters else 1
    for longest in (n for n in _LONGEST for _ in range(_TRIES)):
        low = {s: 1 if s.is_positive else 0 for s in network.sizes}
        sizes = {s: Integer(rng.randint(first, longest)) for s, first in low.items()}
        reals = {s: Rational(rng.randint(1, 12), 8) for s in network.real_letters}
        lengths = {n: value.xreplace(sizes) for n, value in network.relations.items()}
        every = {**sizes, **lengths}
        shapes = [[sympify(n).xreplace(every) for n in t.shape] for t in network.tensors.values()]
        exists = all(n >= 1 for shape in shapes for n in shape)
        if exists and hold(supposed(network), {**every, **reals}):
            found += 1
            yield {**every, **reals}
        if found == wanted:
            return


def _place(
    p: Printed, general: General, numbers: Numbers, draw: Draw, cases: Sequence[Sequence[int]]
) -> _Place:
    """Draw numbers for the entries of tensors, and take values of the free indices."""
    arrays = {base: _scattered(p.network, t, numbers, draw) for base, t in p.tensors.items()}
    letters = {s: np.asarray(float(n)) for s, n in numbers.items()}
    columns = np.array(cases, dtype=float).T
    free = {loop.symbol: own for loop, own in zip(general.free, columns, strict=True)}
    scene = Scene(
        names_of(p, partial(_named, arrays, _zero_before(p.network))),
        p.base,
        {latex(named(s.name)): values + p.base for s, values in free.items()},
        padded=_is_forward(p, general),
        defined={latex(named(s.name)): constant(float(value)) for s, value in letters.items()},
    )
    return _Place(arrays, {**letters, **free}, scene)


def _named(
    arrays: Mapping[IndexedBase, Scattered], zero: Collection[IndexedBase], tensor: Tensor
) -> Named:
    array = arrays[tensor.base]
    made = named_tensor(tensor, array.shape, array.at)
    return made._replace(outside=0.0) if tensor.base in zero else made


def _zero_before(network: Network) -> set[IndexedBase]:
    """Return the tensors that theorems for all sizes say to be 0 before the first step."""
    steps = network.recurrences if network.sizes else ()
    return {base for one in steps for base in one.order}


def _shape(tensor: Tensor, numbers: Numbers) -> tuple[int, ...]:
    return tuple(int(sympify(length).xreplace(numbers)) for length in tensor.shape)


def _scattered(network: Network, tensor: Tensor, numbers: Numbers, draw: Draw) -> Scattered:
    length = sympify(network.indexing.get(tensor.name, S.NaN)).xreplace(numbers)
    low, high = (0, int(length)) if length.is_Integer else (draw.low, draw.high)
    key = (draw.seed, crc32(tensor.name.encode()))
    return Scattered(_shape(tensor, numbers), key, low, high, whole=bool(length.is_Integer))


def _cases(general: General, numbers: Numbers, most: int) -> Sequence[tuple[int, ...]]:
    sizes = [int(sympify(loop.size).xreplace(numbers)) for loop in general.free]
    total = prod(sizes)
    stride = next(n for n in count(max(1, total // most)) if gcd(n, total) == 1)
    every = (n * stride % total for n in range(min(most, total)))
    return [tuple(map(int, np.unravel_index(n, sizes))) for n in every]


def _is_forward(p: Printed, general: General) -> bool:
    """Tell whether a formula is of the forward pass, where entries outside count as nothing."""
    tensor = p.tensors[general.left.base]
    return tensor.role != "adjoint" and getattr(tensor, "kind", "jacobian") == "jacobian"


def _indices(read: Indexed, place: _Place) -> list[Array]:
    return [general_value(sympify(i), place.at, partial(_read, place)) for i in read.indices]


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
    return np.where(inside, array.at(at), _OUTSIDE)


def _within(index: Array, size: int) -> Any:
    return (np.abs(index - np.round(index)) < 1e-6) & (index > -0.5) & (index < size - 0.5)


def _claimed(general: General, place: _Place) -> Array:
    """Return the values of the right side, or the largest of a window's."""
    if not general.window:
        return general_value(general.checked, place.at, partial(_read, place))
    return _largest(general, general.window, place, place.at, 1)


def _largest(
    general: General, loops: Sequence[Loop], place: _Place, at: Mapping[Symbol, Array], axes: int
) -> Array:
    read = partial(_read, place)
    if not loops:
        value, inside = (
            general_value(part, at, read, axes) for part in (general.checked, general.inside)
        )
        return np.where(inside == 1, value, -np.inf)
    loop, *others = loops

    def collected(run: Array) -> tuple[Array, int]:
        kept = _largest(general, others, place, {**at, loop.symbol: run}, axes + 1)
        kept = np.broadcast_to(kept, np.broadcast_shapes(kept.shape, run.shape))
        return np.asarray(kept.max(axis=0)), kept.size

    last = int(general_value(sympify(loop.size), at, read)) - 1
    return np.asarray(np.max(by_pieces(0, last, at, axes, collected), axis=0))
