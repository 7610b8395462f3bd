"""From a problem to its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from symcnn import limits
from symcnn.derivation.moving_with import Located
from symcnn.document import (
    Check,
    Context,
    Document,
    Examples,
    Overview,
    Path,
    Scope,
    Style,
    Whole,
    alike,
    telling,
)
from symcnn.document import document as checked_document
from symcnn.document.bindings import FIXED, Fixed
from symcnn.errors import OUT_OF_RANGE, NotFiniteError, SymcnnError, TooLargeError
from symcnn.explanation.check import check
from symcnn.explanation.choices import chosen
from symcnn.explanation.correction import correction
from symcnn.explanation.curvature import Pairs, curvature
from symcnn.explanation.descent import descent
from symcnn.explanation.focus import focus
from symcnn.explanation.numbers import Numbers
from symcnn.explanation.oracles import oracles
from symcnn.explanation.work import check_work
from symcnn.outline import Detail
from symcnn.parts import Part, part
from symcnn.printing.manner import DecimalMark
from symcnn.problems import Problem, check_problem
from symcnn.programs.finite import no_value


def explain(
    problem: Problem,
    *,
    layers: Sequence[str] = (),
    weight: str | None = None,
    all_weights: bool = False,
    detail: Detail | None = None,
    sections: Sequence[str] = (),
    quantities: Sequence[str] = (),
    second_order: Pairs = False,
    digits: int = 6,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
) -> Document:
    """Return the derivation of a problem as a checked document.

    Args:
        problem: The network with its numbers.
        layers: The layers to explain, if not all of them, by their names or by what names of
            several begin with: ["layer1.0"] is a block of a residual network. What arrives from
            the others, and the error signal that comes back from them, are computed.
        weight: One entry, "conv1.weight[0, 0, 0, 2]" or "w_13": the document then follows the
            way from the loss to it, on two pages unless full detail is asked for.
        all_weights: Whether every entry of large tensors is worked out, too.
        detail: The level of detail: "brief" fits two pages for a small network, "standard", the
            default, works one entry of every stage and gives all results as matrices, "full"
            works every entry, as ``all_weights`` does.
        sections: The sections to write, from "problem", "symbols", "forward", "maxima",
            "loss", "windows", "backward", "weights", "closed-forms", "second-order", "step",
            "check", "reconciliation" and "references"; by default all of them, but "second-order"
            only where ``second_order`` asks for it.
        quantities: The quantities that a brief document is about, by the names that
            ``Problem.quantity`` takes: "conv1", "gradient of conv1.weight"; by default all.
        second_order: Whether to give the Hessian's blocks as formulas and in numbers, of all pairs
            of parameters or of some: ``[("conv1.weight", "dense1.weight")]``.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: Letters of tensors in formulas, by name: {"conv1.weight": "K"}.

    Raises:
        TooLargeError: If the network is too large to be worked out on paper, or all weights
            are requested and there are too many of them.
        NotFiniteError: If a number has no finite value, such as the logarithm of 0.
        SymcnnError: If an option is invalid.
        UnverifiedError: If a row of the document, or its gradient check, is wrong.
    """
    check_problem(problem)
    level = detail or ("full" if all_weights else Style.detail)
    if all_weights and level != "full":
        raise SymcnnError(
            f"all weights are worked in full detail: omit all_weights or detail={level!r}"
        )
    if weight is not None and second_order:
        raise SymcnnError("second derivatives are of whole tensors: omit weight or second_order")
    style = Style(digits, index_base, decimal, level, tuple(sections), tuple(quantities))
    chosen_part = part(problem, layers) if layers else None
    own = chosen_part.problem if chosen_part else problem
    named = own.with_letters(letters) if letters else own
    check_work(named.network)
    for name in style.quantities:
        named.quantities.shape(name)
    numbers = Numbers(named)
    scope = _scope(numbers, weight, style, all_weights)
    return worked_out(numbers, style, scope, second_order, whole=_whole(chosen_part, layers))


def _whole(of: Part | None, layers: Sequence[str]) -> Whole | None:
    """Return the network that a part is of, as documents describe it."""
    if of is None:
        return None
    chosen = of.selection
    names = [stage.output.name for stage in chosen.stages]
    title, network = of.whole.title, of.whole.network
    return Whole(title, network, ", ".join(layers), names, chosen.arriving, chosen.leaving)


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
) -> Document:
    """Return a problem's checked document.

    Args:
        numbers: Those of the problem.
        style: How they are printed, and indices.
        scope: What is worked out.
        second_order: Whether to give blocks of the Hessian, and of which pairs of parameters.
        bindings: What figures stand for.
        whole: The network that this one is a part of, if it is.

    Raises:
        NotFiniteError: If a number has no finite value.
        UnverifiedError: If a row of the document, or its gradient check, is wrong.
    """
    with np.errstate(all="ignore"):  # what leaves the range is an error
        with _named(numbers):
            checked, fault = check(numbers, scope)
            bent = curvature(numbers, second_order or "second-order" in style.sections)
            context = _context(numbers, style, scope, checked)
            context = replace(context, curvature=bent, bindings=bindings, whole=whole)
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


def _scope(numbers: Numbers, weight: str | None, style: Style, all_weights: bool) -> Scope:
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
        correction=correction(problem, style, is_listed=way is None),
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
