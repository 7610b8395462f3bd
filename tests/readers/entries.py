r"""Reads letters: entries of tensors such as w^{(2)}_{m,2i-1}, indices, and what has a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.readers.intervals import Interval
from tests.readers.scanner import Scanner, UnreadableError
from tests.readers.scope import (
    Env,
    Formula,
    Named,
    OutsideError,
    at_commas,
    constant,
    indexed_axes,
    where,
)

if TYPE_CHECKING:
    from tests.readers.formulas import Reader


def entry(reader: Reader) -> Formula:
    if reader.take(r"\\varphi"):
        return function_of_one_entry(reader, "'" if reader.take("'") else "")
    if (number := taken(reader, reader.scope.numbers)) is not None:
        return lambda env: see(reader, "", number)
    if (place := taken(reader, reader.scope.places)) is not None:
        return reader.inner(place)
    name = lettered(reader, reader.scope.names)
    if name in reader.scope.sure:
        reader.group() if reader.take("_") else None
        return constant(1)
    tensor = reader.scope.names.get(name)
    if tensor is None or (max(tensor.shape, default=1) > 1 and not reader.peek("_")):
        return index(reader, name)
    places = subscript(reader, tensor.shape) if reader.take("_") else []
    reader.found = tensor, places

    def value(env: Env) -> Interval:
        try:
            position = where(tensor, places, env, reader.scope.base)
        except OutsideError as error:
            if reader.scope.is_said:
                raise
            raise UnreadableError(f"{name} is read outside: {error}") from error
        return see(reader, name, tensor.value(position))

    return value


def lettered(reader: Scanner, names: Mapping[str, Named]) -> str:
    """Take a letter, with what stands above it if that belongs to the name."""
    name = reader.expect(r"\\[a-zA-Z]+|[a-zA-Z]")
    if name == r"\hat":
        name += "{" + reader.group() + "}"
    if reader.peek(r"\^"):
        start = reader.at
        reader.take(r"\^")
        longer = f"{name}^{{{reader.group()}}}".replace(" ", "")
        if longer in names:
            return longer
        reader.at = start
    return name


def taken(reader: Reader, known: Mapping[str, object]):
    """Take a letter that is known, such as S, N_{j} or the index i_{u}."""
    for name in sorted(known, key=len, reverse=True):
        if reader.take(re.escape(name) + "(?![a-z'])") is not None:
            return known[name]
    return None


def subscript(reader: Reader, shape: Sequence[int]) -> list[Formula]:
    text = reader.group()
    split = at_commas(text)
    if len(split) == 1 and not indexed_axes(shape, 1):
        split = list(text.replace(" ", ""))
    ways = indexed_axes(shape, len(split))
    if not ways:
        raise UnreadableError(f"{text} are too many or too few indices in {reader.text!r}")
    for part, axis in zip(split, ways[0], strict=True):
        if re.fullmatch("[a-z]", part):
            reader.indices[part] = shape[axis]
    return [reader.inner(part) for part in split]


def index(reader: Reader, name: str) -> Formula:
    if not re.fullmatch("[a-z]", name):
        raise UnreadableError(f"{name} is not known in {reader.text!r}")
    reader.free.add(name)

    def value(env: Env) -> Interval:
        if name not in env:
            raise UnreadableError(f"{name} has no range in {reader.text!r}")
        return env[name], env[name]

    return value


def see(reader: Reader, name: str, number: float) -> Interval:
    """Keep an entry that was worked out."""
    reader.scope.seen.setdefault(name, []).append(number)
    return number, number


def function_of_one_entry(reader: Reader, mark: str) -> Formula:
    reader.expect(r"\\left\(")
    argument = reader.sum()
    reader.expect(r"\\right\)")
    letter, text = reader.scope.functions[mark]

    def value(env: Env) -> Interval:
        number = argument(env)
        named = {**reader.scope.names, letter: Named((), lambda _: number[0])}
        return type(reader)(text, replace(reader.scope, names=named)).whole()(env)

    return value
