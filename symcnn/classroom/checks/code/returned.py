"""What a function returned, as arrays by the names of what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.callee import Kind
from symcnn.classroom.checks.code.failures import FailureError, message
from symcnn.classroom.checks.code.source_text import VARIANCE, variance
from symcnn.classroom.checks.code.vocabulary import array_called, gradient_called
from symcnn.limits import functions as limits

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Results:
    """The results that are due from a function.

    Attributes:
        wanted: The names of the arrays that are due.
        order: What the function returns, in its order; ``_`` is of no interest.
        kind: Whether these are gradients, or the output.
        keys: What it calls them, where the user says it.
        is_inverse: Whether 1 / sqrt(variance + epsilon) stands in the place of the variance.
    """

    wanted: tuple[str, ...]
    order: tuple[str, ...]
    kind: Kind
    keys: Mapping[str, str] = field(default_factory=dict)
    is_inverse: bool = False

    def arrays(self, result: Any, settings: Mapping[str, Any]) -> dict[str, Array]:
        """Return the arrays by name.

        Raises:
            FailureError: It returned something else, and says what.
        """
        named = self._named(result)
        missing = [name for name in self.wanted if named.get(name) is None]
        if missing:
            what = " and ".join(self.title(name) for name in missing)
            raise FailureError(f"The function returned nothing for {what}.")
        arrays = {name: _array(named[name], self.title(name)) for name in self.wanted}
        if self.is_inverse:
            arrays[VARIANCE] = variance(arrays[VARIANCE], settings["epsilon"])
        return arrays

    def title(self, name: str) -> str:
        """Return what an array is called in sentences."""
        return name if self.kind == "forward" else f"the gradient of {name}"

    def _named(self, result: Any) -> Mapping[str, Any]:
        if (table := _table(result)) is not None:
            return self._by_keys(table)
        if len(self.order) == 1 and not isinstance(result, tuple):
            return {self.order[0]: result}
        if not isinstance(result, tuple | list):
            what = "nothing" if result is None else "a single value"
            raise FailureError(f"The function returned {what} where {self._due()} are due.")
        return self._in_order(result)

    def _in_order(self, result: Sequence[Any]) -> Mapping[str, Any]:
        if self.kind == "forward":
            return dict(zip(self.order, result, strict=False))
        items = _flat(result)
        while len(items) > len(self.order) and items[-1] is None:  # as torch's own functions do
            items.pop()
        if self.kind == "gradients" and len(items) == len(self.order) + 1 and _is_loss(items[0]):
            items.pop(0)
        if self.kind == "gradients" and len(items) == 2 and _table(items[1]) is not None:
            return self._named(items[1])
        if len(items) != len(self.order):
            arrays = "array" if len(items) == 1 else "arrays"
            due = f"{self._due()} {'is' if len(self.order) == 1 else 'are'} due"
            raise FailureError(f"The function returned {len(items)} {arrays} where {due}.")
        return {name: item for name, item in zip(self.order, items, strict=True) if name != "_"}

    def _by_keys(self, table: Mapping[str, Any]) -> Mapping[str, Any]:
        called = array_called if self.kind == "forward" else gradient_called
        found = {
            self.keys.get(str(key)) or called(str(key), self.wanted): value
            for key, value in table.items()
        }
        missing = [self.title(name) for name in self.wanted if name not in found]
        if missing:
            keys = ", ".join(str(key) for key in list(table)[:8])
            raise FailureError(
                f"The function returned {keys} by name, among which {missing[0]} is not found."
            )
        return {name: found[name] for name in self.wanted}

    def _due(self) -> str:
        return f"{len(self.order)} ({', '.join(self.order)})"


def _table(result: Any) -> Mapping[str, Any] | None:
    """Return results that have names: of a dictionary, a named tuple, or an object's attributes."""
    if isinstance(result, Mapping):
        return result
    if isinstance(result, tuple) and hasattr(result, "_asdict"):
        return dict(result._asdict())
    is_plain = isinstance(result, tuple | list | int | float | complex | str | np.generic)
    if result is None or is_plain or hasattr(result, "__array__") or hasattr(result, "__len__"):
        return None
    return vars(result) if hasattr(result, "__dict__") else None


def _flat(result: Sequence[Any]) -> list[Any]:
    """Return the items with those of inner tuples: a pair in a pair makes three."""
    items: list[Any] = []
    for item in result:
        items += _flat(item) if isinstance(item, tuple) and _table(item) is None else [item]
    return items


def _is_loss(value: Any) -> bool:
    return getattr(value, "shape", ()) == () and not isinstance(value, list | tuple)


def _array(value: Any, title: str) -> Array:
    """Return an array of numbers, of NumPy, from what may be one of torch, or lists."""
    detached = value.detach().cpu() if hasattr(value, "detach") else value
    try:
        array = np.asarray(detached)
    except (TypeError, ValueError) as error:
        raise FailureError(
            f"The function returned no array for {title}: {message(error)}"
        ) from None
    if array.dtype.kind not in "biufc":
        raise FailureError(f"The function returned no array for {title}, but {_what(value)}.")
    if array.nbytes > limits.RESULT_BYTES:
        raise FailureError(
            f"The function returned an array of shape {array.shape} for {title}, far more than due."
        )
    return array


def _what(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"
