"""The blocks of a theorem: what is given, what follows, why, and where it was checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from symcnn.derivation.convolution_form import ConvolutionForm, convolution_form, signs_of
from symcnn.derivation.read_back import check
from symcnn.derivation.statement import ranges_behind, ranges_of, terms_of
from symcnn.document.blocks import (
    EQUAL,
    Block,
    Inline,
    Note,
    Paragraph,
    Reference,
    Row,
    Rows,
    Side,
    Text,
    heading,
    joined,
)
from symcnn.document.claims import Claim
from symcnn.document.rows.layout import fits
from symcnn.document.story.convolutions import definitions
from symcnn.document.theory.checked import all_tried, tried
from symcnn.document.theory.conventions import conventions
from symcnn.document.theory.proof import proof, rule
from symcnn.document.theory.proved import claimed
from symcnn.document.theory.statement import Printed, TensorFormula, is_made
from symcnn.document.theory.trial import Trial
from symcnn.document.theory.vanishing import vanishing
from symcnn.document.theory.words import (
    givens,
    independence,
    meanings,
    remarks,
    supposition,
    through_steps,
)
from symcnn.writing.lettering import taken_letters

_NOTHING = Claim((), lambda symbol: ())
"""What rows claim of a problem's numbers: these have none, and were tried at many sizes."""


def opening(statements: Sequence[Printed], trials: Sequence[Trial], base: int) -> Iterator[Block]:
    """Run over what all statements take for granted, all proofs and all checks."""
    yield Paragraph(joined(conventions(statements, base)))
    if len(statements) > 1:
        every = [(p, forms(p)) for p in statements]
        if said := convolutions_defined(every):
            yield Paragraph(said)
        yield Paragraph(joined((("Proofs. ", rule(statements)), claimed(statements))))
        noted = _tried_in_notation([one for _, made in every for one in made])
        yield Paragraph(joined((("Checks. ", *all_tried(trials)), *noted)))


def blocks(
    p: Printed,
    title: Text,
    number: str,
    trial: Trial,
    source: str = "",
    how: Text = (),
    *,
    alone: bool = True,
    positive: Collection[str] = (),
) -> Iterator[Block]:
    """Run over a statement, its proof and its check, which of several is told once for all.

    Args:
        p: What prints the statement.
        title: What it is called.
        number: The number of the theorem.
        trial: At which sizes its formulas were tried.
        source: The number of the work that defines the layer, if it is listed.
        how: What is said of a proof for all sizes.
        alone: Whether the document has no other statement, and needs no headings.
        positive: The letters that stand for positive numbers in some of the statements alone.
    """
    if not alone:
        yield heading(1, *title)
    yield Paragraph(givens(p))
    results, over = rows_of(p, p.made.forward)
    yield results
    cited = ("See ", Reference(source, "work"), ".") if source else ()
    departs = (p.departs,) if source and p.departs else ()
    if said := joined([over, remarks(p, trial, positive), cited, departs]):
        yield Paragraph(said)
    if not p.made.backward:
        yield Note(title, (Paragraph(independence(p)),), number)
        if alone:
            yield Paragraph(tried(p, trial))
        return
    derivatives, over = rows_of(p, p.made.backward)
    inside: list[Block] = [Paragraph(supposition(p)), derivatives]
    if said := joined([over, through_steps(p), vanishing(p), meanings(p)]):
        inside.append(Paragraph(said))
    yield Note(title, tuple(inside), number)
    if made := forms(p):
        said = convolutions_defined([(p, made)]) if alone else ()
        yield Paragraph(joined((said, ("In convolution notation:",))))
        yield convolution_rows(p, made)
    begin = (f"{rule([p])} ",) if alone else ()
    yield Paragraph(joined((("Proof. ", *begin, *proof(p)), how)))
    if alone:
        yield Paragraph(joined((tried(p, trial), *_tried_in_notation(made))))


def _row(p: Printed, of: TensorFormula, *, is_one_of_several: bool) -> tuple[Row, Text]:
    """Print a formula, and read it back; an index of several letters says what they run over.

    That is said behind it, or in words where a line has no room for it: of this formula alone, as
    its letters may run over something else in the others.
    """
    left, right = p.left(of), terms_of(of.general, p.printer)
    check(p.printed(p.made.derivation.tensors), left, right, of.general)
    made = Row(left, (Side(EQUAL, right),), _NOTHING)
    if not is_made(of.general.left.indices):
        return made, ()
    over = ranges_behind(of.general, p.base)
    whole = replace(made, sides=(Side(EQUAL, (*right, over)),))
    if fits(whole):
        return whole, ()
    where = ("In the formula for ", Inline(left), ", ") if is_one_of_several else ("Here ",)
    return made, (*where, Inline(ranges_of(of.general, p.base)), ".")


def rows_of(p: Printed, formulas: Sequence[TensorFormula]) -> tuple[Rows, Text]:
    """Print formulas, with what is said of their indices."""
    made = [_row(p, of, is_one_of_several=len(formulas) > 1) for of in formulas]
    return Rows(tuple(row for row, _ in made)), joined(said for _, said in made)


def _row_of(p: Printed, of: TensorFormula, form: ConvolutionForm, backward: bool) -> Row:
    """Print a formula in convolution notation, likewise."""
    left, right, ranges = p.convolved(form, of.tensor, of.general, partial=backward)
    over = (ranges,) if is_made(form.left.fixed.values()) else ()
    return Row(left, (Side(EQUAL, (*right, *over)),), _NOTHING)


Forms = Sequence[tuple[TensorFormula, ConvolutionForm, bool]]
"""Formulas with those in convolution notation, and whether they are of derivatives."""


@lru_cache(maxsize=2**6)
def forms(p: Printed) -> Forms:
    """Return the formulas of a statement that are those of convolutions."""
    derivation, found = p.made.derivation, list[tuple[TensorFormula, ConvolutionForm, bool]]()
    for formulas, backward in ((p.made.forward, False), (p.made.backward, True)):
        for formula in formulas:
            form = convolution_form(derivation, formula.tensor.name, backward=backward)
            found += [(formula, form, backward)] if form else []
    return found


def convolution_rows(p: Printed, made: Forms) -> Rows:
    """Print formulas in convolution notation."""
    return Rows(tuple(_row_of(p, *one) for one in made))


def convolutions_defined(statements: Sequence[tuple[Printed, Forms]]) -> Text:
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


def _tried_in_notation(made: Forms) -> Iterator[Text]:
    """Say at how many sizes the formulas were checked."""
    if made:
        sizes = min(len(form.choices) for _, form, _ in made)
        yield (
            "By the definitions of their operators, the formulas in convolution notation give the "
            f"same numbers as the equations, at {sizes} choices.",
        )
