"""A mistake: another way to compute a quantity, made from the equations of the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from symcnn.classroom.marking.formulas import Formulas
from symcnn.derivation import Step
from symcnn.equations import SAMPLE, Equation, Guard, Loop, Tensor, accesses

Ways = Iterable[Sequence[Equation]]
"""Other equations for the same tensor."""

Change = Callable[["Work", Equation, Equation], Iterable[Equation]]
"""Makes other equations of one of a quantity's, given also the forward equation that it is of."""


@dataclass(frozen=True)
class Mistake:
    """A way in which computing goes wrong, whatever the layer.

    Attributes:
        name: What it is called.
        explanation: What was done, and what is right, in a sentence or two.
        ways: Changes the equations of a quantity into those that the mistake follows.
        is_last_resort: Whether it is named only where no other mistake yields the figures.
        exchange: What was done where one quantity is taken for another: a sentence with gaps for
            the two, {taken} and {right}.
        is_single: Whether it is made in single entries as well as throughout: one winner is wrong.
        same_as: The name of the mistake that this one is, made one step earlier: where both yield
            a figure, a report names that one alone.
    """

    name: str
    explanation: str
    ways: Callable[[Work], Ways]
    is_last_resort: bool = False
    exchange: str = ""
    is_single: bool = False
    same_as: str = ""


@dataclass(frozen=True, eq=False)
class Work:
    """How a quantity is computed."""

    tensor: Tensor
    formulas: Formulas

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The equations that add up to it."""
        return self.formulas.equations(self.tensor)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """For a derivative, the steps of the chain rule that they come from, one each."""
        return self.formulas.steps(self.tensor)

    @property
    def sources(self) -> tuple[Equation, ...]:
        """The forward equation that each equation comes from; in the forward pass, itself."""
        return tuple(step.source for step in self.steps) or self.equations

    def of(self, read: Indexed) -> Tensor:
        """Return the tensor of an access."""
        return self.formulas.tensors[read.base]

    def is_parameter(self, read: Indexed) -> bool:
        """Tell whether an access reads a parameter."""
        return self.of(read).role == "parameter"

    @property
    def is_slope(self) -> bool:
        """Whether it is the derivative with respect to a parameter."""
        return any(step.of.role == "parameter" for step in self.steps)

    @property
    def is_update(self) -> bool:
        """Whether it is an updated parameter."""
        return self.tensor in self.formulas.updated.values()

    def one_by_one(self, change: Change) -> Iterator[Sequence[Equation]]:
        """Change the equations one by one: each in its first way, then each in its second, ..."""
        pairs = zip(self.equations, self.sources, strict=True)
        found = [list(change(self, *pair)) for pair in pairs]
        for number in range(max(map(len, found), default=0)):
            yield [
                other[number] if number < len(other) else equation
                for equation, other in zip(self.equations, found, strict=True)
            ]


def each(change: Change) -> Callable[[Work], Ways]:
    """Change the equations of a quantity one by one."""
    return lambda work: work.one_by_one(change)


def by_step(value: Callable[[Step], Expr | None]) -> Callable[[Work], Ways]:
    """Give the equations of a derivative other values, step by step of the chain rule."""
    return lambda work: with_values(work, map(value, work.steps))


def with_values(work: Work, values: Iterable[Expr | None]) -> Ways:
    """Give the equations of a quantity other values, if any has one; None leaves an equation."""
    found = [*values]
    if any(value is not None for value in found):
        pairs = zip(work.equations, found, strict=True)
        yield [e if value is None else replace(e, value=value) for e, value in pairs]


def put(equation: Equation, at: Mapping[Expr, Expr], loops: Iterable[Loop]) -> Equation:
    """Return an equation with other expressions for some of its indices, over other loops."""
    swap = dict(at)
    return replace(
        equation,
        target=equation.target.xreplace(swap),
        value=equation.value.xreplace(swap),
        loops=tuple(loops),
        guards=tuple(replace(g, expression=g.expression.xreplace(swap)) for g in equation.guards),
    )


def fixed(equation: Equation, loops: Iterable[Loop], *, last: bool) -> Equation:
    """Return an equation in which some loops have their last value alone, or their first."""
    gone = list(loops)
    at = {loop.symbol: Integer(int(loop.size) - 1 if last else 0) for loop in gone}
    return put(equation, at, (loop for loop in equation.loops if loop not in gone))


def guarded(equation: Equation, read: Indexed, indices: Iterable[Expr]) -> Equation:
    """Return an equation with other indices for one access or the target, kept inside of it."""
    other = read.base[tuple(indices)]
    moved = zip(read.indices, other.indices, read.shape, strict=True)
    guards = (Guard(new, int(size)) for old, new, size in moved if new != old and new.free_symbols)
    is_target = read == equation.target
    return replace(
        equation,
        target=other if is_target else equation.target,
        value=equation.value if is_target else equation.value.xreplace({read: other}),
        guards=tuple(dict.fromkeys((*equation.guards, *guards))),
    )


def unguarded(equation: Equation) -> Equation:
    """Return an equation without the guards of indices at which nothing is read any more."""
    used = {i for read in (equation.target, *accesses(equation.value)) for i in read.indices}
    return replace(equation, guards=tuple(g for g in equation.guards if g.expression in used))


def nodes(value: Expr) -> Iterator[Expr]:
    """Run over the parts of a value, but for the indices of what it reads."""
    yield value
    if not value.is_Indexed:
        for part in value.args:
            yield from nodes(part)


def routings(work: Work) -> set[IndexedBase]:
    """Return the routings of maxima that a derivative reads."""
    return {step.routing.tensor.base for step in work.steps if step.routing is not None}


def factors(work: Work, equation: Equation) -> list[Indexed]:
    """Return what an equation reads, but for routings."""
    return [read for read in accesses(equation.value) if read.base not in routings(work)]


def composed(equation: Equation) -> list[tuple[Expr, int]]:
    """Return the indices of windows, such as s i + u - p, each with the length of its axis."""
    reads = (equation.target, *accesses(equation.value))
    pairs = [(i, n) for read in reads for i, n in zip(read.indices, read.shape, strict=True)]
    return [*dict.fromkeys((i, int(n)) for i, n in pairs if i.free_symbols and not i.is_Symbol)]


def window_symbols(equation: Equation) -> set[Symbol]:
    """Return the loops that move in windows."""
    return {symbol for index, _ in composed(equation) for symbol in index.free_symbols}


def long_loops(loops: Iterable[Loop]) -> list[Loop]:
    """Return the loops that take more than one value."""
    return [loop for loop in loops if loop.size > 1]


def is_over_samples(loop: Loop) -> bool:
    """Tell whether a loop runs over the samples of a batch."""
    return bool(loop.symbol == SAMPLE)


def by_file(folder: str, paths: Iterable[str]) -> dict[str, tuple[Mistake, ...]]:
    """Return the mistakes of each file of a folder that lists some, in alphabetical order.

    Args:
        folder: The name of the folder as a package.
        paths: Where it lies.

    Returns:
        The mistakes, under the name of the file as a module.
    """
    names = sorted(f"{folder}.{found.name}" for found in iter_modules(paths))
    modules = {name: import_module(name) for name in names if name != __name__}
    return {name: tuple(module.mistakes()) for name, module in modules.items()}
