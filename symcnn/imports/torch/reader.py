"""Reading a program of ``torch.export``: one run says every shape and folds every constant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.fx import Interpreter

from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.graph import Constant, Graph, Node, Ref
from symcnn.imports.torch.naming import layer_name
from symcnn.imports.torch.program import Program, array_of
from symcnn.values import Array

_MOVES = {
    *("view.default", "reshape.default", "permute.default", "transpose.int", "t.default"),
    *("unsqueeze.default", "squeeze.dim", "squeeze.default", "squeeze.dims", "slice.Tensor"),
    *("select.int", "flatten.using_ints", "contiguous.default", "clone.default", "narrow.default"),
    *("alias.default", "detach.default", "detach_.default", "numpy_T.default", "expand.default"),
    "index.Tensor",
}
"""Operators that take entries of one tensor to other places, and compute nothing."""

_FILLED = {"new_zeros", "new_ones", "new_full", "zeros_like", "ones_like", "full_like"}
"""Operators that read nothing of a tensor but its shape."""


def read(program: Program, x: torch.Tensor) -> Graph:
    """Return the graph of a program, with what it computes from constants alone in place.

    Args:
        program: The program.
        x: The input, in float64.

    Raises:
        SymcnnError: If it cannot be run in float64, or the output does not depend on the input.
    """
    recorder = _Recorder(program)
    with torch.no_grad():
        run(recorder, program.inputs(x))
    for node in recorder.filled:
        why = "a constant is filled with what depends on the input"
        node.refused(why, "use torch.cat, or torch.nn.functional.pad")
    if program.output not in recorder.known:
        raise SymcnnError("the output does not depend on the input: nothing is left to import")
    learned = {name: tuple(tensor.shape) for name, tensor in program.parameters.items()}
    made = recorder.current(program.output)
    return Graph(recorder.input, tuple(x.shape), recorder.nodes, made, learned).pruned()


def run(interpreter: Interpreter, given: list[Any]) -> Any:
    """Run a program; what a module's own operators raise is one line.

    Raises:
        SymcnnError: If it cannot be run in float64.
    """
    try:
        return interpreter.run(*given)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".split("\n")[0]
        before = "the module cannot be run in float64 ("
        raise SymcnnError(fitted(before, shown(reason), "): remove its casts")) from None


class _Recorder(Interpreter):  # type: ignore[misc]  # it is read as untyped
    """Runs a program, and notes what depends on the input, with its shapes.

    Attributes:
        nodes: What depends on the input, in order.
        input: The name of the input.
        known: The names of all tensors that depend on it.
        filled: Operators that write what depends on it into constants.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program.module)
        self.nodes: list[Node] = []
        self.filled: list[Node] = []
        self.input = program.input
        self.known, self._later = {self.input}, dict[str, str]()
        self._constants: dict[str, Any] = {
            a.name: Constant(array_of(a.value), a.parameter)
            for a in program.arguments
            if a.value is not None
        }

    def run_node(self, n: Any) -> Any:
        """Run one node, and note it."""
        made = super().run_node(n)
        if n.op in ("placeholder", "output"):
            return made
        operator = str(n.target).removeprefix("aten.").split(".")[0]
        if operator in _FILLED or not any(of.name in self.known for of in n.all_input_nodes):
            self._constants[n.name] = self._constant(n, made)
        elif not isinstance(made, torch.Tensor | tuple | list):
            self._constants[n.name] = made  # a length, which is the same for every input
        elif "getitem" in str(n.target):
            of, at = n.args
            self.known.add(n.name)
            self._later[n.name] = f"{of.name}.{at}"
        else:
            self._note(n, made)
        return made

    def _note(self, n: Any, made: Any) -> None:
        """Note an operator that makes a tensor or several."""
        tensors = [made] if isinstance(made, torch.Tensor) else [*made]
        outputs = (
            (n.name,)
            if made is tensors[0]
            else tuple(f"{n.name}.{at}" for at in range(len(tensors)))
        )
        self.known.add(n.name)
        shapes = tuple(tuple(tensor.shape) for tensor in tensors)
        given = self._arguments(n)
        self.nodes.append(Node(n.name, str(n.target), layer_name(n), given, outputs, shapes))
        if n.target._schema.is_mutable:
            if n.args[0].name in self._constants:
                self.filled.append(self.nodes[-1])
            self._later[self.current(n.args[0].name)] = n.name

    def _arguments(self, n: Any) -> dict[str, Any]:
        """Return the arguments by the names that the operator's schema gives them."""
        schema = getattr(n.target, "_schema", None)
        names = [argument.name for argument in schema.arguments] if schema else map(str, range(9))
        given = {**dict(zip(names, n.args, strict=False)), **n.kwargs}
        return {name: self._argument(value) for name, value in given.items()}

    def _argument(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._argument(part) for part in value]
        if not isinstance(value, torch.fx.Node):
            return value
        if value.name in self._constants:
            return self._constants[value.name]
        return Ref(self.current(value.name))

    def current(self, name: str) -> str:
        """Return the tensor that a name stands for now: one that was changed in place is new."""
        while name in self._later:
            name = self._later[name]
        return name

    def _constant(self, n: Any, made: Any) -> Any:
        """Return what does not depend on the input: an array, and the parameter it is of."""
        if not isinstance(made, torch.Tensor):
            return made
        read = [self._constants.get(of.name) for of in n.all_input_nodes]
        moved = str(n.target).removeprefix("aten.") in _MOVES and all(map(_are_indices, read[1:]))
        if moved and read and isinstance(read[0], Constant):
            move = partial(_moved, n.target, tuple(map(self._argument, n.args[1:])))
            return Constant(array_of(made), read[0].parameter, (*read[0].moves, move))
        return Constant(array_of(made))


def _are_indices(value: Any) -> bool:
    return isinstance(value, Constant) and value.array.dtype.kind == "i"


def _moved(target: Callable[..., Any], others: tuple[Any, ...], array: Array) -> Array:
    made: Array = target(torch.from_numpy(array), *map(_plain, others)).numpy()
    return made


def _plain(value: Any) -> Any:
    """Return an argument as PyTorch takes it."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return torch.from_numpy(value.array) if isinstance(value, Constant) else value
