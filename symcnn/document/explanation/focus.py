"""One weight alone: "conv1.weight[0, 0, 0, 2]" as Python would index it, or w_13 as formulas do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from symcnn.derivation import Derivation
from symcnn.document.facts.scope import Path, Position, path
from symcnn.equations.notation import split_entry
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.writing.formula import FormulaError, read
from symcnn.writing.formula.labels import indices_of
from symcnn.writing.printing.names import named

_ENTRY = re.compile(r"(?P<name>.+?)\s*\[(?P<index>[0-9,\s]{1,80})\]\s*")

_PLACE = re.compile(r"\d{1,9}")
"""One number of a subscript: Python reads no number of thousands of digits."""


def focus(weight: str, derivation: Derivation, base: int = 1) -> Path:
    """Return the way from the loss to a weight, or to any other entry, as ``place`` reads it."""
    return path(derivation, *place(weight, derivation, base))


def place(weight: str, derivation: Derivation, base: int = 1) -> tuple[str, Position]:
    """Return the tensor of a weight, or of any other entry, and its position.

    Args:
        weight: The entry: "conv1.weight[0, 0, 0, 2]" or, as the document calls it, "w_13".
        derivation: The derivation of its network.
        base: What the document calls the first entry of an axis, 0 or 1.

    Raises:
        SymcnnError: If the text names no entry with respect to which there is a derivative.
    """
    if not isinstance(weight, str):
        raise _not_understood(weight, derivation, base)
    if (in_formulas := _in_formulas(weight, derivation, base)) is not None:
        return in_formulas
    found = _ENTRY.fullmatch(weight)
    if found is None:
        raise _not_understood(weight, derivation, base)
    name, index = found["name"], _index(found["index"], weight)
    if name not in derivation.adjoints:
        raise SymcnnError(
            f"there is no derivative with respect to {shown(name)}: "
            f"{known(name, list(derivation.adjoints))}"
        )
    return name, derivation.network.tensors[name].checked(index)


def _not_understood(weight: object, derivation: Derivation, base: int) -> SymcnnError:
    """Say how an entry is named, such as the first weight of the network."""
    network, name = derivation.network, str(weight).strip()
    is_whole = name in derivation.adjoints
    first, *_ = (*network.parameters, network.tensors["x"])
    tensor = network.tensors[name] if is_whole else first
    index = ", ".join("0" for _ in tensor.shape)
    symbol = _entry(tensor.label, [base] * sum(size > 1 for size in tensor.shape))
    said = (
        f"{shown(weight)} is a whole tensor: name one entry"
        if is_whole
        else f"the weight {shown(weight)} is not understood: give a name and an index from 0"
    )
    return SymcnnError(f'{said}, such as "{tensor.name}[{index}]", or its symbol, "{symbol}"')


def _in_formulas(
    weight: str, derivation: Derivation, base: int
) -> tuple[str, tuple[int, ...]] | None:
    """Read w_13, w_{13} or w^{(2)}_{3}; return the tensor and the position, if it is such."""
    labels = {derivation.network.tensors[name].label: name for name in derivation.adjoints}
    label, written = split_entry(re.sub(r"[\s{}$]", "", weight), labels)
    if label not in labels:
        label, written = _in_latex(weight, labels)
    if label not in labels:
        return None
    name = labels[label]
    shape = derivation.network.tensors[name].shape
    long = [axis for axis, size in enumerate(shape) if size > 1]
    parts = [written] if len(long) == 1 else written.split(",") if "," in written else [*written]
    if not all(map(_PLACE.fullmatch, parts)):
        return None
    shown_at = dict(zip(long, (int(part) - base for part in parts), strict=False))
    inside = all(0 <= p < shape[axis] for axis, p in shown_at.items())
    if len(parts) != len(long) or not inside:
        raise _out_of_range(weight, label, [shape[axis] for axis in long], base)
    return name, tuple(shown_at.get(axis, 0) for axis in range(len(shape)))


def _out_of_range(weight: str, label: str, sizes: Sequence[int], base: int) -> SymcnnError:
    """Say from where to where the entries of a tensor run."""
    ends = [[base] * len(sizes), [size - 1 + base for size in sizes]]
    mark = "," if any(n > 9 for end in ends for n in end) else ""
    first, last = (_entry(label, end, mark) for end in ends)
    run = f"the entries of {label} run from {first} to {last}" if sizes else f"give {label}"
    return SymcnnError(f"there is no entry {shown(weight)}: {run}")


def _entry(label: str, indices: Sequence[int], mark: str = "") -> str:
    """Write an entry as documents call it: w_13, or w_1,10."""
    return f"{label}_{mark.join(map(str, indices))}" if indices else label


def _in_latex(weight: str, labels: Iterable[str]) -> tuple[str, str]:
    r"""Read \mathbf{W}_{1,23}: return the name of the tensor and the subscript of the entry."""
    try:
        entry = read(weight.strip().strip("$"))
    except FormulaError:
        return "", ""
    found = ((label, indices_of(entry, named(label))) for label in labels)
    return next(((label, indices) for label, indices in found if indices), ("", ""))


def _index(written: str, weight: str) -> tuple[int, ...]:
    """Read an index, with or without a comma at its end."""
    parts = [part.strip() for part in written.split(",")]
    parts = parts[:-1] if parts[-1] == "" else parts
    if not all(part.isdecimal() for part in parts):
        raise SymcnnError(
            f"the weight {shown(weight)} is not understood: separate the numbers of its index by "
            "commas"
        )
    return tuple(map(int, parts))
