"""What else is noteworthy about a call: changed inputs, shared memory, types, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
Title = Callable[[str], str]

AGAIN = (
    "Called again with the arrays of the first call, the function returned something else: "
    "its result depends on earlier calls or on chance."
)


def remarks_on(inputs: Arrays, before: Arrays, results: Arrays, title: Title) -> Iterator[str]:
    """Yield what there is to say about a call, a sentence each.

    Args:
        inputs: The arrays that the function was given, as they are now.
        before: Copies of them from before the call.
        results: What it returned.
        title: What a result is called.
    """
    for name, array in inputs.items():
        if not _is_same(array, before[name]):
            yield f"The function changed its input {name} in place."
    for name, array in results.items():
        yield from _on_memory(title(name), array, inputs)
        yield from _on_numbers(title(name), array, inputs)


def is_repeated(one: Arrays, other: Arrays) -> bool:
    """Tell whether two results are the same, bit by bit."""
    return one.keys() == other.keys() and all(_is_same(one[name], other[name]) for name in one)


def _is_same(one: Array, other: Array) -> bool:
    same_kind = one.shape == other.shape and one.dtype == other.dtype
    return same_kind and one.tobytes() == other.tobytes()


def _on_memory(title: str, array: Array, inputs: Arrays) -> Iterator[str]:
    for name, given in inputs.items():
        if np.may_share_memory(array, given):
            yield f"What is returned as {title} shares its memory with the input {name}."


def _on_numbers(title: str, array: Array, inputs: Arrays) -> Iterator[str]:
    due = next((a.dtype for a in inputs.values() if a.dtype.kind == "f"), array.dtype)
    if array.dtype != due:
        yield f"What is returned as {title} is {array.dtype}, where the inputs are {due}."
    if array.dtype.kind in "fc" and not (finite := np.isfinite(array)).all():
        what = "NaN" if np.isnan(array).any() else "infinite"
        wrong = int(array.size - finite.sum())
        are = "is" if wrong == 1 else "are"
        yield f"Of the {array.size} entries of {title}, {wrong} {are} {what}."
