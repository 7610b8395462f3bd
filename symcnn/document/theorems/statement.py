"""Stating theorems, once each, and applying them by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symcnn.document.blocks import (
    Block,
    Inline,
    Note,
    Paragraph,
    Part,
    Reference,
    Row,
    Rows,
    Text,
    inline,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution, Derivative, Kind
from symcnn.document.facts.forms import matrix_and_column
from symcnn.document.facts.scope import Path, Position
from symcnn.document.facts.windows import kernels, single_taps
from symcnn.document.rows.general import over_all
from symcnn.document.theorems.alike import shape_of
from symcnn.document.theorems.functions import further
from symcnn.document.theorems.leads import lead
from symcnn.document.theorems.parts import Part as Sum
from symcnn.document.theorems.premises import definitions, in_matrices, premises
from symcnn.document.theorems.products import by_product, product_of
from symcnn.document.theorems.rows import AllAxes, formula_row
from symcnn.document.theorems.summands import summands
from symcnn.document.theorems.theorem import Theorem, has_one, theorem
from symcnn.document.words.maxima import of_ties, single_winner, winner
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import ordinal
from symcnn.writing.formula.build import applied, decimal
from symcnn.writing.formula.build import row as build_row
from symcnn.writing.printing.names import named

_NAMES: Mapping[Kind, str] = {
    "maximum": "maximum over a window",
    "log-sum-exp": "log-sum-exp",
    "mean": "mean",
    "function": "function of single entries",
    "renaming": "reindexing",
    "sum over a window": "sum over a window",
    "mean over a window": "mean over a window",
}
"""What theorems are called; those of products are called by factor as well."""

_BY_FACTOR = {"convolution", "transposed convolution", "weighted sum", "weighted sum over a window"}

_CHAIN_RULE = (
    r"Let $Y_1, \dots, Y_m$ be all the entries that are computed directly from the entry $X$. "
    "Suppose that, at the given values, each of them is differentiable with respect to $X$, and "
    r"$L$ with respect to them. Then $\delta^X = \sum_{i=1}^{m} \delta^{Y_i} "
    r"\frac{\partial Y_i}{\partial X}$."
)
_PROOF = (
    r"Proof. If $X$ changes by a small $\Delta X$, then $Y_i$ changes by "
    r"$\frac{\partial Y_i}{\partial X} \Delta X$ to first order, and through this the loss by "
    r"$\delta^{Y_i}$ times as much. To first order these changes of the loss add up."
)
_SUMS = "A sum without limits runs over all values of its indices."
_MAXIMA = "A sum or maximum without limits runs over all values of its indices."
_LIKEWISE = "A maximum without limits likewise runs over all values of its indices."


def chain_rule(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """State and prove the theorem that all others are cases of."""
    number, _ = mentioned.number("chain rule")
    stated = paragraph(*filled(_CHAIN_RULE, context.letters))
    yield Note((Reference(number), " (chain rule)"), (stated,), number)
    yield paragraph(*filled(_PROOF, context.letters))


def statement(
    context: Context, derivative: Derivative, concrete: Row | None, over: Text, mentioned: Mentioned
) -> Iterator[Block]:
    """State what a derivative is in general, once, then with this network's numbers.

    Args:
        context: The derivation.
        derivative: The derivative.
        concrete: The general form with this network's numbers, if it is to be shown.
        over: What its free indices run over, where that is not said behind it.
        mentioned: What was said so far.
    """
    own = [Rows((concrete,))] if concrete else []
    product = None if _is_way(context) else product_of(derivative)
    if product:
        theorem_of, said_of = by_product(context, product, derivative, mentioned)
        yield from theorem_of
        yield from lead((*said_of, *((", ", *over) if over else ()), ":" if own else "."))
        yield from own
        return
    title = None if _is_way(context) else _title(derivative)
    made = theorem(derivative) if title else None
    if title is None or made is None or not made.is_whole:
        maxima = (one for one in derivative.contributions if one.step.routing is not None)
        yield from lead(*(winner(context, one) for one in maxima), over_all(over))
        yield from own
        return
    number, new = mentioned.number((title, shape_of(made)))
    said = [*_stated(context, made, title, number, mentioned)] if new else []
    yield from (block for block in said if isinstance(block, Note))
    conventions = [block.text for block in said if isinstance(block, Paragraph)]
    function = [made.function.slope] if made.function else []
    defined = further(context, function, mentioned)
    told, asked = (
        (
            *conventions,
            _winner(context, made, is_stated=new, is_asked=is_asked),
            defined,
            _applied(context, made, number, over, is_shown=bool(own), is_asked=is_asked),
        )
        for is_asked in (False, True)
    )
    yield from lead(*told, asked=asked)
    yield from own


def _is_way(context: Context) -> bool:
    """Tell whether a document is short and gives the way to one weight: it states no theorem."""
    return isinstance(context.scope, Path) and context.tells("rule")


def _stated(
    context: Context, made: Theorem, title: str, number: str, mentioned: Mentioned
) -> Iterator[Block]:
    """State a theorem; behind it, what sums without limits run over."""
    again = mentioned.called(title) - 1
    heading = (Reference(number), f" ({title}, {ordinal(again)} form)" if again else f" ({title})")
    if made.affine is not None:
        yield Note(heading, (paragraph(*in_matrices(context, made)),), number)
        return
    above, forward = None, made.forward
    if forward is not None:
        above = mentioned.define(("computed", forward.left.base), forward.left.base, number)
    given = premises(context, made, above)
    blocks: list[Block] = [
        paragraph(*joined((*definitions(context, made, number, mentioned), given.before)))
    ]
    if forward is not None and above is None:
        blocks += [Rows((formula_row(context, made, forward),)), paragraph(*given.between)]
    blocks.append(Rows((formula_row(context, made, made.backward),)))
    if made.step.routing is not None:
        printer = AllAxes(manner=context.manner)
        blocks.append(paragraph("Here ", *single_winner(made.through, printer.tree)))
    yield Note(heading, tuple(blocks), number)
    if said := " ".join(_without_limits(made.parts, mentioned)):
        yield paragraph(said)


def _winner(context: Context, made: Theorem, *, is_stated: bool, is_asked: bool) -> Text:
    """Say what the R of a maximum is, or that of several winners if a theorem stands above.

    Of several its theorem does not speak. Which maxima have them depends on numbers: students are
    always told what R is then.
    """
    one = made.through
    if made.step.routing is None:
        return ()
    if not is_stated or one.splits_ties:
        return winner(context, one)
    tied = _tied(context, made)
    return of_ties(context, one, () if is_asked else tied) if is_asked or tied else ()


def _tied(context: Context, made: Theorem) -> Sequence[Position]:
    """Return which maxima have several largest entries."""
    name = made.hypotheses.through.name
    every = (one for one in context.chosen if one.tensor == name and not one.argument)
    return [position for one in every for position in one.positions]


def _applied(
    context: Context, made: Theorem, number: str, over: Text, *, is_shown: bool, is_asked: bool
) -> Text:
    """Apply a theorem by its number: with a stride and a padding, and a function."""
    settings: list[Part] = [*_settings(made), *_numbers(made), *_function(context, made)]
    given: Text = (" with ", *_listed(settings)) if settings else ()
    if made.step.routing is not None and (is_asked or _tied(context, made)):
        given = (*given, *([","] if given else []), " and by this convention")
    if not is_shown:
        return (Reference(number), " applies", *given, ".") if given else ()
    return ("By ", Reference(number), *given, *((", ", *over) if over else ()), ":")


def _settings(made: Theorem) -> Iterator[str]:
    """Run over stride, dilation and padding of windows, where they are others than usual."""
    windows, numbers = made.letters.windows, made.letters.numbers
    steps = [window.terms[0][0][0] for window in windows], [w.terms[1][0][0] for w in windows]
    pads = [window.padding for window in windows if window.padding is not None]
    every = (("stride", 1, steps[0]), ("dilation", 1, steps[1]), ("padding", 0, pads))
    for name, usual, letters in every:
        values = [numbers[one] for one in letters]
        if any(value != usual for value in values):
            alike = len(set(values)) == 1
            yield f"{name} {values[0]}" if alike else f"{name} ({', '.join(map(str, values))})"


def _numbers(made: Theorem) -> Iterator[Inline]:
    """Run over the other numbers: of the values of indices."""
    windows = made.letters.windows
    geometry = {s for w in windows for s in (w.terms[0][0][0], w.terms[1][0][0], w.padding)}
    for one, number in made.letters.numbers.items():
        if one not in geometry:
            yield inline(named(one.name), "=", decimal(str(number)))


def _function(context: Context, made: Theorem) -> Iterator[Inline]:
    """Give the function of every entry, and its derivative."""
    if made.function is None:
        return
    shown = made.function.argument, made.function.value, made.function.slope
    argument, value, slope = (build_row(*context.printer.general(part)) for part in shown)
    yield inline(applied(r"\varphi", argument), "=", value)
    yield inline(r"\varphi", applied("'", argument), "=", slope)


def _listed(parts: Sequence[Part]) -> Iterator[Part]:
    """Run over a, b and c."""
    for place, part in enumerate(parts, start=1):
        yield part
        if place < len(parts):
            yield " and " if place == len(parts) - 1 else ", "


def _title(derivative: Derivative) -> str | None:
    """Name the theorem: of a single use, and of one beside a penalty; None if it is not worth one.

    Where a tensor is used several times, the chain rule alone says what its derivative is.
    """
    if not has_one(derivative):
        return None
    one = next(c for c in derivative.contributions if c.result.role != "loss")
    name = _name(one)
    if name is None or (len(derivative.contributions) == 1):
        return name
    return f"{name}, with a penalty"


def _name(one: Contribution) -> str | None:
    """Return what a theorem about a step is called; None if it is not worth one."""
    if one.kind == "maximum" and one.wraps:
        return None  # its windows continue at the other end, which no theorem of windows says
    if one.kind == "maximum" and not one.slides:
        return "maximum"
    if one.kind == "mean" and one.slides:
        return "mean over a window"
    if one.kind == "sum over a window" and (terms := summands(one)):
        return f"sum of {terms} over a window"
    if one.kind in _BY_FACTOR:
        of = "weights" if one.is_of_parameter else "input"
        grouped = "grouped " if one.is_grouped else ""
        return f"{grouped}{_called(one)}: derivative with respect to the {of}"
    return _NAMES.get(one.kind)


def _called(one: Contribution) -> str:
    """Return what a sum of products is called: a convolution, a dense layer, a linear map."""
    source = one.step.source
    if one.kind != "weighted sum":
        return one.kind
    if matrix_and_column(source) is not None:
        return "dense layer"
    learned = kernels(one.derivative.derivation)
    return "linear map at each position" if single_taps(source, learned) else one.kind


def _without_limits(parts: Sequence[Sum], mentioned: Mentioned) -> Iterator[str]:
    """Say once what sums run over that have no limits, and once what maxima do."""
    looped = [part for part in parts if part.loops]
    maxima = any(part.is_maximum for part in looped)
    new = bool(looped) and mentioned.first(_SUMS)
    new_maxima = maxima and mentioned.first(_MAXIMA)
    if new:
        yield _MAXIMA if maxima else _SUMS
    elif new_maxima:
        yield _LIKEWISE
