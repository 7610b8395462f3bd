"""What a program of ``torch.export`` takes, calls and returns, from memory or from a file.

Both become the same: a list of calls of PyTorch's operators, each with its arguments by the names
that the operator gives them. Nothing here needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Kept

_FILLED = {"new_zeros", "new_ones", "new_full", "zeros_like", "ones_like", "full_like"}


class Value(NamedTuple):
    """What a call makes, or the program takes, by its name: a tensor, or a length."""

    name: str


class Kind(NamedTuple):
    """What PyTorch calls a type of numbers, a layout, an order in memory or a device.

    Attributes:
        name: Its name in the module, such as "float32".
    """

    name: str


class Argument(NamedTuple):
    """What a program takes.

    Attributes:
        name: The placeholder.
        shape: Its shape; in that of the input, 0 stands for a length that is left open.
        numbers: What PyTorch calls the type of its numbers, once they are read.
        read: Returns its numbers, in float64 if they are floats; None stands for the input.
        parameter: What the module calls it, if it is learned; the first of several names.
        stored: What the module calls it, if it is stored with the module; likewise.
    """

    name: str
    shape: Shape
    numbers: str
    read: Callable[[], Array] | None
    parameter: str
    stored: str = ""


@dataclass(frozen=True)
class Call:
    """An operator that is called.

    Attributes:
        name: What the program calls the node.
        target: The operator, such as "aten.conv2d.default".
        layer: What its layer is called.
        arguments: Its arguments by name: values, numbers, texts, kinds, lists of these.
        outputs: The names of what it makes.
        listed: Whether it makes a list of tensors, also of one.
        frozen: Whether no gradient passes through it.
    """

    name: str
    target: str
    layer: str
    arguments: Mapping[str, Any]
    outputs: Sequence[str]
    listed: bool = False
    frozen: bool = False

    @property
    def reads(self) -> Iterator[str]:
        """The names of what it reads."""
        yield from _names([*self.arguments.values()])

    @property
    def is_filled(self) -> bool:
        """Whether it reads nothing of a tensor but its shape."""
        return self.target.removeprefix("aten.").split(".")[0] in _FILLED

    @property
    def ends_gradients(self) -> bool:
        """Whether a derivative with respect to what it reads is 0, or is not taken."""
        return self.frozen or self.is_filled or self.target.startswith("aten.detach")

    @property
    def is_length(self) -> bool:
        """Whether it makes a length, which is the same for every input."""
        return self.target == "aten.sym_size.int" or not self.target.startswith("aten.")

    def renamed(self, name: Callable[[str], str]) -> Call:
        """Return the call within another graph, where what it reads and makes is called so."""
        arguments = {key: _renamed(value, name) for key, value in self.arguments.items()}
        outputs = [name(output) for output in self.outputs]
        return replace(
            self, name=name(self.name), arguments=arguments, outputs=outputs, frozen=True
        )


def _renamed(value: Any, name: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, name) for part in value]
    return Value(name(value.name)) if isinstance(value, Value) else value


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Value):
        yield value.name
    elif isinstance(value, list):
        for part in value:
            yield from _names(part)


@dataclass(frozen=True)
class Program:
    """A program with one output; what it takes besides its first input is constant.

    Attributes:
        arguments: What it takes, in order.
        calls: What it does, in order.
        output: The name of what it returns.
        functions: Its operators by name, which are run.
        others: The names of further inputs of which every sample has its own.
        stored: The arrays that the module stores, by name.
    """

    arguments: Sequence[Argument]
    calls: Sequence[Call]
    output: str
    functions: Mapping[str, Any]
    others: Sequence[str] = ()
    stored: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def input(self) -> str:
        """The name of the input."""
        return next(a.name for a in self.arguments if a.read is None)

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of the input; None stands for a length that is left open."""
        return tuple(n or None for a in self.arguments if a.read is None for n in a.shape)

    @cached_property
    def constants(self) -> Mapping[str, Array]:
        """The numbers of all other arguments, by name."""
        return {a.name: a.read() for a in self.arguments if a.read is not None}

    @property
    def parameters(self) -> dict[str, Array]:
        """What the program learns, by the names of the module."""
        return {a.parameter: self.constants[a.name] for a in self.arguments if a.parameter}

    @property
    def kept(self) -> dict[str, str]:
        """What the module calls an argument that it stores, by the argument's name."""
        return {a.name: a.stored for a in self.arguments if a.stored}

    @property
    def learned(self) -> dict[str, str]:
        """The parameter that an argument is, by the argument's name."""
        return {a.name: a.parameter for a in self.arguments if a.parameter}


def single(inputs: Sequence[str]) -> None:
    """Refuse a program of a file that takes several tensors.

    Raises:
        SymcnnError: Says how many.
    """
    if len(inputs) != 1:
        raise SymcnnError(
            f"the program has {len(inputs)} inputs, {shown([*inputs])}: import the module with "
            "sc.from_torch, or one that takes a single tensor"
        )


def layer_name(target: str, path: str, kind: str) -> str:
    """Return what the layer of an operator is called; several may be called alike.

    A part of ``torch.nn`` gives its layer its own name, "layer1.0.conv1"; within any other part
    the operator is added, "layer1.0.add".
    """
    if path and kind.startswith("torch.nn.modules.") and ".container." not in kind:
        return path
    operator = target.split(".")[-2 if target.count(".") > 1 else 0].strip("_")
    return f"{path}.{operator}" if path else operator
