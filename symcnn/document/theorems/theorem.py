r"""A theorem: a derivative with respect to a tensor, and the equation behind it, in letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import prod

from sympy import Expr, Function, Indexed, S, Symbol

from symcnn.derivation import Derivation, Step
from symcnn.document.facts.derivative import Derivative
from symcnn.document.facts.forms import renames
from symcnn.document.facts.letters import Letters, size_of
from symcnn.document.theorems.parts import Part, part, shows_all
from symcnn.equations import (
    SUM,
    Equation,
    LogSumExp,
    Loop,
    Mean,
    Tensor,
    along_axes,
    long,
)
from symcnn.equations.notation import argument
from symcnn.writing.lettering import taken_letters


class slope(Function):  # type: ignore[misc]  # noqa: N801  # SymPy is untyped
    """The derivative of a function of one entry, whichever it is."""


@dataclass(frozen=True)
class EntryFormula:
    """left = the sum of the parts.

    Attributes:
        left: An entry.
        free: What its indices run over.
        parts: What it is the sum of.
    """

    left: Indexed
    free: tuple[Loop, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class EntryFunction:
    """The function of every entry: value = phi(argument), and its derivative."""

    argument: Symbol
    value: Expr
    slope: Expr


@dataclass(frozen=True)
class Theorem:
    """What steps by one tensor say in general.

    Attributes:
        letters: The named indices and the letters' values.
        forward: The equation that was differentiated, if it is worth stating.
        backward: The derivative.
        function: The function of each entry, for the letter phi.
        is_whole: Whether its formulas show everything that limits their terms.
    """

    letters: Letters
    forward: EntryFormula | None
    backward: EntryFormula
    function: EntryFunction | None
    is_whole: bool

    @property
    def says_more(self) -> bool:
        """Whether it says more than the general form with this network's numbers."""
        return bool(self.letters.numbers or self.function or _single([self.backward]))

    @property
    def formulas(self) -> list[EntryFormula]:
        """What it states."""
        return [*([self.forward] if self.forward else []), self.backward]

    @property
    def single(self) -> tuple[Symbol, ...]:
        """The indices in it that take one value in this network."""
        return _single(self.formulas)

    def ranges(self, known: Collection[Symbol]) -> tuple[tuple[Loop, ...], ...]:
        """Return what the indices of its formulas run over: all of them, then sum by sum.

        An index that runs over more in one sum than in another has no range for all. The
        first entry holds the others, each of the following what is left of one sum.

        Args:
            known: The indices whose ranges are stated elsewhere.
        """
        free = (loop for formula in self.formulas for loop in formula.free)
        parts = (part for formula in self.formulas for part in formula.parts)
        sums = [list(part.loops) for part in parts if part.loops]
        every = dict.fromkeys([*chain(*sums), *free])
        sizes = Counter(loop.symbol for loop in every)
        told = {*known, *self.single}
        common = tuple(x for x in every if sizes[x.symbol] == 1 and x.symbol not in told)
        own = [tuple(x for x in loops if sizes[x.symbol] > 1) for loops in sums]
        return (common, *own) if any(own) else (common,)


def theorem(derivative: Derivative) -> Theorem:
    """State the derivative with respect to a tensor."""
    derivation, steps, name = derivative.derivation, derivative.steps, derivative.tensor.name
    sources = [step.source for step in steps]
    taken = taken_letters(derivation.network)
    own = derivative.letters
    own = Letters(own.named_indices, {**own.numbers, **counts(sources, taken)})
    equations = [step.equation for step in steps]
    free = _row_by_row(_free(derivation.indices(name), equations, own), equations, own)
    function = _function(derivative, taken)
    parts = [_part(derivation, step, free, own, function) for step in steps]
    backward = _formula(derivation.adjoints[name], free, equations, own, parts)
    forward = _forward(derivation, sources[0], own, free) if len(steps) == 1 else None
    whole = all(shows_all(step.equation, _upstream(derivation, step)) for step in steps)
    return Theorem(own, forward, backward, function, whole)


def _single(formulas: Sequence[EntryFormula]) -> tuple[Symbol, ...]:
    """Return the indices of formulas that take one value wherever they stand."""
    lefts = chain(*(formula.free for formula in formulas))
    loops = [*chain(*(p.loops for formula in formulas for p in formula.parts)), *lefts]
    longer = {loop.symbol for loop in long(loops)}
    return tuple(dict.fromkeys(loop.symbol for loop in loops if loop.symbol not in longer))


def _free(
    chosen: Sequence[Symbol], equations: Sequence[Equation], own: Letters
) -> tuple[Symbol, ...]:
    """Return the free indices; a loop that a named index holds keeps its letter."""
    held = {loop for index in own.named_indices.values() for _, loop in index.terms}
    axes = zip(*(equation.target.indices for equation in equations), strict=True)
    return tuple(
        indices[0] if indices[0] in held and len(set(indices)) == 1 else symbol
        for symbol, indices in zip(chosen, axes, strict=True)
    )


def _part(
    derivation: Derivation,
    step: Step,
    free: Sequence[Expr],
    own: Letters,
    function: EntryFunction | None,
) -> Part:
    """State one step: with 1/N for the share in a mean, with phi' for a function's slope."""
    equation, upstream = step.equation, _upstream(derivation, step)
    if function is not None:
        steep = function.slope.xreplace({function.argument: step.access})
        exact = replace(equation, value=upstream * steep)
        return part(exact, free, own, upstream * slope(step.access))
    value = equation.value / step.upstream * upstream
    if terms := terms_of_mean(step.source):
        value *= terms / number_of_terms(derivation, step.source)
    return part(replace(equation, value=value), free, own)


