r"""A theorem: a derivative with respect to a tensor, and the equation behind it, in letters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import prod
from typing import Literal, NamedTuple

from sympy import Expr, S, Symbol

from symcnn.derivation import Derivation, Step
from symcnn.derivation.jacobians import letters
from symcnn.document.facts.derivative import Contribution, Derivative
from symcnn.document.facts.forms import renames
from symcnn.document.facts.letters import Letters, size_of
from symcnn.document.facts.windows import at_positions, kernels, pointwise
from symcnn.document.theorems.affine import Affine, affine_of
from symcnn.document.theorems.parts import EntryFormula, EntryFunction, Part, part, shows_all, slope
from symcnn.document.theorems.summands import Kinks, kinks
from symcnn.equations import (
    Equation,
    LogSumExp,
    Loop,
    Mean,
    Tensor,
    accesses,
    along_axes,
    as_sum,
)
from symcnn.equations.notation import argument
from symcnn.writing.lettering import taken_letters


class Hypotheses(NamedTuple):
    """What a theorem supposes, beside the formulas of the forward pass that it states.

    Attributes:
        through: The loss depends on the tensor only through this one,
        penalty: and by what a penalty adds to the loss.
        largest: What is the single largest of each maximum, if there are any.
        kinks: Where terms that are added up have none: 0 of an absolute value, or elsewhere.
    """

    through: Tensor
    penalty: Equation | None
    largest: Literal["", "entry of a window", "entry", "term"]
    kinks: Kinks


@dataclass(frozen=True)
class Theorem:
    """What the derivative with respect to a tensor is in general.

    Attributes:
        derivative: The derivative.
        letters: The named indices and the letters' values.
        forward: The equation that was differentiated, if it is worth stating.
        backward: The derivative's formula.
        function: The function of each entry, for the letter phi.
        affine: The matrix, if a column is multiplied by one.
        is_whole: Whether its formulas show everything that limits their terms.
    """

    derivative: Derivative
    letters: Letters
    forward: EntryFormula | None
    backward: EntryFormula
    function: EntryFunction | None
    affine: Affine | None
    is_whole: bool

    @property
    def through(self) -> Contribution:
        """What the result contributes through which the loss depends on the tensor."""
        return next(c for c in self.derivative.contributions if c.result.role != "loss")

    @property
    def step(self) -> Step:
        """The step of this contribution."""
        return self.through.step

    @property
    def hypotheses(self) -> Hypotheses:
        """What it supposes."""
        added = (c.step.source for c in self.derivative.contributions if c.result.role == "loss")
        return Hypotheses(self.through.result, next(added, None), self._largest, self._kinks)

    @property
    def _kinks(self) -> Kinks:
        is_smooth = self.function is not None or self.step.routing is not None
        return "" if is_smooth else kinks(self.through)

    @property
    def _largest(self) -> Literal["", "entry of a window", "entry", "term"]:
        if self.step.routing is None:
            return ""
        if not self.through.takes_entries:
            return "term"
        return "entry of a window" if self.through.slides else "entry"

    @property
    def formulas(self) -> list[EntryFormula]:
        """What it states."""
        return [*([self.forward] if self.forward else []), self.backward]

    @property
    def parts(self) -> list[Part]:
        """The sums and maxima in its formulas."""
        return [part for formula in self.formulas for part in formula.parts]


def has_one(derivative: Derivative) -> bool:
    """Tell whether a derivative is that of a single use, or of one beside a penalty."""
    uses = [one for one in derivative.contributions if one.result.role != "loss"]
    direct = [one for one in derivative.contributions if one.result.role == "loss"]
    return len(uses) == 1 and (not direct or (len(direct) == 1 and uses[0].is_of_parameter))


def theorem(derivative: Derivative) -> Theorem:
    """State the derivative with respect to a tensor that has one."""
    derivation, tensor = derivative.derivation, derivative.tensor
    learned = kernels(derivation)
    steps = [pointwise(step, learned) for step in derivative.steps]
    taken, read = taken_letters(derivation.network), derivative.letters
    unsaid = (_unsaid(step.source, read) for step in steps)
    counted = [_counted(step.source, taken) for step in steps]
    counted += [_sizes_of(loops, taken) for loops in unsaid]
    numbers = dict(chain(*(found.items() for found in counted)))
    own = Letters(read.named_indices, {**read.numbers, **numbers})
    equations = [step.equation for step in steps]
    free = _row_by_row(_free(derivation.indices(tensor.name), equations, own), equations, own)
    function = _function(derivative)
    parts = [_part(derivation, step, free, own, function) for step in steps]
    adjoint = derivation.adjoints[tensor.name]
    backward = _formula(tensor, adjoint, free, equations, own, parts)
    (used,) = (s.source for s in steps if derivation.tensors[s.source.target.base].role != "loss")
    forward = _forward(derivation, used, own, free)
    affine = affine_of(derivation, used) if len(steps) == 1 else None
    whole = all(shows_all(step.equation, _upstream(derivation, step)) for step in steps)
    return Theorem(derivative, own, forward, backward, function, affine, whole)


def _free(
    chosen: Sequence[Symbol], equations: Sequence[Equation], own: Letters
) -> tuple[Expr, ...]:
    """Return the free indices; a loop that a named index holds keeps its letter.

    An axis of length 1 has no index. A longer one has, even where every equation writes its first
    entry alone: the other entries have a derivative, too, which is 0.
    """
    held = {loop for index in own.named_indices.values() for _, loop in index.terms}
    axes = zip(*(along_axes(equation.target) for equation in equations), strict=True)
    free = list[Expr]()
    for symbol, axis in zip(chosen, axes, strict=True):
        (written, size), *others = dict.fromkeys(axis)
        keeps = written in held or (written == 0 and size == 1)
        free.append(written if keeps and not others else symbol)
    return tuple(free)


def _part(
    derivation: Derivation,
    step: Step,
    free: Sequence[Expr],
    own: Letters,
    function: EntryFunction | None,
) -> Part:
    """State one step: with 1/N for the share in a mean, with phi' for a function's slope."""
    upstream = _upstream(derivation, step)
    if function is not None:
        steep = function.slope.xreplace({function.argument: step.access})
        exact = replace(step.equation, value=upstream * steep)
        return part(exact, free, own, upstream * slope(step.access))
    exact = replace(step.equation, value=step.equation.value / step.upstream * upstream)
    return part(exact, free, own, exact.value * _share(derivation, step.source))


def _upstream(derivation: Derivation, step: Step) -> Expr:
    """Return the derivative that arrives at the target of a step's source.

    A theorem has a letter for it even where it is a constant: what is true of the sum of
    all outputs alone would be no theorem.
    """
    target = step.source.target
    tensor = derivation.tensors[target.base]
    return S.One if tensor.role == "loss" else derivation.adjoints[tensor.name][target.indices]


def _function(derivative: Derivative) -> EntryFunction | None:
    """Return phi and phi', if the tensor is read by a function of every entry alone."""
    one, *others = derivative.contributions
    if others or not one.is_function or one.result.role == "loss":
        return None
    step = one.step
    value, equations = step.source.value, derivative.derivation.network.equations
    written_out = {e.target: value for e in equations if e.value == value}
    letter = argument(letters(derivative.derivation))
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
    every = (e for e in derivation.network.equations if e.target.base == target.base)
    equations = at_positions(every, kernels(derivation))
    means = [e for e in equations if e != source and isinstance(e.reduction, Mean)]
    is_shown = not (means or isinstance(source.reduction, LogSumExp))
    says_more = source.reduced or renames(equations)
    if target.role == "loss" or not (says_more and is_shown and all(map(shows_all, equations))):
        return None
    taken = [symbol.name for index in others for symbol in index.free_symbols]
    free = _row_by_row(derivation.free_indices(target.indices, equations, taken), equations, own)
    stated = [as_sum(equation).value * _share(derivation, equation) for equation in equations]
    parts = [part(e, free, own, value) for e, value in zip(equations, stated, strict=True)]
    return _formula(target, target, free, equations, own, parts)


