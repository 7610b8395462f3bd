r"""The formula of a tensor in convolution notation.

    z_{..k} = sum over c of x_{..c} * w_{..ck}  +  b_k

The dots stand for positions. Each array is one of a tensor's, as the other indices say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import NamedTuple

import numpy as np
from sympy import Expr, Indexed, Integer, Mul, Symbol, sympify

from symcnn.derivation.derived import Derived
from symcnn.equations import (
    Equation,
    Guard,
    Loop,
    Sum,
    Tensor,
    affine,
    along_axes,
    grouped,
    long,
    units,
)
from symcnn.equations.access import Access
from symcnn.equations.sizes import Size, is_at_least, plain
from symcnn.equations.values.evaluation import Array as Entries
from symcnn.network.network import Network, hold, supposed
from symcnn.writing.formula import Atom, Formula, Node, Word
from symcnn.writing.formula.build import INDENT, joined, parenthesized, row, scripts
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing import subscripts
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named, with_indices
from symcnn.writing.reading import Scene

# Convolution notation: equations whose indices are those of a cross-correlation or a convolution.


@dataclass(frozen=True)
class Array:
    """A tensor as an array along some of its axes.

    Attributes:
        entry: The entry; its indices along the other axes say which array.
        axes: The axes of the array.
        spread: By how much its entries are moved apart along each, with zeros between them.
    """

    entry: Indexed
    axes: tuple[int, ...]
    spread: tuple[Size, ...] = ()

    @property
    def lengths(self) -> tuple[Size, ...]:
        """The lengths of the axes."""
        return tuple(plain(self.entry.shape[axis]) for axis in self.axes)

    @property
    def fixed(self) -> dict[int, Expr]:
        """The indices along the other axes."""
        return {n: i for n, i in enumerate(self.entry.indices) if n not in self.axes}

    @property
    def bare(self) -> tuple[Expr, ...]:
        """The indices along its axes."""
        return tuple(self.entry.indices[axis] for axis in self.axes)


@dataclass(frozen=True)
class Convolution:
    """left = sum over loops of a cross-correlation, or of a convolution, of two arrays.

    Attributes:
        left: The array that is made.
        first: The first array.
        second: The second one, which is flipped if it is a convolution.
        flips: Whether it is a convolution.
        moved: By how much the first array is moved, or the result moved back.
        sampled: Which entries of the result are kept: every 2nd, say.
        over: What is summed over.
        free: The loops that say which array is made.
    """

    left: Array
    first: Array
    second: Array
    flips: bool
    moved: tuple[Size, ...]
    sampled: tuple[Size, ...]
    over: tuple[Loop, ...]
    free: tuple[Loop, ...]


class _Axis(NamedTuple):
    """One axis along which A's index is p i + q u - s."""

    of_a: int
    of_b: int
    of_c: int
    p: Size
    q: Size
    s: Size


def convolution(equation: Equation) -> Convolution | None:
    """Read an equation as a cross-correlation or a convolution, if its indices are so."""
    factors = Mul.make_args(equation.value)
    are_two = len(factors) == 2 and all(isinstance(factor, Indexed) for factor in factors)
    if not are_two or not isinstance(equation.reduction, Sum):
        return None
    reads = (equation.target, *factors)
    for n, a in enumerate(reads):
        b, c = reads[:n] + reads[n + 1 :]
        if axes := list(_axes(a, b, c, equation)):
            return _of(equation, (a, b, c), axes)
    return None


def _axes(a: Indexed, b: Indexed, c: Indexed, equation: Equation) -> Iterator[_Axis]:
    """Run over the axes of A that are of the shape, but those where all three are 1 long."""
    sizes = equation.sizes
    for place, (index, length) in enumerate(along_axes(a)):
        form = affine(index)
        loops = list(form.coefficients)
        for i, u in (loops, loops[::-1]) if len(loops) == 2 else ():
            own = [_whole_axis(read, loop, sizes) for read, loop in ((b, i), (c, u))]
            held = [_held(i, a, c), _held(u, a, b)]
            p, q = form.coefficient(i), form.coefficient(u)
            if None in own or held != [1, 1] or not _are_positive(p, q):
                continue
            lengths = (length, sizes[i], sizes[u])
            if lengths == (1, 1, 1) and form.constant == 0:
                continue
            of_b, of_c = (n for n in own if n is not None)
            step, spread = (1 if sizes[x] == 1 else n for x, n in ((i, p), (u, q)))
            yield _Axis(place, of_b, of_c, step, spread, -form.constant)


