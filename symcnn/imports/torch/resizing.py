"""PyTorch: images of another size, by the weights that PyTorch itself gives their entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations.images import resized
from symcnn.imports.operations.mixing import mixed
from symcnn.imports.placed import Placed
from symcnn.imports.torch.moves import alone

OPERATORS = Operators("aten.")

_AXES = {"linear1d": 1, "bilinear2d": 2, "bicubic2d": 2, "trilinear3d": 3}
_NEAREST = {f"{way}{axes}d": axes for way in ("nearest", "nearest_exact") for axes in (1, 2, 3)}
_NAMES = [
    *(f"upsample_{way}" for way in (*_AXES, *(w for w in _NEAREST if "exact" not in w))),
    *(f"_upsample_{way}" for way in _NEAREST if "exact" in way),
    *(f"_upsample_{way}_aa" for way in ("bilinear2d", "bicubic2d")),
]


@OPERATORS.of(*(f"{name}.{kind}" for name in _NAMES for kind in ("vec", "default")))
def _resize(b: Builder, n: Node) -> Placed:
    """Nearest and bilinear images have a layer of their own, where it takes the same entries."""
    x = b.batch(n, "input" if "input" in n.arguments else "self")
    sizes, corners = n.shape[2:], bool(n.get("align_corners", False))
    if "nearest2d" in n.operator and _is_nearest(n, x):
        return resized(b, x, sizes, "nearest")
    if ".upsample_bilinear2d." in n.operator and _is_bilinear(n, x):
        return resized(b, x, sizes, "bilinear", corners)
    return mixed(b, x, lambda axis: weights(n, x, axis))


def _is_nearest(n: Node, x: Placed) -> bool:
    """Tell whether PyTorch takes the entries at quotients of whole numbers, and no others."""
    return all(
        np.array_equal(weights(n, x, axis), np.eye(x.shape[axis])[_quotients(n, x, axis)])
        for axis in (2, 3)
    )


def _quotients(n: Node, x: Placed, axis: int) -> Array:
    return np.arange(n.shape[axis]) * x.shape[axis] // n.shape[axis]


def _is_bilinear(n: Node, x: Placed) -> bool:
    """Tell whether positions follow from the ratios of sizes."""
    scales = n.get("scale_factors") or [n.get("scales_h"), n.get("scales_w")]
    pairs = zip(x.shape[2:], n.shape[2:], scales, strict=True)
    return n.get("align_corners", False) or all(
        not scale or new in (old, scale * old) for old, new, scale in pairs
    )


_OTHER = 2
"""The length of images along the other axes: with one of 1, PyTorch smooths edges wrongly."""


def weights(n: Node, x: Placed, axis: int) -> Array:
    """Return what a row of ones among zeros becomes: images with one row each, resized at once."""
    length, place, axes = x.shape[axis], axis - 2, len(x.shape) - 2
    sizes = [length if a == place else _OTHER for a in range(axes)]
    rows = np.eye(length).reshape(1, length, *(n if a == place else 1 for a, n in enumerate(sizes)))
    images = np.broadcast_to(rows, (1, length, *sizes)).copy()
    given = {key: _along(value, key, place, axes) for key, value in n.arguments.items()}
    made = np.moveaxis(np.asarray(alone(n, [images], given))[0], axis - 1, -1)
    found: Array = made.reshape(length, -1, n.shape[axis])[:, 0].T
    return found


def _along(value: Any, key: str, place: int, axes: int) -> Any:
    """Return an argument for images that keep their size along the other axes."""
    if key in ("output_size", "scale_factors") and value is not None:
        same: float = _OTHER if key == "output_size" else 1.0
        return [value[a] if a == place else same for a in range(axes)]
    names = ["scales_d", "scales_h", "scales_w"][-axes:] if axes > 1 else ["scales"]
    return 1.0 if key in names and key != names[place] and value is not None else value
