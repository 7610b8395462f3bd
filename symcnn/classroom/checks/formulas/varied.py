"""Networks of the same kind as a given one, with other sizes and settings.

Those of its own kind have its stride, padding and dilation, and as many samples, channels and
filters as it has where that is one; only lengths differ. The others differ in what a formula may
tacitly assume.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import product
from typing import Any, NamedTuple

from symcnn.classroom.checks.settings import tried
from symcnn.errors import SymcnnError
from symcnn.limits import formulas as limits
from symcnn.network.layers.layer import Layer
from symcnn.network.network import Network

_LENGTHS = ((5, 6), (4, 4), (6, 4), (7, 5), (5, 5), (6, 7), (4, 6), (3, 5), (8, 6), (7, 7))
_KERNELS = ((2, 3), (2, 2), (3, 2), (3, 3), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (2, 4))
_COUNTS = ((2, 3), (3, 2), (4, 2), (2, 2), (3, 4))
_VECTORS = (4, 3, 5, 2, 6)
_WINDOWS = ("kernel_size", "pool_size")
_SAMPLES = (3, 2, 4)

_CHANGED = frozenset(("stride", "padding", "dilation", "batch", "channels", "filters"))
"""What other networks have otherwise."""


class Varied(NamedTuple):
    """A network, and whether it is of the given one's own kind."""

    network: Network
    own: bool


def varied(network: Network) -> Iterator[Varied]:
    """Run over networks of the kind of one, those of its own settings first."""
    is_small = sum(int(t.size) for t in network.tensors.values()) <= limits.CASE_ENTRIES
    found = [network] if is_small else []
    yield from (Varied(made, True) for made in found)
    is_long = len(network.layers) > limits.CASES_LAYERS  # then there are half as many cases
    most = limits.CASES // 2 if is_long else limits.CASES
    for own, changes in ((True, _own(network, most // 3)), (False, _other(network))):
        for change in changes:
            made = _changed(network, change)
            if made is not None and made not in found and len(found) < most:
                found.append(made)
                yield Varied(made, own)


def _own(network: Network, most: int) -> Iterator[dict[str, Any]]:
    for number in range(most):
        yield _sizes(network, number) | ({"kernel": None} if number % 4 == 3 else {})


def _sizes(network: Network, number: int) -> dict[str, Any]:
    """Return the lengths of a case: images, kernels, channels, filters, vectors and samples."""
    channels, filters = _COUNTS[number % len(_COUNTS)]
    shape, samples = network.input_shape, network.batch
    return {
        "lengths": _LENGTHS[number % len(_LENGTHS)],
        "kernel": _KERNELS[number % len(_KERNELS)],
        "vector": _VECTORS[number % len(_VECTORS)],
        "channels": channels if len(shape) > 1 and shape[-1] != 1 else None,
        "filters": filters if any(_count(x) != 1 for x in network.layers) else None,
        "batch": samples if samples in (None, 1) else _SAMPLES[number % len(_SAMPLES)],
    }


def _other(network: Network) -> Iterator[dict[str, Any]]:
    for repeat, (number, change) in product((0, 1), enumerate(tried(_CHANGED))):
        if any(_applies(network, key, value) for key, value in change.items()):
            yield _sizes(network, number + 5 * repeat) | change


def _applies(network: Network, key: str, value: Any) -> bool:
    """Tell whether a change makes another network."""
    if key == "batch":
        return bool(value != network.batch)
    if key == "channels":
        return len(network.input_shape) > 1 and network.input_shape[-1] != value
    return any(getattr(layer, key) != value for layer in network.layers if _has(layer, key))


def _has(layer: Layer, key: str) -> bool:
    return any(own.name == key for own in fields(layer))


def _count(layer: Layer) -> Any:
    return next((getattr(layer, key) for key in ("filters", "units") if _has(layer, key)), 1)


def _changed(network: Network, change: Mapping[str, Any]) -> Network | None:
    """Return a network with other sizes, as small as it can be; None if there is none."""
    longer = (0, 4, 12, 24, 40)  # until all layers fit
    tried = (_grown(network, {**change, "longer": by}) for by in longer)
    return next((made for made in tried if made is not None), None)


def _grown(network: Network, change: Mapping[str, Any]) -> Network | None:
    try:
        made = replace(
            network,
            input_shape=_shape(network, change),
            layers=[_layer(network, layer, change) for layer in network.layers],
            batch=change["batch"],
        )
        return made if made.output is not None else None
    except (SymcnnError, TypeError, ValueError, ArithmeticError):
        return None


def _shape(network: Network, change: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return another shape: axes of length 1 stay."""
    shape = network.input_shape
    if len(shape) == 1:
        return (change["vector"],) if shape != (1,) else shape
    lengths = [*change["lengths"], change["lengths"][0]]
    given = zip(shape[:-1], lengths, strict=False)
    grown = change["longer"] + (change.get("stride") == 3) + 2 * (change.get("dilation") == 2)
    spatial = (1 if own == 1 else new + grown for own, new in given)
    return (*spatial, change["channels"] or shape[-1])


def _layer(network: Network, layer: Layer, change: Mapping[str, Any]) -> Layer:
    own = {key.name: getattr(layer, key.name) for key in fields(layer)}
    made = {key: change[key] for key in ("stride", "padding", "dilation") if key in change}
    kernel, axes = change["kernel"], len(network.input_shape) - 1
    for key in _WINDOWS if kernel is not None else ():
        if key in own:
            made[key] = _window(own[key], (*kernel, kernel[0])[:axes])
    for key in ("filters", "units"):
        if own.get(key, 1) != 1 or change["filters"] is not None:
            made[key] = change["filters"] or own.get(key)
    made = {key: value for key, value in made.items() if key in own}
    if own.get("groups", 1) not in (1, made.get("filters")):
        made.pop("filters", None)
    return replace(layer, **made) if made else layer


def _window(own: Any, kernel: tuple[int, ...]) -> Any:
    """Return another window: axes along which it is 1 stay."""
    if isinstance(own, tuple | list):
        return tuple(1 if one == 1 else new for one, new in zip(own, kernel, strict=False))
    return own if own == 1 else kernel
