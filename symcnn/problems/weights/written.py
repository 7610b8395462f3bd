"""Where a network is from, in a problem file.

    [origin.arrays]
    "0.bias" = { shape = [2] }
    "0.weight" = { shape = [2, 1, 3, 3], parts = [{ tensor = "0.weight", sizes = [9, 2], ... }] }

An array without parts is the tensor of its name, with the same entries in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import Mistakes, TooLargeError, shown
from symcnn.network.network import Network
from symcnn.problems.reading import number, text, whole
from symcnn.problems.section import Section, table
from symcnn.problems.weights.origin import NUMBERS, Origin, Part, Places, Stored
from symcnn.problems.weights.origin import whole as every

_USUAL = "float32"
"""The type of numbers that is not written."""

_AXES = limits.INPUT_AXES + 2
"""The most axes of an array."""

_FEW = 1_000
"""So many entries that no tensor holds are written, and not more."""


def origin_lines(origin: Origin | None) -> Iterator[str]:
    """Write where a network is from, if it was imported."""
    if origin is None:
        return
    yield "[origin.arrays]  # what the source stores, and the tensors that hold it"
    for name, stored in origin.arrays.items():
        yield f"{_quoted(name)} = {_table(_settings(name, stored))}"
    if origin.fixed:
        yield "[origin.computed]  # what the source computes, by a digest of its numbers"
    for name, stated in origin.fixed.items():
        yield f"{_quoted(name)} = {_quoted(stated)}"


def _settings(name: str, stored: Stored) -> Iterator[tuple[str, str]]:
    yield "shape", str([*stored.shape])
    if stored.numbers != _USUAL:
        yield "numbers", _quoted(stored.numbers)
    if stored.parts != (Part(name, every(stored.size)),):
        parts = (_table(_part(part)) for part in stored.parts)
        yield "parts", f"[{', '.join(parts)}]"
    if stored.rest is not None and 0 < stored.rest.size <= _FEW:
        yield "rest", f"[{', '.join(map(repr, stored.rest.astype(_written(stored)).tolist()))}]"


def _written(stored: Stored) -> type:
    """Return the type by which entries are written: a truth is 0 or 1."""
    return float if stored.dtype.kind == "f" else int


def _part(part: Part) -> Iterator[tuple[str, str]]:
    yield "tensor", _quoted(part.tensor)
    if part.places.listed is not None:
        yield "entries", str([*part.places.listed])
        return
    yield "sizes", str([*part.places.sizes])
    yield "steps", str([*part.places.steps])
    if part.places.start:
        yield "start", str(part.places.start)


def _table(settings: Iterator[tuple[str, str]]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in settings)} }}"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def origin_read(file: Section, network: Network) -> Origin | None:
    """Read where a network is from, if the file says so.

    Raises:
        SymcnnError: A line for each array that is not stated as such.
    """
    if "origin" not in file.content:
        return None
    section = file.subsection("origin")
    section.only(["arrays", "computed"])
    tensors = {t.name: t for t in network.given if t.role in ("parameter", "given")}
    mistakes, arrays, left = Mistakes(), dict[str, Stored](), _most(tensors)
    for name, value in section.subsection("arrays").content.items():
        with mistakes.collected():
            own = table(f"origin.arrays {shown(name)}", value, "{ shape = [...] }")
            shape = _shape(own)
            parts = [*_parts(name, shape, own, tensors)]
            if parts:
                left -= prod(shape) + sum(part.places.size for part in parts)
            if left < 0:
                raise TooLargeError(f"{own.place}: the arrays have too many entries: remove some")
            arrays[name] = _stored(shape, own, tuple(parts))
    computed = section.subsection("computed")
    fixed = {name: text(value, computed.where(name)) for name, value in computed.content.items()}
    mistakes.end()
    return Origin(arrays, fixed)


def _most(tensors: Mapping[str, Tensor]) -> int:
    """Return how many entries arrays and their parts can have that are looked at."""
    return limits.IMPORTED_ENTRIES + 4 * sum(int(tensor.size) for tensor in tensors.values())


def _shape(section: Section) -> Shape:
    section.only(["shape", "numbers", "parts", "rest"])
    shape = _wholes(section, "shape")
    if min(shape, default=0) < 0 or len(shape) > _AXES:
        raise section.fault(f"shape is {shown([*shape])}: give at most {_AXES} lengths")
    return shape


def _parts(
    name: str, shape: Shape, section: Section, tensors: Mapping[str, Tensor]
) -> Iterator[Part]:
    usual = [{"tensor": name, "sizes": [prod(shape)], "steps": [1]}]
    listed = section.content.get("parts", usual)
    if not isinstance(listed, list):
        raise section.fault("parts is no list: give [{ tensor = ..., sizes = ..., steps = ... }]")
    for value in listed:
        part = _part_of(section, value, tensors)
        first, last = part.places.range
        if first < 0 or last >= prod(shape):
            raise section.fault(f"{part.tensor} has entries outside of the array: correct steps")
        yield part


def _stored(shape: Shape, section: Section, parts: tuple[Part, ...]) -> Stored:
    numbers = section.content.get("numbers", _USUAL)
    if numbers not in (known := (*NUMBERS, "bfloat16")):
        raise section.fault(f"numbers is {shown(numbers)}: give one of {', '.join(known)}")
    made = Stored(shape, str(numbers), parts)
    count = int(made.left().sum()) if parts else made.size
    if "rest" not in section.content and count:
        return made
    return replace(made, rest=_rest(section, count))


def _part_of(section: Section, value: Any, tensors: Mapping[str, Tensor]) -> Part:
    part = table(f"{section.place}, parts", value, "{ tensor = ... }")
    part.only(["tensor", "entries", "sizes", "steps", "start"])
    tensor = part.required("tensor", "give the tensor that holds the entries")
    if not isinstance(tensor, str) or tensor not in tensors:
        raise part.fault(f"the network has no numbers {shown(tensor)}: correct the name")
    if "entries" in part.content:
        places = Places((), (), 0, _wholes(part, "entries"))
    else:
        start = part.read("start", whole) or 0
        places = Places(_wholes(part, "sizes"), _wholes(part, "steps"), start)
    sizes, size = places.sizes, tensors[tensor].size
    apart = len(sizes) != len(places.steps) or len(sizes) > 2 * _AXES
    if apart or min(sizes, default=1) < 1 or places.size != size:
        raise part.fault(f"{tensor} has {size:,} entries: give sizes and steps of as many")
    return Part(tensor, places)


def _rest(section: Section, count: int) -> Array:
    given = section.content.get("rest", [])
    if not isinstance(given, list) or len(given) != count:
        raise section.fault(f"rest is not {count:,} numbers: give the entries that no tensor holds")
    return np.array([float(number(entry, section.where("rest"))) for entry in given])


def _wholes(section: Section, key: str) -> Shape:
    given = section.required(key, "give a list of whole numbers")
    if not isinstance(given, list):
        raise section.fault(f"{key} is {shown(given)}: give a list of whole numbers")
    return tuple(whole(entry, section.where(key)) for entry in given)
