"""Which entry of its window each maximum takes, as the forward pass says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from tests.readers.formulas import Reader
from tests.readers.intervals import near
from tests.readers.scope import Named, Scope, where

Position = tuple[int, ...]


class Routed(NamedTuple):
    """R, and how far the largest of each window is before the second, where there is one."""

    named: Named
    leads: list[float]


def routed(
    target: Reader, reader: Reader, scope: Scope, shape: Sequence[int], shared: bool
) -> Routed:
    """Return R: 1 for the first largest entry of a window, or shares where ties share it."""
    names, loops, term = reader.window
    free = sorted(target.free)
    windows: dict[Position, dict[Position, float]] = {}
    sizes = [1] * len(names)
    for case in product(*(scope.ranges[name] for name in free)):
        env = dict(zip(free, case, strict=True))
        window = windows.setdefault(target.position(env), {})
        for inside in loops(env):
            key = tuple(inside[name] - scope.base for name in names)
            sizes = [max(size, place + 1) for size, place in zip(sizes, key, strict=True)]
            if values := term(inside):
                window[key] = values[0][0]

    return _named(windows, shape, sizes, shared)


def routed_alone(reader: Reader, scope: Scope, shape: Sequence[int], shared: bool) -> Routed | None:
    """Return R of one number, the largest of the entries that are listed."""
    if len(reader.chosen) < 2 or any(found is None for _, found in reader.chosen):
        return None
    entries = [(value({})[0], *found) for value, found in reader.chosen if found is not None]
    places = [where(tensor, indices, {}, scope.base) for _, tensor, indices in entries]
    axes = [sorted({*along}) for along in zip(*places, strict=True)]
    long = [axis for axis, along in enumerate(axes) if len(along) > 1]
    keys = [tuple(axes[axis].index(place[axis]) for axis in long) for place in places]
    window = {key: value for key, (value, *_) in zip(keys, entries, strict=True)}
    sizes = [len(axes[axis]) for axis in long]
    return _named({(0,) * len(shape): window}, shape, sizes, shared)


def _named(
    windows: Mapping[Position, Mapping[Position, float]],
    shape: Sequence[int],
    sizes: Sequence[int],
    shared: bool,
) -> Routed:
    """Return R, by the windows and the entries in each, with their numbers."""

    def value(position: Position) -> float:
        window = windows[position[: len(shape)]]
        largest = max(window.values())
        least = largest - near(largest) * max(1, abs(largest))
        winners = sorted(key for key, v in window.items() if v >= least)
        winners = winners if shared else winners[:1]
        return (position[len(shape) :] in winners) / len(winners)

    ordered = (sorted(window.values()) for window in windows.values())
    leads = [most - second for *_, second, most in (o for o in ordered if len(o) > 1)]
    return Routed(Named((*shape, *sizes), value), leads)
