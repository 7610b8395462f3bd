"""What the R of a maximum is: 1 for the winner of its window, and 0 for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sympy import Expr, Symbol

from symcnn.derivation import Routing
from symcnn.document.blocks import Inline, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.scope import Path, Position
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Equation, Max, long, units
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, parenthesized
from symcnn.writing.printing.names import named

Tree = Callable[[Expr], Formula]
"""Prints an expression."""

_LOCALLY = {
    True: "Near the given values, the smaller entries of a window do not influence its maximum. ",
    False: "Near the given values, the smaller terms of a maximum do not influence it. ",
}
_IN_WINDOW = {
    False: "{R} is 1 if {entry} of the window at {at} is its maximum{first}, and 0 otherwise.",
    True: "{R} is 1 over the number of largest entries of the window at {at} if {entry} is one of "
    "them, and 0 otherwise.",
}
_BY_INDICES = {
    False: "{R} is 1 if {taps} is the {first} for which {equal}, and 0 otherwise.",
    True: "{R} is 0 if {term} is less than {whole}, and otherwise the reciprocal of the number of "
    "{many} {taps} for which the two are equal.",
}
"""What an R is in a statement for all sizes, likewise."""

_TUPLES = {1: "indices", 2: "pairs", 3: "triples"}
_ALONE = "{R} is 1: each window has a single entry."
_OF_TERMS = {
    False: "{R} is 1 if {term} is the maximum {whole}{first}, and 0 otherwise.",
    True: "{R} is 1 over the number of terms that attain the maximum {whole} if {term} is one of "
    "them, and 0 otherwise.",
}
"""What an R is, by whether ties are split."""

_FEW = 4
"""The most maxima that are named one by one."""

_TIES = {
    (True, True): "In {which} {many} entries are the largest",
    (True, False): "In {which} the largest entries are equal, or nearly so",
    (False, True): "{Many} entries share {which}",
    (False, False): "The largest entries of {which} are equal, or nearly so",
}
"""What is said of ties, by whether they are those of windows, and whether they are exact."""

_CALLED = {
    True: ("the window of ", "the windows of ", "{:,} windows of {}"),
    False: ("the maximum ", "each of the maxima ", "each of {:,} maxima of {}"),
}
"""What one maximum, several and many are called, by whether they are those of windows."""

_OF_TIES = (
    "Where several entries are the largest, the theorem does not apply, and {R} is by convention 1 "
    "for the first of them alone."
)
_OF_TIES_HERE = (
    "{tied}; there the theorem does not apply, and {R} is by convention 1 for the first of them "
    "alone."
)
_FIRST = " (if several are, the first)"


def winners(
    context: Context, contributions: Sequence[Contribution], *, ties_are_told: bool = False
) -> Iterator[Text]:
    """Say what the R of each maximum is, and before the first why.

    Args:
        context: The derivation.
        contributions: The steps.
        ties_are_told: Whether it is said elsewhere what is taken where several are the largest.
    """
    tied = {made.tensor for made in context.chosen if ties_are_told and not made.argument}
    routed = [one for one in contributions if one.step.routing is not None]
    for number, one in enumerate(routed):
        is_part = isinstance(context.scope, Path) or bool(context.style.quantities)
        is_new = number == 0 and not one.splits_ties and is_part
        why = _LOCALLY[_is_of_window(one)] if is_new else ""
        said = winner(context, one)
        is_told = one.result.name in tied
        yield (why, *(part for part in said if not (is_told and part == _FIRST)))


def winner(context: Context, one: Contribution) -> Text:
    """Say for which entries a maximum's R is not 0."""
    routing = one.step.routing
    assert routing is not None
    return _winner(one, routing, context.printer.tree, units(routing.source.loops), one.splits_ties)


def of_ties(context: Context, one: Contribution, tied: Sequence[Position] = ()) -> Text:
    """Say for which of several largest entries the R of a maximum is 1.

    Args:
        context: The derivation.
        one: The step.
        tied: The maxima that have several, if readers are told.
    """
    routing = one.step.routing
    assert routing is not None
    shown: dict[str, Text] = {"R": (Inline(context.printer.tree(routing.entry)),)}
    if not tied:
        return filled(_OF_TIES, **shown)
    return filled(_OF_TIES_HERE, tied=ties(context, routing, tied), **shown)


def ties(
    context: Context, routing: Routing, positions: Sequence[Position], *, equal: bool = True
) -> Text:
    """Say in which maxima how many entries are the largest, as words begin a sentence.

    Args:
        context: The derivation.
        routing: What each maximum takes.
        positions: The maxima.
        equal: Whether several are the largest in all of them; else they may differ by rounding.
    """
    tensor, many = context.derivation.tensors[routing.source.target.base], "several"
    is_of_windows = context.operation(tensor).form == "maximum"
    one, several, counted = _CALLED[is_of_windows]
    named_ones = listed([Inline(context.printed(tensor.symbol(at))) for at in positions])
    which: Text = (one if len(positions) == 1 else several, *named_ones)
    if len(positions) > _FEW:
        which = (counted.format(len(positions), tensor.name),)
    if len(positions) == 1:
        terms = context.derivation.entries.terms(routing.source, tensor, positions[0])
        many = spelled(len(context.largest(terms)))
    says = _TIES[is_of_windows, equal]
    return filled(says, which=which, many=many, Many=many.capitalize())


def _is_of_window(one: Contribution) -> bool:
    """Tell whether a maximum is that of the entries of a window."""
    return one.takes_entries and one.slides


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
    if not _is_of_window(one):
        return _attaining(routing, tree, single, split, first)
    marked = Inline(tree(routing.entry.xreplace(single)))
    if single and routing.source.terms_of_entry == 1:  # a theorem is of windows of any size
        return filled(_ALONE, R=marked)
    places = _places(routing.source, single)
    return filled(_IN_WINDOW[split], R=marked, first=first, **places)


def attaining(routing: Routing, tree: Tree) -> Text:
    """Say for which of the indices that a maximum runs over its R is not 0."""
    source, single = routing.source, units(routing.source.loops)
    assert isinstance(source.reduction, Max)
    taps = [named(loop.symbol.name) for loop in long(source.reduced)]
    shown = {"R": routing.entry, "term": source.value, "whole": source.target}
    trees = {name: tree(e.xreplace(single)) for name, e in shown.items()}
    printed = {name: Inline(made) for name, made in trees.items()}
    printed["equal"] = inline(trees["term"], "=", trees["whole"])
    if not taps:
        return (printed["R"], " is 1.")
    many = _TUPLES.get(len(taps), "tuples")
    first = f"first {many[:-1]}, in lexicographic order," if len(taps) > 1 else "least index"
    split = source.reduction.ties == "split"
    return filled(_BY_INDICES[split], taps=_tuple(taps), first=first, many=many, **printed)


def _attaining(
    routing: Routing, tree: Tree, single: Mapping[Symbol, Expr], split: bool, first: str
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
