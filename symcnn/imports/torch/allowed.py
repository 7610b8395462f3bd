"""The operators that a program of a file may call: those that compute tensors, and nothing else.

A file names operators by texts. These are compared with the names here, and what is called is
looked up by the names here. None of them reads or writes a file, draws random numbers, or gives a
tensor other memory; a tensor is written into only in its own entries.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from symcnn.imports.torch.operators import TABLE

_MADE = """
    arange.default arange.start arange.start_step linspace.default full.default ones.default
    zeros.default eye.default eye.m scalar_tensor.default zeros_like.default ones_like.default
    full_like.default new_zeros.default new_ones.default new_full.default tril.default triu.default
    lift_fresh_copy.default lift_fresh.default copy_.default fill_.Scalar fill_.Tensor zero_.default
"""
"""Tensors of numbers that are stated, and copies."""

_ENTRYWISE = """
    abs.default acos.default asin.default atan.default atan2.default ceil.default cos.default
    cosh.default erf.default erfc.default exp.default exp2.default expm1.default floor.default
    log.default log10.default log1p.default log2.default logit.default neg.default
    reciprocal.default round.default rsqrt.default sigmoid.default sign.default sin.default
    sinh.default sqrt.default square.default tan.default trunc.default relu.default tanh.default
    softplus.default silu.default gelu.default celu.default selu.default hardtanh.default
    logical_not.default logical_and.default logical_or.default logical_xor.default
    bitwise_not.default bitwise_and.Tensor bitwise_or.Tensor isnan.default isinf.default
    add.Tensor add.Scalar sub.Tensor sub.Scalar mul.Tensor mul.Scalar div.Tensor div.Scalar
    div.Tensor_mode div.Scalar_mode add_.Tensor add_.Scalar sub_.Tensor sub_.Scalar mul_.Tensor
    mul_.Scalar div_.Tensor div_.Scalar rsub.Scalar rsub.Tensor addcmul.default addcdiv.default
    floor_divide.default floor_divide.Scalar remainder.Scalar remainder.Tensor fmod.Scalar
    fmod.Tensor pow.Tensor_Scalar pow.Tensor_Tensor pow.Scalar maximum.default minimum.default
    clamp.default clamp_min.default clamp_max.default clamp.Tensor lerp.Scalar lerp.Tensor
    eq.Scalar eq.Tensor ne.Scalar ne.Tensor lt.Scalar lt.Tensor le.Scalar le.Tensor gt.Scalar
    gt.Tensor ge.Scalar ge.Tensor where.self where.ScalarOther where.ScalarSelf where.Scalar
    masked_fill.Scalar masked_fill.Tensor masked_fill_.Scalar masked_fill_.Tensor
"""
"""Functions of every entry, or of the entries of several tensors at the same place."""

_REDUCED = """
    sum.default sum.dim_IntList mean.default mean.dim prod.default prod.dim_int amax.default
    amin.default max.default max.dim min.default min.dim argmax.default argmin.default all.default
    any.default std.correction var.correction std.dim var.dim var_mean.correction norm.Scalar
    norm.ScalarOpt_dim norm.default linalg_vector_norm.default cumsum.default softmax.int
    _softmax.default log_softmax.int _log_softmax.default logsumexp.default _weight_norm.default
    _weight_norm_interface.default
"""
"""Sums, means, maxima and norms."""

_PLACED = """
    view.default reshape.default reshape_as.default view_as.default flatten.using_ints
    unflatten.int _unsafe_view.default squeeze.default squeeze.dim squeeze.dims squeeze_.dim
    unsqueeze.default unsqueeze_.default permute.default transpose.int t.default numpy_T.default
    mT.default movedim.int movedim.intlist swapaxes.default expand.default expand_as.default
    broadcast_to.default repeat.default tile.default repeat_interleave.self_int slice.Tensor
    narrow.default select.int index.Tensor index_select.default gather.default unbind.int
    chunk.default split.Tensor split.sizes split_with_sizes.default cat.default concat.default
    stack.default hstack.default vstack.default roll.default flip.default meshgrid.default
    meshgrid.indexing diagonal.default diag.default pixel_shuffle.default pixel_unshuffle.default
    contiguous.default clone.default detach.default detach_.default alias.default to.dtype
    to.dtype_layout to.device to.other type_as.default _to_copy.default pad.default
    constant_pad_nd.default upsample_bicubic2d.vec upsample_bicubic2d.default
    upsample_bilinear2d.vec upsample_bilinear2d.default upsample_nearest2d.vec
    upsample_nearest2d.default sym_size.int
"""
"""Entries in other places, and types of numbers."""

_MULTIPLIED = """
    matmul.default mm.default bmm.default mv.default linear.default addmm.default baddbmm.default
    einsum.default outer.default
"""
"""Products of matrices."""

_COMPOSED = """
    glu.default sinc.default aminmax.default
    cosine_similarity.default pairwise_distance.default
    float_power.Tensor_Scalar
"""
"""Operators without a layer, which PyTorch writes in others."""

_CHECKED = """
    _assert_tensor_metadata.default _assert_scalar.default sym_constrain_range.default
    sym_constrain_range_for_size.default
"""
"""What ``torch.export`` writes to check shapes, and makes nothing."""

_LENGTHS: Mapping[str, Callable[..., Any]] = {
    **{
        f"_operator.{function.__name__}": function
        for function in (
            *(operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod),
            *(operator.truediv, operator.neg, operator.pos, operator.eq, operator.ne),
            *(operator.lt, operator.le, operator.gt, operator.ge, operator.and_, operator.or_),
        )
    },
    "math.trunc": math.trunc,
    "torch.sym_max": max,
    "torch.sym_min": min,
    "torch.sym_int": int,
    "torch.sym_float": float,
    "torch.sym_not": operator.not_,
}
"""Arithmetic of lengths, which are integers."""

NAMES = frozenset(
    {name for name in TABLE if name.startswith("aten.")}
    | {
        f"aten.{name}"
        for names in (_MADE, _ENTRYWISE, _REDUCED, _PLACED, _MULTIPLIED, _COMPOSED, _CHECKED)
        for name in names.split()
    }
    | {*_LENGTHS}
)
"""What a file may name: what layers are made of, and what constants are computed with."""


COMPOSED = frozenset(f"aten.{name}" for name in _COMPOSED.split())
"""What layers are made of by what PyTorch writes instead of it."""


def functions() -> dict[str, Any]:
    """Return the operators by name, of those that the installed PyTorch has."""
    from torch.ops import aten

    found = {name: _looked_up(aten, name) for name in NAMES - {*_LENGTHS}}
    return {**_LENGTHS, **{name: made for name, made in found.items() if made is not None}}


def _looked_up(aten: Any, name: str) -> Any:
    _, packet, overload = name.split(".")
    return getattr(getattr(aten, packet, None), overload, None)
