"""What is left of derivatives without sums that are 0: of all deviations from a mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.derivation.deviations import without_sums_of_deviations
from symcnn.derivation.read_back import check
from symcnn.derivation.statement import terms_of
from symcnn.document.blocks import Inline, Text, joined
from symcnn.document.theory.statement import Printed, Statement, TensorFormula
from symcnn.writing.formula.build import row


def shorter(made: Statement) -> Iterator[TensorFormula]:
    """Run over derivatives with respect to means from which all deviations are summed."""
    for tensor, general in made.backward:
        right = without_sums_of_deviations(general.right, made.network.equations)
        if right != general.right:
            yield TensorFormula(tensor, replace(general, right=right, checked=right))


def vanishing(p: Printed) -> Text:
    """Say that deviations sum to 0, and what is left of the derivatives."""
    return joined(_left(p, of) for of in shorter(p.made))


def _left(p: Printed, of: TensorFormula) -> Text:
    left, right = p.left(of), terms_of(of.general, p.printer)
    check(p.printed(p.made.derivation.tensors), left, right, of.general)
    mean = p.formula(of.tensor[of.general.left.indices])
    return (
        "As the deviations from the mean ",
        mean,
        " sum to 0, ",
        Inline(row(left, "=", *right)),
        ".",
    )
