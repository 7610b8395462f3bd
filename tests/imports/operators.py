"""Plain operators of PyTorch behind a learned factor, so that gradients pass through each.

The operator is applied to numbers between two bounds, where it is defined.
"""

import torch
from torch.nn import functional as F  # noqa: N812 - its usual name

from tests.imports.modules import IMAGE, Called

_NAMES = """
    exp expm1 exp2 abs sin cos tan atan sinh cosh tanh asinh erf erfc sign sgn square deg2rad
    rad2deg neg positive nan_to_num
"""
_POSITIVE = "log log2 log10 log1p sqrt rsqrt reciprocal"
_INSIDE = "asin acos atanh logit"
_ACTIVATIONS = """
    celu selu softsign logsigmoid hardshrink softshrink tanhshrink hardtanh relu6 mish elu rrelu
"""
HALF = torch.tensor(0.5, dtype=torch.float64)
MASK = torch.ones(6, 5).tril() == 0
EDGES = torch.linspace(-0.6, 0.5, 5, dtype=torch.float64)

_FUNCTIONS = {
    **{name: (getattr(torch, name), -1, 1) for name in _NAMES.split()},
    **{name: (getattr(torch, name), 0.2, 2) for name in _POSITIVE.split()},
    **{name: (getattr(torch, name), 0.1, 0.8) for name in _INSIDE.split()},
    "acosh": (torch.acosh, 1.2, 2),
    **{name: (getattr(F, name), -2, 2) for name in _ACTIVATIONS.split()},
    "celu with alpha": (lambda z: F.celu(z, 0.7), -1, 1),
    "hardshrink with a bound": (lambda z: F.hardshrink(z, 0.2), -1, 1),
    "logit with a bound": (lambda z: torch.logit(z, 0.2), 0.1, 0.9),
    "softplus with beta": (lambda z: F.softplus(z, 2), -1, 1),
    "threshold": (lambda z: F.threshold(z, 0.1, -0.3), -1, 1),
    **{name: (getattr(torch, name), -3, 3) for name in ("floor", "ceil", "round", "trunc", "frac")},
    "remainders": (
        lambda z: torch.fmod(z, 0.7) + torch.remainder(z, -0.6) + (z % EDGES) * z.floor(), -3, 3
    ),
    "rounded quotients": (
        lambda z: z * torch.div(z, 0.4, rounding_mode="floor")
        - z * torch.div(z, 0.3, rounding_mode="trunc"), -1, 1
    ),
    "glu": (lambda z: F.glu(z, 1), -1, 1),
    "powers": (lambda z: z**2.5 + z**-1 + 2**z + z**z + z**EDGES, 0.2, 2),
    "float_power": (lambda z: torch.float_power(z, 3), -1, 1),
    "dividing by a tensor": (lambda z: 2 / z + EDGES / z, 0.2, 2),
    "comparisons": (
        lambda z: z * (z > 0.1) + (z <= EDGES) * z**2 + (z != 0) * (z >= z.mean(1, True)),
        *(-1, 1),
    ),
    "equality": (lambda z: z * (z.relu() == 0) + z * (z < z.tanh()), -1, 1),
    "masks": (
        lambda z: z * ((z > 0.3) & (z < 0.7) | ~(z > -0.2)) + z * (z > 0).logical_not(), -1, 1
    ),
    "exclusive or": (lambda z: z * torch.logical_xor(z > 0, z < 0.5), -1, 1),
    "where": (lambda z: torch.where(z > 0, z**2, z.sin()) + torch.where(z < 0.2, z, 3.0), -1, 1),
    "where of constants": (
        lambda z: torch.where(MASK, z, EDGES) + torch.where(MASK, HALF, z), -1, 1
    ),
    "masked_fill": (lambda z: z.masked_fill(z > 0.5, 2.0) + z.masked_fill(MASK, 0.1), -1, 1),
    "masked scores": (lambda z: z.masked_fill(MASK, float("-inf")).softmax(-1), -1, 1),
    "tril": (lambda z: (z @ z.mT).tril() if z.ndim < 3 else z.masked_fill(~MASK, 0), -1, 1),
    "maximum": (lambda z: torch.maximum(z, z.sin() + 0.1) * torch.minimum(z, EDGES), -1, 1),
    "clamp between tensors": (lambda z: z.clamp(EDGES - 1, EDGES) + z.clamp(min=EDGES), -1, 1),
    "clamp on one side": (lambda z: z.clamp(min=0.3) * z.clamp(max=0.6), -1, 1),
    "in place": (lambda z: z.clone().sin_().add_(2).log_().atan_(), -1, 1),
    "masked in place": (lambda z: z.clone().masked_fill_(z > 0.2, 0.4).tanh(), -1, 1),
    "atan2": (lambda z: torch.atan2(z, z.cos() - 0.8), -1, 1),
    "hypot and logaddexp": (lambda z: torch.hypot(z, z + 1) + torch.logaddexp(z, 2 * z), -1, 1),
    "xlogy and sinc": (lambda z: torch.xlogy(z, z + 2) + torch.sinc(z), -1, 1),
    "lerp and addcdiv": (lambda z: torch.lerp(z, z**2, 0.3) + torch.addcdiv(z, z, z + 3), -1, 1),
    "amax": (lambda z: z.amax(1, keepdim=True) - z.amin((1, 2), keepdim=True) + z, -1, 1),
    "max along an axis": (lambda z: z.max(1).values + z.min(1)[0] * z.max(1)[0], -1, 1),
    "maxima of samples": (lambda z: z.amax((1, 2, 3)) * z.flatten(1).std(1), -1, 1),
    "aminmax": (lambda z: torch.aminmax(z, dim=2)[1], -1, 1),
    "prod": (lambda z: z.prod(1) * z.prod(3).sum(1)[:, :, None], -1, 1),
    "logsumexp": (lambda z: z.logsumexp(1) + z.logsumexp((1, 2), keepdim=True)[:, 0], -1, 1),
    "variances": (lambda z: z.var(1) + z.var((1, 2), correction=0)[:, None] * z.std(1), -1, 1),
    "var_mean": (lambda z: torch.var_mean(z, 1)[0] * torch.std_mean(z, 1, correction=0)[1], -1, 1),
    "norms of any order": (
        lambda z: z.norm(2.5, 1) + z.norm(float("inf"), 1) + z.norm(0, 1) * z.norm(3, 1),
        *(-1, 1),
    ),
    "norm of minus infinity": (lambda z: torch.linalg.vector_norm(z, -float("inf"), 1), -1, 1),
    "cosine_similarity": (lambda z: F.cosine_similarity(z, z * 2 + 1, 1), -1, 1),
    "normalize": (lambda z: F.normalize(z, dim=1) + F.normalize(z, p=1.5, dim=-1), -1, 1),
    "pairwise_distance": (lambda z: F.pairwise_distance(z, z.sin() + 1), -1, 1),
}  # fmt: skip


def _behind_a_factor(function, low, high):
    return Called(lambda x, w: function(low + (high - low) * (x * w).sigmoid()), (5,))


OPERATORS = {name: (_behind_a_factor(*row), IMAGE) for name, row in _FUNCTIONS.items()}
"""The modules by their names, each with the shape of an input."""
