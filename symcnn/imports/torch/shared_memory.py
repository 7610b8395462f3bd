"""Tensors that share their numbers: what is written into one changes the others too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symcnn.imports.graph import Node
from symcnn.imports.torch.program import Call

SHARED = "it writes in place into what another tensor shares"
ANEW = "make a new tensor instead, as by torch.cat, torch.where or a product with a mask"


class SharedMemory:
    """Which tensors share their numbers, and which are no longer what they were.

    A view, such as ``x[:, 0]``, shares those of the tensor that it is of. A tensor that was changed
    itself has a new name; what shares its numbers has none, so that it must not be read any more.
    """

    def __init__(self) -> None:
        """Begin with tensors of their own."""
        self._owner: dict[str, str] = {}
        self._changed: dict[str, Node] = {}

    def note(self, call: Call, schema: Any, node: Node) -> None:
        """Note what a call shares, or what it changes."""
        if schema is None:
            return
        first, owner = next(call.reads, ""), self._owner_of(next(call.reads, ""))
        if schema.is_mutable:
            sharing = {owner, *(n for n, of in self._owner.items() if of == owner)}
            self._changed.update(dict.fromkeys(sharing - {first}, node))
            self._changed.pop(first, None)
        if schema.is_mutable or any(made.alias_info for made in schema.returns):
            self._owner.update(dict.fromkeys(call.outputs, owner))

    def check(self, names: Iterator[str]) -> None:
        """Refuse to read what was changed through another tensor.

        Raises:
            SymcnnError: Names the node that changed it.
        """
        for name in names:
            if name in self._changed:
                self._changed[name].refused(SHARED, ANEW)

    def _owner_of(self, name: str) -> str:
        return self._owner.get(name, name)
