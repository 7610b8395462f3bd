"""Stating theorems: what the letters mean, the formulas, and what the letters are here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Symbol

from symcnn.derivation import Step
from symcnn.document import theorems
from symcnn.document.blocks import Block, Inline, Note, Row, Rows, Text, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.words import filled, joined, listed
from symcnn.formula.build import applied
from symcnn.printing.names import named
from symcnn.printing.subscripts import position

_CHAIN_RULE = (
    "Let the entries $T_e$ be computed from entries $F_a$ of a tensor before: a layer's input or "
    r"its weights. Then $\delta_a^F = \sum_e \delta_e^T \frac{\partial T_e}{\partial F_a}$, the "
    "sum taken over all entries $T_e$ whose formula holds $F_a$. For if $F_a$ changes by a little, "
    r"$T_e$ changes by $\frac{\partial T_e}{\partial F_a}$ times as much, and the loss by "
    r"$\delta_e^T$ times that; such small changes add up. If the formula is a sum, each of its "
    r"terms that holds $F_a$ has a part in $\frac{\partial T_e}{\partial F_a}$, and all these "
    "parts are added too. No layer needs a rule of its own: the theorems below are this one, read "
    "off the formulas of the forward pass."
)
_BRACKETS = "The brackets leave the terms that reach the entry on the left."
_READS = "At its position {at} a window reaches with its entry {tap} the place "
_MEANS = (
    "; {stride} is the stride, {dilation} the distance of neighbouring entries of the window (the "
    "dilation) and {padding} says how far in front of the tensor the first window begins (the "
    "padding). What lies outside of the tensor takes no part."
)


def chain_rule(mentioned: Mentioned) -> Note:
    """State the theorem that all others are cases of."""
    number, _ = mentioned.number("chain rule")
    return Note(
        (f"Theorem {number} (chain rule for equations)",),
        (paragraph(*filled(_CHAIN_RULE)),),
    )


def statement(
    context: Context,
    made: theorems.Theorem,
    steps: Sequence[Step],
    concrete: Row | None,
    ranges: Text,
    mentioned: Mentioned,
) -> Iterator[Block]:
    """State what steps by one tensor say in general, then with this network's numbers.

    Args:
        context: The derivation.
        made: The theorem.
        steps: All steps by the tensor.
        concrete: The general form with this network's numbers, if it is to be shown.
        ranges: What its free indices run over; empty if it has none.
        mentioned: What was said so far.
    """
    title = _title(context, made, steps)
    own = [Rows((concrete,))] if concrete else []
    if title is None or not (concrete or made.says_more):
        yield from _for(ranges)
        yield from own
        return
    number, new = mentioned.number((title, theorems.shape_of(made, steps[0], context.derivation)))
    heading = (f"Theorem {number} ({title})",)
    here = _here(context, made)
    if not new:
        yield from _for(ranges, (f"Theorem {number} holds here as well.",), here)
        yield from own
    elif made.says_more:
        yield Note(heading, tuple(_general(context, made, steps, mentioned)))
        yield from _for(ranges, here)
        yield from own
    else:
        yield Note(heading, (*_for(ranges), *own))


def _title(context: Context, made: theorems.Theorem, steps: Sequence[Step]) -> str | None:
    """Name the theorem; several uses of a tensor make one only if an index has a name."""
    if len(steps) > 1 and not made.letters.named_indices:
        return None
    names = dict.fromkeys(theorems.name(step, context.derivation, made.letters) for step in steps)
    found = [title for title in names if title is not None]
    more = [] if len(found) == len(names) else ["other uses"]
    return " and ".join([*found, *more]) if found else None


def _for(ranges: Text, *before: Text) -> list[Block]:
    """Say what holds here and for which indices."""
    text = joined((*before, ("For ", *ranges, ":") if ranges else ()))
    return [paragraph(*text)] if text else []


def _general(
    context: Context, made: theorems.Theorem, steps: Sequence[Step], mentioned: Mentioned
) -> Iterator[Block]:
    """State the theorem: its letters, the forward formula, the derivative."""
    text = [*_definitions(context, made.letters, mentioned)]
    if made.function is not None:
        text += [_applied(context, steps[0])]
    if text:
        yield paragraph(*joined(text))
    formulas = [made.backward]
    if made.forward is not None and mentioned.first(made.forward.left.base):
        formulas.insert(0, made.forward)
    yield Rows(tuple(theorems.formula_row(context, made.letters, formula) for formula in formulas))
    if any(part.conditions for formula in formulas for part in formula.parts):
        yield from [paragraph(_BRACKETS)] if mentioned.first("brackets") else []


def _definitions(
    context: Context, letters: theorems.Letters, mentioned: Mentioned
) -> Iterator[Text]:
    """Define the indices that have names; of those defined before say just that."""
    known = letters.named_indices.values()
    new = [index for index in known if mentioned.first(index)]
    old = [_inline(index.symbol) for index in known if index not in new]
    windows, runs = [p for p in new if p.padding], [p for p in new if not p.padding]
    if windows:
        yield _windows(windows, context.style.index_base)
    if runs:
        definitions = [Inline(index.definition(context.style.index_base)) for index in runs]
        yield ("Counted row by row, ", *listed(definitions), ".")
    sizes = [s for s in letters.numbers if s.name.startswith("N_") and mentioned.first(s)]
    if sizes:
        loops = [inline(named(size.name.removeprefix("N_"))) for size in sizes]
        says = "say" if len(sizes) > 1 else "says"
        each = [*map(_inline, sizes)]
        yield (*listed(each), f" {says} how many values ", *listed(loops), " can take.")
    if old:
        yield ("With ", *listed(old), " as before:")


def _inline(symbol: Symbol) -> Inline:
    return Inline(named(symbol.name))


def _windows(indices: Sequence[theorems.NamedIndex], base: int) -> Text:
    """Say what a window reads along each axis."""
    first = indices[0]
    (stride, at), (dilation, tap) = first.terms
    alike = len({(p.terms[0][0], p.terms[1][0], p.padding) for p in indices}) == 1
    shown = [first] if alike else indices
    likewise = [_inline(index.symbol) for index in indices[len(shown) :]]
    names = {
        "at": _inline(at),
        "tap": _inline(tap),
        "stride": _letter(stride[0]),
        "dilation": _letter(dilation[0]),
        "padding": _letter(first.padding),
    }
    return (
        *filled(_READS, **names),
        *listed([Inline(index.definition(base)) for index in shown]),
        *([", and likewise ", *listed(likewise)] if likewise else []),
        *filled(_MEANS, **names),
    )


def _letter(symbol: Symbol | None) -> Inline:
    """Return S for S and for S_i."""
    assert symbol is not None
    return Inline(named(symbol.name.partition("_")[0]))


def _applied(context: Context, step: Step) -> Text:
    """Say that phi is applied to every entry."""
    printer = theorems.AllAxes(base=context.style.index_base)
    result, own = map(printer.tree, (step.source.target, step.access))
    return "Let ", inline(result, "=", applied(r"\varphi", own)), " for every entry. Then"


def _here(context: Context, made: theorems.Theorem) -> Text:
    """Say what the letters are in this network."""
    numbers = made.letters.numbers.items()
    said = [inline(named(letter.name), "=", str(number)) for letter, number in numbers]
    if made.function is not None:
        value, slope = map(context.printed, made.function)
        said += [
            inline(applied(r"\varphi", "z"), "=", value),
            inline(r"\varphi", applied("'", "z"), "=", slope),
        ]
    read = list(_read(context, made))
    sentences: list[Text] = []
    if said:
        sentences.append(("Here ", *listed(said), *([", so ", *listed(read)] if read else []), "."))
    if single := [*map(_inline, made.single)]:
        opening = "The index " if len(single) == 1 else "The indices "
        takes = "takes one value and is" if len(single) == 1 else "take one value each and are"
        sentences.append((opening, *listed(single), f" {takes} not written."))
    return joined(sentences)


def _read(context: Context, made: theorems.Theorem) -> Iterator[Inline]:
    """Print what a window reads, along the axes that are longer than 1."""
    for index, own in made.letters.named_indices.items():
        if own.padding and not {loop for _, loop in own.terms} <= made.short:
            where = position(index, context.style.index_base)
            yield inline(named(own.symbol.name), "=", where)
