"""The nodes of a program in JSON as calls of operators that a file may call."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Node, needed
from symcnn.imports.torch import fields
from symcnn.imports.torch.parts import WRITTEN
from symcnn.imports.torch.program import Call, Program, Value, layer_name

_FROZEN = "higher_order.wrap_with_set_grad_enabled"
"""Holds a graph of its own, through which no gradient passes."""

_MOST_CALLS = 3_000
"""The nodes of a file: the shapes of so many are followed in two seconds. The largest networks of
torchvision have two thousand."""

UNKNOWN = "no layer is known for this operator"
REMEDY = "remove it from the module, or write the layer yourself: docs/imports.md"


def calls_of(graph: Any, given: set[str], known: Container[str]) -> list[Call]:
    """Return the calls of a graph, in their order.

    Args:
        graph: The graph.
        given: The names of what the program takes.
        known: The operators that a file may call.

    Raises:
        SymcnnError: Names a node that is none, that reads what is not made before it, or whose
            operator is not among these.
    """
    calls: list[Call] = []
    made = {*given}
    for call in _calls(graph):
        if len(calls) == _MOST_CALLS:  # what is refused later has taken its time by then
            raise SymcnnError(
                f"it has more than {_MOST_CALLS:,} nodes: import a part of the network"
            )
        if call.target not in known:
            _refuse(call, graph)
        early = next((name for name in call.reads if name not in made), None)
        again = next((name for name in call.outputs if name in made), None)
        if early is not None or again is not None:
            fault = f"reads {shown(early)}, which no node before it makes"
            if early is None:
                fault = f"makes {shown(again)}, which is there"
            raise SymcnnError(f"node {shown(call.name)} {fault}: {WRITTEN}")
        made.update(call.outputs)
        calls.append(call)
    return calls


def check_layers(program: Program, graph: Any, layers: Container[str]) -> None:
    """Refuse what is known for constants alone, where the output depends on the input by it.

    Raises:
        SymcnnError: Names the first such node.
    """
    moving = {program.input}
    for call in program.calls:
        if not call.is_filled and not call.is_length and not moving.isdisjoint(call.reads):
            moving.update(call.outputs)
    read = needed(program.calls, [program.output], lambda c: c.outputs, lambda c: c.reads)
    for call in read:
        if call.target not in layers and not moving.isdisjoint(call.outputs):
            _refuse(call, graph)


def _refuse(call: Call, graph: Any) -> NoReturn:
    """Say that there is no layer for a call, with the shapes that the file states."""
    shapes = tuple(_stated_shape(graph, name) for name in call.outputs)
    Node(call.name, call.target, "", {}, (), shapes).refused(UNKNOWN, REMEDY)


def _stated_shape(graph: Any, name: str) -> tuple[int, ...]:
    meta = fields.of(graph, "tensor_values", dict).get(name)
    return fields.sizes(meta.get("sizes"), 0) if isinstance(meta, dict) else ()


def _calls(graph: Any) -> Iterator[Call]:
    for node in fields.of(graph, "nodes", list):
        if _target(node) == _FROZEN:
            yield from _inlined(node)
        else:
            yield _plain(node)


def _target(node: Any) -> str:
    target: str = fields.of(node, "target", str)
    return target.removeprefix("torch.ops.")


def _plain(node: Any) -> Call:
    target = _target(node)
    outputs, listed = _outputs(fields.of(node, "outputs", list))
    path, kind = _innermost(fields.of(node, "metadata", dict))
    name = node.get("name")
    return Call(
        name if isinstance(name, str) else (outputs or [target])[0],
        target,
        layer_name(target, path, kind),
        dict(map(_argument, fields.of(node, "inputs", list))),
        outputs,
        listed,
    )


def _argument(given: Any) -> tuple[str, Any]:
    return fields.of(given, "name", str), fields.argument(fields.of(given, "arg", dict))


def _outputs(listed: Sequence[Any]) -> tuple[list[str], bool]:
    """Return the names of what a node makes, and whether it is one list or tuple."""
    if len(listed) != 1:
        return [_output(each) for each in listed], len(listed) > 1
    kind, value = fields.union(listed[0])
    if kind == "as_tensors" and isinstance(value, list):
        return [fields.of(each, "name", str) for each in value], True
    return [_output(listed[0])], False


def _output(given: Any) -> str:
    """Return the name of a tensor or of a length; what is none has none."""
    kind, value = fields.union(given)
    if kind == "as_none":
        return ""
    if kind not in ("as_tensor", "as_sym_int", "as_sym_float", "as_sym_bool"):
        raise SymcnnError(f"a node makes {shown(kind)}: export a module of tensors alone")
    name: str = fields.of(value, "name" if kind == "as_tensor" else "as_name", str)
    return name


def _innermost(metadata: Any) -> tuple[str, str]:
    """Return the innermost part of the module that a node is in, and its class.

    The stack is written as "key,path,class;key,path,class".
    """
    stack = metadata.get("nn_module_stack")
    last = stack.rpartition(";")[2] if isinstance(stack, str) else ""
    key, _, rest = last.partition(",")
    path, _, kind = rest.rpartition(",")
    return ("", "") if key.startswith("_empty") else (path, kind)


def _inlined(node: Any) -> Iterator[Call]:
    """The calls of a graph that a node holds, with the names of what is around it."""
    name = fields.of(node, "name", str)
    inputs = [fields.of(each, "arg", dict) for each in fields.of(node, "inputs", list)]
    graphs = [each["as_graph"] for each in inputs if "as_graph" in each]
    enabled, *given = [fields.argument(e) for e in inputs if "as_graph" not in e] or [None]
    if len(graphs) != 1 or enabled is not False:
        raise SymcnnError(f"node {shown(name)} holds no graph without gradients: {WRITTEN}")
    graph = fields.of(graphs[0], "graph", dict)
    around = _around(graph, given, _outputs(fields.of(node, "outputs", list))[0])
    for call in map(_plain, fields.of(graph, "nodes", list)):
        yield call.renamed(lambda own: around.get(own, f"{name}/{own}"))


def _around(graph: Any, given: Sequence[Any], made: Sequence[str]) -> Mapping[str, str]:
    """Return what is called by another name outside of a graph, by its name within."""
    inner = [_output(each) for each in fields.of(graph, "inputs", list)]
    outer = [value.name if isinstance(value, Value) else "" for value in given]
    inner += [_output(each) for each in fields.of(graph, "outputs", list)]
    outer += made
    if len(inner) != len(outer) or len({*inner}) != len(inner):
        raise SymcnnError(f"a graph without gradients takes or returns something else: {WRITTEN}")
    return dict(zip(inner, outer, strict=True))
