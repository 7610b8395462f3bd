"""The blocks of a theorem: what is given, what follows, why, and where it was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation.statement import ranges_behind
from symcnn.document.blocks import (
    EQUAL,
    Block,
    Note,
    Paragraph,
    Reference,
    Row,
    Rows,
    Side,
    heading,
)
from symcnn.document.claims import Claim
from symcnn.document.theory import convolutions
from symcnn.document.theory.manner import Printed
from symcnn.document.theory.proof import RULE, proof
from symcnn.document.theory.statement import TensorFormula
from symcnn.document.theory.trial import Trial
from symcnn.document.theory.words import conventions, givens, remarks, supposition, tried, winners
from symcnn.document.words.words import joined
from symcnn.writing.formula import Formula

_NOTHING = Claim((), lambda symbol: ())
"""What rows claim of a problem's numbers: these have none, and were tried at many sizes."""


def opening(statements: Sequence[Printed], base: int) -> Iterator[Block]:
    """Run over what all statements take for granted, and all proofs."""
    yield Paragraph(joined(conventions(statements, base)))
    if len(statements) > 1:
        if said := convolutions.defined([(p, convolutions.forms(p)) for p in statements]):
            yield Paragraph(said)
        yield Paragraph(("Proofs. ", RULE))


def blocks(
    p: Printed, title: str, number: str, trial: Trial, source: str = "", *, alone: bool = True
) -> Iterator[Block]:
    """Run over a statement, its proof and its check.

    Args:
        p: What prints the statement.
        title: What it is called.
        number: The number of the theorem.
        trial: At which sizes its formulas were tried.
        source: The number of the work that defines the layer, if it is listed.
        alone: Whether the document has no other statement, and needs no headings.
    """
    if not alone:
        yield heading(1, title)
    yield Paragraph(givens(p))
    yield _rows(p, p.made.forward)
    cited = ("See ", Reference(source, "work"), ".") if source else ()
    if said := joined([remarks(p, trial), cited]):
        yield Paragraph(said)
    inside: list[Block] = [Paragraph(supposition(p)), _rows(p, p.made.backward)]
    if said := winners(p):
        inside.append(Paragraph(said))
    yield Note((title,), tuple(inside), number)
    if made := convolutions.forms(p):
        said = convolutions.defined([(p, made)]) if alone else ()
        yield Paragraph(joined((said, ("In convolution notation:",))))
        yield Rows(convolutions.rows(p, made))
    rule = (f"{RULE} ",) if alone else ()
    yield Paragraph(("Proof. ", *rule, *proof(p)))
    yield Paragraph(joined((tried(p, trial), *convolutions.tried(made))))


def _rows(p: Printed, formulas: Sequence[TensorFormula]) -> Rows:
    return Rows(tuple(Row(p.left(f), (Side(EQUAL, _right(p, f)),), _NOTHING) for f in formulas))


def _right(p: Printed, of: TensorFormula) -> tuple[Formula, ...]:
    """Return the right side, with what the letters of an index run over that is made of several."""
    made = any(len(index.free_symbols) > 1 for index in of.general.left.indices)
    return (*p.right(of), ranges_behind(of.general, p.base)) if made else p.right(of)
