"""Stating theorems: what the letters mean, the formulas, and what the letters are here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Symbol

from symcnn.derivation import Step
from symcnn.document.blocks import (
    Block,
    Inline,
    Note,
    Paragraph,
    Row,
    Rows,
    Text,
    inline,
    paragraph,
)
from symcnn.document.material import Material
from symcnn.document.sections.told import Told
from symcnn.document.sections.words import filled, joined, listed
from symcnn.document.theorems import AllAxes, Letters, Place, Theorem, formula_row, name, shape_of
from symcnn.formula.build import applied, derivative, scripts
from symcnn.printing.names import named
from symcnn.printing.subscripts import position

_CHAIN_RULE = (
    "Let the entries {T} be computed from entries {F} of a tensor before: a layer's input or its "
    "weights. Then {rule}, the sum taken over all entries {T} whose formula holds {F}. For if {F} "
    "changes by a little, {T} changes by {slope} times as much, and the loss by {delta} times "
    "that; such small changes add up. If the formula is a sum, each of its terms that holds {F} "
    "has a part in {slope}, and all these parts are added too. No layer needs a rule of its own: "
    "the theorems below are this one, read off the formulas of the forward pass."
)
_BRACKETS = "The brackets leave the terms that reach the entry on the left."
_READS = "At its position {at} a window reads with its entry {tap} the place "
_MEANS = (
    "; {stride} is the stride, {dilation} the distance of neighbouring entries (the dilation) and "
    "{padding} the padding in front. What lies outside of the tensor adds nothing."
)
_T, _F, _DELTA = scripts("T", "e"), scripts("F", "a"), scripts(r"\delta", "e", "T")
_SLOPE = derivative(_T, _F)
_CHAINED = {
    "T": inline(_T),
    "F": inline(_F),
    "delta": inline(_DELTA),
    "slope": inline(_SLOPE),
    "rule": inline(scripts(r"\delta", "a", "F"), "=", scripts(r"\sum", "e"), _DELTA, _SLOPE),
}


def chain_rule(told: Told) -> Note:
    """State the theorem that all others are cases of."""
    number, _ = told.number("chain rule")
    return Note(
        (f"Theorem {number} (chain rule for equations)",),
        (paragraph(*filled(_CHAIN_RULE, _CHAINED)),),
    )


def statement(
    material: Material,
    made: Theorem,
    steps: Sequence[Step],
    concrete: Row | None,
    ranges: Text,
    told: Told,
) -> Iterator[Block]:
    """State what steps by one tensor say in general, then with this network's numbers.

    Args:
        material: The derivation.
        made: The theorem.
        steps: All steps by the tensor.
        concrete: The general form with this network's numbers, if it is to be shown.
        ranges: What its free indices run over; empty if it has none.
        told: What was said so far.
    """
    title = _title(material, made, steps)
    own = [Rows((concrete,))] if concrete else []
    if title is None or not (concrete or made.says_more):
        yield from _for(ranges)
        yield from own
        return
    number, new = told.number((title, shape_of(made, steps[0], material.derivation)))
    heading = (f"Theorem {number} ({title})",)
    here = _here(material, made)
    if not new:
        yield paragraph(*_again(number, here, ranges))
        yield from own
    elif made.says_more:
        yield Note(heading, tuple(_general(material, made, steps, told)))
        yield from _for(ranges, here)
        yield from own
    else:
        yield Note(heading, (*_for(ranges), *own))


def _title(material: Material, made: Theorem, steps: Sequence[Step]) -> str | None:
    """Name the theorem; several uses of a tensor make one only if an index has a name."""
    if len(steps) > 1 and not made.letters.places:
        return None
    names = dict.fromkeys(name(step, material.derivation, made.letters) for step in steps)
    found = [title for title in names if title is not None]
    more = [] if len(found) == len(names) else ["other uses"]
    return " and ".join([*found, *more]) if found else None


def _for(ranges: Text, before: Text = ()) -> list[Paragraph]:
    """Say what holds here and for which indices."""
    if not ranges:
        return [Paragraph(before)] if before else []
    return [paragraph(*before, " For " if before else "For ", *ranges, ":")]


def _again(number: int, here: Text, ranges: Text) -> Text:
    opening = f"Theorem {number} holds here as well."
    return (opening, *([" "] if here else []), *here, *([" For ", *ranges, ":"] if ranges else []))


def _general(
    material: Material, made: Theorem, steps: Sequence[Step], told: Told
) -> Iterator[Paragraph | Rows]:
    """State the theorem: its letters, the forward formula, the derivative."""
    text = [*_places(material, made.letters, told)]
    if made.function is not None:
        text += [_applied(material, steps[0])]
    if text:
        yield paragraph(*joined(text))
    formulas = [made.backward]
    if made.forward is not None and told.first(made.forward.left.base):
        formulas.insert(0, made.forward)
    yield Rows(tuple(formula_row(material, made.letters, formula) for formula in formulas))
    if any(part.conditions for formula in formulas for part in formula.parts):
        yield from [paragraph(_BRACKETS)] if told.first("brackets") else []


def _places(material: Material, letters: Letters, told: Told) -> Iterator[Text]:
    """Define the places that have names; of those defined before say just that."""
    new = [place for place in letters.places.values() if told.first(place)]
    old = [_inline(p.symbol) for p in letters.places.values() if p not in new]
    windows, runs = [p for p in new if p.padding], [p for p in new if not p.padding]
    if windows:
        yield _windows(windows, material.style.index_base)
    if runs:
        definitions = [_defined(place, material.style.index_base) for place in runs]
        yield ("Counted row by row, ", *listed(definitions), ".")
    sizes = [s for s in letters.numbers if s.name.startswith("N_") and told.first(s)]
    if sizes:
        loops = [inline(named(size.name.removeprefix("N_"))) for size in sizes]
        says = "say" if len(sizes) > 1 else "says"
        each = [*map(_inline, sizes)]
        yield (*listed(each), f" {says} how many values ", *listed(loops), " can take.")
    if old:
        yield ("With ", *listed(old), " as before:")


def _defined(place: Place, base: int) -> Inline:
    return Inline(place.definition(base))


def _inline(symbol: Symbol) -> Inline:
    return Inline(named(symbol.name))


def _windows(places: Sequence[Place], base: int) -> Text:
    """Say what a window reads along each axis."""
    first = places[0]
    (stride, at), (dilation, tap) = first.terms
    alike = len({(p.terms[0][0], p.terms[1][0], p.padding) for p in places}) == 1
    shown = [first] if alike else places
    likewise = [_inline(place.symbol) for place in places[len(shown) :]]
    names = {
        "at": _inline(at),
        "tap": _inline(tap),
        "stride": _letter(stride[0]),
        "dilation": _letter(dilation[0]),
        "padding": _letter(first.padding),
    }
    return (
        *filled(_READS, names),
        *listed([_defined(place, base) for place in shown]),
        *([", and likewise ", *listed(likewise)] if likewise else []),
        *filled(_MEANS, names),
    )


def _letter(symbol: Symbol | None) -> Inline:
    """Return S for S and for S_i."""
    assert symbol is not None
    return Inline(named(symbol.name.partition("_")[0]))


def _applied(material: Material, step: Step) -> Text:
    """Say that phi is applied to every entry."""
    printer = AllAxes(base=material.style.index_base)
    result, own = map(printer.tree, (step.source.target, step.access))
    return "Let ", inline(result, "=", applied(r"\varphi", own)), " for every entry. Then"


def _here(material: Material, made: Theorem) -> Text:
    """Say what the letters are in this network."""
    numbers = made.letters.numbers.items()
    said = [inline(named(letter.name), "=", str(number)) for letter, number in numbers]
    if made.function is not None:
        value, slope = map(material.printed, made.function)
        said += [
            inline(applied(r"\varphi", "z"), "=", value),
            inline(r"\varphi", applied("'", "z"), "=", slope),
        ]
    read = list(_read(material, made))
    sentences: list[Text] = []
    if said:
        sentences.append(("Here ", *listed(said), *([", so ", *listed(read)] if read else []), "."))
    if single := [*map(_inline, made.single)]:
        opening = "The index " if len(single) == 1 else "The indices "
        takes = "takes one value and is" if len(single) == 1 else "take one value each and are"
        sentences.append((opening, *listed(single), f" {takes} not written."))
    return joined(sentences)


def _read(material: Material, made: Theorem) -> Iterator[Inline]:
    """Print what a window reads, along the axes that are longer than 1."""
    for index, place in made.letters.places.items():
        if place.padding and not {loop for _, loop in place.terms} <= set(made.short):
            where = position(index, material.style.index_base)
            yield inline(named(place.symbol.name), "=", where)
