"""Answers as bytes: JSON with names, types and shapes, then the numbers.

What comes from the process of somebody's function is not trusted: it is numbers and texts, and no
Python object is made of it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from symcnn.limits import functions as limits

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
