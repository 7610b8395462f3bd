"""Blocks of a program that change nothing: their operators stand in the program itself."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch

_AUTOCAST = "wrap_with_autocast"
"""Holds the graph of a block ``with torch.autocast(...)``; where it is off, it is that graph."""


def inlined(graph_module: Any) -> Any:
    """Return a module of a graph in which blocks are inlined that turn autocasting off.

    The module itself is not changed.
    """
    if not any(map(_is_off, graph_module.graph.nodes)):
        return graph_module
    made = deepcopy(graph_module)
    for node in [*filter(_is_off, made.graph.nodes)]:
        _inline(made, node)
    return made


def _is_off(node: Any) -> bool:
    """Tell whether a node is such a block, or one of another device than the one in use."""
    if node.op != "call_function" or getattr(node.target, "__name__", "") != _AUTOCAST:
        return False
    device, _, is_on = node.args[:3]
    return not is_on or device != "cpu"


def _inline(made: Any, node: Any) -> None:
    _, _, _, _, block, *given = node.args
    within = inlined(getattr(made, block.target))  # blocks within blocks
    for held in (each for each in within.graph.nodes if each.op == "get_attr"):
        name = f"{block.target}_{held.target}"
        setattr(made, name, getattr(within, held.target))
        held.target = name
    takes = [each for each in within.graph.nodes if each.op == "placeholder"]
    with made.graph.inserting_before(node):
        outputs = made.graph.graph_copy(within.graph, dict(zip(takes, given, strict=True)))
    for user in [*node.users]:
        user.replace_all_uses_with(outputs[user.args[1]])
        made.graph.erase_node(user)
    if isinstance(outputs, torch.fx.Node):
        node.replace_all_uses_with(outputs)
    made.graph.erase_node(node)
    made.graph.erase_node(block)