def _row_by_row(
    chosen: Sequence[Expr], equations: Sequence[Equation], own: Letters
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
    of: Tensor,
    made: Tensor,
    free: Sequence[Expr],
    equations: Sequence[Equation],
    own: Letters,
    parts: Sequence[Part],
) -> EntryFormula:
    """Return the formula of an entry whose indices are letters, or count row by row."""
    axes = zip(free, made.shape, strict=True)
    loops = [
        [Loop(index, size)] if index.is_Symbol else _loops([index], equations)
        for index, size in axes
    ]
    left = made[tuple(map(own.named, free))]
    return EntryFormula(of, left, tuple(chain(*loops)), tuple(parts))


def _counted(mean: Equation, taken: Collection[str]) -> dict[Symbol, int]:
    """Return how many entries a mean is taken over, loop by loop; nothing of what is none."""
    if not isinstance(mean.reduction, Mean):
        (share, read), terms = mean.value.as_coeff_Mul(), mean.terms_of_entry
        if terms == 1 or not read.is_Indexed or share * terms != 1:
            return {}
    return _sizes_of(mean.reduced, taken)


def _unsaid(source: Equation, own: Letters) -> list[Loop]:
    """Return the loops over the entries of a window that are along no axis of any tensor."""
    reads = (source.target, *accesses(source.value))
    along = {index for read in reads for index in read.indices}
    return [loop for loop in source.reduced if loop.symbol in {*own.taps} - along]


def _sizes_of(loops: Iterable[Loop], taken: Collection[str]) -> dict[Symbol, int]:
    """Return letters for the numbers of values of loops, and these; sizes are letters already."""
    found = ((size_of(loop, taken), loop.size) for loop in loops)
    return {letter: size for letter, size in found if letter != size}


def _share(derivation: Derivation, mean: Equation) -> Expr:
    """Return n/N, by which 1/N stands in place of 1/n where an equation is a mean of n terms."""
    numbers = _counted(mean, taken_letters(derivation.network))
    return prod((number / letter for letter, number in numbers.items()), start=S.One)
