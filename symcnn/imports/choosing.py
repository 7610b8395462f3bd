"""Which of several outputs is the network's."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.errors import SymcnnError, shown

Output = int | str | None
"""The number of an output, counted from 0, or its name; None stands for the only one."""


def chosen(names: Sequence[str], output: Output, whose: str = "module") -> int:
    """Return which of the outputs of these names is meant.

    Raises:
        SymcnnError: Names the outputs, if there are several or none is meant.
    """
    if output is None and len(names) == 1:
        return 0
    if isinstance(output, int) and not isinstance(output, bool) and 0 <= output < len(names):
        return output
    if isinstance(output, str) and output in names:
        return names.index(output)
    if not names:
        raise SymcnnError(f"the {whose} returns no tensor: let it return a layer's output")
    listed = shown([*names])
    first = names[0] if names[0].isdecimal() else f'"{names[0]}"'
    if output is None:
        raise SymcnnError(
            f"the {whose} returns {len(names)} tensors, {listed}: choose one, output={first}"
        )
    raise SymcnnError(
        f"the {whose} returns no {shown(output)}, but {listed}: choose one, output={first}"
    )
