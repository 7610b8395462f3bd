"""Operators without a layer of their own, as PyTorch's decompositions write them in others.

    glu(x, 1)  =  a sigmoid(b),    where a, b = x.split(n/2, 1)

PyTorch has such a function for most of its operators. It is traced for the tensors at hand, and
the calls of the trace take the place of the one that was made.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch._decomp import decomposition_table
from torch.fx.experimental.proxy_tensor import make_fx

from symcnn.imports.torch.calls import call_of, first_name, is_item
from symcnn.imports.torch.operators import TABLE
from symcnn.imports.torch.program import Call, Value
from symcnn.imports.torch.running import called, on_meta, resolved


def decomposed(
    call: Call, function: Any, values: MutableMapping[str, Any], moving: Collection[str]
) -> list[Call]:
    """Return the calls of which a call consists, or none where some are not known either.

    Args:
        call: The call.
        function: Its operator.
        values: What was made so far, by name; the constants of the trace are put among them.
        moving: The names of what depends on the input.
    """
    graph = _traced(call, _functional(function), values)
    if graph is None:
        return []
    inner = _Inner(call, graph)
    calls = inner.calls()
    if not _are_known(calls, {*moving}):
        return []
    values.update(inner.held)
    return calls


def _functional(function: Any) -> Any:
    """Return an operator that makes a new tensor, for one that writes into its first argument."""
    schema = function._schema
    if not schema.is_mutable:
        return function
    packet = getattr(torch.ops.aten, schema.name.removeprefix("aten::").rstrip("_"), None)
    return getattr(packet, schema.overload_name or "default", function)


@cache
def _written() -> dict[Any, Any]:
    """Return PyTorch's decompositions of what has no layer."""
    return {op: made for op, made in decomposition_table.items() if str(op) not in TABLE}


def _traced(call: Call, function: Any, values: Mapping[str, Any]) -> Any:
    """Return the graph of what an operator does with the tensors that it reads, if it has one."""
    names = [*dict.fromkeys(call.reads)]

    def again(*tensors: Any) -> Any:
        own = {**values, **dict(zip(names, tensors, strict=True))}
        return called(function, {key: resolved(v, own) for key, v in call.arguments.items()})

    read = [values[name] for name in names]
    if any(tensor.is_meta for tensor in read if isinstance(tensor, torch.Tensor)):
        read = [on_meta(each) if isinstance(each, torch.Tensor) else each for each in read]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of PyTorch about itself
            return make_fx(again, _written())(*read)
    except Exception:  # whatever its tracer raises, there is no trace
        return None


class _Inner:
    """The calls of a trace, with the names of what is around it."""

    def __init__(self, call: Call, module: Any) -> None:
        self._call, self._nodes = call, [*module.graph.nodes]
        read = dict.fromkeys(call.reads)
        places = [n.name for n in self._nodes if n.op == "placeholder"]
        self._names = dict(zip(places, read, strict=True))
        own = {n.name: getattr(module, n.target) for n in self._nodes if n.op == "get_attr"}
        self.held = {self._named(name): tensor for name, tensor in own.items()}

    def calls(self) -> list[Call]:
        """Return the calls; the last ones make what the whole call makes."""
        inner = [n for n in self._nodes if n.op == "call_function" and not is_item(n)]
        made = [replace(call_of(n, {}), layer=self._call.layer) for n in inner]
        return [*(self._around(call) for call in made), *self._last()]

    def _around(self, call: Call) -> Call:
        own = {key: value for key, value in call.arguments.items() if key != "device"}
        here = replace(call, arguments=own)
        return replace(here.renamed(self._named), frozen=self._call.frozen)

    def _named(self, name: str) -> str:
        return str(self._names.get(name, f"{self._call.name}/{name}"))

    def _last(self) -> Iterator[Call]:
        """Give the results the names that the whole call gives them."""
        (made,) = self._nodes[-1].args
        listed = made if isinstance(made, list | tuple) else [made]
        for name, node in zip(self._call.outputs, listed, strict=False):
            if isinstance(node, torch.fx.Node):
                given = {"self": Value(self._named(first_name(node)))}
                yield Call(name, "aten.alias.default", self._call.layer, given, [name])


def _are_known(calls: list[Call], moving: set[str]) -> bool:
    """Tell whether there is a layer for each call that depends on the input.

    What is no operator of tensors, such as a type that is changed, is known to nothing here.
    """
    for call in calls:
        if not call.target.startswith("aten."):
            return False
        if call.is_filled or moving.isdisjoint(call.reads):
            continue
        if call.target not in TABLE:
            return False
        moving.update(call.outputs)
    return True
