"""What is often given by mistake, or fails while it is exported: one line each, with the remedy."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from traceback import walk_tb
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from symcnn.errors import SymcnnError, expect, fitted, shown
from symcnn.imports.torch.numbers import ANEW, SHARED, InFloat64

_LOAD = "build the module, module.load_state_dict(...), and give the module"

_FILES = {
    ".pt2": "sc.from_pt2(path) reads it",
    ".onnx": "sc.from_onnx(path) reads it",
    ".safetensors": "sc.with_safetensors(problem, path) reads it, for a problem of its network",
}

_WRAPPERS = ("DataParallel", "DistributedDataParallel")

_BRANCH = (
    "Python needs a number that depends on data (if, while, float, item)",
    "choose by torch.where, and keep numbers in tensors",
)

_STOPPED: Iterable[tuple[str, tuple[str, str]]] = (
    ("DataDependent", _BRANCH),
    ("data-dependent", _BRANCH),
    ("is being modified inplace", (SHARED, ANEW)),
    ("We found a fake tensor", ("it reads .data of a parameter", "use .detach()")),
    (".numpy()", ("it computes in NumPy there", "compute with tensors of PyTorch alone")),
)
"""What ``torch.export`` says where it stops, what that means, and the remedy."""

_OWN = (str(Path(torch.__file__).parent), str(Path(__file__).parents[2]))
"""Where no code of the user is."""


Module = Callable[[torch.Tensor], Any]


class _Try(NamedTuple):
    """What a module may take in place of what it was given.

    Attributes:
        fits: Whether this may have been meant.
        change: Makes it of what was given.
        why: What is wrong with what was given.
        remedy: How it is changed.
    """

    fits: Callable[[torch.Tensor], bool]
    change: Callable[[torch.Tensor], torch.Tensor]
    why: str
    remedy: str


_TRIES = (
    _Try(
        lambda x: x.ndim > 1,
        lambda x: x[None],
        "has no axis of samples in front",
        "give x.unsqueeze(0), one sample",
    ),
    _Try(
        lambda x: x.ndim > 2,
        lambda x: x.movedim(-1, 1),
        "has its channels last, but the module reads them behind the samples",
        "give x.movedim(-1, 1)",
    ),
    _Try(
        lambda x: not x.is_floating_point(),
        torch.Tensor.double,
        "has whole numbers, but the module computes with floats",
        "give x.float()",
    ),
    _Try(
        torch.is_floating_point,
        torch.Tensor.long,
        "has floats, but the module looks up whole numbers",
        "give x.long()",
    ),
)


def checked_input(x: Any) -> Any:
    """Return the example input, if it is a tensor of real numbers with an axis of samples.

    Raises:
        SymcnnError: Says what it is instead, and the remedy.
    """
    it = "the example input"
    if isinstance(x, nn.Module):
        raise SymcnnError(f"{it} is a module: give the module first, from_torch(module, x)")
    if isinstance(x, np.ndarray):
        raise SymcnnError(f"{it} is an array of NumPy: give torch.from_numpy(x)")
    remedy = "give a tensor, such as torch.rand(1, 3, 32, 32)"
    expect(x, torch.Tensor | Sequence | Mapping, it, remedy)
    if not isinstance(x, torch.Tensor):  # several arguments, which are looked at one by one
        return x
    if x.is_complex():
        remedy = "give real and imaginary parts as two channels"
        raise SymcnnError(f"{it} has complex numbers, but symcnn computes with real ones: {remedy}")
    if x.layout is not torch.strided:
        raise SymcnnError(f"{it} is stored as {x.layout}: give x.to_dense()")
    if x.is_meta:
        raise SymcnnError(f"{it} has no numbers, on the device meta: give torch.rand(x.shape)")
    if x.ndim < 2:
        axes = "a single axis" if x.ndim else "no axis"
        remedy = "give x.unsqueeze(0) for one sample" if x.ndim else "give x.reshape(1, 1)"
        raise SymcnnError(f"{it} has {axes}, but the first one counts the samples: {remedy}")
    return x


def checked_module(module: Any) -> nn.Module:
    """Return a module that can be copied and exported, without what only runs it elsewhere.

    Raises:
        SymcnnError: Says what it is instead, and the remedy.
    """
    _refuse_others(module)
    expect(module, nn.Module, "the module", "give a torch.nn.Module, or a program")
    while type(module).__name__ in _WRAPPERS:
        module = module.module
    if isinstance(module, torch.jit.ScriptModule):
        remedy = "give the torch.nn.Module that was scripted or traced"
        raise SymcnnError(f"the module is a ScriptModule, which cannot be exported: {remedy}")
    if any(".quantized" in type(part).__module__ for part in module.modules()):
        raise SymcnnError("the module is quantised: give the one in floats that it was made of")
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        why, remedy = _without_numbers(tensor)
        if why:
            raise SymcnnError(fitted("the module's tensor ", shown(name), f" {why}: {remedy}"))
    return module


def _refuse_others(module: Any) -> None:
    """Refuse what is often given in place of a module."""
    if isinstance(module, str | PathLike):
        suffix = Path(module).suffix.lower()
        before = "the module is the path of a file, "
        raise SymcnnError(fitted(before, shown(str(module)), f": {_FILES.get(suffix, _LOAD)}"))
    if isinstance(module, torch.Tensor | np.ndarray):
        raise SymcnnError("the module is an array: give the module first, from_torch(module, x)")
    if isinstance(module, Mapping):
        raise SymcnnError(f"the module is a state_dict, which has weights alone: {_LOAD}")
    if callable(module) and not isinstance(module, type | nn.Module):
        name = getattr(module, "__name__", type(module).__name__)
        remedy = "give a torch.nn.Module whose forward calls it"
        raise SymcnnError(f"the module is the function {shown(name)}: {remedy}")


def _without_numbers(tensor: torch.Tensor) -> tuple[str, str]:
    if isinstance(tensor, nn.UninitializedParameter | nn.UninitializedBuffer):
        return "is lazy, without a shape yet", "call module(x) once before the import"
    if tensor.is_meta:
        return "has no numbers, on the device meta", f"make it with to_empty, then {_LOAD[18:]}"
    if tensor.is_complex():
        return "has complex numbers", "state it with real and imaginary parts"
    return "", ""


def not_exported(module: Module, x: torch.Tensor, error: Exception) -> SymcnnError:
    """Return why a module was not exported: it fails by itself, or export cannot follow it."""
    own = _failure(module, x)
    if own is not None:
        return _misfit(module, x, own)
    reason, at = f"{type(error).__name__}: {error}", _place(error)
    for word, (why, remedy) in _STOPPED:
        if word in reason:
            return SymcnnError(f"the module cannot be exported{at}: {why}: {remedy}")
    before = f"torch.export cannot export the module{at} ("
    return SymcnnError(fitted(before, _first_line(error), "): see docs/imports.md"))


def _misfit(module: Module, x: torch.Tensor, own: Exception) -> SymcnnError:
    """Say what is wrong with the input, found by what the module takes in its place."""
    shape = "x".join(map(str, x.shape))
    for attempt in _TRIES:
        if attempt.fits(x) and _failure(module, attempt.change(x)) is None:
            return SymcnnError(f"the example input {shape} {attempt.why}: {attempt.remedy}")
    before = f"the module does not run on the example input {shape}{_place(own)} ("
    after = "): mend what module(x) raises"
    return SymcnnError(fitted(before, _first_line(own), after))


def _failure(module: Module, x: torch.Tensor) -> Exception | None:
    """Return what the module raises when it is called, if it does."""
    try:
        with warnings.catch_warnings(), torch.no_grad(), InFloat64():
            warnings.simplefilter("ignore")
            module(x.clone())
    except Exception as error:
        return error
    return None


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n")[0]


def _place(error: Exception) -> str:
    """Return the innermost line of the user's own code that an error passed through."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    own = [f for f in frames if not f[0].startswith((*_OWN, "<"))]
    return f" at {Path(own[-1][0]).name}:{own[-1][1]}" if own else ""
