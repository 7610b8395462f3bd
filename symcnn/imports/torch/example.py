"""The example that a program was exported with: a pickle, of which no more than tensors is read.

A pickle is a program for a small machine with a stack, which can call any function of Python.
Here its instructions are listed (``pickletools``) and followed by a machine that knows those that
a tuple of tensors consists of, and calls nothing: what would be called is compared with two names.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import is_zipfile

from symcnn import limits
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.torch.parts import NUMBERS, Parts, Stored, parts_of

PART = "data/sample_inputs/model.pt"

_STORAGES = {
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
    "HalfStorage": "float16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "BoolStorage": "bool",
    "BFloat16Storage": "bfloat16",
}
_PICKLE_BYTES = 2**16
"""The bytes of a pickle that is followed: one that lists a tensor has two hundred."""

_REBUILT = "torch._utils _rebuild_tensor_v2"
_NO_HOOKS = "collections OrderedDict"

_NO_TENSOR = (
    "its example input is a pickled object, which can run code: give an array x, or export the "
    "module with a tensor"
)


class _Global(NamedTuple):
    """A name of Python, which nothing looks up."""

    name: str


class _Mark:
    """Where the entries of a tuple begin."""


class _Storage(NamedTuple):
    """A part of plain numbers."""

    part: str
    numbers: str


def example(parts: Parts) -> Array | None:
    """Return the single tensor that a program was exported with, or None where there is none.

    Raises:
        SymcnnError: If its pickle does anything but list tensors.
    """
    if not parts.size(PART):
        return None
    content = parts.read(PART, limits.FILE_BYTES)
    if not is_zipfile(BytesIO(content)):
        raise SymcnnError(_NO_TENSOR)
    with parts_of(content, r"data\.pkl|data/\d+") as inner:
        made = _followed(inner.read("data.pkl", _PICKLE_BYTES))
        match made:
            case ((Stored() as tensor,), {}) if tensor.part in inner:
                within = tensor.checked(inner.size(tensor.part), "the example input")
                return within.read(inner)
            case (tuple(), dict()):
                return None
    raise SymcnnError(_NO_TENSOR)


def _followed(pickled: bytes) -> Any:
    """Follow the instructions of a pickle, and return what it leaves."""
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(pickled):
            if opcode.name == "STOP":
                (made,) = machine.stack
                return made
            _STEPS[opcode.name](machine, argument)
    except (ValueError, LookupError, TypeError) as error:  # what is wrong in a pickle
        raise SymcnnError(_NO_TENSOR) from error
    raise SymcnnError(_NO_TENSOR)


class _Machine:
    """The stack of a pickle, and what it has put aside by number."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.kept: dict[int, Any] = {}

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def keep(self, number: int) -> None:
        self.kept[number] = self.stack[-1]

    def fetch(self, number: int) -> None:
        self.push(self.kept[number])

    def gather(self, count: int) -> None:
        """Make a tuple of the last entries."""
        self.stack[len(self.stack) - count :] = [tuple(self._last(count))]

    def gather_marked(self) -> None:
        """Make a tuple of the entries behind the last mark."""
        marks = [at for at, value in enumerate(self.stack) if isinstance(value, _Mark)]
        self.gather(len(self.stack) - 1 - marks[-1])
        del self.stack[-2]

    def storage(self) -> None:
        """Make a storage of a tuple ("storage", its class, its part, "cpu", its length)."""
        match self.stack.pop():
            case ("storage", _Global(name), str(key), str(), int()) if key.isdecimal():
                self.push(_Storage(f"data/{key}", _STORAGES[name.removeprefix("torch ")]))
            case _:
                raise ValueError("this is no storage")

    def call(self) -> None:
        """Make a tensor of a storage and its sizes, or the empty dictionary of its hooks."""
        match self._popped(2):
            case (_Global(name), ()) if name == _NO_HOOKS:
                self.push({})
            case (_Global(name), (_Storage() as storage, offset, shape, strides, bool(), {})) if (
                name == _REBUILT and _whole((offset,)) and _whole(shape) and _whole(strides)
            ):
                self.push(Stored(storage.part, storage.numbers, shape, strides, offset))
            case _:
                raise ValueError("this is no tensor")

    def _last(self, count: int) -> list[Any]:
        if count > len(self.stack):
            raise ValueError("the stack is shorter")
        return self.stack[len(self.stack) - count :]

    def _popped(self, count: int) -> list[Any]:
        last = self._last(count)
        del self.stack[len(self.stack) - count :]
        return last


def _whole(values: Any) -> bool:
    return isinstance(values, tuple) and all(type(value) is int for value in values)


_Step = Callable[[_Machine, Any], None]

_STEPS: Mapping[str, _Step] = {
    "PROTO": lambda machine, argument: None,
    "GLOBAL": lambda machine, name: machine.push(_Global(name)),
    "MARK": lambda machine, _: machine.push(_Mark()),
    "TUPLE": lambda machine, _: machine.gather_marked(),
    "EMPTY_TUPLE": lambda machine, _: machine.gather(0),
    "TUPLE1": lambda machine, _: machine.gather(1),
    "TUPLE2": lambda machine, _: machine.gather(2),
    "TUPLE3": lambda machine, _: machine.gather(3),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "BINPERSID": lambda machine, _: machine.storage(),
    "REDUCE": lambda machine, _: machine.call(),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _Machine.keep),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), _Machine.fetch),
    **dict.fromkeys(("BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1"), _Machine.push),
}
"""What each instruction does; a pickle with another one is refused."""

assert {*_STORAGES.values()} <= {*NUMBERS}
