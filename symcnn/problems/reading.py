"""The text of a problem file, TOML whose decimals stay exact, and its values, each read strictly.

Nothing is evaluated as code.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from sympy import Expr

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.values import Real, exact
from symcnn.errors import SymcnnError, located, shown
from symcnn.limits.files import text_of
from symcnn.problems.layouts import Kernels

Reader = Callable[[Any, str], Any]
"""Takes a value and its place, and returns what the setting is, or raises an error."""

_FRACTION = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
_UNIONS = (Union, UnionType)


def number(value: Any, place: str) -> Expr:
    """Read one number: an integer, a decimal, or a text such as "1/3" or "0.25".

    Raises:
        SymcnnError: If it is none of these, or not a finite number of a sane size.
    """
    return exact(_from_text(value, place) if isinstance(value, str) else value, place)


def numbers(value: Any, place: str, depth: int = 0) -> Any:
    """Read nested lists of numbers."""
    if not isinstance(value, list):
        return number(value, place)
    if depth > limits.INPUT_AXES:
        raise SymcnnError(f"{place} is nested too deeply: give at most {limits.INPUT_AXES} axes")
    return [numbers(part, f"{place}[{i}]", depth + 1) for i, part in enumerate(value)]


def array(value: Any, tensor: Tensor, place: str, kernels: Kernels) -> list[Any]:
    """Read the numbers of a tensor, in row-major order.

    Raises:
        SymcnnError: If their shape is neither the tensor's nor flat.
    """
    read = numbers(value, place)
    with located(place):
        return kernels.entries(read, tensor)


def as_written(value: Any) -> list[str]:
    """Return numbers that were read without a mistake as the file writes them, in one list."""
    if isinstance(value, list):
        return [written for part in value for written in as_written(part)]
    return [value.text if isinstance(value, Written) else str(value)]


def text(value: Any, place: str) -> str:
    """Read a text that can stand on one line."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise SymcnnError(f"{place} is {shown(value)}: give printable text on one line")
    if len(value) > limits.TEXT_LETTERS:
        size = f"has {len(value):,} letters"
        raise SymcnnError(f"{place} {size}: shorten it to {limits.TEXT_LETTERS:,} at most")
    return value