def _whole_axis(read: Indexed, loop: Symbol, sizes: Mapping[Symbol, Size]) -> int | None:
    """Return the axis of which a loop is the index and runs over it, if it is the only one."""
    places = [n for n, index in enumerate(read.indices) if loop in index.free_symbols]
    if len(places) != 1 or read.indices[places[0]] != loop:
        return None
    return places[0] if plain(read.shape[places[0]]) == sizes[loop] else None


def _held(loop: Symbol, *reads: Indexed) -> int:
    """Return how many indices hold a loop."""
    return sum(loop in index.free_symbols for read in reads for index in read.indices)


def _are_positive(*numbers: Size) -> bool:
    return all(is_at_least(number, 1, {}) for number in numbers)


def _of(
    equation: Equation, reads: tuple[Indexed, Indexed, Indexed], axes: Sequence[_Axis]
) -> Convolution | None:
    a = Array(reads[0], tuple(axis.of_a for axis in axes))
    p, q = tuple(axis.p for axis in axes), tuple(axis.q for axis in axes)
    b = Array(reads[1], tuple(axis.of_b for axis in axes), p)
    c = Array(reads[2], tuple(axis.of_c for axis in axes), q)
    left = next(array for array in (a, b, c) if array.entry == equation.target)
    along = {s for index in a.bare for s in index.free_symbols}
    channels = [loop for loop in equation.loops if loop.symbol not in along]
    kept = {s for index in left.fixed.values() for s in index.free_symbols}
    shown = {Guard(a.entry.indices[n], plain(a.entry.shape[n])) for n in a.axes}
    slides = any(b.lengths[n] != 1 != c.lengths[n] for n in range(len(axes)))
    if not ({*equation.guards} <= shown and slides and _is_every_array(left, channels)):
        return None
    over = tuple(loop for loop in channels if loop.symbol not in kept)
    free = tuple(loop for loop in channels if loop.symbol in kept)
    moved = tuple(axis.s for axis in axes)
    if not any(all(is_at_least(sign * s, 0, {}) for s in moved) for sign in (1, -1)):
        return None  # moved forward along one axis, and back along another
    if left is a:
        return Convolution(a, b, c, True, moved, (1,) * len(axes), over, free)
    other, sampled = (c, p) if left is b else (b, q)
    return Convolution(left, a, other, False, moved, sampled, over, free)


def _is_every_array(left: Array, channels: Sequence[Loop]) -> bool:
    """Tell whether the other indices of the target take all their values, each once."""
    forms = tuple(affine(index) for index in left.fixed.values())
    shape = tuple(plain(left.entry.shape[axis]) for axis in left.fixed)
    held = {s for form in forms for s in form.coefficients}
    sizes = {loop.symbol: loop.size for loop in channels if loop.symbol in held}
    return Access(forms, shape, sizes).reshaped is not None


DOT = Atom(r"\cdot")

_TRIED, _TRIES, _LONGEST, _MOST = 40, 2000, 6, 20_000
"""At how many choices of sizes a form is to be tried, and how large they are."""

Numbers = Mapping[Symbol, Expr]
"""Numbers for letters."""


class ConvolutionForm(NamedTuple):
    """left = sum of convolutions, and of arrays.

    Attributes:
        left: The array that is made.
        parts: The convolutions.
        added: What is added to them: arrays, or one number for all positions.
        free: The loops that say which array it is.
        sources: The equations.
        axes: The axes of its arrays, by the names of their tensors.
        choices: Numbers for letters at which it is to be read back.
    """

    left: Array
    parts: tuple[Convolution, ...]
    added: tuple[Array, ...]
    free: tuple[Loop, ...]
    sources: tuple[Equation, ...]
    axes: Mapping[str, tuple[int, ...]]
    choices: tuple[Numbers, ...] = ()

    def scene(self, scene: Scene, place: Sequence[Entries], numbers: Numbers) -> Scene:
        """Return where it is worked out.

        Args:
            scene: Where formulas in indices are.
            place: The entries of the left side, along each axis of its tensor.
            numbers: Numbers for letters.
        """
        free, positions = self.at(place, numbers)
        letters = {latex(named(s.name)): value + float(scene.base) for s, value in free.items()}
        return replace(scene, letters=letters, padded=False, positions=positions, laid=self.axes)

    def at(
        self, place: Sequence[Entries], numbers: Numbers
    ) -> tuple[dict[Symbol, Entries], tuple[Entries, ...]]:
        """Return in which arrays entries of the left side lie, by their loops, and where there."""
        found = dict[Symbol, Entries]()
        for axis, index in self.left.fixed.items():
            rest = place[axis] - _number(affine(index).constant, numbers)
            for loop, factor in self._factors(index, numbers):
                found[loop.symbol], rest = np.divmod(rest, factor)
        return found, tuple(np.round(place[axis]).astype(np.int64) for axis in self.left.axes)

    def _factors(self, index: Expr, numbers: Numbers) -> list[tuple[Loop, int]]:
        """Return the loops of an index with their factors: digits of a number, highest first."""
        loops = {loop.symbol: loop for loop in self.free}
        own = affine(index).coefficients.items()
        made = [(loops[symbol], _number(factor, numbers)) for symbol, factor in own]
        made.sort(key=lambda pair: (pair[1], _number(pair[0].size, numbers)), reverse=True)
        return made


