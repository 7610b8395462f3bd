"""What else may have happened to a whole array: a factor, another setting, exchanged axes.

Each guess makes another array of what is due, or of the inputs, in the same way in every trial. It
counts if it yields what was returned in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.classroom.checks.judging.along_axes import of_axes
from symcnn.classroom.checks.judging.factored import of_products
from symcnn.classroom.checks.judging.factors import factor
from symcnn.classroom.checks.judging.guess import Guess
from symcnn.classroom.checks.judging.layouts import Layouts
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.other_settings import of_settings
from symcnn.classroom.checks.judging.rearranged import of_inputs, of_output
from symcnn.classroom.checks.judging.winners import of_winners


def guessed(name: str, heard: Sequence[Heard], layouts: Layouts, *, thorough: bool) -> Guess | None:
    """Return what happened to an array in all trials; None if nothing that is tried did.

    Args:
        name: The array.
        heard: What was returned in each trial; in the first one it is wrong.
        layouts: The layout of the function.
        thorough: Whether everything is computed anew for each change of an input.
    """
    found = factor(name, heard)
    if found is not None:
        return found
    start = heard[0]
    for guess in _all(start, name, layouts, thorough=thorough):
        if guess.is_seen(start, name) and all(guess.yields(one, name) for one in heard):
            return guess
    return None


def _all(start: Heard, name: str, layouts: Layouts, *, thorough: bool) -> Iterator[Guess]:
    yield from of_output(start.trial, name, layouts)
    yield from of_settings(start.trial)
    yield from of_winners(start.trial) if name == "x" else ()
    yield from of_axes(start.trial)
    if thorough:
        yield from of_inputs(start.trial, layouts)
        yield from of_products(start, name)
