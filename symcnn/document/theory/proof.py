"""The proof of a theorem: what each result changes by with each entry that it is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, permutations
from typing import NamedTuple

from sympy import Add, Expr, Indexed, Integer, Mod, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.derivation import Step
from symcnn.derivation.general import conditions, shortened
from symcnn.derivation.index_conditions import determined, hidden_guards
from symcnn.document.blocks import Inline, Text, joined
from symcnn.document.theory.conventions import has_kink
from symcnn.document.theory.statement import Printed
from symcnn.equations import SUM, Equation, Loop, Tensor, affine, along_axes, long, units
from symcnn.equations.functions import Iverson
from symcnn.equations.rewriting import settled
from symcnn.equations.sizes import Size, is_at_least, is_made_of_sizes, magnitude
from symcnn.writing.formula.build import row
from symcnn.writing.printing.subscripts import ranges

_RULE = (
    "By the chain rule, each result in whose own equation an entry stands contributes its "
    "derivative with respect to that entry, all else in that equation held constant, multiplied by "
    "its own error signal; the contributions are added."
)
_SOLVED = (
    " The limits of the sums and the brackets select these results: they are found by solving the "
    "subscripts of the entry for the indices of the results."
)


def rule(statements: Iterable[Printed]) -> str:
    """Say what every proof begins with."""
    formulas = (f.general.right for p in statements for f in p.made.backward)
    return _RULE + _SOLVED * any(map(_selects, formulas))


def _selects(formula: Expr) -> bool:
    """Tell whether sums or brackets say which results an entry is read by."""
    limits = [n for total in formula.atoms(SymbolicSum) for _, *ends in total.limits for n in ends]
    brackets = formula.atoms(Iverson)
    return not (all(map(is_made_of_sizes, limits)) and all(map(has_kink, brackets)))


def proof(p: Printed) -> Text:
    """Say why the derivatives of a statement are what their formulas say."""
    by_result = dict[Expr, list[Step]]()
    for step in _steps(p):
        result = step.source.target.xreplace(units(step.source.loops))
        by_result.setdefault(result, []).append(step)
    return joined(_of(p, result, own) for result, own in by_result.items())


def _steps(p: Printed) -> Iterator[Step]:
    """Run over the steps to what is differentiated, and to what lies between that and the loss.

    An error signal that is a constant stands in no formula, and still is one of the factors.
    """
    derivation = p.made.derivation
    wanted = [f.tensor for f in p.made.backward]
    own = [s for tensor in wanted for s in derivation.steps_by(tensor.name)]
    known = {tensor.base for tensor in (*wanted, p.made.output)}
    between = [t for t in _results(p, own) if t.base not in known]
    return chain((s for tensor in between for s in derivation.steps_by(tensor.name)), own)


def _results(p: Printed, steps: Iterable[Step]) -> Iterator[Tensor]:
    """Run over the tensors that steps lead from, each once."""
    bases = dict.fromkeys(step.source.target.base for step in steps)
    return (p.made.derivation.tensors[base] for base in bases)


def _of(p: Printed, result: Expr, steps: Sequence[Step]) -> Text:
    """Say what the derivatives of a result are."""
    first, *others = _slopes(p, steps)
    rest = (x for part in others for x in (", and" if part is others[-1] else ",", *part))
    return ("The derivative of ", p.formula(result), *first, *rest, ".")


def _slopes(p: Printed, steps: Iterable[Step]) -> Iterator[Text]:
    """Run over: with respect to an entry is a value, that of an R where it is a maximum.

    Several terms of a result may hold one entry.
    """
    found = dict[tuple[Expr, tuple[Loop, ...]], list[Expr]]()
    for step in steps:
        made, zero = local(step), units(step.source.loops)
        where = made.entry.xreplace(zero), tuple(_unsaid(p, made.equation, made.entry))
        found.setdefault(where, []).append(made.value.xreplace(zero))
    for (entry, over), values in found.items():
        slope = shortened(Add(*values), p.made.network.equations)
        value = Inline(row(*p.printer.general(slope)))
        whole: Text = (" for ", Inline(ranges(over, p.base))) if over else ()
        yield (" with respect to ", p.formula(entry), " is ", value, *whole)


class Local(NamedTuple):
    """The derivative of a result with respect to an entry that it is computed from.

    Attributes:
        equation: How the result is computed.
        entry: The entry.
        value: The derivative.
    """

    equation: Equation
    entry: Indexed
    value: Expr


def local(step: Step) -> Local:
    """Return the derivative of a result.

    Where several terms of the result hold the entry, theirs are added up; where no subscript says
    that a term is none of the result, a bracket does.
    """
    value = step.equation.value / step.upstream
    entry, slope = (
        determined(settled(replace(step.source, value=e))) for e in (step.access, value)
    )
    assert isinstance(entry.value, Indexed)
    guards = [g for g in hidden_guards(entry) if g in hidden_guards(slope)]
    unseen = (g for g in guards if g.expression not in slope.target.indices)
    inside = Iverson(*conditions(slope, unseen)) * slope.value
    several = _undetermined(slope, entry.value)
    limits = [(loop.symbol, 0, loop.size - 1) for loop in reversed(several)]
    return Local(slope, entry.value, SUM.over(inside, limits) if limits else inside)


def _undetermined(equation: Equation, entry: Indexed) -> list[Loop]:
    """Return the loops that differ among the terms of a result that hold one and the same entry.

    An index tells the values of its loops apart as the digits of a number do, W i + j where
    j < W, if those of its other loops are known.
    """
    unknown = {loop.symbol: loop.size for loop in long(equation.loops)}
    indices = [e for e in (*equation.target.indices, *entry.indices) if not _rounds(e, unknown)]
    while found := {s for e in indices if _are_digits(e, unknown) for s in e.free_symbols} & {
        *unknown
    }:
        unknown = {s: n for s, n in unknown.items() if s not in found}
    return [loop for loop in equation.loops if loop.symbol in unknown]


def _rounds(index: Expr, loops: Mapping[Symbol, Size]) -> bool:
    return any(one.free_symbols & loops.keys() for one in index.atoms(floor, ceiling, Mod))


def _are_digits(index: Expr, unknown: Mapping[Symbol, Size]) -> bool:
    """Tell whether an index has another value at all values of the loops in it."""
    form = affine(index)
    factors = [(form.coefficient(s), n) for s, n in unknown.items() if form.coefficient(s) != 0]
    return any(map(_grow, permutations(factors))) if len(factors) <= _MOST_DIGITS else False


_MOST_DIGITS = 4


def _grow(factors: Iterable[tuple[Size, Size]]) -> bool:
    """Tell whether each factor exceeds all that those before it add up to."""
    below: Size = Integer(0)
    for factor, size in factors:
        if not is_at_least(magnitude(factor) - below, 1):
            return False
        below += magnitude(factor) * (size - 1)
    return True


def _unsaid(p: Printed, source: Equation, entry: Indexed) -> list[Loop]:
    """Return the loops whose ranges neither a formula nor the subscripts of an entry say."""
    forward = [f.general for f in p.made.forward if f.tensor.base == source.target.base]
    bound = {loop.symbol for made in forward for loop in (*made.window, *made.free)}
    bound |= {s for made in forward for x in made.right.atoms(SymbolicSum) for s, *_ in x.limits}
    seen = [axis for read in (source.target, entry) for axis in along_axes(read)]
    return [x for x in long(source.loops) if x.symbol not in bound and not _is_said(x, seen)]


def _is_said(loop: Loop, seen: Iterable[tuple[Expr, Size]]) -> bool:
    """Tell whether a loop has no other values for which an index stays in its tensor."""
    for index, size in seen:
        form = affine(index) if not index.atoms(floor, ceiling, Mod) else None
        if form is None or loop.symbol not in form.coefficients:
            continue
        if len(form.coefficients) > 1:
            return True
        if form.coefficient(loop.symbol) == 1:
            ends = -form.constant, size - 1 - form.constant
        else:
            ends = form.constant - size + 1, form.constant
        if is_at_least(ends[0], 0) and is_at_least(loop.size - 1 - ends[1], 0):
            return True
    return False
