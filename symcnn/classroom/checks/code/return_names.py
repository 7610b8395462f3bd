"""What a function returns by the names in the last line that returns something."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from symcnn.classroom.checks.code.vocabulary import gradient_called


def names_returned(function: Callable[..., Any], names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the arrays whose gradients a function returns, in its order, by what it calls them.

    A result of another name is ``_``. None is returned where the source is not known, or a name
    of it is not plain.
    """
    found = tuple(gradient_called(word, names) or "_" for word in words_returned(function) or ())
    return found if all(found.count(name) == 1 for name in names) else None


def words_returned(function: Callable[..., Any]) -> list[str] | None:
    """Return the names in the last line that returns something; None where it is not known."""
    try:
        tree = ast.parse(textwrap.dedent(source_of(function)))
    except (SyntaxError, ValueError):  # a lambda within a line
        return None
    whole = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    words = [_words(value) for node in whole[:1] for value in _returned(node)]
    return words[-1] if words else None


def source_of(function: Any) -> str:
    """Return the text of a function; "" where it is not known, as of what was typed in."""
    inner = function.func if isinstance(function, partial) else function
    said = getattr(inner, "source", None)  # a function of a file knows its own
    try:
        return said if isinstance(said, str) else inspect.getsource(inner)
    except (OSError, TypeError):
        return ""


def _returned(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a function returns, in order; functions inside of it return something else."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return) and child.value is not None:
            yield child.value
        elif not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from _returned(child)


def _words(value: ast.expr) -> list[str]:
    items = value.elts if isinstance(value, ast.Tuple) else [value]
    return [item.id if isinstance(item, ast.Name) else "" for item in items]
