"""What the R of a maximum is: 1 for the winner of its window, and 0 for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sympy import Expr, Symbol

from symcnn.derivation import Routing
from symcnn.document.blocks import Inline, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.scope import Path
from symcnn.document.words.table import filled
from symcnn.equations import Equation, Max, units
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, parenthesized
from symcnn.writing.printing.names import named

Tree = Callable[[Expr], Formula]
"""Prints an expression."""

_LOCALLY = {
    True: "Near the given values, only the largest entry of a window influences its maximum. ",
    False: "Near the given values, only its largest term influences a maximum. ",
}
_IN_WINDOW = {
    False: "{R} is 1 if {entry} of the window at {at} is its maximum{first}, and 0 otherwise.",
    True: "{R} is 1 over the number of largest entries of the window at {at} if {entry} is one of "
    "them, and 0 otherwise.",
}
_OF_TERMS = {
    False: "{R} is 1 if {term} is the maximum {whole}{first}, and 0 otherwise.",
    True: "{R} is 1 over the number of terms that are the maximum {whole} if {term} is one of "
    "them, and 0 otherwise.",
}
"""What an R is, by whether ties are split."""

_OF_TIES = (
    "Where several entries are the largest, the theorem does not apply, and {R} is by convention 1 "
    "for the first of them alone."
)
_FIRST = " (the first one, if several are)"


def winners(context: Context, contributions: Sequence[Contribution]) -> Iterator[Text]:
    """Say what the R of each maximum is, and before the first why."""
    routed = [one for one in contributions if one.step.routing is not None]
    for number, one in enumerate(routed):
        is_part = isinstance(context.scope, Path) or bool(context.style.quantities)
        is_new = number == 0 and not one.splits_ties and is_part
        why = _LOCALLY[one.takes_entries] if is_new else ""
        yield (why, *winner(context, one))


def winner(context: Context, one: Contribution) -> Text:
    """Say for which entries a maximum's R is not 0."""
    routing = one.step.routing
    assert routing is not None
    return _winner(one, routing, context.printer.tree, units(routing.source.loops), one.splits_ties)


def of_ties(context: Context, one: Contribution) -> Text:
    """Say for which of several largest entries the R of a maximum is 1."""
    assert one.step.routing is not None
    return filled(_OF_TIES, R=Inline(context.printer.tree(one.step.routing.entry)))


def single_winner(one: Contribution, tree: Tree) -> Text:
    """Say the same in a theorem, which supposes a single winner, and writes all axes."""
    routing = one.step.routing
    assert routing is not None
    return _winner(one, routing, tree, {}, split=False, first="")


def _winner(
    one: Contribution,
    routing: Routing,
    tree: Tree,
    single: Mapping[Symbol, Expr],
    split: bool,
    first: str = _FIRST,
) -> Text:
    if not (one.takes_entries and one.slides):
        return _attaining(routing, tree, single, split, first)
    marked = Inline(tree(routing.entry.xreplace(single)))
    places = _places(routing.source, single)
    return filled(_IN_WINDOW[split], R=marked, first=first, **places)


def attaining(routing: Routing, tree: Tree) -> Text:
    """Say for which terms the R of a maximum is not 0."""
    reduction = routing.source.reduction
    assert isinstance(reduction, Max)
    split = reduction.ties == "split"
    return _attaining(routing, tree, units(routing.source.loops), split)


def _attaining(
    routing: Routing,
    tree: Tree,
    single: Mapping[Symbol, Expr],
    split: bool,
    first: str = _FIRST,
) -> Text:
    source = routing.source
    shown = {"R": routing.entry, "term": source.value, "whole": source.target}
    printed = {name: Inline(tree(e.xreplace(single))) for name, e in shown.items()}
    return filled(_OF_TERMS[split], first=first, **printed)


def _places(source: Equation, single: Mapping[Symbol, Expr]) -> dict[str, Text]:
    """Return entry (u, v), and the position of its window."""
    shown = [loop.symbol for loop in source.loops if loop.symbol not in single]
    at = [named(s.name) for s in source.target.indices if s in shown]
    taps = [named(s.name) for s in shown if s not in source.target.indices]
    entry: Text = ("entry ", _tuple(taps)) if taps else ("the only entry",)
    return {"entry": entry, "at": (_tuple(at) if at else "its only position",)}


def _tuple(letters: Sequence[Formula]) -> Inline:
    """Return (u, v), or a single letter."""
    inside = joined(letters, ",")
    return inline(parenthesized(inside)) if len(letters) > 1 else Inline(inside)
