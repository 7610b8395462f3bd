"""Fields of a program in JSON, each with the type that the schema of ``torch.export`` gives it.

The schema has unions, objects with one key that says what the value is: ``{"as_string": "mean"}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError, shown
from symcnn.imports.torch.parts import WRITTEN
from symcnn.imports.torch.program import Kind, Value

_NUMBER = r"-?\d{1,18}|Integer\(-?\d{1,18}\)"
_SYMBOL = r"\b[a-z]\d{1,18}\b|Symbol\('[a-z]\d{1,18}'(, [a-z]+=True)*\)"
_PLAIN = re.compile(f"{_NUMBER}|{_SYMBOL}")
_COMPOSED = re.compile(
    r"(Mul|Add|Pow|Min|Max|Mod|PythonMod|FloorDiv|CleanDiv|Eq|Ne|Lt|Le|Gt|Ge|[-+*/%(), ])*"
)
"""What may stand between the numbers and symbols of a length that follows from others."""

SCALARS = {
    **{1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64"},
    **{6: "float16", 7: "float32", 8: "float64", 12: "bool", 13: "bfloat16"},
}
"""The numbers that the schema gives to types of numbers."""

_LAYOUTS = {7: "strided"}
_ORDERS = {
    **{1: "contiguous_format", 2: "channels_last", 3: "channels_last_3d"},
    4: "preserve_format",
}
_NOT_FINITE = {"Infinity": float("inf"), "-Infinity": float("-inf"), "NaN": float("nan")}

_STRIDED = 7


def parsed(text: str, name: str) -> Any:
    """Return what JSON says; every length in it is a number, a symbol, or composed of these.

    Raises:
        SymcnnError: If it is no JSON, or a length is something else.
    """
    try:
        return json.loads(text, object_hook=_checked)
    except SymcnnError:
        raise
    except (ValueError, RecursionError):
        raise SymcnnError(
            f"the part {shown(name)} is not the JSON of a program: {WRITTEN}"
        ) from None


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object, if it is no text for a length that PyTorch would evaluate as code."""
    if "expr_str" in value:
        expression = of(value, "expr_str", str)
        rest = _PLAIN.sub("", expression[: limits.TEXT_LETTERS])
        if len(expression) > limits.TEXT_LETTERS or not _COMPOSED.fullmatch(rest):
            raise SymcnnError(
                f"a length is {shown(expression)}, neither a number nor a symbol: {WRITTEN}"
            )
    return value


def of(value: Any, key: str, kind: type) -> Any:
    """Return a field that must be there, of a type.

    Raises:
        SymcnnError: If it is not there, or another type.
    """
    found = value.get(key) if isinstance(value, dict) else None
    if type(found) is not kind:
        raise SymcnnError(f"the field {shown(key)} of the program is {shown(found)}: {WRITTEN}")
    return found


def union(value: Any) -> tuple[str, Any]:
    """Return what a value is, and the value.

    Raises:
        SymcnnError: If it is no object with a single key.
    """
    if not isinstance(value, dict) or len(value) != 1:
        raise SymcnnError(f"{shown(value)} of the program is not a union of one: {WRITTEN}")
    return next(iter(value.items()))


def sizes(listed: Any, unknown: int | None = None) -> Shape:
    """Return lengths.

    Raises:
        SymcnnError: If one is no number, nor a symbol that something stands for.
    """
    if not isinstance(listed, list) or len(listed) > limits.INPUT_AXES:
        raise SymcnnError(f"{shown(listed)} is not a list of lengths: {WRITTEN}")
    return tuple(size(length, unknown) for length in listed)


def size(length: Any, unknown: int | None = None) -> int:
    """Return a length: see ``sizes``."""
    kind, value = union(length)
    if kind == "as_expr":
        text = of(value, "expr_str", str)
        number = re.fullmatch(r"(?:Integer\()?(-?\d{1,18})\)?", text)
        value = int(number[1]) if number else unknown
        if value is None or not _PLAIN.fullmatch(text):
            raise SymcnnError(f"a length is {shown(text)}, which is not a number: {WRITTEN}")
    return _int(value)


def dtype(number: Any) -> str:
    """Return what PyTorch calls a type of numbers.

    Raises:
        SymcnnError: If it is none that is read.
    """
    if type(number) is not int or number not in SCALARS:
        raise SymcnnError(
            f"the type of numbers {shown(number)} is not read: convert the module to float32"
        )
    return SCALARS[number]


def strided(meta: Any) -> tuple[str, Shape, Shape, int]:
    """Return type, sizes, strides and offset of a tensor that lies in memory.

    Raises:
        SymcnnError: If it is sparse, or a field is none of the schema.
    """
    if of(meta, "layout", int) != _STRIDED:
        raise SymcnnError("a tensor is sparse: export the module with dense ones")
    numbers = dtype(meta.get("dtype"))
    return (
        numbers,
        sizes(meta.get("sizes")),
        sizes(meta.get("strides")),
        size(meta.get("storage_offset")),
    )


def argument(value: Any) -> Any:
    """Return an argument of an operator.

    Raises:
        SymcnnError: If it is none that operators on tensors take.
    """
    kind, given = union(value)
    if kind not in _ARGUMENTS:
        raise SymcnnError(f"an argument is {shown(kind)}: export a module of tensors alone")
    return _ARGUMENTS[kind](given)


def _typed(kind: type) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        if type(value) is not kind:
            raise SymcnnError(
                f"the argument {shown(value)} is not of the type {kind.__name__}: {WRITTEN}"
            )
        return value

    return checked


def _int(value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**63:
        raise SymcnnError(f"{shown(value)} is not an integer of 64 bits: {WRITTEN}")
    return value


def _float(value: Any) -> float:
    if type(value) is str and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    return float(
        _typed(float)(float(value) if type(value) is int and abs(value) < 2**63 else value)
    )


def _value(given: Any) -> Value:
    return Value(of(given, "name", str))


def _named_or(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what reads the name of a length, or the length itself."""

    def either(given: Any) -> Any:
        kind, value = union(given)
        return Value(_typed(str)(value)) if kind == "as_name" else read(value)

    return either


def _tensor_or_none(given: Any) -> Any:
    kind, value = union(given)
    return _value(value) if kind == "as_tensor" else None


def _listed(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda given: [read(part) for part in _typed(list)(given)]


def _kind(names: Mapping[int, str]) -> Callable[[Any], Kind | None]:
    def named(number: Any) -> Kind | None:
        if type(number) is not int or number not in names:
            raise SymcnnError(f"{shown(number)} is not a type or order that can be read: {WRITTEN}")
        return Kind(names[number])

    return named


_text = _typed(str)
_ARGUMENTS: Mapping[str, Callable[[Any], Any]] = {
    "as_none": lambda given: None,
    "as_tensor": _value,
    "as_tensors": _listed(_value),
    "as_optional_tensor": _tensor_or_none,
    "as_optional_tensors": _listed(_tensor_or_none),
    **{
        key: read
        for name, number in (("int", _int), ("float", _float), ("bool", _typed(bool)))
        for key, read in (
            (f"as_{name}", number),
            (f"as_{name}s", _listed(number)),
            (f"as_sym_{name}", _named_or(number)),
            (f"as_sym_{name}s", _listed(_named_or(number))),
        )
    },
    "as_string": _text,
    "as_strings": _listed(_text),
    "as_scalar_type": lambda given: Kind(dtype(given)),
    "as_layout": _kind(_LAYOUTS),
    "as_memory_format": _kind(_ORDERS),
    "as_device": lambda given: Kind("cpu"),
}
"""What each kind of argument of the schema is read by."""
