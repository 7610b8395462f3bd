"""What a formula may tacitly assume of the layer that it is about: stride 1, no padding, ...

Other layers of the network do not matter: a pool behind a convolution has a stride of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symcnn.network.network import Network

Home = tuple[int, ...]
"""The places of the layers that a formula is about, in the order of the network."""


def home_of(network: Network, name: str) -> Home:
    """Return the layers that a tensor belongs to: that learns it, or those that read or make it."""
    stages = [*enumerate(network.stages)]
    learned = [n for n, s in stages if name in {t.name for t in s.parameters.values()}]
    near = [n for n, s in stages if name == s.output.name or name in {t.name for t in s.inputs}]
    windows = [n for n in near if network.stages[n].windows]
    return tuple(learned or windows or near or [n for n, _ in stages])


def traits(network: Network, home: Home) -> Iterator[tuple[str, bool]]:
    """Run over what may be assumed, and whether it holds."""
    stages = [network.stages[n] for n in home]
    windows = [window for stage in stages for window in stage.windows]
    if windows:
        yield "stride 1", all(w.stride == 1 for w in windows)
        yield "no padding", all(w.before == w.after == 0 for w in windows)
        yield "no dilation", all(w.dilation == 1 for w in windows)
        yield "square kernels", all(len({w.kernel for w in s.windows}) <= 1 for s in stages)
        yield "odd kernels", all(int(w.kernel) % 2 == 1 for w in windows)
        yield "windows that do not overlap", all(w.stride >= w.extent for w in windows)
        yield "windows that reach the last entry", all(_reaches(w) for w in windows)
    shape = stages[0].input.of_one_sample().shape
    if len(shape) > 1:
        yield "one input channel", shape[-1] == 1
    if len(shape) > 2:
        yield "square images", len({*shape[:-1]}) == 1
    for key, word in (("filters", "one filter"), ("units", "one unit")):
        counts = [getattr(stage.layer, key, None) for stage in stages]
        if any(counts):
            yield word, all(count in (1, None) for count in counts)
    yield "one sample", network.batch in (None, 1)


def like(network: Network, base: Network, home: Home) -> Iterator[tuple[str, bool]]:
    """Run over the settings of the network itself, and whether they are the same here."""
    yield "these lengths", network is base
    for key in ("stride", "padding", "dilation", "kernel_size", "pool_size"):
        own, here = ([getattr(n.layers[p], key, None) for p in home] for n in (base, network))
        if own[0] is not None and (key, own[0]) not in _PLAIN:
            same = all(_pair(a) == _pair(b) for a, b in zip(own, here, strict=True))
            yield f"{key.replace('_', ' ')} {shown(own[0])}", same


_PLAIN = (("stride", 1), ("padding", 0), ("dilation", 1))


def shown(value: Any) -> str:
    """Return a setting as it is written: 2 x 3."""
    return " x ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _pair(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return (value,) * 3 if isinstance(value, int) else tuple((*value, *value[:1])[:3])


def _reaches(window: Any) -> bool:
    whole = window.size + window.before + window.after - window.extent
    return bool(whole % window.stride == 0)
