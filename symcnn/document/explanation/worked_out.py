"""From numbers and a choice of entries to a checked document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from symcnn import limits
from symcnn.derivation.sensitivities import Located
from symcnn.document.bindings import FIXED, Fixed
from symcnn.document.context import Context
from symcnn.document.document import Document
from symcnn.document.document import document as checked_document
from symcnn.document.explanation.curvature import Pairs, curvature
from symcnn.document.explanation.descent import descent
from symcnn.document.explanation.focus import focus, place
from symcnn.document.explanation.nudge import nudge
from symcnn.document.explanation.numbers import Numbers, chosen
from symcnn.document.explanation.oracles import oracles
from symcnn.document.facts.example_entry import Value, alike, example_entry
from symcnn.document.facts.given import Check, Compared, Correction, Whole
from symcnn.document.facts.scope import Examples, Overview, Path, Position, Scope
from symcnn.document.facts.thread import Choice, thread, thread_of
from symcnn.document.rows.verify import Progress
from symcnn.document.style import Style
from symcnn.equations.values import Array
from symcnn.errors import (
    OUT_OF_RANGE,
    NotFiniteError,
    SymcnnError,
    TooLargeError,
    UnverifiedError,
    shown,
)
from symcnn.limits.machine import EXPLAINED_BYTES, memory
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.evaluation import floats, nearest, settled
from symcnn.problems.parts import Part
from symcnn.programs.finite import no_value
from symcnn.programs.gradcheck import GradientCheck, Row, compared, gradcheck

_CHECKED = 3, 8
"""How much of the work is done, and of how much, when all derivatives are checked."""


def examples(numbers: Numbers, follow: tuple[str, Position] | None = None) -> Examples:
    """Return the entries that are worked out: those that one weight meets, and telling others.

    Args:
        numbers: A problem's numbers.
        follow: The tensor and the position of the weight; by default it is the one whose way is
            the easiest to follow.

    Raises:
        NotFiniteError: If a number on the way of a weight has no finite value.
    """
    derivation = numbers.problem.derivation

    def choice(value: Value) -> Choice:
        one = thread_of(derivation, value, *follow) if follow else thread(derivation, value)
        return Choice(one, example_entry(derivation.entries, value))

    with np.errstate(all="ignore"), _named(numbers):
        return Examples(choice(numbers.value), choice(alike))


@dataclass(frozen=True)
class Asked:
    """What is asked for of a problem's document.

    Attributes:
        style: How numbers are printed, and indices.
        scope: What is worked out.
        second_order: Whether to give blocks of the Hessian, and of which pairs of parameters.
        bindings: What figures stand for.
        whole: The network that this one is a part of, if it is.
        correct: Finds what is wrong in its source, once its numbers are known to be finite.
        progress: Is told how much of the work is done, and of how much.
    """

    style: Style
    scope: Scope
    second_order: Pairs = False
    bindings: Fixed = FIXED
    whole: Whole | None = None
    correct: Callable[[], Correction | None] = lambda: None
    progress: Progress = lambda done, of: None

    def of_rows(self, done: int, of: int) -> None:
        """Tell how many rows are checked, which is the last quarter of the work."""
        self.progress(3 * of + done, 4 * of)


def worked_out(numbers: Numbers, asked: Asked) -> Document:
    """Return a problem's checked document.

    Raises:
        NotFiniteError: If a number has no finite value.
        UnverifiedError: If a row of the document, or its gradient check, is wrong.
    """
    with np.errstate(all="ignore"):  # what leaves the range is an error
        with _named(numbers):
            checked, fault = check(numbers, asked.scope)
            asked.progress(*_CHECKED)
            context = _context(numbers, asked, checked)
        bent = context.curvature
        located = Located(numbers.problem.derivation, bent.moving) if bent else None
        made = checked_document(context, oracles(numbers, located), asked.of_rows)
    if fault is not None:
        raise fault
    return made


def whole_of(of: Part | None, layers: Sequence[str]) -> Whole | None:
    """Return the network that a part is of, as documents describe it."""
    if of is None:
        return None
    chosen, problem = of.selection, of.whole
    names = [stage.output.name for stage in chosen.stages]
    ends = chosen.arriving, chosen.leaving
    return Whole(problem.title, problem.network, ", ".join(layers), names, *ends)


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


def scope_of(
    numbers: Numbers, weight: str | None, style: Style, *, follow: str | None, all_weights: bool
) -> Scope:
    """Return what is worked out: the way to one weight, examples, or everything."""
    if weight is not None:
        return focus(weight, numbers.problem.derivation, style.index_base)
    if all_weights:
        _check_few(numbers.problem)
    one_each = examples(numbers, None if follow is None else _followed(numbers, follow, style))
    return Overview(one_each, all_weights) if style.detail == "full" else one_each


def _followed(numbers: Numbers, follow: str, style: Style) -> tuple[str, Position]:
    """Return the tensor and the position of a weight, or of an entry of the input."""
    name, position = place(follow, numbers.problem.derivation, style.index_base)
    if name not in numbers.problem.values:
        raise SymcnnError(
            f"the entry {shown(follow)} is computed: follow a weight or an entry of the input"
        )
    return name, position


def _context(numbers: Numbers, asked: Asked, checked: Check) -> Context:
    """Bring together what a document is written from."""
    style, problem = asked.style, numbers.problem
    way = asked.scope if isinstance(asked.scope, Path) else None
    return Context(
        title=f"{problem.title}: {way.weight}" if way else problem.title,
        derivation=problem.derivation,
        value=numbers.value,
        arrays=numbers.arrays,
        check=checked,
        learning_rate=problem.learning_rate,
        optimizer=problem.optimizer,
        chosen=chosen(numbers),
        source=problem.source,
        descent=None if way else descent(numbers),
        nudge=None if asked.bindings.may_change else nudge(numbers, asked.scope.thread),
        style=style,
        scope=asked.scope,
        curvature=curvature(numbers, asked.second_order or "second-order" in style.sections),
        bindings=asked.bindings,
        whole=asked.whole,
        correction=asked.correct(),
    )


def _check_few(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    if entries > limits.ALL_WORKED_ENTRIES:
        raise TooLargeError(
            f"the network's tensors have {entries:,} entries, more than the "
            f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one: omit all_weights, "
            "and each tensor gets one worked example"
        )


def check_work(network: Network) -> None:
    """Refuse a network whose document would take too much memory.

    Raises:
        TooLargeError: Names how large it is, and the limit.
    """
    entries = sum(tensor.size for tensor in network.tensors.values())
    counted = f"the network has {entries:,} entries in all its tensors, "
    remedy = "use a smaller image, batch or network, explain some layers, or use evaluate"
    if entries > (most := limits.EXPLAINED_ENTRIES):
        raise TooLargeError(f"{counted}more than the {most:,} that a document works out: {remedy}")
    if entries * EXPLAINED_BYTES > (held := memory() or inf):
        own = f"too many for a document in the {held / 1e9:.3g} GB of memory of this machine"
        raise TooLargeError(f"{counted}{own}: {remedy}")


def check(numbers: Numbers, scope: Scope) -> tuple[Check, UnverifiedError | None]:
    """Compare every derivative that a document states, or the one that it follows.

    What floats cannot measure, or measure otherwise, is measured in exact numbers.

    Returns:
        The check, and the error that there is if the derivatives are not what was measured: a
        row of the document that does not hold is told before, for it says where.

    Raises:
        NotFiniteError: If the numbers exceed the range of floating point.
    """
    in_floats = _of_one(numbers, scope) if isinstance(scope, Path) else _of_all(numbers)
    try:
        made, fault = settled(numbers.problem, in_floats, exactly=numbers.are_exact), None
    except UnverifiedError as error:
        made, fault = in_floats, error
    if not (numbers.are_exact or isfinite(made.max_abs_error)):
        raise NotFiniteError(OUT_OF_RANGE)
    rows = [Compared(*row) for row in made.rows]
    return Check(made.method, rows, made.max_abs_error, made.is_apart), fault


def _of_all(numbers: Numbers) -> GradientCheck:
    """Compare the figures that are printed: exact ones, or those of the derived program."""
    tensors = numbers.problem.network.tensors.values()
    moving = [tensor for tensor in tensors if tensor.role in ("input", "parameter")]
    analytic = {t.name: _floats(numbers.slopes(t.name)).reshape(t.shape) for t in moving}
    return gradcheck(numbers.problem, analytic, passed=numbers.forward)


def _of_one(numbers: Numbers, way: Path) -> GradientCheck:
    adjoint = numbers.problem.derivation.adjoints[way.name]
    derived = nearest(numbers.value(adjoint.symbol(way.position)))
    (measured,) = numbers.forward.complex_steps([(way.name, way.position)])
    row = Row(way.name, way.position, derived, measured)
    return compared(numbers.forward.method, [row])


def _floats(slopes: Array) -> Array:
    """Return derivatives as floats: infinite ones where they are too large."""
    return floats(slopes) if slopes.dtype == object else slopes
