r"""Reads formulas over free indices: named places such as i_{u}, sums over stated ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.document.entry_reader import Env, Formula, Named, OutsideError, whole_number
from tests.document.intervals import Interval, extremal, plus
from tests.document.reader import Reader, assignments
from tests.document.scanner import UnreadableError

Range = range


class UnrangedError(UnreadableError):
    """An index has no range that stands with it."""


@dataclass(frozen=True)
class Scope:
    """What letters stand for where a formula stands.

    Attributes:
        names: Tensors, their derivatives and routings.
        sure: The tensors whose entries are 1, however many indices stand at them.
        ranges: The indices whose ranges are stated, with their values.
        in_sums: Those that are stated for one sum alone, by its number.
        numbers: Letters such as S and N_{j}, with their values.
        places: Named indices such as i_{u}, with their definitions.
        kind: Makes a number of a printed decimal.
        seen: The entries that were worked out, by the letters of their tensors.
        functions: What stands for \\varphi and \\varphi', each of one z.
        digits: How many digits a rounded number shows.
        base: What the first index of an axis is.
        padded: Whether what lies outside of a tensor adds nothing.
        is_said: Whether the document says what lies outside of a tensor.
    """

    names: Mapping[str, Named]
    sure: Collection[str] = ()
    ranges: Mapping[str, Sequence[int]] = field(default_factory=dict)
    in_sums: Mapping[int, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    digits: int = 6
    base: int = 1
    padded: bool = False
    is_said: bool = True
    kind: Callable[[Fraction], float] = float
    seen: dict[str, list[float]] = field(default_factory=dict)


class GeneralReader(Reader):
    """Reads one formula in a scope."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope.names, scope.digits, scope.base, scope.padded)
        self.scope = scope
        self.kind = scope.kind
        self.free: set[str] = set()
        """The indices that no sum binds."""
        self.window = None
        self.sums = 0
        """How many sums over stated ranges were read."""
        """Of a maximum its indices, what they run over, and its terms."""
        self.found: tuple[Named, list[Formula]] | None = None
        """The last entry of a tensor, with its indices."""
        self.chosen: list[tuple[Formula, tuple[Named, list[Formula]] | None]] = []
        """The arguments of maxima, with the last entry in each."""

    def inner(self, text: str) -> Formula:
        """Read a text that stands inside of this one."""
        reader = GeneralReader(text, self.scope)
        formula = reader.whole()
        self.free |= reader.free
        return formula

    def operand(self) -> Formula:
        taken = self.take(r"\\sum_")
        return super().operand() if taken is None else self.summation(taken)

    # Letters

    def entry(self) -> Formula:
        if self.take(r"\\varphi"):
            return self.function_of_one_entry("'" if self.take("'") else "")
        if (number := self.numbered()) is not None:
            return lambda env: once(self.see("", number))
        if (place := self.place()) is not None:
            return self.inner(place)
        name = self.name()
        if name in self.scope.sure:
            self.group() if self.take("_") else None
            return constant(1)
        if name not in self.names:
            return self.index(name)
        tensor = self.names[name]
        places = self.subscript(tensor.shape) if self.take("_") else []
        self.found = tensor, places

        def value(env: Env) -> Interval:
            try:
                position = where(tensor, places, env, self.base)
            except OutsideError as error:
                if self.scope.is_said:
                    raise
                raise UnreadableError(f"{name} is read outside: {error}") from error
            return once(self.see(name, tensor.value(position)))

        return value

    def unused(self, formulas: Sequence[Formula], env: Env) -> None:
        """Keep the entries of what does not count, as far as they exist."""
        for formula in formulas:
            with suppress(UnreadableError, OutsideError, ArithmeticError, ValueError):
                formula(env)

    def see(self, name: str, number: float) -> float:
        """Keep an entry that was worked out."""
        self.scope.seen.setdefault(name, []).append(number)
        return number

    def position(self, env: Env) -> tuple[int, ...]:
        """Return where the entry that was read stands in its tensor."""
        if self.found is None:
            raise UnreadableError(f"{self.text!r} is no entry")
        return where(*self.found, env, self.base)

    def subscript(self, shape: Sequence[int]) -> list[Formula]:
        text = self.group()
        split = at_commas(text)
        if len(split) == 1 and indexed_axes(shape, 1) is None:
            split = list(text.replace(" ", ""))
        if indexed_axes(shape, len(split)) is None:
            raise UnreadableError(f"{text} are too many or too few indices in {self.text!r}")
        return [self.inner(part) for part in split]

    def numbered(self) -> float | None:
        """Take a letter that stands for a number, such as S or N_{j}."""
        return self.taken(self.scope.numbers)

    def place(self) -> str | None:
        """Take a named index, such as i_{u}, and return its definition."""
        return self.taken(self.scope.places)

    def taken(self, known: Mapping[str, object]):
        for name in sorted(known, key=len, reverse=True):
            if self.take(re.escape(name) + "(?![a-z'])") is not None:
                return known[name]
        return None

    def index(self, name: str) -> Formula:
        if not re.fullmatch("[a-z]", name):
            raise UnreadableError(f"{name} is not known in {self.text!r}")
        self.free.add(name)

        def value(env: Env) -> Interval:
            if name not in env:
                raise UnrangedError(f"{name} has no range in {self.text!r}")
            return env[name], env[name]

        return value

    def function_of_one_entry(self, mark: str) -> Formula:
        self.expect(r"\\left\(")
        argument = self.sum()
        self.expect(r"\\right\)")
        letter, text = self.scope.functions[mark]

        def value(env: Env) -> Interval:
            number = argument(env)
            named = {**self.names, letter: Named((), lambda _: number[0])}
            return GeneralReader(text, replace(self.scope, names=named)).whole()(env)

        return value

    # Sums and maxima

    def summation(self, taken: str) -> Formula:
        start = self.at
        loops = self.group()
        if "=" in loops:
            self.at = start
            return super().summation(taken)
        names = at_commas(loops)
        ranges = {**self.scope.ranges, **self.scope.in_sums.get(self.sums, {})}
        self.sums += 1
        terms = self.kept(self.bound([(name, None, None) for name in names], self.product))
        return lambda env: plus(
            *(v for inside in self.run(names, env, ranges) for v in terms(inside))
        )

    def over_window(self, text: str) -> Formula:
        loops = [re.split(r"\s*\\le\s+", part) for part in at_commas(text)]
        names = [loop[1] if len(loop) == 3 else loop[0] for loop in loops]
        terms = self.kept(self.bound([(name, None, None) for name in names], self.product))
        if all(len(loop) == 3 for loop in loops):
            limits = [(n, self.inner(low), self.inner(high)) for low, n, high in loops]
            run = lambda env: list(assignments(limits, env))  # noqa: E731
        else:
            run = lambda env: self.run(names, env, self.scope.ranges)  # noqa: E731
        self.window = names, run, terms
        return lambda env: extremal(max, [v for inside in run(env) for v in terms(inside)])

    def arguments(self) -> Iterator[Formula]:
        """Read the arguments of a maximum, and keep those that are entries."""
        self.found = None
        for formula in super().arguments():
            self.chosen.append((formula, self.found))
            self.found = None
            yield formula

    def run(self, names: Sequence[str], env: Env, ranges: Mapping[str, Sequence[int]]) -> list[Env]:
        """Let indices run over their stated ranges."""
        for name in names:
            if name not in ranges:
                raise UnrangedError(f"{name} has no range in {self.text!r}")
        loops = [(name, constant(ranges[name][0]), constant(ranges[name][-1])) for name in names]
        return list(assignments(loops, env))

    def bound(self, loops: Sequence[tuple], rule: Callable[[], Formula]) -> Formula:
        before = set(self.free)
        formula = rule()
        self.free = before | (self.free - {name for name, *_ in loops})
        return formula


