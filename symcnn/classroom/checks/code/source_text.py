"""What the source of a function says: what it returns, and which settings it takes for each axis.

stride[0]        sh, sw = stride        _pair(stride)        stride=(1, 1)        stride_h, stride_w
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import Parameter
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.signature import parameters_of, parts_of
from symcnn.classroom.checks.code.vocabulary import (
    OUTPUT,
    array_called,
    gradient_called,
    piece_called,
    setting_called,
)


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


Array = np.ndarray[Any, Any]

MEAN, VARIANCE, INVERSE = "mean", "variance", "inverse deviation"

STATISTICS = (MEAN, VARIANCE)
"""Those of a layer that can be returned, by the layer's own names."""

_BEFORE = ("", "batch_", "sample_", "save_", "saved_", "x_")

_WORDS: Mapping[str, str] = {
    f"{before}{word}": name
    for name, words in {
        MEAN: "mean mu mean_x x_mean mu_b",
        VARIANCE: "variance var sigma2 sigma_sq var_x x_var",
        INVERSE: "inv_std invstd ivar inv_var rstd istd inverse_std inv_sigma",
    }.items()
    for word in words.split()
    for before in _BEFORE
}


def statistic_called(word: str) -> str:
    """Return the statistic that an author calls by a word; "" if there is none.

    >>> statistic_called("sample_var"), statistic_called("save_invstd")
    ('variance', 'inverse deviation')
    """
    return _WORDS.get(word.lower().strip("_"), "")


@dataclass(frozen=True)
class Returned:
    """What a forward pass returns, by the names in its last line.

    Attributes:
        order: The output and the statistics, in the order of the function; ``_`` is of no interest.
        is_inverse: Whether 1 / sqrt(variance + epsilon) is returned in place of the variance.
        others: What it calls that which is not compared.
    """

    order: tuple[str, ...]
    is_inverse: bool
    others: tuple[str, ...]

    @property
    def statistics(self) -> tuple[str, ...]:
        """The statistics that are compared."""
        return tuple(name for name in STATISTICS if name in self.order)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said of it, a sentence each."""
        others = ", ".join(self.others)
        said = f"Guessed from the names of what it returns: y, {', '.join(self.statistics)}."
        return (
            *((said,) if self.statistics else ()),
            *((_INVERTED,) if self.is_inverse else ()),
            *((f"It returns {others} too, which is not compared.",) if others else ()),
        )


_INVERTED = "The variance is computed from 1 / sqrt(variance + epsilon), which is returned."


def returned(function: Any, words: Sequence[str] | None = None) -> Returned:
    """Return what a forward pass returns, by what it calls it.

    Args:
        function: The function.
        words: What it returns, where the user says it; by default its last line is read, which
            begins with the output.
    """
    own = [*(words_returned(function) or ())] if words is None else [*words]
    found = [_called(word, words is None and k == 0) for k, word in enumerate(own)]
    kept = [VARIANCE if name == INVERSE else name for name in found]
    order = tuple(n if n and n not in kept[:k] else "_" for k, n in enumerate(kept))
    others = tuple(w for w, n in zip(own, order, strict=True) if n == "_" and w not in ("", "_"))
    is_inverse = VARIANCE in order and found[order.index(VARIANCE)] == INVERSE
    return Returned(order, is_inverse, others)


def _called(word: str, is_first: bool) -> str:
    is_output = is_first or array_called(word, (OUTPUT,)) is not None
    return OUTPUT if is_output else statistic_called(word)


def variance(inverse: Array, epsilon: Any) -> Array:
    """Return V of 1 / sqrt(V + epsilon), in the precision of what is given."""
    with np.errstate(all="ignore"):
        made = inverse.astype(float) ** -2.0 - float(epsilon)
    return made.astype(inverse.dtype) if inverse.dtype.kind == "f" else made


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
    words = (w for node in ast.walk(tree) for taken in _taken_apart(node) for w in _names_in(taken))
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


def _names_in(node: ast.AST) -> Iterator[str]:
    """Run over the names of variables, or keys of what is read from a dictionary: ``a or b``."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield str(node.slice.value)
    elif isinstance(node, ast.BoolOp | ast.IfExp):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        yield from (word for part in parts for word in _names_in(part))
