"""One weight alone: "conv1.weight[0, 0, 0, 2]", as Python would index it."""

from __future__ import annotations

import re

from symcnn.derivation import Derivation
from symcnn.document import Path, path
from symcnn.errors import SymcnnError, shown
from symcnn.values import known

_ENTRY = re.compile(r"(?P<name>.+?)\s*\[(?P<index>[0-9,\s]{1,80})\]\s*")


def focus(weight: str, derivation: Derivation) -> Path:
    """Return the way from the loss to a weight, or to any other entry.

    Raises:
        SymcnnError: If the text names no entry by which there is a derivative.
    """
    found = _ENTRY.fullmatch(weight) if isinstance(weight, str) else None
    if found is None:
        raise SymcnnError(
            f"the weight {shown(weight)} is not understood: give a name and an index that counts "
            'from 0, such as "conv1.weight[0, 0, 0, 0]"'
        )
    name, index = found["name"], _index(found["index"], weight)
    if name not in derivation.adjoints:
        raise SymcnnError(
            f"the weight {shown(weight)}: there is no derivative with respect to {shown(name)}: "
            f"{known(name, list(derivation.adjoints))}"
        )
    position = derivation.network.tensors[name].checked(index)
    return path(derivation, name, position)


def _index(written: str, weight: str) -> tuple[int, ...]:
    """Read an index, with or without a comma at its end."""
    parts = [part.strip() for part in written.split(",")]
    parts = parts[:-1] if parts[-1] == "" else parts
    if not all(part.isdecimal() for part in parts):
        raise SymcnnError(
            f"the weight {shown(weight)}: separate the numbers of the index by commas"
        )
    return tuple(map(int, parts))
