r"""Reads formulas in convolution notation back, and works them out by what their signs mean.

A tensor with dots is an array over positions: a table of those at which it is not 0.
"""

from __future__ import annotations

import re
from itertools import combinations, product

from tests.readers.entries import lettered
from tests.readers.formulas import Reader
from tests.readers.scanner import Scanner, UnreadableError
from tests.readers.scope import OutsideError, Scope, whole_number

NOTATION = re.compile(r"\\(star|ast)\b")
DOT = r"\cdot"


class Arrays(Scanner):
    """Reads one side of a formula; every rule returns what tabulates it."""

    def __init__(self, text, names, base, axes):
        """Take the text, what letters stand for, the first index, and the number of axes."""
        super().__init__(text)
        self.names, self.base, self.axes = names, base, axes

    def whole(self):
        made = self.sum()
        self.end()
        return made

    def sum(self):
        parts = [self.term()]
        while self.take(r"\+"):
            parts.append(self.term())
        return lambda env: added([part(env) for part in parts])

    def term(self):
        if not self.take(r"\\sum"):
            return self.product()
        self.expect("_")
        letter, first = re.fullmatch(r"([a-z])=(\d+)", self.group()).groups()
        last = int(self.group()) if self.take(r"\^") else None
        body = self.term()
        every = range(int(first), last + 1)
        return lambda env: added([body({**env, letter: n}) for n in every])

    def product(self):
        first = self.spread()
        sign = self.take(r"\\star|\\ast")
        if sign is None:
            return first
        second = self.spread()
        step = -1 if sign == r"\star" else 1  # (a * b)[i] has a[i + u]: i is where a is, less u
        return lambda env: multiplied(self.anchored(first(env)), self.anchored(second(env)), step)

    def anchored(self, table):
        """Let a single number that is an operand be an array of one position."""
        return {(0,) * self.axes if at is None else at: v for at, v in table.items()}

    def spread(self):
        made = self.array()
        while arrow := self.take(r"\\uparrow|\\downarrow"):
            made = resampled(made, self.numbers(), down=arrow == r"\downarrow")
        return made

    def numbers(self):
        text = self.take(r"\d+")
        if text is None:
            self.expect(r"\\left\(")
            text = self.expect(r"\d+(?:,\s*\d+)*")
            self.expect(r"\\right\)")
        return self.each(text)

    def each(self, text):
        numbers = [int(n) for n in text.split(",")]
        return numbers if len(numbers) > 1 else numbers * self.axes

    def array(self):
        if self.take(r"\\left\("):
            made = self.sum()
            self.expect(r"\\right\)")
            return made
        if word := self.take(r"\\operatorname\{(?:pad|crop)\}_"):
            sign = 1 if "pad" in word else -1
            by = [sign * n for n in self.each(self.group())]
            body = self.array()
            return lambda env: {moved(at, by): v for at, v in self.anchored(body(env)).items()}
        return self.tensor()

    def tensor(self):
        named = self.names[lettered(self, self.names)]
        one = sum(size > 1 for size in named.shape) == 1
        places = split(self.group(), one) if self.take("_") else []
        return lambda env: self.table(named, places, env)

    def table(self, named, places, env):
        """Tabulate a tensor; one with indices and no dots is one number, under None."""
        axes, places = matched(named.shape, places, self.axes)
        at = {
            axis: whole_number(Reader(place, Scope()).whole()(env)) - self.base
            for axis, place in zip(axes, places, strict=True)
            if place != DOT
        }
        if not all(0 <= n < named.shape[axis] for axis, n in at.items()):
            raise OutsideError
        along = [axis for axis, place in zip(axes, places, strict=True) if place == DOT]
        made = {}
        for position in product(*(range(named.shape[axis]) for axis in along)):
            whole = {**at, **dict(zip(along, position, strict=True))}
            entry = tuple(whole.get(axis, 0) for axis in range(len(named.shape)))
            single = not along or max(named.shape) == 1
            made[None if single else position] = named.value(entry)
        return made


