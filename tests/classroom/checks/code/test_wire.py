"""Answers as bytes, and bytes that are none."""

import json
import struct

import numpy as np
import pytest

from symcnn.classroom.checks.code.callee import Answer, GarbledError, Reader, packed


def test_answers_arrive_bit_by_bit_in_pieces_of_any_length():
    arrays = {"x": np.array([[0.1, -0.0], [np.nan, 1e308]]), "b": np.zeros((0, 3), "float32")}
    sent = [Answer(0, arrays, "", ("printed é",), 1), Answer(None)]
    reader, found = Reader(), []
    for byte in b"".join(map(packed, sent)):
        found += reader.answers(bytes([byte]))
    assert found[0].arrays["x"].tobytes() == arrays["x"].tobytes()
    assert found[0].arrays["b"].shape == (0, 3)
    assert (found[0].remarks, found[0].layout, found[1].call) == (("printed é",), 1, None)


def frame(header, numbers=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">QQ", len(text), len(numbers)) + text + numbers


def header(*array, **more):
    return {"call": 0, "arrays": [array], "failure": "", "remarks": [], "layout": 0, **more}


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff" * 16,
        frame(b"not json"),
        frame([1, 2]),
        frame({"call": 0}),
        frame(header("x", "|O", [1]), b"\0" * 8),
        frame(header("x", "<f8", [3]), b"\0" * 8),
        frame(header("x", "<f8", [-1]), b"\0" * 8),
        frame(header("x", "<f8", "1"), b"\0" * 8),
        frame(header("x", "no type", [1]), b"\0" * 8),
        frame(header("x", "<f8", [1], call="one"), b"\0" * 8),
        frame(header("x", "<f8", [1], remarks=3), b"\0" * 8),
        frame(header("x", "<f8", [2**62, 4]), b"\0" * 8),
    ],
)
def test_what_is_no_answer_is_refused(sent):
    with pytest.raises(GarbledError):
        Reader().answers(sent)
