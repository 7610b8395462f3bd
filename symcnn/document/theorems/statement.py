"""Stating theorems: what the letters mean, the formulas, and what the letters are here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import S, Symbol

from symcnn.document.blocks import (
    Block,
    Inline,
    Note,
    Paragraph,
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
from symcnn.document.theorems.alike import applied_again, shape_of
from symcnn.document.theorems.functions import further
from symcnn.document.theorems.parts import Part
from symcnn.document.theorems.premises import alone, assumptions, definitions, letter
from symcnn.document.theorems.rows import formula_row
from symcnn.document.theorems.theorem import Theorem, theorem
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, ordinal, ranges
from symcnn.equations import Loop
from symcnn.writing.formula.build import applied, decimal, row
from symcnn.writing.printing.names import named
from symcnn.writing.printing.subscripts import position

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

_BY_FACTOR = {
    "convolution",
    "transposed convolution",
    "weighted sum",
    "weighted sum over a window",
}

_CHAIN_RULE = (
    "Let $Y_i$ be all entries, of whatever tensors, that are computed directly from an entry "
    r"$X_j$; the error signal of the loss itself is 1. Then $\delta_j^X = \sum_i \delta_i^Y "
    r"\frac{\partial Y_i}{\partial X_j}$. For if $X_j$ changes by a small $\Delta X_j$, each $Y_i$ "
    r"changes by $\frac{\partial Y_i}{\partial X_j} \Delta X_j$ to first order, and the loss "
    r"by $\delta_i^Y$ times that; these contributions add up. If $Y_i$ is a sum, each term "
    r"that contains $X_j$ contributes to $\frac{\partial Y_i}{\partial X_j}$. No layer needs a "
    "rule of its own: the theorems below are special cases, read off the equations of the "
    "forward pass."
)
_SUMS = "A sum without limits runs over all values of its indices."
_MAXIMA = "A sum or maximum without limits runs over all values of its indices."
_LIKEWISE = "A maximum without limits likewise runs over all values of its indices."
_TIES = {
    "entry": "Where several entries of a window are largest, there is no derivative, and the "
    "second formula states a choice.",
    "term": "Where several terms are largest, there is no derivative, and the second formula "
    "states a choice.",
}
"""What is said where a maximum need not have the single largest entry, or term, it supposes."""
_BRACKETS = "The brackets select the terms that reach the entry on the left."


def chain_rule(context: Context, mentioned: Mentioned) -> Note:
    """State the theorem that all others are cases of."""
    number, _ = mentioned.number("chain rule")
    return Note(
        (Reference(number), " (chain rule for indexed equations)"),
        (paragraph(*filled(_CHAIN_RULE, context.letters)),),
        number,
    )


def statement(
    context: Context,
    derivative: Derivative,
    concrete: Row | None,
    free: Sequence[Loop],
    mentioned: Mentioned,
) -> Iterator[Block]:
    """State what a derivative is in general, then with this network's numbers.

    Args:
        context: The derivation.
        derivative: The derivative.
        concrete: The general form with this network's numbers, if it is to be shown.
        free: The free indices of that form.
        mentioned: What was said so far.
    """
    made = theorem(derivative)
    title = _title(derivative)
    own = [Rows((concrete,))] if concrete else []
    over = ranges(context, free) if concrete and free else None
    if title is None or not made.is_whole or not (concrete or made.says_more):
        yield from _for(over)
        yield from own
        return
    number, new = mentioned.number((title, shape_of(made)))
    heading: Text = (Reference(number), f" ({title})")
    if new and (others := mentioned.called(title) - 1):
        heading = (Reference(number), f" ({title}, {ordinal(others)} form)")
    above = None
    if new and made.forward:
        base = made.forward.left.base
        above = mentioned.define(("computed", base), base, number)
    if not new or above is not None:
        made = replace(made, forward=None)
    here = joined(
        (
            _here(context, made, [loop.symbol for loop in free] if over else ()),
            further(context, [made.function.slope] if made.function else [], mentioned),
        )
    )
    if not new:
        again = applied_again(context, made, mentioned.stated[number], number)
        yield from _for(over, again, here if made.says_more else ())
        yield from own
        return
    mentioned.stated[number] = made
    if made.says_more:
        assumed = assumptions(context, made, above)
        yield Note(heading, (*_general(context, made, assumed, number, mentioned),), number)
        yield from _for(over, here)
        yield from own
    else:
        yield Note(heading, (paragraph(*alone(context, made, over)), *own), number)


def _title(derivative: Derivative) -> str | None:
    """Name the theorem; several uses of a tensor make one only if an index has a name."""
    if len(derivative.steps) > 1 and not derivative.letters.named_indices:
        return None
    names = dict.fromkeys(map(_name, derivative.contributions))
    found = [title for title in names if title is not None]
    more = "" if len(found) == len(names) else ", with further uses"
    return f"{' and '.join(found)}{more}" if found else None


def _name(one: Contribution) -> str | None:
    """Return what a theorem about a step is called; None if it is not worth one."""
    if one.kind == "maximum" and one.wraps:
        return None  # its windows continue at the other end, which no theorem of windows says
    if one.kind == "maximum" and not one.slides:
        return "maximum"
    if one.kind in _BY_FACTOR:
        of = "weights" if one.is_of_parameter else "input"
        grouped = "grouped " if one.is_grouped else ""
        return f"{grouped}{one.kind}: derivative with respect to the {of}"
    return _NAMES.get(one.kind)


def _for(over: Inline | None, *before: Text) -> list[Block]:
    """Say what holds here, and what the indices of the formula below run over."""
    text = joined((*before, (FOR, over, ":") if over else ()))
    return [paragraph(*text)] if text else []


def _general(
    context: Context, made: Theorem, assumed: Text, number: str, mentioned: Mentioned
) -> Iterator[Block]:
    """State the theorem: its letters, what it assumes, the forward formula, the derivative."""
    text = [*definitions(context, made, number, mentioned), assumed]
    if any(text):
        yield paragraph(*joined(text))
    yield Rows(tuple(formula_row(context, made, formula) for formula in made.formulas))
    said = [*_without_limits(made.parts, mentioned)]
    if any(part.conditions for part in made.parts) and mentioned.first(_BRACKETS):
        said.append(_BRACKETS)
    if made.hypotheses.largest and made.forward is not None:
        said.append(_TIES[made.hypotheses.largest])
    yield from [paragraph(" ".join(said))] if said else []


def _without_limits(parts: Sequence[Part], mentioned: Mentioned) -> Iterator[str]:
    """Say once what sums run over that have no limits, and once what maxima do."""
    looped = [part for part in parts if part.loops]
    maxima = any(part.is_maximum for part in looped)
    new = bool(looped) and mentioned.first(_SUMS)
    new_maxima = maxima and mentioned.first(_MAXIMA)
    if new:
        yield _MAXIMA if maxima else _SUMS
    elif new_maxima:
        yield _LIKEWISE


def _here(context: Context, made: Theorem, free: Collection[Symbol]) -> Text:
    """Say what the letters are in this network, and what the indices run over."""
    numbers = made.letters.numbers.items()
    said = [inline(named(letter.name), "=", decimal(str(number))) for letter, number in numbers]
    if made.function is not None:
        shown = made.function.argument, made.function.value, made.function.slope
        argument, value, slope = (row(*context.printer.general(part)) for part in shown)
        said += [
            inline(applied(r"\varphi", argument), "=", value),
            inline(r"\varphi", applied("'", argument), "=", slope),
        ]
    read = list(_read(context, made))
    sentences: list[Text] = []
    if said:
        sentences.append(("Here ", *listed(said), *([", so ", *listed(read)] if read else []), "."))
    sentences += _ranges(context, made, free)
    if single := [*map(letter, made.single)]:
        opening = "The index " if len(single) == 1 else "The indices "
        takes = "takes one value and is" if len(single) == 1 else "take one value each and are"
        sentences.append((opening, *listed(single), f" {takes} not written."))
    return joined(sentences)


def _ranges(context: Context, made: Theorem, free: Collection[Symbol]) -> Iterator[Text]:
    """Say what the indices of sums run over; where one letter has two ranges, sum by sum."""
    common, *own = made.ranges(free)
    if common:
        runs = "The index runs over " if len(common) == 1 else "The indices run over "
        yield runs, ranges(context, common), "."
    for number, loops in enumerate(own):
        if loops:
            yield f"In the {ordinal(number)} sum ", ranges(context, loops), "."


def _read(context: Context, made: Theorem) -> Iterator[Inline]:
    """Print what windows read and channels of groups are, along axes that are longer than 1."""
    single = dict.fromkeys(made.single, S.Zero)
    for index, own in made.letters.named_indices.items():
        if own.is_of_axis and not {loop for _, loop in own.terms} <= single.keys():
            shown = index if own.padding else index.xreplace(single)
            where = position(shown, context.style.index_base)
            yield inline(named(own.symbol.name), "=", where)


FOR = "For "
"""What a paragraph begins with that says no more than what the indices below it run over."""


def run_in(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let the ranges of indices end the paragraph before them, if there is one.

    A line of its own could be left behind at the end of a page.
    """
    before: Block | None = None
    for block in blocks:
        is_range = isinstance(block, Paragraph) and block.text[0] == FOR
        if isinstance(before, Paragraph) and isinstance(block, Paragraph) and is_range:
            before = Paragraph(joined((before.text, block.text)))
        else:
            yield from [before] if before else []
            before = block
    yield from [before] if before else []
