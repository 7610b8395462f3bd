"""The proof of a derivative in two lines: what a term contributes to which entry, and when.

The term of z_{ik} with the indices u and c contributes delta_{ik} w_{uck} to dL/dx_{rc} with
r = S i + D u - P.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Indexed, Symbol
from sympy import Sum as SymbolicSum

from symcnn.derivation import Step
from symcnn.document.blocks import Inline, Text
from symcnn.document.theory.manner import Printed
from symcnn.document.words.words import joined, listed
from symcnn.equations import Equation, Loop, long, units
from symcnn.writing.formula.build import row
from symcnn.writing.printing.names import named
from symcnn.writing.printing.subscripts import position

RULE = (
    "By the chain rule, whatever reads an entry contributes its derivative with respect to that "
    "entry, times the error signal of the result."
)
"""What every proof begins with."""


def proof(p: Printed) -> Text:
    """Say why the derivatives of a statement are what their formulas say."""
    derivation = p.made.derivation
    steps = [s for f in p.made.backward for s in derivation.steps_by(f.tensor.name)]
    by_source = dict[Equation, list[Step]]()
    for step in steps:
        by_source.setdefault(step.source, []).append(step)
    return joined(_of(p, source, own) for source, own in by_source.items())


def _of(p: Printed, source: Equation, steps: Sequence[Step]) -> Text:
    """Say what the terms of an equation contribute."""
    over = [Inline(named(loop.symbol.name)) for loop in long(_distinct(p, source))]
    word = " with the index " if len(over) == 1 else " with the indices "
    which: Text = (word, *listed(over)) if over else ()
    target = p.formula(source.target.xreplace(units(source.loops)))
    first, *others = (_contribution(p, step) for step in steps)
    rest = (x for part in others for x in (", and " if part is others[-1] else ", ", *part))
    subject: Text = ("The term of ", target, *which) if over else ("The entry ", target)
    return (*subject, " contributes ", *first, *rest, ".")


def _distinct(p: Printed, source: Equation) -> list[Loop]:
    """Return the loops that tell the terms of an entry apart: those that its formula sums over."""
    own = (f.general.right for f in p.made.forward if f.tensor.base == source.target.base)
    sums = (total for right in own for total in right.atoms(SymbolicSum))
    summed = {limit.args[0] for total in sums for limit in total.limits}
    return [x for x in source.loops if x in source.reduced or x.symbol in summed]


def _contribution(p: Printed, step: Step) -> Text:
    """Return: a value to the derivative with respect to an entry, with r = S i + D u - P."""
    zero = units(step.source.loops)
    free = p.made.derivation.indices(step.of.name)
    indices = (e.xreplace(zero) for e in step.equation.target.indices)
    pairs = zip(free, indices, strict=True)
    solved = {e: axis for axis, e in pairs if not (e.is_Symbol or e.is_Integer)}
    entry = p.printer.tree(_renamed(step.access.xreplace(zero), solved))
    conditions = [
        Inline(row(position(axis, p.base), "=", position(e, p.base))) for e, axis in solved.items()
    ]
    where: Text = (" with ", *listed(conditions)) if conditions else ()
    value = Inline(row(*p.printer.general(step.equation.value.xreplace(zero))))
    return (value, " to ", Inline(p.printer.partial(entry)), *where)


def _renamed(read: Indexed, letters: Mapping[Expr, Symbol]) -> Indexed:
    """Return an entry with letters for indices that are computed."""
    return read.base[tuple(letters.get(index, index) for index in read.indices)]
