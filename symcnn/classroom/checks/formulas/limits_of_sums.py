"""The lengths that the letters in the limits of sums stand for, by what the indices number."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.classroom.checks.formulas.cases import Case, length_word
from symcnn.classroom.checks.formulas.entries import NoValueError
from symcnn.classroom.checks.formulas.meaning import Reading
from symcnn.classroom.checks.formulas.tree import Node, Range, Sum, names_in, walk
from symcnn.classroom.checks.formulas.values import Evaluation


def natural_lengths(name: str, formula: Node, reading: Reading, case: Case) -> Iterator[str]:
    """Run over the lengths that a letter is likely to have as the limit of an index.

    Args:
        name: The letter.
        formula: The formula.
        reading: How it is read, but for sizes.
        case: A case.
    """
    for node in (n for n in walk(formula) if isinstance(n, Sum)):
        for own in node.ranges:
            if own.upper is not None and name in names_in(own.upper):
                yield from _lengths(own, node, reading, case)


def _lengths(own: Range, node: Sum, reading: Reading, case: Case) -> Iterator[str]:
    evaluation = Evaluation(case, reading, Sum((Range(own.index),), node.body))
    try:
        for name, tag in evaluation.axes(own.index, node.body, plain_only=True):
            yield length_word(tag, name, case.tags[name])
    except NoValueError:
        return
