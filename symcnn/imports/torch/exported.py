"""A program of ``torch.export`` in memory as calls of its operators."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from symcnn.errors import SymcnnError, shown
from symcnn.imports.torch.numbers import array_of
from symcnn.imports.torch.program import Argument, Call, Program, Value, layer_name, single


def program_of(exported: ExportedProgram) -> Program:
    """Return a program with what it takes in float64.

    Raises:
        SymcnnError: If it takes or returns something else than a single tensor.
    """
    arguments = list(_arguments(exported))
    (outputs,) = next(n.args for n in exported.graph.nodes if n.op == "output")
    single([a.name for a in arguments if a.read is None], exported.graph_signature.output_specs)
    nodes = [n for n in exported.graph.nodes if n.op == "call_function" and not _is_item(n)]
    held = {
        n.name: getattr(exported.graph_module, n.target)
        for n in exported.graph.nodes
        if n.op == "get_attr"
    }
    calls = [_call(n, held) for n in nodes]
    output = outputs[0] if isinstance(outputs[0], torch.fx.Node) else None
    made = "" if output is None else _first(output)
    return Program(arguments, calls, made, {str(n.target): n.target for n in nodes})


def _arguments(exported: ExportedProgram) -> Iterator[Argument]:
    names: dict[tuple[Any, ...], str] = {}
    for spec in exported.graph_signature.input_specs:
        if spec.kind is InputKind.USER_INPUT:
            yield Argument(spec.arg.name, (), "", None, "")
            continue
        value = _value(exported, spec.target)
        learned = spec.kind is InputKind.PARAMETER
        place = (value.data_ptr() or spec.target, value.shape, value.stride())
        name = names.setdefault(place, spec.target) if learned else ""
        yield Argument(spec.arg.name, tuple(value.shape), "", partial(array_of, value), name)


def _value(exported: ExportedProgram, name: str | None) -> torch.Tensor:
    for kept in (exported.state_dict, exported.constants):
        if name in kept and isinstance(kept[name], torch.Tensor):
            found: torch.Tensor = kept[name]
            return found
    raise SymcnnError(f"the program takes {shown(name)}, which is no tensor: export it anew")


def _call(n: Any, held: Mapping[str, Any]) -> Call:
    """Return the call of a node; what takes the parts of a list are the names of its outputs."""
    schema = getattr(n.target, "_schema", None)
    names = [a.name for a in schema.arguments] if schema else map(str, range(len(n.args)))
    given = {**dict(zip(names, n.args, strict=False)), **n.kwargs}
    parts = {user.args[1]: user.name for user in n.users if _is_item(user)}
    listed = bool(parts) or isinstance(n.meta.get("val"), list | tuple)
    count = max(parts, default=-1) + 1
    outputs = [parts.get(at, f"{n.name}.{at}") for at in range(count)] if listed else [n.name]
    arguments = {key: _argument(value, held) for key, value in given.items()}
    target = str(n.target)
    named = layer_name(target, *_innermost(n))
    return Call(n.name, target, named, arguments, outputs, listed)


def _is_item(n: Any) -> bool:
    return n.target is operator.getitem


def _argument(value: Any, held: Mapping[str, Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_argument(part, held) for part in value]
    if isinstance(value, torch.fx.Node):
        if value.name in held:
            return held[value.name]
        return Value(_first(value))
    return value


def _first(n: Any) -> str:
    """Return the name of a value; of several nodes that take the same part of a list the last."""
    if not _is_item(n):
        return str(n.name)
    same = [user.name for user in n.args[0].users if _is_item(user) and user.args[1] == n.args[1]]
    return str(same[-1])


def _innermost(n: Any) -> tuple[str, str]:
    """Return the innermost part of the module that a node is in, and its class."""
    stack = [*(n.meta.get("nn_module_stack") or {}).values()]
    path, kind = stack[-1] if stack else ("", "")
    named = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__name__}"
    return str(path), named
