"""Tensors of PyTorch as arrays, in float64 if they are of floats, and what a module stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind
from torch.overrides import TorchFunctionMode

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Kept, Node
from symcnn.imports.torch.program import Call

IN_64_BITS = {torch.float32: torch.float64, torch.complex64: torch.complex128}
"""What stands in place of a type of numbers that a module casts to."""


def float64(value: Any) -> Any:
    """Return a tensor of floats in 64 bits; whole numbers stay as they are, wherever they are."""
    if not isinstance(value, torch.Tensor):
        return value
    return value.detach().cpu().to(torch.float64 if value.is_floating_point() else value.dtype)


def array_of(tensor: torch.Tensor) -> Array:
    """Return the numbers of a tensor."""
    array: Array = float64(tensor).detach().cpu().numpy()
    return array


@contextmanager
def usually_float64() -> Iterator[None]:
    """Let tensors that are made without a type, such as a first state of zeros, be of 64 bits."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(usual)


def _widened(value: Any) -> Any:
    """Return what a function is given, with 64 bits in place of 32."""
    if isinstance(value, torch.Tensor):
        return value.to(IN_64_BITS[value.dtype]) if value.dtype in IN_64_BITS else value
    if type(value) in (list, tuple):
        return type(value)(map(_widened, value))
    return IN_64_BITS.get(value, value) if isinstance(value, torch.dtype) else value


class Widened(TorchFunctionMode):  # type: ignore[misc]  # it is read as untyped
    """Lets functions compute in 64 bits where a module casts to 32, or has such tensors of its own.

    Parameters and buffers are converted with the module; what it keeps elsewhere is not.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call a function of PyTorch."""
        name = str(getattr(func, "__name__", ""))
        if name == "float":
            return args[0].double()
        first = [*args[:1]] if name.endswith("_") else [*map(_widened, args[:1])]
        given = {key: _widened(value) for key, value in (kwargs or {}).items()}
        return func(*first, *map(_widened, args[1:]), **given)


@contextmanager
def widened(module: torch.nn.Module) -> Iterator[None]:
    """Let a module's forward be called so, and nothing around it, such as ``torch.export``."""
    forward = module.forward

    @wraps(forward)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with Widened():
            return forward(*args, **kwargs)

    module.forward = inside
    try:
        yield
    finally:
        module.forward = forward


class InFloat64(Widened):
    """Lets autograd differentiate some functions, and batch normalisation, as they are defined.

    PyTorch's own derivative of a hard sigmoid is 1/6 rounded to 32 bits, also for numbers of 64
    bits, and that of a CELU has 1/alpha in 32 bits. Its derivatives of a batch normalisation in
    evaluation mode are wrong for a single sample where those that arrive stand in memory with the
    channels last (seen in PyTorch 2.13).
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call a function of PyTorch, or what stands in its place."""
        name = str(getattr(func, "__name__", ""))
        if name.startswith("batch_norm"):
            normal = func(*args, **(kwargs or {}))
            if normal.requires_grad:
                normal.register_hook(torch.Tensor.contiguous)
            return normal
        plain = name.split(".")[0]
        if plain.rstrip("_") not in _DEFINED:
            return super().__torch_function__(func, types, args, kwargs)
        given = {**(kwargs or {})}
        in_place = given.pop("inplace", False) or plain.endswith("_")
        made = _DEFINED[plain.rstrip("_")](*args, **given)
        return args[0].copy_(made) if in_place else made


def _celu(x: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Return max(0, x) + min(0, alpha (exp(x / alpha) - 1))."""
    x = x.clone()  # what is written in place is not what it is computed of
    return x.clamp(min=0) + alpha * torch.expm1(x.clamp(max=0) / alpha)


def _hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Return min(max(0, x + 3), 6) / 6."""
    made: torch.Tensor = (x + 3).clamp(0, 6) / 6
    return made


_DEFINED: Mapping[str, Callable[..., torch.Tensor]] = {"hardsigmoid": _hard_sigmoid, "celu": _celu}


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