def flag(value: Any, place: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise SymcnnError(f"{place} is {shown(value)}: give true or false")
    return value


def whole(value: Any, place: str) -> int:
    """Read a whole number; whoever uses it says which ones fit."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > limits.WHOLE_NUMBER:
        raise SymcnnError(f"{place} is {shown(value)}: give a whole number below 10^18")
    return value


def wholes(value: Any, place: str, depth: int = 0) -> Any:
    """Read a whole number or a short list of such, one inside the other at most."""
    if not isinstance(value, list):
        return whole(value, place)
    if depth > 1 or len(value) > limits.INPUT_AXES:
        raise SymcnnError(f"{place} is {shown(value)}: give one number, or one for each axis")
    return tuple(wholes(part, f"{place}[{i}]", depth + 1) for i, part in enumerate(value))


def wholes_or_word(value: Any, place: str) -> Any:
    """Read whole numbers, or a word such as "same"."""
    return text(value, place) if isinstance(value, str) else wholes(value, place)


def words(value: Any, place: str) -> tuple[str, ...]:
    """Read a list of names."""
    if not isinstance(value, list):
        raise SymcnnError(f'{place} is {shown(value)}: give a list of names, ["...", "..."]')
    return tuple(text(part, f"{place}[{i}]") for i, part in enumerate(value))


def reader(hint: Any) -> Reader | None:
    """Return how a setting of a type is read; None for a type that no file holds."""
    if get_origin(hint) is Literal:
        return partial(_one_of, get_args(hint))
    parts = [part for part in get_args(hint) if part is not NoneType]
    if get_origin(hint) in _UNIONS and len(parts) == 1:
        return reader(parts[0])
    kinds = frozenset(_kinds(hint))
    return _READERS.get(kinds) or _READERS.get(kinds - {Expr})  # files hold no letters for sizes


def _kinds(hint: Any) -> Iterator[Any]:
    """Run over the types that a type is made of; ``tuple`` stands for any of these."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        yield from map(type, parts)
    elif origin in (tuple, *_UNIONS):
        yield from (origin,) if origin is tuple else ()
        for part in parts:
            yield from _kinds(part)
    elif hint not in (NoneType, Ellipsis):
        yield hint


_READERS: dict[frozenset[Any], Reader] = {
    frozenset({bool}): flag,
    frozenset({int}): whole,
    frozenset({int, tuple}): wholes,
    frozenset({int, str}): wholes_or_word,
    frozenset({int, str, tuple}): wholes_or_word,
    frozenset({str}): text,
    frozenset({str, tuple}): words,
    frozenset({float}): lambda value, place: float(number(value, place)),
    frozenset({float, tuple}): lambda value, place: _tuples(numbers(value, place), float),
    frozenset(get_args(Real)): number,
    frozenset({*get_args(Real), tuple}): lambda value, place: _tuples(numbers(value, place)),
}

READABLE = "bool, int, float, Real, str, a Literal of texts, or tuples of numbers or texts"
"""The types that a setting can have, each also ``| None``."""


def _one_of(allowed: tuple[Any, ...], value: Any, place: str) -> Any:
    """Read one of the words of a Literal."""
    if value not in allowed:
        choices = " or ".join(map(json.dumps, allowed))
        raise SymcnnError(f"{place} is {shown(value)}: give {choices}")
    return value


def _tuples(read: Any, one: Callable[[Any], Any] = lambda entry: entry) -> Any:
    return tuple(_tuples(part, one) for part in read) if isinstance(read, list) else one(read)


def _from_text(written: str, place: str) -> Fraction | Decimal:
    if len(written) <= 2 * limits.NUMBER_DIGITS:
        if (found := _FRACTION.fullmatch(written)) and int(found[2]):
            return Fraction(int(found[1]), int(found[2]))
        if _DECIMAL.fullmatch(written):
            return Decimal(written)
    raise SymcnnError(f'{place} is {shown(written)}: give a number such as 0.25 or "1/3"')


_NAME = r"""(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)[ \t]*+"""
_KEY = rf"""(?<![\w"'.-])(?:{_NAME}\.[ \t]*+)"""
"""A name and a dot, in time that grows with the text alone; several begin where a key does."""


_IMPORT = "write one with symcnn import FILE -o my.toml"
_PICKLE = "it may hold a pickle, which is never read: use sc.from_torch(module, x)"
_OTHERS = {
    **dict.fromkeys((".onnx", ".pt2"), _IMPORT),
    **dict.fromkeys((".pt", ".pth", ".pkl", ".ckpt"), _PICKLE),
    ".npz": 'name the arrays in a problem file, arrays = "FILE.npz"',
    ".safetensors": "sc.with_safetensors(problem, path) takes the weights",
    ".py": "sc.save(problem, path) writes one",
}
"""What is often given in place of a problem file, and what is to be done with it."""


def parsed(file: Path, decimal: Callable[[str], Any] | None = None) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Args:
        file: The file.
        decimal: What makes numbers of decimals as they are written; by default exact ones.

    Raises:
        SymcnnError: If it cannot be read, or is not TOML.
    """
    if other := _OTHERS.get(file.suffix.lower()):
        raise SymcnnError(f"this is no problem file, which is TOML: {other}")
    return tables(text_of(file), decimal)


def tables(text: str, decimal: Callable[[str], Any] | None = None) -> dict[str, Any]:
    """Return the tables of a text in TOML.

    Raises:
        SymcnnError: If it is not TOML.
    """
    if found := re.search(f"{_KEY}{{{limits.TOML_NAMES}}}", text):
        line = text.count("\n", 0, found.start()) + 1
        raise SymcnnError(
            f"line {line} has a key of more than {limits.TOML_NAMES} dotted names: shorten the key"
        )
    try:
        return tomllib.loads(text, parse_float=decimal or _decimal)
    except SymcnnError:
        raise
    except RecursionError:
        raise SymcnnError("the file is nested too deeply: give arrays of at most 8 axes") from None
    except tomllib.TOMLDecodeError as error:
        raise SymcnnError(f"this is not valid TOML: {error}: correct the file there") from None
    except ValueError:
        raise SymcnnError(
            "the file contains an integer of thousands of digits: shorten it"
        ) from None


class Written(Decimal):
    """A decimal that knows how it was written: 0.10, or 1e-05."""

    text: str


def _decimal(written: str) -> Decimal | str:
    """Return a decimal; one beyond Decimal's own range stays text, and is refused as such."""
    try:
        made = Written(written)
        made.text = written
        return made
    except InvalidOperation:
        return written
