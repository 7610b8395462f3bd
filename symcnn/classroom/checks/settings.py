"""Settings of layers at which code and formulas are tried, so that mistakes are told apart.

Stride 2 with a kernel of 3 overlaps, stride 3 with a kernel of 2 leaves entries out; padding,
dilation and groups come one by one and together, so that a mistake is seen beside its settings. A
kernel of 1 is shorter than its padding, and where a function takes a number for each axis, the
numbers differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

Settings = Mapping[str, Any]
"""Values of settings by their names."""

REQUIRED: Mapping[str, tuple[Any, ...]] = {
    "filters": (4, 2),
    "units": (4, 3),
    "kernel_size": (3, 2),
    "pool_size": (2, 3),
    "groups": (2,),
    "entries": (5,),
    "block": (2,),
    "axis": (0,),
}
"""Values of the settings that have no default, by name; the first that fits is taken."""

_TRIED: tuple[dict[str, Any], ...] = (
    {"stride": 2},
    {"padding": 1},
    {"stride": 2, "padding": 1},
    {"stride": 3},
    {"padding": 2},
    {"dilation": 2},
    {"stride": 1},
    {"padding": 0},
    {"stride": 1, "padding": 0, "dilation": 1},
    {"batch": 2},
    {"batch": 3},
    {"batch": 1},
    {"batch": None},
    {"channels": 2},
    {"channels": 3, "filters": 2},
    {"filters": 2},
    {"channels": 2, "filters": 3, "batch": 2},
    {"channels": 1},
    {"filters": 1},
    {"channels": 1, "filters": 1},
    {"channels": 1, "filters": 1, "batch": None},
    {"channels": 1, "filters": 1, "batch": None, "stride": 1, "padding": 0},
    {"channels": 1, "filters": 1, "stride": 1, "padding": 0},
    {"batch": 2, "stride": 2},
    {"channels": 2, "padding": 1},
    {"stride": 1, "padding": 1},
    {"stride": 3, "padding": 2},
    {"kernel_size": 1, "padding": 2},
    {"stride": 2, "padding": 1, "dilation": 2},
    {"groups": 2},
    {"epsilon": 0.25},
    {"alpha": 0.25},
    {"rate": 0.25},
    {"axis": 1},
)
"""What is tried, one row after the other; a network has samples and channels besides."""

UNEQUAL: tuple[Settings, ...] = (
    {"stride": (2, 3)},
    {"padding": (2, 1)},
    {"dilation": (2, 3)},
    {"kernel_size": (2, 3)},
    {"pool_size": (2, 3)},
)
"""Settings that differ along the axes: none is 1, and with the first for both all is in reach."""


def tried(names: Set[str]) -> Iterator[dict[str, Any]]:
    """Run over the rows of the table that choose some of these settings, and no other."""
    return (row for row in _TRIED if row.keys() <= names)