def convolution_form(derivation: Derived, name: str, *, backward: bool) -> ConvolutionForm | None:
    """Return the formula of a tensor, or of its derivative, if it is one of convolutions."""
    if backward:
        equations = [step.equation for step in derivation.steps if step.of.name == name]
    else:
        own = derivation.network.tensors[name].base
        equations = [*dict(grouped(derivation.network.equations)).get(own, ())]
    if (form := _form(derivation, name, equations)) is None:
        return None
    made = form._replace(choices=tuple(islice(_choices(form, derivation.network), _TRIED)))
    return made if made.choices else None


def _form(derivation: Derived, name: str, equations: Sequence[Equation]) -> ConvolutionForm | None:
    """Add up equations, of which all read as a convolution but those that add an array."""
    found = [(equation, convolution(equation)) for equation in equations]
    parts = [made for _, made in found if made is not None]
    if not parts or any(made.left != parts[0].left for made in parts):
        return None
    left = parts[0].left
    added = [_added(equation, left) for equation, made in found if made is None]
    if any(array is None for array in added):
        return None
    arrays = tuple(array for array in added if array is not None)
    forms = [affine(index).coefficients.items() for index in left.entry.indices]
    order = [s for own in forms for s, _ in sorted(own, key=lambda pair: pair[1] == 1)]
    free = tuple(sorted(parts[0].free, key=lambda loop: order.index(loop.symbol)))
    read = (array for part in parts for array in (part.first, part.second))
    bases = {array.entry.base: array.axes for array in (*read, *arrays)}
    named_axes = {derivation.tensors[base].name: axes for base, axes in bases.items()}
    for own in (derivation.tensors[left.entry.base].name, name):
        named_axes.setdefault(own, left.axes)
    return ConvolutionForm(left, tuple(parts), arrays, free, tuple(equations), named_axes)


def _added(equation: Equation, left: Array) -> Array | None:
    """Return what an equation T[i, k] <- B[k] or T[i, k] <- A[i, k] adds to an array of T."""
    value, target = equation.value, equation.target
    plain = isinstance(value, Indexed) and isinstance(equation.reduction, Sum)
    if not plain or equation.guards or equation.reduced:
        return None
    if not all(index.is_Symbol or index.is_Integer for index in target.indices):
        return None
    along = [target.indices[axis] for axis in left.axes]
    own = zip(target.indices, left.entry.indices, strict=True)
    at = {index: other for index, other in own if index.is_Symbol and index not in along}
    axes = tuple(n for n, index in enumerate(value.indices) if index in along)
    held = {s for index in value.indices for s in index.free_symbols}
    if axes and [value.indices[n] for n in axes] != along:
        return None
    if not axes and held & set(along):
        return None
    return Array(value.xreplace(at), axes)


def _choices(form: ConvolutionForm, network: Network) -> Iterator[Numbers]:
    """Run over small numbers for letters at which all lengths are positive."""
    if not network.sizes:
        yield {}
        return
    rng, lengths = random.Random(0), [n for part in form.parts for n in _shapes(part)]
    for _ in range(_TRIES):
        chosen = {s: Integer(_drawn(s, rng)) for s in network.sizes}
        numbers = {n: made.xreplace(chosen) for n, made in network.relations.items()} | chosen
        exists = min(_number(n, numbers) for n in lengths) >= 1
        if not exists or not hold(supposed(network), numbers):
            continue
        counts = [[_number(loop.size, numbers) for loop in e.loops] for e in form.sources]
        if all(min(own) >= 1 and prod(own) <= _MOST for own in counts):
            yield numbers


def _number(size: Size, numbers: Numbers) -> int:
    return int(sympify(size).xreplace(numbers))


def _shapes(part: Convolution) -> Iterator[Size]:
    return (n for array in (part.left, part.first, part.second) for n in array.entry.shape)


def _drawn(letter: Symbol, rng: random.Random) -> int:
    return rng.randint(1 if letter.is_positive else 0, _LONGEST if letter.name in "HW" else 3)


