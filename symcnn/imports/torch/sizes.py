"""What a program of a file would need is known before it is run: from shapes, without numbers.

Constants that it computes are folded when it is read. They are bounded here: their entries, those
that are read for them, and the products that matrices of them take.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isqrt, prod
from typing import Any, NoReturn

import torch

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.imports.torch.program import Call, Program
from symcnn.imports.torch.running import META, in_float64, on_meta, resolved, step
from symcnn.limits.machine import memory

_PASSES = 16
"""How often the parameters of a network are read for constants, as by normalised kernels."""

_PRODUCTS_OF_ENTRY = 250
"""The products, in one of matrices, that take as long as an entry."""

_PRODUCTS = re.compile(r"aten\.(matmul|mm|bmm|mv|linear|addmm|baddbmm|einsum|outer)\.")
_WINDOWS = re.compile(r"aten\.\w*(conv|pool|attention|lstm|gru|rnn)")


def shapes_of(program: Program, x: Array) -> Mapping[str, Any]:
    """Return what a program makes of an input, by name: tensors without numbers, and lengths.

    Raises:
        SymcnnError: Names the node that makes too much, or that cannot be made.
    """
    values = {a.name: _empty(a.shape, a.numbers) for a in program.arguments if a.read is not None}
    stored = sum(tensor.numel() for tensor in values.values())
    if stored * limits.ENTRY_BYTES > (memory() or stored * limits.ENTRY_BYTES):
        raise SymcnnError(f"its parameters have {stored:,} entries: import a smaller network")
    budget = limits.FOLDED_ENTRIES + _PASSES * stored
    values[program.input] = _empty(x.shape, x.dtype.name)
    known = {program.input}
    with torch.no_grad():
        for call in program.calls:
            _check_count(call, values)
            made = step(program, call, values, on_meta)
            if len(made) != len(call.outputs) and call.outputs:
                _refused(call, f"it makes {len(made)} tensors, not {len(call.outputs)}")
            _check_results(call, made)
            if not call.is_filled and not known.isdisjoint(call.reads):
                known.update(() if call.is_length else call.outputs)
                continue
            budget -= _cost(call, values, made)
            if budget < 0:
                _refused(call, f"constants have more than {limits.FOLDED_ENTRIES:,} entries")
    return values


def _empty(shape: Shape, numbers: str) -> torch.Tensor:
    with in_float64():
        return torch.empty(shape, dtype=getattr(torch, numbers), device=META)


def _check_count(call: Call, values: Mapping[str, Any]) -> None:
    """Refuse to take a tensor into more parts than the file names."""
    given = {key: resolved(value, values) for key, value in call.arguments.items()}
    count = 0
    match call.target:
        case "aten.unbind.int":
            count = _length(given)
        case "aten.split.Tensor":
            count = -(-_length(given) // max(1, _whole(given.get("split_size"))))
        case "aten.chunk.default":
            each = -(-_length(given) // max(1, _whole(given.get("chunks"))))
            count = -(-_length(given) // max(1, each))
    if count > len(call.outputs):
        _refused(call, f"it makes {count:,} tensors, not {len(call.outputs)}")


def _length(given: Mapping[str, Any]) -> int:
    x, axis = given.get("self"), _whole(given.get("dim", 0))
    if not isinstance(x, torch.Tensor) or not -x.ndim <= axis < x.ndim:
        return 0
    return int(x.shape[axis])


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _check_results(call: Call, made: Any) -> None:
    """Refuse a tensor that the memory of the machine does not hold, or an endless integer."""
    for each in made:
        if isinstance(each, int) and abs(each) >= 2**63:
            _refused(call, "it makes an integer of more than 64 bits")
        if not isinstance(each, torch.Tensor):
            continue
        size = each.numel() * limits.ENTRY_BYTES
        if each.numel() > limits.NETWORK_ENTRIES or size > (memory() or size):
            _refused(call, f"it makes {each.numel():,} entries")


def _cost(call: Call, values: Mapping[str, Any], made: Any) -> int:
    """Return the entries read and made for a constant, or its products where they are more."""
    read = [values[name].numel() for name in call.reads if isinstance(values[name], torch.Tensor)]
    entries = [each.numel() for each in made if isinstance(each, torch.Tensor)]
    if _WINDOWS.match(call.target):
        _refused(call, "it reads nothing that depends on the input")
    products = isqrt(prod([*read, *entries])) if _PRODUCTS.match(call.target) else 0
    return int(max(sum(read) + sum(entries), products // _PRODUCTS_OF_ENTRY))


def _refused(call: Call, why: str) -> NoReturn:
    raise SymcnnError(
        f"node {shown(call.name)} ({call.target}): {why}: import a smaller network, or compute "
        "constants before the export"
    )
