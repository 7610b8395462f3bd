"""The nodes of a graph in memory as calls of PyTorch's operators."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import torch

from symcnn.imports.registering import REGISTERED
from symcnn.imports.torch.numbers import IN_64_BITS
from symcnn.imports.torch.program import Call, Value, layer_name


class Installed(dict[str, Any]):
    """Operators by their names; those that are asked for later are looked up in PyTorch."""

    def __missing__(self, name: str) -> Any:
        """Return the operator of a name such as "aten.exp.default"."""
        namespace, packet, overload = name.split(".")
        return getattr(getattr(getattr(torch.ops, namespace), packet), overload)


def call_of(n: Any, held: Mapping[str, Any]) -> Call:
    """Return the call of a node; what takes the parts of a list are the names of its outputs."""
    schema = getattr(n.target, "_schema", None)
    names = [a.name for a in schema.arguments] if schema else map(str, range(len(n.args)))
    usual = _defaults(schema) if schema and str(n.target) in REGISTERED else {}
    given = {**usual, **dict(zip(names, n.args, strict=False)), **n.kwargs}
    parts = {user.args[1]: user.name for user in n.users if is_item(user)}
    listed = bool(parts) or isinstance(n.meta.get("val"), list | tuple)
    count = max(parts, default=-1) + 1
    outputs = [parts.get(at, f"{n.name}.{at}") for at in range(count)] if listed else [n.name]
    arguments = {key: _argument(value, held) for key, value in given.items()}
    target = str(n.target)
    named = layer_name(target, *_innermost(n))
    return Call(n.name, target, named, arguments, outputs, listed)


def _defaults(schema: Any) -> dict[str, Any]:
    return {a.name: a.default_value for a in schema.arguments if a.has_default_value()}


def is_item(n: Any) -> bool:
    """Tell whether a node takes a part of a list."""
    return n.target is operator.getitem


def _argument(value: Any, held: Mapping[str, Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_argument(part, held) for part in value]
    if isinstance(value, torch.fx.Node):
        if value.name in held:
            return held[value.name]
        return Value(first_name(value))
    return IN_64_BITS.get(value, value) if isinstance(value, torch.dtype) else value


def first_name(n: Any) -> str:
    """Return the name of a value; of several nodes that take the same part of a list the last."""
    if not is_item(n):
        return str(n.name)
    same = [user.name for user in n.args[0].users if is_item(user) and user.args[1] == n.args[1]]
    return str(same[-1])


def _innermost(n: Any) -> tuple[str, str]:
    """Return the innermost part of the module that a node is in, and its class."""
    stack = [*(n.meta.get("nn_module_stack") or {}).values()]
    path, kind = stack[-1] if stack else ("", "")
    named = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__name__}"
    return str(path), named