def signs_of(form: ConvolutionForm) -> set[str]:
    """Return the signs of a form that need to be defined.

    With several axes these are "axes", and "factors" if there are any for each.
    """
    arrays = (form.left, *(array for part in form.parts for array in (part.first, part.second)))
    found = {r"\cdot"} if any(n != 1 for array in arrays for n in _others(array)) else set[str]()
    found |= {"axes"} if len(form.left.axes) > 1 else set()
    for part in form.parts:
        spread = {*part.second.spread, *(part.first.spread if part.flips else ())}
        found |= {r"\ast" if part.flips else r"\star"}
        found |= {r"\uparrow"} if spread - {1} else set()
        found |= {r"\downarrow"} if {*part.sampled} - {1} else set()
        found |= {_word(part.moved, back=part.flips)} if {*part.moved} - {0} else set()
    has_factors = found & {r"\uparrow", r"\downarrow", "pad", "crop"}
    return found | ({"factors"} if has_factors and "axes" in found else set())


def _others(array: Array) -> Iterator[Size]:
    return (n for axis, n in enumerate(array.entry.shape) if axis not in array.axes)


class Notation:
    """Prints forms in convolution notation."""

    def __init__(self, printer: MathPrinter, index_base: int) -> None:
        """Take what prints formulas, and what the first index is."""
        self._printer, self._base = printer, index_base

    def left(self, form: ConvolutionForm, tensor: Tensor, *, partial: bool) -> Formula:
        """Print the left side: of a tensor, or the derivative with respect to it."""
        if not partial:
            return self._array(form.left, form.free)
        entry = tensor[form.left.entry.indices]
        return self._printer.partial(self._array(replace(form.left, entry=entry), form.free))

    def ranges(self, form: ConvolutionForm) -> Formula:
        """Print what the indices of the left side run over."""
        free = long(form.free)
        over = subscripts.ranges(free, self._base) if free else None
        return row(INDENT, parenthesized(over)) if over else row()

    def right(self, form: ConvolutionForm) -> tuple[Formula, ...]:
        """Print the summands of the right side."""
        parts = [self._part(part) for part in form.parts]
        added = [self._array(array, form.free) for array in form.added]
        first, *others = [*parts, *added]
        return (first, *(row("+", term) for term in others))

    def _part(self, made: Convolution) -> Formula:
        loops = (*made.over, *made.free)
        first, second = made.first, made.second
        if made.flips:
            core = row(self._spread(first, loops), r"\ast", self._spread(second, loops))
            core = _moved(core, made.moved, back=True)
        else:
            moved = _moved(self._array(first, loops), made.moved, back=False)
            core = row(moved, r"\star", self._spread(second, loops))
        if set(made.sampled) != {1}:
            core = row(parenthesized(core), r"\downarrow", _factor(made.sampled))
        signs = (self._sum(loop) for loop in long(made.over))
        return row(*signs, core)

    def _sum(self, loop: Loop) -> Node:
        last = arithmetic(Integer(0) + loop.size - 1 + self._base)
        return scripts(r"\sum", row(named(loop.symbol.name), "=", str(self._base)), last)

    def _spread(self, array: Array, loops: Sequence[Loop]) -> Formula:
        printed = self._array(array, loops)
        if set(array.spread) <= {1}:
            return printed
        return row(parenthesized(row(printed, r"\uparrow", _factor(array.spread))))

    def _array(self, array: Array, loops: Sequence[Loop]) -> Formula:
        """Print a tensor with dots for the positions, if it has any other index."""
        zero, label = units(loops), self._printer.tree(array.entry.base.label)
        places, others = list[Formula](), 0
        for axis, (index, length) in enumerate(
            zip(array.entry.indices, array.entry.shape, strict=True)
        ):
            if axis in array.axes:
                places.append(row(DOT))
            elif length != 1:
                places.append(subscripts.position(index.xreplace(zero), self._base))
                others += 1
        return with_indices(label, subscripts.indices(places)) if others else label


def _moved(printed: Formula, by: Sequence[Size], *, back: bool) -> Formula:
    """Print an array that is moved: by zeros in front of it, or without its first entries."""
    if set(by) == {0}:
        return printed
    sizes = by if _is_forward(by) else [-n for n in by]
    operator = scripts(Word(_word(by, back=back)), _factor(sizes, bare=True))
    return row(operator, parenthesized(printed))


def _word(by: Sequence[Size], *, back: bool) -> str:
    return "crop" if back == _is_forward(by) else "pad"


def _is_forward(by: Sequence[Size]) -> bool:
    return all(is_at_least(n, 0) for n in by)


def _factor(numbers: Sequence[Size], *, bare: bool = False) -> Formula:
    """Print one number for all axes, or one for each."""
    printed = [arithmetic(Integer(0) + n) for n in numbers]
    if len(set(numbers)) == 1:
        return printed[0] if len(printed[0].parts) == 1 or bare else row(parenthesized(printed[0]))
    together = joined(printed, ",")
    return together if bare else row(parenthesized(together))
