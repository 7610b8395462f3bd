"""Nests as C: loops over entries of arrays, which a table holds.

    void kernel_3(void *const *at) { float *const a0 = at[17]; ... for (...) a0[i] = ...; }

Names in it are numbers alone, so that no text of a problem gets into C.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from symcnn.programs.backends.numpy.arrays import Array, Assign, Grid, Nest
from symcnn.programs.backends.numpy.compiled.building import arrays_in
from symcnn.programs.backends.numpy.compiled.texts import (
    CLEARED,
    COMPARING,
    EMPTY,
    FOUND,
    FOUND_BESIDE_COMPARISONS,
    OF_TRUTHS,
    TEXTS,
    literal,
)

Lying = tuple[str, int, int]
"""In which memory an array lies, and from where to where."""

_PIECE = 1024
"""So many terms are added up as they are; sums of these have more digits."""


@dataclass(frozen=True)
class Loop:
    """A loop: what its variable is called, and how far it runs."""

    name: str
    size: int


def function_text(
    nests: Sequence[Nest],
    places: Mapping[Array, int],
    lie: Mapping[Array, Lying],
    dtype: str,
) -> str:
    """Return a function that runs nests one after the other, from behind its name."""
    lines = list[str]()
    for nest in nests:
        inside = [*_declared(nest, places, lie), *_Printing(nest, places, dtype).lines()]
        lines += ["{", *(f"  {line}" for line in inside), "}"]
    block = ", long block" if any(nest.by_block for nest in nests) else ""
    every = {
        function for nest in nests for made in nest.body for function in (made.function, made.fold)
    }
    found = FOUND_BESIDE_COMPARISONS if every & {*COMPARING} else FOUND
    body = "\n".join(f"  {line}" for line in (CLEARED, *lines, found))
    return f"(void *const *at{block}) {{\n{body}\n}}\n"


def _declared(nest: Nest, places: Mapping[Array, int], lie: Mapping[Array, Lying]) -> Iterator[str]:
    """Say where arrays are, and of those that have a memory of their own, that they have."""
    arrays = arrays_in(nest.body)
    for array in arrays:
        others = (lie[other] for other in arrays if other != array)
        alone = "" if any(_overlap(lie[array], other) for other in others) else "restrict "
        yield f"{_kind(array.truth)} *{alone}const {_array(places[array])} = at[{places[array]}];"


def _overlap(one: Lying, other: Lying) -> bool:
    (memory, start, end), (other_memory, begin, until) = one, other
    return memory == other_memory and start < until and begin < end


def _grids(nest: Nest) -> Iterator[Grid]:
    for made in nest.body:
        yield from (read for read in made.operands if isinstance(read, Grid))
        if made.out is not None:
            yield made.out


def _kind(truth: bool) -> str:
    return "truth" if truth else "real"


def _array(place: int) -> str:
    return f"a{place}"


class _Printing:
    """One nest on its way into text."""

    def __init__(self, nest: Nest, places: Mapping[Array, int], dtype: str) -> None:
        self._nest, self._places = nest, places
        self._root = "sqrtf" if dtype == "float32" else "sqrt"
        grids = [*dict.fromkeys(_grids(nest))]
        self._axes = self._ordered(_merged(nest.shape, grids, nest.by_block))

    def lines(self) -> Iterator[str]:
        """Write the nest, behind the beginning of its folds."""
        folds = [made for made in self._nest.body if made.fold]
        for made in folds:
            if made.fresh:
                yield from self._emptied(made)
        loops = [Loop(f"i{n}", size) for n, (size, _) in enumerate(self._axes)]
        inner = self._summed(folds)
        if inner:
            yield from self._with_sums(loops, len(loops) - inner, folds)
        else:
            yield from _nest(loops, self._round(loops, {}), self._nest.by_block, "INDEPENDENT")

    def _ordered(
        self, axes: list[tuple[int, dict[Grid, int]]]
    ) -> list[tuple[int, dict[Grid, int]]]:
        """Put the loops in front that a fold keeps, if those that it adds up are the inner ones."""
        outs = [made.out for made in self._nest.body if made.fold and made.out is not None]
        if not outs or not axes or axes[-1][1].get(outs[0], 0):
            return axes
        return sorted(axes, key=lambda axis: axis[1].get(outs[0], 0) == 0)

    def _summed(self, folds: Sequence[Assign]) -> int:
        """Return how many inner loops all folds add up."""
        count = 0
        while folds and count < len(self._axes):
            steps = self._axes[-1 - count][1]
            if any(steps[made.out] for made in folds if made.out is not None):
                break
            count += 1
        return count

    def _emptied(self, made: Assign) -> Iterator[str]:
        assert made.out is not None, "a fold is kept"
        loops = [Loop(f"i{n}", size) for n, (size, s) in enumerate(self._axes) if s[made.out]]
        line = f"{self._entry(made.out)} = {EMPTY[made.fold]};"
        yield from _nest(loops, [line])

    def _entry(self, grid: Grid) -> str:
        steps = ((f"i{n}", axis[grid]) for n, (_, axis) in enumerate(self._axes))
        terms = [name if step == 1 else f"{step}*{name}" for name, step in steps if step]
        start = [str(grid.start)] if grid.start or not terms else []
        return f"{_array(self._places[grid.array])}[{' + '.join([*terms, *start])}]"

    def _round(self, loops: Sequence[Loop], sums: Mapping[int, str]) -> list[str]:
        """Write a round: read, compute, write; some folds go to sums."""
        reads = dict.fromkeys(o for m in self._nest.body for o in m.operands if isinstance(o, Grid))
        known = {grid: f"x{n}" for n, grid in enumerate(reads)}
        lines = [f"const {_kind(g.array.truth)} {x} = {self._entry(g)};" for g, x in known.items()]
        last = list[str]()
        for n, made in enumerate(self._nest.body):
            value = self._value(made, known)
            lines.append(f"const {_kind(made.truth)} v{n} = {value};")
            if n in sums:
                last.append(f"{sums[n]} = {self._folded(made, sums[n], n)};")
            elif made.out is not None:
                entry = self._entry(made.out)
                last.append(f"{entry} = {self._folded(made, entry, n) if made.fold else f'v{n}'};")
        return [*lines, *last]

    def _folded(self, made: Assign, place: str, n: int) -> str:
        return TEXTS[made.fold].format(place, f"v{n}")

    def _value(self, made: Assign, known: Mapping[Grid, str]) -> str:
        texts = [self._operand(operand, known) for operand in made.operands]
        text = TEXTS[made.function].format(*texts, root=self._root)
        return f"({text}) != 0" if made.truth and made.function not in OF_TRUTHS else text

    def _operand(self, operand: Grid | str | int, known: Mapping[Grid, str]) -> str:
        match operand:
            case Grid():
                return known[operand]
            case int():
                return f"v{operand}"
            case str():
                return literal(operand)

    def _with_sums(self, loops: list[Loop], outer: int, folds: Sequence[Assign]) -> Iterator[str]:
        """Add up the inner loops before an entry is written."""
        numbers = {n: f"s{n}" for n, made in enumerate(self._nest.body) if made.fold}
        wholes = {n: f"t{n}" for n in numbers}
        body = self._nest.body
        before = [f"double t{n} = {EMPTY[body[n].fold]};" for n in numbers]
        begun = [f"real s{n} = {EMPTY[body[n].fold]};" for n in numbers]
        adding = all(made.fold == "np.add" for made in folds)
        names = ", ".join(numbers.values())
        pragma = f'_Pragma("omp simd reduction(+:{names})")' if adding else ""
        *middle, inner = loops[outer:]
        rounds = self._round(loops, numbers)
        ended = [
            f"{wholes[n]} = {TEXTS[body[n].fold].format(wholes[n], numbers[n])};" for n in numbers
        ]
        if inner.size > _PIECE:
            row = _in_pieces(inner, begun, rounds, pragma, ended)
        else:
            row = [*begun, *_nest([inner], rounds, False, pragma), *ended]
        after = list[str]()
        for n in numbers:
            out = body[n].out
            assert out is not None, "a fold is kept"
            entry = self._entry(out)
            whole = f"(real)t{n}"
            after.append(f"{entry} = {TEXTS[body[n].fold].format(entry, whole)};")
        inside = [*before, *_nest(middle, row), *after]
        yield from _nest(loops[:outer], inside)


def _in_pieces(
    loop: Loop, begun: Sequence[str], rounds: Sequence[str], pragma: str, ended: Sequence[str]
) -> list[str]:
    head = f"for (long from = 0; from < {loop.size}; from += {_PIECE}) {{"
    to = f"  const long to = from + {_PIECE} < {loop.size} ? from + {_PIECE} : {loop.size};"
    inner = [pragma] if pragma else []
    inner += [f"for (long {loop.name} = from; {loop.name} < to; {loop.name}++) {{"]
    inner += [*(f"  {line}" for line in rounds), "}"]
    return [head, to, *(f"  {line}" for line in (*begun, *inner, *ended)), "}"]


def _nest(
    loops: Sequence[Loop], body: Iterable[str], by_block: bool = False, pragma: str = ""
) -> Iterator[str]:
    """Write loops around lines; the first one may be one round alone."""
    for depth, loop in enumerate(loops):
        margin = "  " * depth
        if by_block and depth == 0:
            yield f"const long {loop.name} = block; {{"
            continue
        if pragma and depth == len(loops) - 1:
            yield f"{margin}{pragma}"
        yield f"{margin}for (long {loop.name} = 0; {loop.name} < {loop.size}; {loop.name}++) {{"
    margin = "  " * len(loops)
    block = [] if loops else ["{"]
    yield from block
    yield from (f"{margin}{line}" for line in body)
    yield from (["}"] if not loops else [])
    for depth in reversed(range(len(loops))):
        yield f"{'  ' * depth}}}"


def _merged(
    shape: Sequence[int], grids: Sequence[Grid], by_block: bool
) -> list[tuple[int, dict[Grid, int]]]:
    """Return loops with the steps of all entries; those that make one axis are one loop."""
    axes = list[tuple[int, dict[Grid, int]]]()
    for axis, size in enumerate(shape):
        steps = {grid: grid.steps[axis] for grid in grids}
        if size == 1 and not (by_block and axis == 0):
            continue
        alone = by_block and len(axes) == 1
        if axes and not alone and all(axes[-1][1][g] == steps[g] * size for g in grids):
            axes[-1] = axes[-1][0] * size, steps
        else:
            axes.append((size, steps))
    return axes