def where(tensor: Named, places: Sequence[Formula], env: Env, base: int) -> tuple[int, ...]:
    """Return a position in a tensor; axes without an index are of length 1."""
    shown = [whole_number(place(env)) - base for place in places]
    position = [0] * len(tensor.shape)
    for axis, place in zip(indexed_axes(tensor.shape, len(shown)) or (), shown, strict=True):
        position[axis] = place
    if not all(0 <= p < n for p, n in zip(position, tensor.shape, strict=True)):
        raise OutsideError(f"{position} is outside of {tensor.shape}")
    return tuple(position)


def indexed_axes(shape: Sequence[int], count: int) -> Sequence[int] | None:
    """Return which axes so many indices belong to: all, the longer ones, or the sample as well.

    In a theorem the sample's index is general, also where there is one sample.
    """
    longer = [axis for axis, size in enumerate(shape) if size > 1]
    choices = range(len(shape)), longer, [0, *longer]
    return next((axes for axes in choices if len(axes) == count), None)


def once(number: float) -> Interval:
    return number, number


def constant(number: int) -> Formula:
    return lambda env: once(float(number))


def at_commas(text: str) -> list[str]:
    r"""Split at the commas that stand in no brackets: ``i_{u}, j_{v}, \min(a, b)``."""
    parts, depth = [""], 0
    for letter in text.replace("\\,", ""):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