def split(text, one):
    """Return the indices of a subscript, dots among them; one if there is a single axis."""
    if one and DOT not in text:
        return [text]
    dotted = text.replace(DOT, " . ")
    runs = dotted.split(",") if "," in dotted else re.findall(r"\.|[a-z]|\d", dotted)
    places = []
    for run in runs:
        places += [DOT] * run.count(".") if "." in run else [run]
    return places


def matched(shape, places, count):
    """Return the axes of indices: those that are left out are 1 long. No index: dots for all."""
    long = [axis for axis, size in enumerate(shape) if size > 1]
    if not places:
        spare = [axis for axis, size in enumerate(shape) if size == 1]
        axes = sorted(long + spare[: max(0, count - len(long))])
        return axes, [DOT] * len(axes)
    for axes in combinations(range(len(shape)), len(places)):
        if set(long) <= set(axes):
            return axes, places
    raise UnreadableError(f"{places} are no indices of shape {shape}")


def added(tables):
    constant = sum(table[None] for table in tables if None in table)
    made = {}
    for table in tables:
        for at, value in table.items():
            if at is not None:
                made[at] = made.get(at, 0.0) + value
    return made | ({None: constant} if constant else {})


def multiplied(first, second, sign):
    """Return at i the sum of first[a] second[u] with i = a - u or, in a convolution, a + u."""
    made = {}
    for (at, one), (u, other) in product(first.items(), second.items()):
        place = moved(at, [sign * n for n in u])
        made[place] = made.get(place, 0.0) + one * other
    return made


def resampled(body, factors, *, down):
    def table(env):
        if not down:
            return {
                tuple(i * s for i, s in zip(at, factors, strict=True)): v
                for at, v in body(env).items()
            }
        return {
            tuple(i // s for i, s in zip(at, factors, strict=True)): v
            for at, v in body(env).items()
            if not any(i % s for i, s in zip(at, factors, strict=True))
        }

    return table


def moved(at, by):
    return tuple(i + n for i, n in zip(at, by, strict=True))


def axes_in(text, shapes):
    """Return how many axes the arrays of a formula have, from its dots, factors and letters."""
    dots = [run.count(DOT) for run in re.findall(r"(?:\\cdot\s*)+", text)]
    factors = re.findall(r"(?:arrow \\left\(|(?:pad|crop)\}_\{)([\d, ]+)", text)
    return max([*dots, *(f.count(",") + 1 for f in factors if "," in f), *shapes], default=1)


def wrong_positions(left, right, names, of_left, base, ranges):
    """Run over the positions at which a formula in convolution notation is not true.

    Args:
        left: The left side, the array alone.
        right: The right side, without ranges.
        names: What letters stand for.
        of_left: What they stand for on the left side.
        base: The first index.
        ranges: The values of the free indices.
    """
    squeezed = [sum(n > 1 for n in names[name].shape) for name in without_index(left, right, names)]
    axes = axes_in(left + right, squeezed)
    made, said = Arrays(left, of_left, base, axes).whole(), Arrays(right, names, base, axes).whole()
    for values in product(*ranges.values()):
        env = dict(zip(ranges, values, strict=True))
        found = said(env)
        for at, expected in made(env).items():
            value = found.get(at, 0.0) + found.get(None, 0.0)
            if abs(value - expected) > 1e-11 + 1e-9 * abs(expected):
                yield {**env, "at": at}, 0, expected, value


def without_index(left, right, names):
    """Run over the letters that stand without indices: each is a whole tensor."""
    text = f"{left} {right}".replace(" ", "")
    for name in sorted(names, key=len, reverse=True):
        before = r"(?<![A-Za-z\\])" if name[0] != "\\" else ""
        found = re.compile(rf"{before}{re.escape(name)}(_)?(?![A-Za-z^])")
        if any(match[1] is None for match in found.finditer(text)):
            yield name
        text = found.sub("", text)
