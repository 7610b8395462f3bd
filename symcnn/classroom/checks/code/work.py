"""The work of the process in which somebody's function runs: all calls, one after the other."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from symcnn.classroom.checks.code.callee import Answer, Call, packed
from symcnn.classroom.checks.code.differentiated import double_precision
from symcnn.classroom.checks.code.failures import FailureError, failure_of
from symcnn.classroom.checks.code.forms import Array, Form, Request
from symcnn.classroom.checks.code.layouts import Layout
from symcnn.classroom.checks.code.memory import misread, stored
from symcnn.classroom.checks.code.process import Send
from symcnn.classroom.checks.code.returned import Results

_FINAL = (MemoryError, RecursionError, FailureError)
"""What no other layout mends."""


@dataclass(frozen=True)
class Work:
    """A function with all that is needed for calling it.

    Attributes:
        form: How it is called.
        results: What is due.
        layouts: The layouts that come into question, the most likely one first.
        files: The files of its author.
        package: The package whose arrays it takes.
        has_own_process: Whether it runs in a process of its own.
    """

    form: Form
    results: Results
    layouts: tuple[Layout, ...]
    files: tuple[str, ...]
    package: str = "numpy"
    has_own_process: bool = True

    def done(self, calls: Sequence[tuple[int, Call]], chosen: int | None, send: Send) -> None:
        """Send an answer for each call, and a last word.

        Args:
            calls: The calls that are left, with their numbers.
            chosen: The layout that earlier calls were made with, if there were some.
            send: Sends bytes to the process that waits for them.
        """
        threads, first, tell = threading.active_count(), None, _from_here_alone(send)
        if (torch := sys.modules.get("torch")) is not None and self.has_own_process:
            torch.set_num_threads(1)  # others would wait for threads that the fork left behind
        for number, call in calls:
            answer = replace(self._answered(call, chosen), call=number)
            chosen = answer.layout if chosen is None and not answer.failure else chosen
            first = first or answer
            tell(packed(answer))
        remarks = self._at_the_end(calls[0][1], first, threads) if first is not None else ()
        tell(packed(Answer(None, remarks=remarks)))

    def _at_the_end(self, call: Call, first: Answer, threads: int) -> tuple[str, ...]:
        remarks = []
        if not first.failure:
            again = self._called(call, first.layout)[0]
            if again.failure:
                remarks.append(f"{AGAIN[:-1]}: {again.failure}")
            elif not is_repeated(first.arrays, again.arrays):
                remarks.append(AGAIN)
        if (left := threading.active_count() - threads) > 0 and self.package == "numpy":
            remarks.append(f"The function left {left} thread{'s' * (left > 1)} running.")
        return tuple(remarks)

    def _answered(self, call: Call, chosen: int | None) -> Answer:
        """Answer a call; where the first one fails, other layouts are tried that may be meant."""
        if chosen is not None:
            return self._called(call, chosen)[0]
        answer, is_final = self._called(call, 0)
        if is_final or (not answer.failure and self._fits(call, answer)):
            return answer
        shapes = [self._shapes(call, layout) for layout in self.layouts]
        for k in range(1, len(shapes)):
            if shapes[k] not in shapes[:k]:
                other, _ = self._called(call, k)
                if not other.failure and self._fits(call, other):
                    return other
        return answer

    def _shapes(self, call: Call, layout: Layout) -> list[tuple[int, ...]]:
        return [array.shape for array in self._request(call, layout).arrays.values()]

    def _fits(self, call: Call, answer: Answer) -> bool:
        """Tell whether every array has the shape that is due, as far as it is known."""
        request = self._request(call, self.layouts[answer.layout])
        due = {**{n: a.shape for n, a in request.arrays.items()}, **request.shapes}
        return all(_fits(array.shape, due[n]) for n, array in answer.arrays.items() if n in due)

    def _called(self, call: Call, layout: int) -> tuple[Answer, bool]:
        """Return the answer to a call, and whether another layout would not change it."""
        request = self._request(call, self.layouts[layout])
        before = {name: array.copy() for name, array in request.arrays.items()}
        try:
            with double_precision() if self.package == "jax" else nullcontext():
                arrays = self.results.arrays(self.form.result(request), request.settings)
            remarks = remarks_on(request.arrays, before, arrays, self.results.title)
            return Answer(0, _copied(arrays), remarks=tuple(remarks), layout=layout), False
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and not self.has_own_process:
                raise
            is_final = isinstance(error, _FINAL) or not isinstance(error, Exception)
            return Answer(0, failure=failure_of(error, self.files), layout=layout), is_final
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(Exception):
                    stream.flush()

    def _request(self, call: Call, layout: Layout) -> Request:
        sample = call.inputs["x"].shape[1:] if "x" in call.inputs else ()
        arrays = {
            name: _typed(layout.given(name, np.asarray(array), sample), call.dtype)
            for name, array in call.inputs.items()
        }
        for name, way in call.memory.items():
            view = stored(arrays[name], way)
            arrays[name] = misread(view, call.reading) if call.reading else view
        shapes = {
            name: layout.given(name, np.zeros(shape, bool), sample).shape
            for name, shape in call.shapes.items()
        }
        return Request(arrays, call.settings, layout.axes, shapes)


def _from_here_alone(send: Send) -> Send:
    """Return a way of sending that ends copies of this process, if a function has forked."""
    own = os.getpid()

    def sent(piece: bytes) -> None:
        if os.getpid() != own:
            os._exit(0)
        send(piece)

    return sent


def _fits(shape: tuple[int, ...], due: tuple[int, ...]) -> bool:
    """Tell whether a shape is that which is due; vectors may have axes of length 1."""
    is_vector = prod(shape) == prod(due) == max(due, default=1) == max(shape, default=1)
    return shape == due or is_vector


def _typed(array: Array, number: str) -> Array:
    """Return a copy with floats of a type; whole numbers, which select entries, stay."""
    return array.astype(number if array.dtype.kind == "f" else array.dtype)


def _copied(arrays: dict[str, Array]) -> dict[str, Array]:
    return {name: np.array(array, order="C") for name, array in arrays.items()}


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
