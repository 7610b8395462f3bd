"""``torch.nn.MultiheadAttention``, exported with the samples in front."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, scaled_dot_product_attention

_own = nn.MultiheadAttention.forward


def with_samples_in_front() -> AbstractContextManager[Any]:
    """Exchange how the module is computed, as long as something is exported.

    PyTorch merges the axes of samples and heads, for which a layer of one sample has no axes.
    """
    return patch.object(nn.MultiheadAttention, "forward", _forward)


def _forward(
    self: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    r"""Compute $W_o [A_1 V_1, \dots, A_H V_H] + b_o$, $A_h = \softmax(Q_h K_h^T / \sqrt d)$.

    PyTorch's own computation stands where another mask is given, or what has no samples.
    """
    masked = key_padding_mask is not None or (attn_mask is not None and not is_causal)
    if masked or query.dim() != 3 or self.bias_k is not None or self.add_zero_attn:
        masks, weights = (key_padding_mask, need_weights, attn_mask), average_attn_weights
        own: tuple[Tensor, Tensor | None] = _own(
            self, query, key, value, *masks, weights, is_causal
        )
        return own
    read = query, key, value
    if not self.batch_first:
        read = query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1)
    q, k, v = (
        linear(x, w, b).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
        for x, w, b in zip(read, _weights(self), _biases(self), strict=True)
    )
    made = scaled_dot_product_attention(q, k, v, is_causal=is_causal)
    y: Tensor = self.out_proj(made.transpose(1, 2).flatten(2))
    shares = _shares(q, k, is_causal) if need_weights else None
    if shares is not None and average_attn_weights:
        shares = shares.mean(1)
    return (y if self.batch_first else y.transpose(0, 1)), shares


def _shares(q: Tensor, k: Tensor, causal: bool) -> Tensor:
    """Return $A$, which most networks leave: what nothing depends on is not imported."""
    scores = q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5
    if causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -torch.inf)
    return scores.softmax(-1)


def _weights(module: Any) -> tuple[Tensor, ...]:
    """Return the matrices of queries, keys and values: of their own, or rows of one."""
    if module.in_proj_weight is None:
        return module.q_proj_weight, module.k_proj_weight, module.v_proj_weight
    return _thirds(module.in_proj_weight)


def _biases(module: Any) -> tuple[Tensor | None, ...]:
    return (None,) * 3 if module.in_proj_bias is None else _thirds(module.in_proj_bias)


def _thirds(rows: Tensor) -> tuple[Tensor, ...]:
    count = len(rows) // 3
    return tuple(rows.narrow(0, at * count, count) for at in range(3))
