"""Edits that may mend a formula: other indices, factors, sums, and arrays.

An edit is another tree, with a sentence that says what is different. Whether it mends the formula
is tried out at sizes; an edit knows nothing of what is due.
"""

from collections.abc import Iterator

from symcnn.classroom.checks.formulas.edits import factors, indices, sums, terms
from symcnn.classroom.checks.formulas.edits.edit import Draft as Draft
from symcnn.classroom.checks.formulas.edits.edit import Edit as Edit


def edits(draft: Draft) -> Iterator[Edit]:
    """Run over edits of a formula, the small ones first."""
    yield from indices.without_channels(draft)
    yield from indices.edits(draft)
    yield from terms.other_arrays(draft)
    yield from sums.edits(draft)
    yield from terms.other_layers(draft)
    yield from terms.edits(draft)
    yield from factors.edits(draft)
    yield from terms.other_tensors(draft)
