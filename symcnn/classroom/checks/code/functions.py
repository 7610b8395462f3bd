"""Somebody's function, ready to be called in a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.callee import Answer, Call, Callee, Outcome, Reader
from symcnn.classroom.checks.code.differentiated import knows_jax
from symcnn.classroom.checks.code.forms import Compiled
from symcnn.classroom.checks.code.layouts import Layout
from symcnn.classroom.checks.code.memory import BACKWARDS, WAYS
from symcnn.classroom.checks.code.process import HAS_FORK, Ending, run_here, run_in_process
from symcnn.classroom.checks.code.recognised import Asked, Recognised, recognised
from symcnn.classroom.checks.code.signature import files_of
from symcnn.classroom.checks.code.work import Work
from symcnn.errors import SymcnnError
from symcnn.limits import functions as limits

_MEMORY = {"numpy": 1, "torch": 2, "jax": 4}
"""How many times the memory of a check the packages need: they reserve some for each thread."""

_HERE = "The function runs in this process, without limits of time and memory: {}."


def callee(function: Any, asked: Asked, layout: Layout, seconds: float) -> Callee:
    """Return a function that can be called on arrays in symcnn's layout, apart from this process.

    Args:
        function: A function on arrays, ``backward(dout, x, w, b)``; a pair of a forward pass,
            which returns the output and a cache, and a backward pass, ``backward(dout, cache)``; a
            subclass of ``torch.autograd.Function``; a module of PyTorch; a function of JAX; or a
            function of C by ``ctypes``.
        asked: What a user says of it, and what a check asks of it.
        layout: The layout of its arrays.
        seconds: The time for all calls together, after which the function is stopped.

    Raises:
        SymcnnError: It is no function on arrays, or its parameters cannot be guessed.
    """
    if not seconds > 0:
        raise SymcnnError(f"seconds is {seconds}: give a positive number")
    return _Function(function, asked, layout, seconds)


class _Function:
    """A function that is run apart from this process."""

    def __init__(self, function: Any, asked: Asked, layout: Layout, seconds: float) -> None:
        """Recognise the form of a function."""
        known = recognised(function, asked)
        parts = function if isinstance(function, tuple | list) else (function,)
        here = _why_here(known.package == "jax" or any(map(knows_jax, parts)))
        self.layout, self.seconds = layout, seconds
        self.chosen: int | None = None
        self.notes = (*known.notes, *((_HERE.format(here),) if here else ()))
        self.takes = known.taken
        self.package, self.memory_ways = known.package, _memory_ways(known)
        self.work = Work(
            known.form,
            known.results,
            layout.candidates(),
            files_of(function),
            package=known.package,
            has_own_process=not here,
        )

    def run(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return an outcome for each call, in their order."""
        heard, until = _Heard(len(calls), self.chosen), time.monotonic() + self.seconds
        while heard.left and not heard.is_given_up:
            left = [(number, calls[number]) for number in heard.left]
            ending = self._sent(left, heard, max(until - time.monotonic(), 0.01))
            heard.note(ending, self.seconds)
        self.chosen = heard.layout
        if self.chosen is not None:
            said = self.layout.note(self.work.layouts[self.chosen])
            self.notes += tuple(note for note in said if note not in self.notes)
        return [self._outcome(call, heard, number) for number, call in enumerate(calls)]

    def _sent(self, left: Sequence[tuple[int, Call]], heard: _Heard, seconds: float) -> Ending:
        """Run the calls that are left, and take the answers."""
        reader = Reader()

        def take(piece: bytes) -> bool:
            return heard.take(reader.answers(piece))

        if not self.work.has_own_process:
            return run_here(lambda send: self.work.done(left, heard.layout, send), take)
        memory = limits.BYTES * _MEMORY[self.work.package]
        return run_in_process(
            lambda send: self.work.done(left, heard.layout, send), take, seconds, memory
        )

    def _outcome(self, call: Call, heard: _Heard, number: int) -> Outcome:
        answer = heard.answers[number]
        remarks = (*answer.remarks, *(heard.remarks if number == 0 else ()))
        if answer.failure:
            return Outcome(
                {},
                answer.failure,
                remarks,
                is_skipped=number in heard.skipped,
                is_raised=number not in heard.ended,
            )
        layout = self.work.layouts[answer.layout]
        taken = {n: _taken(layout, call, n, array) for n, array in answer.arrays.items()}
        unlaid = tuple(name for name, array in taken.items() if array is None)
        arrays = {n: answer.arrays[n] if array is None else array for n, array in taken.items()}
        return Outcome(arrays, remarks=remarks, unlaid=unlaid)


def _taken(
    layout: Layout, call: Call, name: str, array: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any] | None:
    due = call.inputs[name].shape if name in call.inputs else call.shapes.get(name)
    sample = call.inputs["x"].shape[1:] if "x" in call.inputs else ()
    return layout.taken(name, array, array.ndim if due is None else len(due), sample)


def _memory_ways(known: Recognised) -> tuple[str, ...]:
    """Return how arrays can be stored: those of JAX and C are contiguous."""
    if known.package == "jax" or isinstance(known.form, Compiled):
        return ()
    has_negative_strides = known.package == "numpy"
    return tuple(way for way in WAYS if has_negative_strides or way != BACKWARDS)


def _why_here(is_of_jax: bool) -> str:
    """Return why a function cannot run in a process of its own; "" if it can."""
    if not HAS_FORK:
        return "this system cannot fork"
    if is_of_jax and _has_jax_begun():
        return "JAX has begun to compute in it, and cannot be forked"
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return "PyTorch has begun to compute on a GPU in it, and cannot be forked"
    return ""


def _has_jax_begun() -> bool:
    bridge = sys.modules.get("jax._src.xla_bridge")
    begun = getattr(bridge, "backends_are_initialized", None)
    return sys.modules.get("jax") is not None and (begun is None or bool(begun()))


@dataclass
class _Heard:
    """What was heard of the calls so far."""

    count: int
    layout: int | None = None
    answers: dict[int, Answer] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    crashes: int = 0
    is_given_up: bool = False
    skipped: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()

    @property
    def left(self) -> list[int]:
        """The numbers of the calls that are not answered."""
        return [number for number in range(self.count) if number not in self.answers]

    def take(self, answers: Sequence[Answer]) -> bool:
        """Take answers, and tell whether the last word was among them."""
        for answer in answers:
            if answer.call is None:
                self.remarks += answer.remarks
                return True
            if answer.call in self.left:
                self.answers[answer.call] = answer
                if not answer.failure and self.layout is None:
                    self.layout = answer.layout
        return False

    def note(self, ending: Ending, seconds: float) -> None:
        """Note how a process ended: the call that it did not answer is the one that failed."""
        if ending.count:
            text = " ".join(ending.printed.decode("utf-8", "replace").split())
            self.remarks += (f"The function printed {ending.count} bytes: {text[:_PRINTED]}",)
        if not (why := ending.why or (_SILENT if self.left else "")):
            return
        if not self.left:
            self.remarks += (f"Called again with the arrays of the first call: {why}",)
            return
        failed = self.left[0]
        self.answers[failed] = Answer(failed, failure=why)
        self.crashes += 1
        self.is_given_up = ending.is_stopped or self.crashes >= limits.CRASHES
        self.skipped = tuple(self.left) if self.is_given_up else ()
        self.ended += (failed, *self.skipped)
        for number in self.skipped:
            self.answers[number] = Answer(number, failure=f"It was not called again: {_lower(why)}")


_PRINTED = 60
_SILENT = "The function's process ended without an answer."


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
