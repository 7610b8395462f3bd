"""The numbers of the positions of an axis, as a tensor: iota[v] = v for 0 <= v < n.

An index selects an entry and is no number in a formula; iota turns it into one, so that it can
be compared with an entry: [ids[n] = iota[v]].
"""

from __future__ import annotations

from functools import cache

from sympy import Indexed, IndexedBase

from symcnn.equations.sizes import Size
from symcnn.equations.tensor import PositionBase, Tensor


@cache
def positions(size: Size) -> Tensor:
    """Return iota for an axis of some length."""
    return Tensor(f"positions below {size}", (size,), "position", f"iota^({size})", ("v",))


def is_position(read: Indexed) -> bool:
    """Tell whether an access is the number of a position."""
    return is_counted(read.base)


def is_counted(base: IndexedBase) -> bool:
    """Tell whether a base is that of an iota."""
    return isinstance(base, PositionBase)
