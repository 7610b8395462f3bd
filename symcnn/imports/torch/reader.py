"""Reading a program: one run says every shape and folds every constant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import RANDOM, Constant, Graph, Node, Ref, unknown
from symcnn.imports.registering import known
from symcnn.imports.torch.decomposed import decomposed
from symcnn.imports.torch.losses import KEPT
from symcnn.imports.torch.numbers import SharedMemory, array_of
from symcnn.imports.torch.operators import TABLE
from symcnn.imports.torch.program import Call, Program, Value
from symcnn.imports.torch.running import called, on_meta, resolved, step, tensors

_WINDOWS = re.compile(r"(?:conv|conv_transpose|pool)([123])d\b")

_ROUNDED = {torch.float16, torch.bfloat16}


def check_constant(call: Call) -> None:
    """Refuse numbers that are others whenever they are computed."""
    if unknown(call.target) == RANDOM:
        raise SymcnnError(f"node {shown(call.name)} ({call.target}): {RANDOM[0]}: {RANDOM[1]}")


def check_number(call: Call) -> None:
    """Refuse a number of Python that is read from what depends on the input."""
    if call.target.startswith(("aten.item", "aten._local_scalar_dense")):
        raise SymcnnError(
            f"node {shown(call.name)} ({call.target}): a number of Python depends on the input, "
            "and would be fixed: keep it a tensor, without .item()"
        )


def check_node(node: Node, made: Sequence[Any], x: Any) -> None:
    """Refuse casts that change numbers, and windows over what has no axis of samples."""
    if any(tensor.dtype in _ROUNDED for tensor in made):
        kind = str(made[0].dtype).removeprefix("torch.")
        node.refused(f"it rounds to {kind}", "remove the cast, which changes the numbers")
    is_cast = re.match(r"aten\.(_to_copy|to|type)\b", node.operator)
    if is_cast and x.is_floating_point() and not made[0].is_floating_point():
        node.refused("it rounds to whole numbers, whose derivatives are 0", "remove the cast")
    window = _WINDOWS.search(node.operator)
    if window and isinstance(next(node.reads, None), Ref) and x.ndim == int(window[1]) + 1:
        node.refused("its input has no axis of samples", "give x.unsqueeze(0), one sample")


_MOVES = {
    *("view.default", "reshape.default", "permute.default", "transpose.int", "t.default"),
    *("unsqueeze.default", "squeeze.dim", "squeeze.default", "squeeze.dims", "slice.Tensor"),
    *("select.int", "flatten.using_ints", "contiguous.default", "clone.default", "narrow.default"),
    *("alias.default", "detach.default", "detach_.default", "numpy_T.default", "expand.default"),
    *("index.Tensor", "unbind.int", "chunk.default", "split.Tensor", "split_with_sizes.default"),
}
"""Operators that take entries of one tensor to other places, and compute nothing."""


def read(program: Program, x: torch.Tensor, shapes: Mapping[str, Any] | None = None) -> Graph:
    """Return the graph of a program, with what it computes from constants alone in place.

    Args:
        program: The program.
        x: The input, in float64.
        shapes: What its calls make, without numbers, if that is known: then only constants are
            computed.

    Raises:
        SymcnnError: If it cannot be run in float64, or the output does not depend on the input.
    """
    recorder = _Recorder(program, x, shapes)
    with torch.no_grad():
        for call in program.calls:
            recorder.record(call)
    for node in recorder.filled:
        why = "a constant is filled with what depends on the input"
        node.refused(why, "use torch.cat, or torch.nn.functional.pad")
    recorder.memory.check(iter([program.output]))
    if program.output not in recorder.known:
        raise SymcnnError("the output does not depend on the input: nothing is left to import")
    learned = {name: tuple(array.shape) for name, array in program.parameters.items()}
    made = recorder.current(program.output)
    others = {name: program.constants[name] for name in program.others}
    read = program.input, tuple(x.shape), recorder.nodes
    return Graph(*read, made, learned, others, program.stored).pruned()


class _Recorder:
    """Runs a program, and notes what depends on the input, with its shapes.

    Attributes:
        nodes: What depends on the input, in order.
        known: The names of all tensors that depend on it.
        filled: Operators that write what depends on it into constants.
        memory: What shares its numbers with others.
    """

    def __init__(self, program: Program, x: torch.Tensor, shapes: Mapping[str, Any] | None) -> None:
        self.nodes: list[Node] = []
        self.filled: list[Node] = []
        self.memory = SharedMemory()
        self.known, self._later = {program.input, *program.others}, dict[str, str]()
        self._program, self._shapes = program, shapes
        self._values: dict[str, Any] = {**tensors(program), program.input: x}
        learned, kept = program.learned, program.kept
        self._constants: dict[str, Any] = {
            name: Constant(array, learned.get(name, ""), stored=kept.get(name, ""))
            for name, array in program.constants.items()
            if name not in self.known
        }

    def record(self, call: Call) -> None:
        """Make one call, and note it."""
        if parts := self._parts(call):
            return self._inline(call, parts)
        if call.is_filled:
            made = step(self._program, call, self._values, _solid)
        elif self.known.isdisjoint(call.reads):
            check_constant(call)
            made = step(self._program, call, self._values)
        else:
            made = self._made(call)
            if all(isinstance(each, torch.Tensor) for each in made):
                return self._note(call, made)
            check_number(call)
        for at, (name, each) in enumerate(zip(call.outputs, made, strict=False)):
            self._constants[name] = self._constant(call, each, at)
        return None

    def _parts(self, call: Call) -> list[Call]:
        """Return the calls of which one without a layer consists, if PyTorch says so."""
        if call.target in {*known(TABLE), *KEPT} or call.is_filled or call.is_length:
            return []
        if self.known.isdisjoint(call.reads):
            return []
        function = self._program.functions[call.target]
        return decomposed(call, function, self._values, self.known)

    def _inline(self, call: Call, parts: list[Call]) -> None:
        """Note the calls of which one consists; what it writes into is what they make."""
        held = (name for part in parts for name in part.reads if name in self._values)
        for name in held:
            if name not in self.known and name not in self._constants:
                self._constants[name] = Constant(array_of(self._values[name]))
        for part in parts:
            self.record(part)
        if self._writes(call):
            shapes = tuple(tuple(self._values[name].shape) for name in call.outputs)
            node = Node(call.name, call.target, call.layer, {}, tuple(call.outputs), shapes)
            self.memory.note(call, self._program.functions[call.target]._schema, node)
            self._change(call, call.outputs[0])

    def _writes(self, call: Call) -> bool:
        schema = getattr(self._program.functions[call.target], "_schema", None)
        return schema is not None and bool(schema.is_mutable)

    def _change(self, call: Call, made: str) -> None:
        """Let what a call writes into be what it makes, from here on."""
        changed = next(call.reads)
        if changed in self._constants:
            self.filled.append(self.nodes[-1])
        self._later[self.current(changed)] = made

    def _made(self, call: Call) -> Sequence[Any]:
        """Return what a call makes that reads what depends on the input."""
        if self._shapes is None:
            return step(self._program, call, self._values)
        if call.outputs and call.outputs[0] not in self._shapes:  # of a decomposition
            return step(self._program, call, self._values, on_meta)
        self._values.update((name, self._shapes[name]) for name in call.outputs)
        return [self._values[name] for name in call.outputs]

    def _note(self, call: Call, made: Any) -> None:
        """Note an operator that makes a tensor or several."""
        self.memory.check(call.reads)
        self.known.update(call.outputs)
        shapes = tuple(tuple(tensor.shape) for tensor in made)
        given = {name: self._argument(value) for name, value in call.arguments.items()}
        outputs = tuple(call.outputs)
        self.nodes.append(Node(call.name, call.target, call.layer, given, outputs, shapes))
        check_node(self.nodes[-1], made, self._values[next(call.reads)])
        schema = getattr(self._program.functions[call.target], "_schema", None)
        self.memory.note(call, schema, self.nodes[-1])
        if self._writes(call):
            self._change(call, outputs[0])

    def _argument(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._argument(part) for part in value]
        if not isinstance(value, Value):
            return value
        if value.name in self._constants:
            return self._constants[value.name]
        return Ref(self.current(value.name))

    def current(self, name: str) -> str:
        """Return the tensor that a name stands for now: one that was changed in place is new."""
        while name in self._later:
            name = self._later[name]
        return name

    def _constant(self, call: Call, made: Any, at: int) -> Any:
        """Return what does not depend on the input: an array, and the parameter it is of."""
        if not isinstance(made, torch.Tensor):
            return made
        array = array_of(made)
        read = [self._constants.get(name) for name in call.reads]
        first, *others = read or [None]
        moved = call.target.removeprefix("aten.") in _MOVES and all(map(_are_indices, others))
        if moved and isinstance(first, Constant) and not (first.parameter and call.ends_gradients):
            function = self._program.functions[call.target]
            given = {key: resolved(v, self._values) for key, v in call.arguments.items()}
            move = partial(_moved, function, given, at if call.listed else None)
            return replace(first, array=array, moves=(*first.moves, move))
        return Constant(array, computed_of=frozenset() if call.ends_gradients else _learned(read))


def _learned(read: Sequence[Any]) -> frozenset[str]:
    """Return the parameters that arrays have entries of, or are computed of."""
    every = [constant for constant in read if isinstance(constant, Constant)]
    names = {constant.parameter for constant in every if constant.parameter}
    return frozenset(names.union(*(constant.computed_of for constant in every)))


def _solid(tensor: torch.Tensor) -> torch.Tensor:
    """Return zeros in the place of a tensor without numbers: nothing but its shape is read."""
    return torch.zeros((), dtype=tensor.dtype).expand(tensor.shape) if tensor.is_meta else tensor


def _are_indices(value: Any) -> bool:
    return isinstance(value, Constant) and value.array.dtype.kind == "i"


def _moved(function: Any, given: Mapping[str, Any], at: int | None, array: Array) -> Array:
    """Return the entries of an array, the operator's first argument, in other places."""
    first = next(iter(given))
    made = called(function, {**given, first: torch.from_numpy(array)})
    moved: Array = (made if at is None else made[at]).numpy()
    return moved
