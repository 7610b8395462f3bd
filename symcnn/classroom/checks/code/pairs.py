"""Settings of which a function takes a number for each axis, by what it does with them.

stride[0]        sh, sw = stride        _pair(stride)        stride=(1, 1)        stride_h, stride_w
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterator
from inspect import Parameter
from typing import Any

from symcnn.classroom.checks.code.return_names import source_of
from symcnn.classroom.checks.code.signature import parameters_of, parts_of
from symcnn.classroom.checks.code.vocabulary import piece_called, setting_called

_MAKERS = ("pair", "tuple", "twice", "ntuple")
"""Parts of the names of functions that make one number a pair."""


def settings_by_axis(function: Any, settings: Collection[str]) -> frozenset[str]:
    """Return the settings, of some, of which a function takes a number for each axis."""
    return frozenset(name for part in parts_of(function) for name in _of_part(part, settings))


def _of_part(function: Any, settings: Collection[str]) -> Iterator[str]:
    for parameter in parameters_of(function) or ():
        if (piece := piece_called(parameter.name, settings)) is not None:
            yield piece[0]
        elif _is_tuple(parameter) and (name := setting_called(parameter.name, settings)):
            yield name
    try:
        tree = ast.parse(textwrap.dedent(source_of(function)))
    except (SyntaxError, ValueError):  # a lambda within a line
        return
    words = (w for node in ast.walk(tree) for taken in _taken_apart(node) for w in _words(taken))
    yield from (n for word in words if (n := setting_called(word, settings)) is not None)


def _is_tuple(parameter: Parameter) -> bool:
    return isinstance(parameter.default, tuple | list) or "tuple" in str(parameter.annotation)


def _taken_apart(node: ast.AST) -> Iterator[ast.AST]:
    """Run over what a node of the source takes for several numbers."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield from [node.value] if isinstance(node.slice.value, int) else []
    elif isinstance(node, ast.Assign):
        yield from _unpacked(node.targets[0], node.value)
    elif isinstance(node, ast.Call) and node.args:
        called = getattr(node.func, "id", getattr(node.func, "attr", "")).lower()
        yield from [node.args[0]] if any(word in called for word in _MAKERS) else []


def _unpacked(target: ast.AST, value: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(target, ast.Tuple | ast.List):
        return
    yield value
    if isinstance(value, ast.Tuple | ast.List):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _unpacked(one, other)


def _words(node: ast.AST) -> Iterator[str]:
    """Run over the names of variables, or keys of what is read from a dictionary: ``a or b``."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield str(node.slice.value)
    elif isinstance(node, ast.BoolOp | ast.IfExp):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        yield from (word for part in parts for word in _words(part))
