"""What a module stores: its parameters and buffers, with the types that its numbers had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Kept, Node
from symcnn.imports.torch.numbers import array_of
from symcnn.imports.torch.program import Call


def numbers_of(stored: Mapping[str, Any]) -> dict[str, str]:
    """Return the types of the numbers of tensors, by name."""
    return {
        name: str(tensor.dtype).removeprefix("torch.")
        for name, tensor in stored.items()
        if isinstance(tensor, torch.Tensor)
    }


def kept_in(exported: ExportedProgram, numbers: Mapping[str, str] | None) -> dict[str, Kept]:
    """Return what the module of a program stores, by name.

    Args:
        exported: The program.
        numbers: The types of the numbers that its module stores, if it was converted.
    """
    kinds = numbers_of(exported.state_dict) if numbers is None else numbers
    first = _first_names(exported)
    return {
        name: Kept(tuple(tensor.shape), kind, partial(array_of, tensor), first[name])
        for name, kind in kinds.items()
        if (tensor := exported.state_dict.get(name)) is not None
    }


def _first_names(exported: ExportedProgram) -> dict[str, str]:
    """Return for each name of a stored tensor the first of the names of the same tensor."""
    specs = exported.graph_signature.input_specs
    taken = [spec.target for spec in specs if spec.kind is InputKind.PARAMETER]
    names: dict[tuple[Any, ...], str] = {}
    made: dict[str, str] = {}
    for name in dict.fromkeys([*taken, *exported.state_dict]):
        value = stored_in(exported, name)
        place = (value.data_ptr() or name, value.shape, value.stride())
        made[name] = names.setdefault(place, name)
    return made


def stored_in(exported: ExportedProgram, name: str | None) -> torch.Tensor:
    """Return a tensor that a program stores.

    Raises:
        SymcnnError: If it is none.
    """
    for kept in (exported.state_dict, exported.constants):
        if name in kept and isinstance(kept[name], torch.Tensor):
            found: torch.Tensor = kept[name]
            return found
    raise SymcnnError(f"the program takes {shown(name)}, which is not a tensor: export it again")


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
