"""The statement of a layer in convolution notation, where its indices are of that shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from symcnn.derivation.convolution_form import (
    ConvolutionForm,
    Notation,
    convolution_form,
    signs_of,
)
from symcnn.derivation.laid_out import laid_out
from symcnn.derivation.read_back import check
from symcnn.document.blocks import EQUAL, Row, Side, Text
from symcnn.document.claims import Claim
from symcnn.document.story.convolutions import definitions
from symcnn.document.theory.statement import Printed, TensorFormula
from symcnn.document.words.words import joined
from symcnn.writing.formula import Formula
from symcnn.writing.lettering import taken_letters

_NOTHING = Claim((), lambda symbol: ())

Forms = Sequence[tuple[TensorFormula, ConvolutionForm, bool]]
"""Formulas with those in convolution notation, and whether they are of derivatives."""


@lru_cache(maxsize=2**6)
def forms(p: Printed) -> Forms:
    """Return the formulas of a statement that are those of convolutions, checked at many sizes."""
    derivation, found = p.made.derivation, list[tuple[TensorFormula, ConvolutionForm, bool]]()
    for formulas, backward in ((p.made.forward, False), (p.made.backward, True)):
        for formula in formulas:
            form = convolution_form(derivation, formula.tensor.name, backward=backward)
            found += [(formula, form, backward)] if form else []
    return found


def rows(p: Printed, made: Forms) -> tuple[Row, ...]:
    """Print the formulas of a statement in convolution notation, and read them back.

    Raises:
        UnverifiedError: If one is not what is printed in indices.
    """
    return tuple(_row(p, *one) for one in made)


def _row(p: Printed, formula: TensorFormula, form: ConvolutionForm, backward: bool) -> Row:
    notation, derivation = Notation(p.printer, p.base), p.made.derivation
    left, right = notation.left(form, formula.tensor, partial=backward), notation.right(form)
    arrays = laid_out(form, derivation.tensors, derivation.adjoints)
    check(p.printed(derivation.tensors), left, right, formula.general, arrays=arrays)
    return Row(left, (Side(EQUAL, (*right, *_ranges(notation, form))),), _NOTHING)


def _ranges(notation: Notation, form: ConvolutionForm) -> Iterator[Formula]:
    """Print what several letters of one index run over; others run over an axis."""
    if any(len(index.free_symbols) > 1 for index in form.left.fixed.values()):
        yield notation.ranges(form)


def defined(statements: Sequence[tuple[Printed, Forms]]) -> Text:
    """Define the signs that the formulas of statements have, if they have any."""
    signs, taken, indices = set[str](), set[str](), set[str]()
    for p, made in statements:
        network = p.made.network
        if made:
            signs |= {sign for _, form, _ in made for sign in signs_of(form)}
            taken |= taken_letters(network)
            axes = (tensor.axes for tensor in network.tensors.values())
            loops = ((loop.symbol.name for loop in e.loops) for e in network.equations)
            indices.update(*axes, *loops)
    return joined(definitions(signs, taken, indices=indices)) if signs else ()


def tried(made: Forms) -> Iterator[Text]:
    """Say at how many sizes the formulas were checked."""
    if made:
        sizes = min(form.tried for _, form, _ in made)
        yield (
            "By the definitions of its operators, what stands in convolution notation comes to the "
            f"same as the terms of the equations at {sizes} choices.",
        )
