"""From numbers and a choice of entries to a checked document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from symcnn import limits
from symcnn.derivation.sensitivities import Located
from symcnn.document.bindings import FIXED, Fixed
from symcnn.document.context import Check, Context, Correction
from symcnn.document.document import Document
from symcnn.document.document import document as checked_document
from symcnn.document.explanation.check import check
from symcnn.document.explanation.choices import chosen
from symcnn.document.explanation.curvature import Pairs, curvature
from symcnn.document.explanation.descent import descent
from symcnn.document.explanation.focus import focus
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.oracles import oracles
from symcnn.document.facts.scope import Examples, Overview, Path, Scope
from symcnn.document.facts.telling import alike, telling
from symcnn.document.facts.whole import Whole
from symcnn.document.style import Style
from symcnn.errors import OUT_OF_RANGE, NotFiniteError, TooLargeError
from symcnn.problems import Problem
from symcnn.programs.finite import no_value


def examples(numbers: Numbers) -> Examples:
    """Return the choice of worked entries that shows most at a problem's numbers."""
    entries = numbers.problem.derivation.entries
    return Examples(telling(entries, numbers.value), telling(entries, alike))


def worked_out(
    numbers: Numbers,
    style: Style,
    scope: Scope,
    second_order: Pairs = False,
    bindings: Fixed = FIXED,
    whole: Whole | None = None,
    correction: Correction | None = None,
) -> Document:
    """Return a problem's checked document.

    Args:
        numbers: Those of the problem.
        style: How they are printed, and indices.
        scope: What is worked out.
        second_order: Whether to give blocks of the Hessian, and of which pairs of parameters.
        bindings: What figures stand for.
        whole: The network that this one is a part of, if it is.
        correction: What is wrong in its source, if anything is.

    Raises:
        NotFiniteError: If a number has no finite value.
        UnverifiedError: If a row of the document, or its gradient check, is wrong.
    """
    with np.errstate(all="ignore"):  # what leaves the range is an error
        with _named(numbers):
            checked, fault = check(numbers, scope)
            bent = curvature(numbers, second_order or "second-order" in style.sections)
            context = _context(numbers, style, scope, checked)
            context = replace(context, curvature=bent, bindings=bindings)
            context = replace(context, whole=whole, correction=correction)
        located = Located(numbers.problem.derivation, bent.moving) if bent else None
        made = checked_document(context, oracles(numbers, located))
    if fault is not None:
        raise fault
    return made


@contextmanager
def _named(numbers: Numbers) -> Iterator[None]:
    """Name the first entry that has no value, whatever it was that met it."""
    try:
        yield
    except (NotFiniteError, ArithmeticError) as error:
        problem = numbers.problem
        found = no_value(problem.derivation, problem.point) if numbers.are_exact else None
        raise found or _not_finite(error) from None


def _not_finite(error: Exception) -> NotFiniteError:
    return error if isinstance(error, NotFiniteError) else NotFiniteError(OUT_OF_RANGE)


def scope_of(numbers: Numbers, weight: str | None, style: Style, *, all_weights: bool) -> Scope:
    """Return what is worked out: the way to one weight, examples, or everything."""
    if weight is not None:
        return focus(weight, numbers.problem.derivation, style.index_base)
    if all_weights:
        _check_few(numbers.problem)
    one_each = examples(numbers)
    return Overview(one_each, all_weights) if style.detail == "full" else one_each


def _context(numbers: Numbers, style: Style, scope: Scope, checked: Check) -> Context:
    """Bring together what a document is written from."""
    problem, way = numbers.problem, scope if isinstance(scope, Path) else None
    return Context(
        title=f"{problem.title}: {way.weight}" if way else problem.title,
        derivation=problem.derivation,
        value=numbers.value,
        check=checked,
        learning_rate=problem.learning_rate,
        chosen=chosen(numbers),
        source=problem.source,
        descent=None if way else descent(numbers),
        style=style,
        scope=scope,
    )


def _check_few(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    if entries > limits.ALL_WORKED_ENTRIES:
        raise TooLargeError(
            f"the network's tensors have {entries:,} entries, more than the "
            f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one: omit all_weights, "
            "and each tensor gets one worked example"
        )
