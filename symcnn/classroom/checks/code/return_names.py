"""What a function returns by the names in its last line, statistics of a normalisation too."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.vocabulary import OUTPUT, array_called, gradient_called


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
