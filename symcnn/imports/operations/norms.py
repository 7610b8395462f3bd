"""Normalisations: each with the axes that its layer expects last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import applied, learned
from symcnn.imports.operations.windows import image
from symcnn.imports.placed import Placed
from symcnn.network.layers import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, RMSNorm

Numbers = Constant | None


def batch_norm(
    b: Builder, x: Placed, numbers: dict[str, Numbers], mean: Numbers, variance: Numbers, eps: Any
) -> Placed:
    """Return a batch normalisation, by the statistics that are given or those of the batch."""
    affine = _affine(numbers, x.stated[1:2])
    given = {} if mean is None or variance is None else {"mean": mean, "variance": variance}
    mode: Any = "inference" if given else "training"
    layer = BatchNorm(epsilon=eps, affine=bool(affine), mode=mode)
    return learned(b, x, layer, {**affine, **given})


def group_norm(b: Builder, x: Placed, numbers: dict[str, Numbers], groups: int, eps: Any) -> Placed:
    """Return a normalisation of groups of channels."""
    affine = _affine(numbers, x.stated[1:2])
    return learned(b, x, GroupNorm(groups, epsilon=eps, affine=bool(affine)), affine)


def instance_norm(b: Builder, x: Placed, numbers: dict[str, Numbers], eps: Any) -> Placed:
    """Return a normalisation of every channel of a sample."""
    affine = _affine(numbers, x.stated[1:2])
    return learned(b, image(b, x), InstanceNorm(epsilon=eps, affine=bool(affine)), affine)


def layer_norm(
    b: Builder, x: Placed, numbers: dict[str, Numbers], axes: Sequence[int], eps: Any
) -> Placed:
    """Return a normalisation over some axes of the source."""
    affine = _affine(numbers, tuple(x.stated[axis] for axis in axes))
    x = with_last_axes(b, x, axes)
    layer = LayerNorm(over=len(axes), epsilon=eps, affine=bool(affine))
    return _over_last(b, x, layer, affine)


def rms_norm(b: Builder, x: Placed, weight: Numbers, axes: Sequence[int], eps: Any) -> Placed:
    """Return a division by the root of the mean square over some axes of the source."""
    layer = RMSNorm(over=len(axes), epsilon=eps, affine=weight is not None)
    return _over_last(b, with_last_axes(b, x, axes), layer, {"weight": weight})


def with_last_axes(b: Builder, x: Placed, axes: Sequence[int]) -> Placed:
    """Return a tensor whose last axes are these of the source, in this order."""
    x = b.plain(x)
    last = tuple(x.axis(axis) for axis in axes)
    return b.ordered(x, (*(axis for axis in x.order if axis not in last), *last))


def _over_last(b: Builder, x: Placed, layer: Any, numbers: dict[str, Numbers]) -> Placed:
    made = applied(b, x, layer) if not any(numbers.values()) else None
    return made or replace(x, layer=b.add(layer, [x], numbers))


def _affine(numbers: dict[str, Numbers], shape: tuple[int, ...]) -> dict[str, Numbers]:
    """Return scale and shift; one that is missing beside the other changes nothing."""
    if all(number is None for number in numbers.values()):
        return {}
    usual = {"weight": Constant(np.ones(shape)), "bias": Constant(np.zeros(shape))}
    return {key: number or usual[key] for key, number in numbers.items()}
