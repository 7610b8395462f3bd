"""Running a program: its calls one after the other, each of an operator from a table.

On the device ``meta`` tensors have shapes and no numbers, so that nothing is allocated or computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

import torch

from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.torch.fields import SCALARS
from symcnn.imports.torch.program import Call, Kind, Program, Value

META = torch.device("meta")

_KINDS: Mapping[str, Any] = {
    "cpu": torch.device("cpu"),
    "strided": torch.strided,
    "contiguous_format": torch.contiguous_format,
    "preserve_format": torch.preserve_format,
    "channels_last": torch.channels_last,
    "channels_last_3d": torch.channels_last_3d,
    **{name: getattr(torch, name) for name in SCALARS.values()},
    "float32": torch.float64,
}
"""What a file names; a program that was exported in 32 bits is run in 64."""

Place = Callable[[torch.Tensor], torch.Tensor]


def run(program: Program, given: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Return the output of a program for tensors by the names of its arguments.

    Raises:
        SymcnnError: If it cannot be run in float64.
    """
    values: dict[str, Any] = {**given}
    for call in program.calls:
        step(program, call, values)
    made: torch.Tensor = values[program.output]
    return made


def tensors(program: Program) -> dict[str, torch.Tensor]:
    """Return what a program takes beside the input, which its operators may write into."""
    return {name: torch.from_numpy(array.copy()) for name, array in program.constants.items()}


def step(
    program: Program, call: Call, values: MutableMapping[str, Any], place: Place | None = None
) -> Sequence[Any]:
    """Make one call, put what it makes among the values, and return it.

    Args:
        program: The program.
        call: The call.
        values: What was made so far, by name.
        place: Puts the tensors that are read elsewhere, such as on the device ``meta``.

    Raises:
        SymcnnError: If it cannot be made in float64.
    """
    function = program.functions[call.target]
    with in_float64():
        given = {key: resolved(value, values, place) for key, value in call.arguments.items()}
        if place is on_meta:
            given = _made_there(function, given)
        with torch.set_grad_enabled(torch.is_grad_enabled() and not call.frozen):
            made = called(function, given)
        several = [*made] if call.listed else [made]
        values.update(zip(call.outputs, several, strict=False))
    return several


def called(function: Any, given: Mapping[str, Any]) -> Any:
    """Call an operator with arguments by the names of its schema, those in front by place."""
    schema = getattr(function, "_schema", None)
    if schema is None:
        return function(*given.values())
    places = [argument.name for argument in schema.arguments if not argument.kwarg_only]
    first = list(takewhile(given.__contains__, places))
    rest = {name: value for name, value in given.items() if name not in first}
    return function(*(given[name] for name in first), **rest)


def resolved(value: Any, values: Mapping[str, Any], place: Place | None = None) -> Any:
    """Return an argument as PyTorch takes it."""
    if isinstance(value, list):
        return [resolved(part, values, place) for part in value]
    if isinstance(value, Value):
        value = values[value.name]
        return place(value) if place is not None and isinstance(value, torch.Tensor) else value
    return _KINDS[value.name] if isinstance(value, Kind) else value


def on_meta(tensor: torch.Tensor) -> torch.Tensor:
    """Return a tensor of the same shape without numbers."""
    return tensor if tensor.is_meta else tensor.to(META)


def _made_there(function: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with which an operator makes tensors without numbers."""
    schema = getattr(function, "_schema", None)
    names = {argument.name for argument in schema.arguments} if schema else set()
    kept = {name: value for name, value in given.items() if name != "pin_memory"}
    return {**kept, "device": META} if "device" in names else kept


@contextmanager
def in_float64() -> Iterator[None]:
    """Let what PyTorch's operators raise be one line.

    Raises:
        SymcnnError: If something cannot be run in float64.
    """
    try:
        yield
    except SymcnnError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".split("\n")[0]
        before = "the module cannot be run in float64 ("
        raise SymcnnError(fitted(before, shown(reason), "): remove its casts")) from None
