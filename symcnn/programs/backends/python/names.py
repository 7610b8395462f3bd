"""Python identifiers for tensors and entries: w^(2)_{13} becomes w2_13."""

from __future__ import annotations

import builtins
import re
from keyword import kwlist, softkwlist

_OF_PYTHON = {*kwlist, *softkwlist, *dir(builtins), "np"}


class Names:
    """Generates identifiers, each only once."""

    def __init__(self, reserved: set[str]) -> None:
        """Exclude Python's keywords and built-in names, and ``reserved``."""
        self._taken = _OF_PYTHON | reserved

    def fresh(self, wanted: str) -> str:
        """Return an identifier that looks like ``wanted`` and is not in use."""
        stem = identifier(wanted)
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}_{number}", number + 1
        self._taken.add(name)
        return name


def identifier(text: str) -> str:
    """Return ``text`` with everything that no identifier may hold written as ``_``.

    >>> identifier("delta^z(2)_1,12"), identifier("w^(2)_13"), identifier("conv1.weight")
    ('delta_z2_1_12', 'w2_13', 'conv1_weight')
    """
    numbered = re.sub(r"\^?\((\d+)\)", r"\1", text)
    words = re.sub(r"[^A-Za-z0-9]+", "_", numbered).strip("_")
    return words if words[:1].isalpha() else f"t_{words}".rstrip("_")
