"""The program that reads forms of PDFs, in a process of its own, which can always be ended.

It reads the length of a PDF in eight bytes and then the PDF, and answers with a line of JSON: the
fields with what their boxes hold, or a word for what is wrong. It imports nothing of symcnn.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

Fields = list[tuple[str, str]]


class RefusedError(Exception):
    """What is wrong with a PDF, as a word."""


def main(memory: int, most: int, depth: int, letters: int) -> None:
    """Read one PDF after the other."""
    _limit(memory)
    logging.disable()
    taken, given = sys.stdin.buffer, sys.stdout.buffer
    while len(length := taken.read(8)) == 8:
        content = taken.read(int.from_bytes(length, "big"))
        given.write(json.dumps(_answer(content, most, depth, letters)).encode() + b"\n")
        given.flush()


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # no such thing on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _answer(content: bytes, most: int, depth: int, letters: int) -> dict[str, Any]:
    try:
        found = [(name, text[:letters]) for name, text in _fields(content, most, depth)]
        return {"fields": found}
    except RefusedError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "large"}
    except Exception:  # a damaged file raises anything
        return {"error": "damaged"}


def _fields(content: bytes, most: int, depth: int) -> Fields:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise RefusedError("encrypted")
    form = _of(reader.trailer["/Root"]).get("/AcroForm")
    form = None if form is None else form.get_object()
    if form is not None and "/XFA" in form:
        raise RefusedError("xfa")
    if form is None or not _of(form).get("/Fields"):
        raise RefusedError("formless")
    return [*_walked(form["/Fields"], most, depth)]


def _of(value: Any) -> dict[str, Any]:
    """Return a dictionary, whatever was found in its place."""
    made = value.get_object()
    if not isinstance(made, dict):
        raise RefusedError("damaged")
    return made


def _walked(roots: Any, most: int, depth: int) -> Iterator[tuple[str, str]]:
    """Run over the boxes of all fields: each is reached once, in the order of the file."""
    left, seen, count = [(node, "", "", 0) for node in reversed(roots.get_object())], set[int](), 0
    while left:
        node, name, held, level = left.pop()
        count += 1
        if count > most or level > depth:
            raise RefusedError("large")
        number = getattr(node, "idnum", None)
        if number is not None:
            if number in seen:
                continue
            seen.add(number)
        field = _of(node)
        own = field.get("/T")
        if own is not None:
            name = f"{name}.{own}" if name else str(own)
        held = _text(field.get("/V")) or held
        kids = field.get("/Kids")
        if kids is None:
            yield name, held
        else:
            left += [(kid, name, held, level + 1) for kid in reversed(kids.get_object())]
            yield name, held


def _text(value: Any) -> str:
    found = None if value is None else value.get_object()
    return found.strip() if isinstance(found, str) else ""


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
