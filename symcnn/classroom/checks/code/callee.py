"""What a check asks of somebody's function, and what it hears: calls, outcomes, answers as bytes.

Answers are JSON with names, types and shapes, then the numbers. What comes from the process of
somebody's function is not trusted: it is numbers and texts, and no Python object is made of it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal, Protocol

import numpy as np

from symcnn.limits import functions as limits

Arrays = Mapping[str, np.ndarray[Any, Any]]
"""Arrays by the names of what they are: ``x``, ``weight``, ``bias``, ``dout``, ``y``."""

Kind = Literal["backward", "forward", "gradients"]
"""Whether a function returns gradients of a layer, its output, or gradients of a network."""


@dataclass(frozen=True)
class Call:
    """One call of a function, with arrays in symcnn's layout: batch first, channels last.

    Attributes:
        inputs: The arrays by name; ``dout`` is the error signal, the derivative of the loss with
            respect to the output, where the function is a backward pass.
        settings: The settings of the layer by name: ``{"stride": 2}``.
        dtype: ``float64`` or ``float32``, the type of the arrays that the function is given.
        shapes: The shapes of what is due, by name, where no input has them: of ``y``. Only
            functions in C need them, which write into arrays that they are given.
        memory: Arrays that are not contiguous, each with the way in which it is stored.
        reading: In which way their memory is misread, where they hold what is then found in it.
    """

    inputs: Arrays
    settings: Mapping[str, Any]
    dtype: str = "float64"
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    memory: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a call returned, or why there is nothing.

    Attributes:
        arrays: The arrays in symcnn's layout, by the names of what they are: of a backward pass,
            ``x`` is the derivative with respect to the input. Their type is that of the function.
        failure: Why there are no arrays, in one sentence; "" if there are.
        remarks: What else is noteworthy, a sentence each: that an input was changed, for example.
        unlaid: The names of the arrays whose number of axes is another than is due: they stand in
            ``arrays`` as they were returned.
        is_skipped: Whether the function was not called, since an earlier call never ended or
            several ended its process: ``failure`` tells of that call.
        is_raised: Whether the function raised an exception, which ``failure`` tells.
    """

    arrays: Arrays
    failure: str = ""
    remarks: tuple[str, ...] = ()
    unlaid: tuple[str, ...] = ()
    is_skipped: bool = False
    is_raised: bool = False


class Callee(Protocol):
    """A function that can be called on arrays in symcnn's layout.

    Attributes:
        notes: What was guessed from the signature, and where the function runs, a sentence each;
            complete when it has run.
        takes: The settings of the layer that the function is given. It can be checked at other
            values of these alone.
        package: The package whose arrays it takes.
        memory_ways: How the arrays that it is given can be stored, where they are not contiguous.
    """

    notes: tuple[str, ...]
    takes: tuple[str, ...]
    package: str
    memory_ways: tuple[str, ...]

    def run(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return an outcome for each call, in their order."""
        ...


_LENGTHS = struct.Struct(">QQ")
_HEADER = 2**20
_TEXT = 1_000
_REMARKS = 40

Array = np.ndarray[Any, Any]


class GarbledError(Exception):
    """The bytes are no answer."""


@dataclass(frozen=True)
class Answer:
    """The answer to one call, or the last word of a process.

    Attributes:
        call: The number of the call; None for the last word.
        arrays: The arrays that came back, in the layout of the function.
        failure: Why there are none, in a sentence.
        remarks: What else is noteworthy, a sentence each.
        layout: Which of the layouts was used that come into question.
    """

    call: int | None
    arrays: Mapping[str, Array] = field(default_factory=dict)
    failure: str = ""
    remarks: tuple[str, ...] = ()
    layout: int = 0


def packed(answer: Answer) -> bytes:
    """Return an answer as bytes."""
    arrays = answer.arrays
    listed = [(name, array.dtype.str, array.shape) for name, array in arrays.items()]
    text = json.dumps({**vars(answer), "arrays": listed}).encode()
    numbers = b"".join(array.tobytes() for array in arrays.values())
    return _LENGTHS.pack(len(text), len(numbers)) + text + numbers


@dataclass
class Reader:
    """The answers in bytes that come piece by piece."""

    _pending: bytearray = field(default_factory=bytearray)

    def answers(self, piece: bytes) -> list[Answer]:
        """Return the answers that are complete with one more piece.

        Raises:
            GarbledError: The bytes are no answer.
        """
        self._pending += piece
        found = []
        while (end := self._end()) is not None:
            frame = bytes(self._pending[_LENGTHS.size : end])
            header, _ = _LENGTHS.unpack_from(self._pending)
            del self._pending[:end]
            found.append(_unpacked(frame[:header], frame[header:]))
        return found

    def _end(self) -> int | None:
        if len(self._pending) < _LENGTHS.size:
            return None
        header, numbers = _LENGTHS.unpack_from(self._pending)
        if header > _HEADER or numbers > limits.RESULT_BYTES * _REMARKS:
            raise GarbledError
        end: int = _LENGTHS.size + header + numbers
        return end if len(self._pending) >= end else None


def _unpacked(text: bytes, numbers: bytes) -> Answer:
    try:
        header = json.loads(text)
        arrays, start = dict[str, Array](), 0
        for name, kind, shape in header["arrays"]:
            array = _array(kind, shape, numbers[start:])
            arrays[str(name)], start = array, start + array.nbytes
        call, chosen = header["call"], int(header["layout"])
        remarks = tuple(str(remark)[:_TEXT] for remark in header["remarks"][:_REMARKS])
        number = None if call is None else int(call)
        return Answer(number, arrays, str(header["failure"])[:_TEXT], remarks, chosen)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise GarbledError from error


def _array(kind: str, shape: list[int], numbers: bytes) -> Array:
    number = np.dtype(kind)
    if number.kind not in "biufc" or any(type(n) is not int or n < 0 for n in shape):
        raise GarbledError
    return np.frombuffer(numbers, number, prod(shape)).reshape(shape).copy()
