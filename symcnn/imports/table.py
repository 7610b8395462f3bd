"""A table from the operators of a source to what makes layers of them."""

from __future__ import annotations

from collections.abc import Callable

from symcnn.imports.builder import Operation


class Operators(dict[str, Operation]):
    """The operators that are known, by name; a new one is one function with a decorator."""

    def __init__(self, prefix: str = "") -> None:
        """Begin with none.

        Args:
            prefix: What all their names begin with.
        """
        super().__init__()
        self._prefix = prefix

    def of(self, *names: str) -> Callable[[Operation], Operation]:
        """Let a function make the layers of the operators of these names."""

        def registered(operation: Operation) -> Operation:
            self.update({f"{self._prefix}{name}": operation for name in names})
            return operation

        return registered
