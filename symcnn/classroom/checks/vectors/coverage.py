"""What a case covers, in words, and the settings of its layer as files have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import sympify

from symcnn.classroom.checks.vectors.arrays import written
from symcnn.classroom.checks.vectors.settings import declared
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.network.layers import Window

_LENGTHS = ("kernel_size", "pool_size")


def covered(specimen: Specimen) -> tuple[str, ...]:
    """Return what a case tries that others do not."""
    chosen = [f"{name} = {_shown(_plain(specimen, name))}" for name in specimen.chosen]
    samples = int(specimen.output.shape[0])
    words = {1: "one sample", 2: "two samples"}
    return (
        *(chosen or ["default settings"]),
        words.get(samples, f"{samples} samples"),
        *dict.fromkeys(_about_windows(specimen)),
    )


def _about_windows(specimen: Specimen) -> Iterator[str]:
    """Say how the windows of a layer lie."""
    for window in _windows(specimen):
        if window.overlaps:
            yield "overlapping windows"
        if window.before != window.after:
            yield "unlike padding on both sides"
        places = range(int(window.positions)), range(int(window.kernel))
        read = {window.entry(p, u) for p in places[0] for u in places[1]}
        if not read >= set(range(int(window.size))):
            yield "entries outside of all windows"


def _windows(specimen: Specimen) -> tuple[Window, ...]:
    if len(specimen.inputs) > 1:
        return ()
    return specimen.layer.windows(specimen.input_shapes[0])


def settings_of(specimen: Specimen) -> dict[str, Any]:
    """Return all settings: those of windows with one number an axis, padding with two."""
    names = [field.name for field in declared(type(specimen.layer))]
    return {name: _plain(specimen, name) for name in names}


def _plain(specimen: Specimen, name: str) -> Any:
    """Return a setting as numbers, texts and lists of them."""
    windows, layer = _windows(specimen), specimen.layer
    if windows and name in _LENGTHS:
        return [int(w.kernel) for w in windows]
    if windows and name in ("stride", "dilation"):
        return [int(getattr(w, name)) for w in windows]
    if windows and name == "padding":
        return [
            [int(w.before), int(w.after) - int(w.added) + more] for w, more in _further(specimen)
        ]
    return _as_json(getattr(layer, name))


def _further(specimen: Specimen) -> Iterator[tuple[Window, int]]:
    """Run over windows, each with what its layer adds behind the padding: the window is less."""
    more = getattr(specimen.layer, "output_padding", 0)
    windows = _windows(specimen)
    each = more if isinstance(more, tuple) else (more,) * len(windows)
    yield from zip(windows, map(int, each), strict=True)


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_as_json(one) for one in value]
    if value is None or isinstance(value, bool | str | int):
        return value
    (number,) = written((), (), [sympify(value)]).values
    return number


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