def _upstream(derivation: Derivation, step: Step) -> Expr:
    """Return the derivative that arrives at the target of a step's source.

    A theorem has a letter for it even where it is a constant: what is true of the sum of
    all outputs alone would be no theorem.
    """
    target = step.source.target
    tensor = derivation.tensors[target.base]
    return S.One if tensor.role == "loss" else derivation.adjoints[tensor.name][target.indices]


def _function(derivative: Derivative, taken: Collection[str]) -> EntryFunction | None:
    """Return phi and phi', if the tensor is read by a function of every entry alone."""
    one, *others = derivative.contributions
    if others or not one.is_function or one.result.role == "loss":
        return None
    step = one.step
    value, equations = step.source.value, derivative.derivation.network.equations
    written_out = {e.target: value for e in equations if e.value == value}
    letter = argument(taken)
    formulas = value, step.local.xreplace(written_out)
    return EntryFunction(letter, *(e.xreplace({step.access: letter}) for e in formulas))


def _forward(
    derivation: Derivation, source: Equation, own: Letters, others: Sequence[Expr]
) -> EntryFormula | None:
    """Return the formula of a source's target, if it reduces or reindexes anything.

    Args:
        derivation: The derivation.
        source: The equation.
        own: The named indices and the letters of numbers.
        others: The free indices of the formula that stands under it.
    """
    target = derivation.tensors[source.target.base]
    equations = [e for e in derivation.network.equations if e.target.base == target.base]
    means = [e for e in equations if e != source and isinstance(e.reduction, Mean)]
    is_shown = not (means or isinstance(source.reduction, LogSumExp))
    says_more = source.reduced or renames(equations)
    if target.role == "loss" or not (says_more and is_shown and all(map(shows_all, equations))):
        return None
    taken = [symbol.name for index in others for symbol in index.free_symbols]
    chosen = derivation.free_indices(target.indices, equations, taken)
    free = _row_by_row(chosen, equations, own)
    written = [as_sum(derivation, equation) for equation in equations]
    return _formula(target, free, equations, own, [part(e, free, own) for e in written])


def _row_by_row(
    chosen: Sequence[Symbol], equations: Sequence[Equation], own: Letters
) -> tuple[Expr, ...]:
    """Return the free indices; one that counts all of its axis row by row stands as it is read.

    z[g_m] for all g and m is the same as z[o] for all o, without a bracket [g_m = o].
    """
    axes = zip(*(along_axes(equation.target) for equation in equations), strict=True)
    free = list[Expr]()
    for symbol, axis in zip(chosen, axes, strict=True):
        (_, size), *_ = axis
        read = {index for index, _ in axis if not index.is_Symbol}
        loops = _loops(read, equations)
        is_whole = len(read) == 1 and prod(loop.size for loop in loops) == size
        is_own = not {loop.symbol for loop in loops} & {*chosen}
        counts = read and is_whole and is_own and own.is_row_major(*read)
        free.append(read.pop() if counts else symbol)
    return tuple(free)


def _loops(read: Iterable[Expr], equations: Iterable[Equation]) -> list[Loop]:
    """Return the loops in some indices."""
    symbols = {symbol for index in read for symbol in index.free_symbols}
    return list(dict.fromkeys(x for e in equations for x in e.loops if x.symbol in symbols))


def _formula(
    tensor: Tensor,
    free: Sequence[Expr],
    equations: Sequence[Equation],
    own: Letters,
    parts: Sequence[Part],
) -> EntryFormula:
    """Return the formula of an entry whose indices are letters, or count row by row."""
    axes = zip(free, tensor.shape, strict=True)
    loops = [
        [Loop(index, size)] if index.is_Symbol else _loops([index], equations)
        for index, size in axes
    ]
    left = tensor[tuple(map(own.named, free))]
    return EntryFormula(left, tuple(chain(*loops)), tuple(parts))


def terms_of_mean(equation: Equation) -> int:
    """Return the number of terms of a mean; 0 for what is none."""
    if isinstance(equation.reduction, Mean):
        return int(equation.terms_of_entry)
    share, read = equation.value.as_coeff_Mul()
    terms = prod(loop.size for loop in equation.reduced)
    return terms if terms > 1 and read.is_Indexed and share * terms == 1 else 0


def number_of_terms(derivation: Derivation, mean: Equation) -> Expr:
    """Return the number of terms of a mean, in letters."""
    taken = taken_letters(derivation.network)
    return prod((size_of(loop.symbol, taken) for loop in mean.reduced), start=S.One)


def counts(sources: Sequence[Equation], taken: Collection[str]) -> dict[Symbol, int]:
    """Return how many entries each mean is taken over, loop by loop."""
    means = filter(terms_of_mean, sources)
    return {size_of(x.symbol, taken): x.size for source in means for x in source.reduced}


def as_sum(derivation: Derivation, equation: Equation) -> Equation:
    """Return a mean as the sum of shares; of another equation itself."""
    if not (terms := terms_of_mean(equation)):
        return equation
    share = 1 if isinstance(equation.reduction, Mean) else terms
    value = share * equation.value / number_of_terms(derivation, equation)
    return replace(equation, value=value, reduction=SUM)
