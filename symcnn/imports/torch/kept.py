"""What a module stores: its parameters and buffers, with the types that its numbers had."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Kept
from symcnn.imports.torch.numbers import array_of


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
