"""The same networks in PyTorch, float64; layouts are turned where they differ.

PyTorch has images (samples, channels, height, width), kernels (filters, channels,
height, width), and flattens in that order.
"""

from __future__ import annotations

from functools import partial, reduce

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from symcnn import Network
from tests.network.layers import rearranged
from tests.network.layers.formulas import FORMULAS

NOT_DIFFERENTIATED = ("target", "gradient")


class Reference:
    """Outputs, loss and gradients in symcnn's layouts."""

    def __init__(self, network: Network, values: dict[str, np.ndarray]) -> None:
        self._batched = network.batch is not None
        floats = {name: np.asarray(value, float) for name, value in values.items()}
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in floats.items()}
        kept = run(network, leaves)
        for tensor in kept.values():
            tensor.retain_grad()
        self.loss = loss_of(network, kept, leaves)
        self.loss.backward()
        self.outputs = {n: self._numbers(t, t.shape) for n, t in kept.items() if n != "x"}
        given = {tensor.name for tensor in network.given if tensor.role == "given"}
        moving = {name: tensor for name, tensor in kept.items() if name not in given}
        self.gradients = {n: self._numbers(t.grad, t.shape) for n, t in moving.items()}
        for name in leaves.keys() - {*NOT_DIFFERENTIATED, *given, "x"}:
            grad = leaves[name].grad
            self.gradients[name] = np.zeros(values[name].shape) if grad is None else grad.numpy()

    def _numbers(self, tensor, shape) -> np.ndarray:
        tensor = torch.zeros(shape) if tensor is None else tensor.detach()
        return (tensor if self._batched else tensor[0]).numpy()


def hessian_vector_product(network, values, direction):
    """Return H v by backward passes through the backward pass."""
    leaves = {name: torch.tensor(value) for name, value in values.items()}
    moving = {name: leaves[name].requires_grad_() for name in direction}
    loss = loss_of(network, run(network, leaves), leaves)
    gradients = torch.autograd.grad(
        loss, [*moving.values()], create_graph=True, materialize_grads=True
    )
    along = sum(
        (g * torch.tensor(v)).sum() for g, v in zip(gradients, direction.values(), strict=True)
    )
    if not along.requires_grad:
        return {name: np.zeros(value.shape) for name, value in direction.items()}
    products = torch.autograd.grad(along, [*moving.values()], materialize_grads=True)
    return {name: p.detach().numpy() for name, p in zip(moving, products, strict=True)}


def run(network, leaves):
    """Return every layer's output, and x, with a batch axis."""
    # A view of its own, so that the gradient of a mere copy has it too.
    kept = {"x": (leaves["x"] if network.batch is not None else leaves["x"][None]) * 1}
    for stage in network.stages:
        parameters = {key: leaves[t.name] for key, t in stage.parameters.items()}
        parameters |= {key: leaves[t.name].detach() for key, t in stage.givens.items()}
        inputs = [kept[x.name] for x in stage.inputs]
        kept[stage.output.name] = RULES[type(stage.layer).__name__](stage, *inputs, **parameters)
    return kept


def _further_input(stage, value):
    """Return a further input with a batch axis, as a tensor that has a gradient."""
    has_samples = value.ndim > len(stage.output.of_one_sample().shape)
    return (value if has_samples else value[None]).clone().requires_grad_()


def penalised(network, names):
    """Return the parameters that weight decay takes in: no biases, no batch norm's gamma."""
    without = ("BatchNorm", "PReLU", "LayerNorm", "RMSNorm", "GroupNorm", "InstanceNorm")
    without += ("MultiplyParameter", "Elementwise")
    scales = {s.output.name for s in network.stages if type(s.layer).__name__ in without}
    return [
        n
        for n in names
        if n.endswith((".weight", ".recurrent_weight")) and n.partition(".")[0] not in scales
    ]


def loss_of(network, kept, leaves):
    """Return the loss of the last layer's output."""
    output = kept[network.output.name]
    given = None
    if network.target is not None:
        given = leaves[network.target.name].detach().reshape(output.shape)
        share = float(getattr(network.loss, "label_smoothing", 0))
        classes = 2 if "Binary" in type(network.loss).__name__ else output.shape[-1]
        given = (1 - share) * given + share / classes
    own = {
        name: getattr(network.loss, name, None) for name in ("delta", "gamma", "smooth", "alpha")
    }
    settings = {name: float(value) for name, value in own.items() if value is not None}
    each = LOSSES[type(network.loss).__name__](output, given, **settings)
    if "loss.weight" in leaves:
        each = leaves["loss.weight"].detach() * each
    each = each.flatten(1).sum(1)
    mean = getattr(network.loss, "reduction", "sum") == "mean"
    learned = [tensor.name for tensor in network.parameters]
    penalty = sum((leaves[name] ** 2).sum() for name in penalised(network, learned))
    return (each.mean() if mean else each.sum()) + float(network.loss.l2) * penalty


def _channels_first(x):
    return x.movedim(-1, 1)


def _channels_last(x):
    return x.movedim(1, -1)


def _windows(stage):
    return stage.layer.windows(stage.input.of_one_sample().shape)


def _of(stage, attribute):
    return tuple(getattr(window, attribute) for window in _windows(stage))


def _padded(stage, x, value):
    pads = [n for window in reversed(_windows(stage)) for n in (window.before, window.after)]
    # PyTorch drops the rows and columns behind the last window as symcnn does.
    return F.pad(_channels_first(x), pads, value=value)


def _conv(stage, x, weight, bias=None):
    axes = len(_windows(stage))
    kernel = weight.movedim(-1, 0).movedim(-1, 1).contiguous()
    convolve, options = (F.conv1d, F.conv2d, F.conv3d)[axes - 1], {"groups": stage.layer.groups}
    x = _padded(stage, x, 0.0)
    return _channels_last(
        convolve(x, kernel, bias, _of(stage, "stride"), 0, _of(stage, "dilation"), **options)
    )


def _conv_transpose(stage, x, weight, bias=None):
    axes, groups = len(_windows(stage)), stage.layer.groups
    # PyTorch has (channels, filters of a group, kernel).
    kernel = weight.unflatten(-1, (groups, -1)).movedim((-2, -3, -1), (0, 1, 2)).flatten(0, 1)
    kernel, x = kernel.contiguous(), _channels_first(x).contiguous()
    lay = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[axes - 1]
    settings = {"groups": groups, "dilation": _of(stage, "dilation")}
    made = lay(x, kernel, None, _of(stage, "stride"), **settings)
    for axis, window in enumerate(_windows(stage), start=2):
        # "same" can ask for more entries than the kernels reach: they hold the bias alone.
        missing = max(0, window.before + window.size - made.shape[axis])
        pads = [0] * (2 * (made.ndim - 1 - axis)) + [0, missing]
        made = F.pad(made, pads).narrow(axis, window.before, window.size)
    made = _channels_last(made)
    return made if bias is None else made + bias


def _max_pool(stage, x):
    if stage.layer.ties == "split":
        return _largest(stage, x)
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[len(_windows(stage)) - 1]
    if torch_pads := _alike(stage):
        settings = _of(stage, "kernel"), _of(stage, "stride"), torch_pads, _of(stage, "dilation")
        return _channels_last(pool(_channels_first(x), *settings, stage.layer.ceil_mode))
    x, stride = _padded(stage, x, -np.inf), _of(stage, "stride")
    return _channels_last(pool(x, _of(stage, "kernel"), stride, 0, _of(stage, "dilation")))


def _largest(stage, x):
    """Take the maxima by ``amax``, whose gradient is shared by equal entries."""
    x = _padded(stage, x, -np.inf)
    for axis, window in enumerate(_windows(stage), start=2):
        x = x.unfold(axis, window.extent, window.stride)[..., :: window.dilation]
    return _channels_last(x.amax(tuple(range(-len(_windows(stage)), 0))))


def _avg_pool(stage, x):
    pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(_windows(stage)) - 1]
    shape = _of(stage, "kernel"), _of(stage, "stride")
    if stage.layer.divisor is not None:
        return _channels_last(_added(stage, _padded(stage, x, 0.0)) / stage.layer.divisor)
    if (torch_pads := _alike(stage)) and not _is_dilated(stage):
        # PyTorch's own padding and rounding, where it has the same on both sides.
        layer = stage.layer
        own = pool(_channels_first(x), *shape, torch_pads, layer.ceil_mode, layer.count_include_pad)
        return _channels_last(own)
    counted = _padded(stage, torch.ones_like(x), float(stage.layer.count_include_pad))
    for axis, window in enumerate(_windows(stage), start=2):
        counted.narrow(axis, counted.shape[axis] - window.added, window.added).zero_()
    return _channels_last(_added(stage, _padded(stage, x, 0.0)) / _added(stage, counted))


def _is_dilated(stage):
    return any(window.dilation != 1 for window in _windows(stage))


def _added(stage, x):
    """Add up every window, which may be dilated, by a convolution with ones."""
    kernel, axes = _of(stage, "kernel"), len(_windows(stage))
    ones = torch.ones((x.shape[1], 1, *kernel), dtype=x.dtype)
    slide = (F.conv1d, F.conv2d, F.conv3d)[axes - 1]
    settings = {"stride": _of(stage, "stride"), "dilation": _of(stage, "dilation")}
    return slide(x.contiguous(), ones, **settings, groups=x.shape[1])


def _lp_pool(stage, x):
    """Take the root of sums of powers; PyTorch's own has no padding."""
    p = stage.layer.norm
    return _channels_last(_added(stage, _padded(stage, x, 0.0).abs() ** p) ** (1 / p))


def _alike(stage):
    """Return the padding of every axis if it is the same on both sides and small; PyTorch's is."""
    made = _windows(stage)
    fits = all(
        w.before == w.after - w.added
        and 2 * w.before <= w.kernel
        and w.size + 2 * w.before >= w.extent
        for w in made
    )
    return tuple(w.before for w in made) if fits else None


def _batch_norm(stage, x, mean=None, variance=None, weight=None, bias=None):
    x, options = _channels_first(x), {"training": mean is None, "eps": float(stage.layer.epsilon)}
    return _channels_last(F.batch_norm(x, mean, variance, weight, bias, **options))


def _dim(axis):
    """Return an axis of a sample behind that of the samples."""
    return axis if axis < 0 else axis + 1


def _slice(x, layer):
    axis = _dim(layer.axis)
    taken = range(x.shape[axis])[slice(layer.start, layer.stop, layer.step)]
    return x.index_select(axis, torch.tensor([*taken]))


def _reduced(function, stage, x):
    axis = stage.layer.axis
    along = range(x.ndim - 1) if axis is None else np.atleast_1d(axis).tolist()
    made = function(x, [_dim(one) for one in along], keepdim=stage.layer.keepdims)
    return made.reshape(len(x), *stage.output.of_one_sample().shape)


def _first_largest(x, axes, keepdim):
    """Return maxima; of equal ones, the first in row-major order has the derivative."""
    rows = x.movedim(axes, [*range(-len(axes), 0)]).flatten(-len(axes))
    return rows.gather(-1, rows.argmax(-1, keepdim=True)).squeeze(-1)


def _product(x, axes, keepdim):
    for axis in sorted(axes, reverse=True):
        x = x.prod(axis)
    return x


def _pad(stage, x):
    layer = stage.layer
    lengths = zip(x.shape[1:], rearranged.sides_of(layer.padding, x.ndim - 1), strict=True)
    for axis, (n, (before, after)) in enumerate(lengths, start=1):
        places = [rearranged.source(layer.mode, i, n) for i in range(-before, n + after)]
        border = x.new_full((*x.shape[:axis], 1, *x.shape[axis + 1 :]), float(layer.value))
        taken = torch.tensor([n if place is None else place for place in places])
        x = torch.cat([x, border], axis).index_select(axis, taken)
    return x


def _upsample(stage, x):
    layer, size = stage.layer, stage.output.of_one_sample().shape[:2]
    corners = layer.align_corners if layer.mode == "bilinear" else None
    made = F.interpolate(_channels_first(x), size, mode=layer.mode, align_corners=corners)
    return _channels_last(made)


def _channel_shuffle(stage, x):
    image = _channels_first(x)[..., None]  # PyTorch's own takes no vectors
    return _channels_last(F.channel_shuffle(image, stage.layer.groups)[..., 0])


def _matmul(stage, a, b):
    a = a.mT if stage.layer.transpose_a else a
    b = b.mT if stage.layer.transpose_b else b
    return torch.matmul(*_aligned([a, b]))


def _attention(stage, *inputs):
    layer = stage.layer
    q, k, v = (x.unflatten(-1, (layer.heads, -1)).transpose(-2, -3) for x in inputs)
    scale = q.shape[-1] ** -0.5 if layer.scale is None else float(layer.scale)
    scores = scale * q @ k.mT  # PyTorch's own attention has no second derivative
    if layer.causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -torch.inf)
    made = scores.softmax(-1) @ v
    return made.transpose(-2, -3).flatten(-2)


def _response_norm(layer, x):
    image = _channels_first(x)[..., None]  # PyTorch's own takes no vectors
    settings = (float(number) for number in (layer.alpha, layer.beta, layer.k))
    return _channels_last(F.local_response_norm(image, layer.size, *settings)[..., 0])


def _unpool(stage, pooled, x):
    size, stride = stage.layer.pool_size, stage.layer.stride
    image = _channels_first(x)
    _, where = F.max_pool2d(image, size, stride, return_indices=True)
    made = F.max_unpool2d(_channels_first(pooled), where, size, stride, 0, image.shape[2:])
    return _channels_last(made)


def _aligned(xs):
    """Insert axes behind that of the samples, where PyTorch would take it for another one."""
    most = max(x.ndim for x in xs)
    return [x.reshape(len(x), *[1] * (most - x.ndim), *x.shape[1:]) for x in xs]


def _gather(stage, x, indices):
    axis = stage.layer.axis % (x.ndim - 1) + 1
    taken = x.index_select(axis, indices.long().flatten())
    return taken.unflatten(axis, indices.shape)


def _scatter_add(stage, x, indices):
    axis = stage.layer.axis % (x.ndim - 1) + 1
    shape = (*x.shape[:axis], int(stage.layer.length), *x.shape[axis + 1 :])
    return torch.zeros(shape, dtype=x.dtype).index_add(axis, indices.long(), x)


def _cumulated(stage, x):
    layer = stage.layer
    axis = layer.axis % (x.ndim - 1) + 1
    turned = x.flip(axis) if layer.reverse else x
    made = turned.cumsum(axis) - (turned if layer.exclusive else 0)
    return made.flip(axis) if layer.reverse else made


def _einsum(stage, *xs, **own):
    factors, made = stage.layer.equation.split("->")
    words = factors.split(",")
    named = [f"Z{word}" for word in words[: len(xs)]] + words[len(xs) :]
    given = [own[key] for key in ("weight", "factor") if key in own]
    y = torch.einsum(f"{','.join(named)}->Z{made}", *xs, *given)
    return y if made else y[:, None]


def _recurrent(function, stage, x, weight, recurrent_weight, bias=None, recurrent_bias=None):
    """Compute all steps by PyTorch's own recurrent layers, from a state of zeros."""
    units = stage.layer.units
    rows = [w.reshape(-1, w.shape[-1]) for w in (weight, recurrent_weight)]
    none = x.new_zeros(len(rows[0]))
    biases = [none if b is None else b.reshape(-1) for b in (bias, recurrent_bias)]
    state = x.new_zeros(1, len(x), units)
    first = (state, state) if function is torch.lstm else state
    return function(x, first, [*rows, *biases], True, 1, 0.0, False, False, True)[0]


RULES = {
    "RNN": partial(_recurrent, torch.rnn_tanh),
    "LSTM": partial(_recurrent, torch.lstm),
    "GRU": partial(_recurrent, torch.gru),
    "Conv1D": _conv,
    "Conv2D": _conv,
    "Conv3D": _conv,
    "ConvTranspose1D": _conv_transpose,
    "ConvTranspose2D": _conv_transpose,
    "ConvTranspose3D": _conv_transpose,
    "LPPool2D": _lp_pool,
    "LocalResponseNorm": lambda stage, x: _response_norm(stage.layer, x),
    "MaxPool3D": _max_pool,
    "AvgPool3D": _avg_pool,
    "MaxPool1D": _max_pool,
    "MaxPool2D": _max_pool,
    "AvgPool1D": _avg_pool,
    "AvgPool2D": _avg_pool,
    "GlobalAvgPool2D": lambda stage, x: x.mean((1, 2)),
    "GlobalMaxPool2D": lambda stage, x: (
        x.amax((1, 2)) if stage.layer.ties == "split" else x.flatten(1, 2).max(1).values
    ),
    "AdaptiveAvgPool2D": lambda stage, x: _channels_last(
        F.adaptive_avg_pool2d(_channels_first(x), stage.layer.output_size)
    ),
    "BatchNorm": _batch_norm,
    "LayerNorm": lambda stage, x, **own: F.layer_norm(
        x, x.shape[-stage.layer.over :], **own, eps=float(stage.layer.epsilon)
    ),
    "RMSNorm": lambda stage, x, **own: F.rms_norm(
        x, x.shape[-stage.layer.over :], **own, eps=float(stage.layer.epsilon)
    ),
    "GroupNorm": lambda stage, x, **own: _channels_last(
        F.group_norm(_channels_first(x), stage.layer.groups, **own, eps=float(stage.layer.epsilon))
    ),
    # PyTorch's own takes no sequence of one position.
    "InstanceNorm": lambda stage, x, **own: _channels_last(
        F.group_norm(_channels_first(x), x.shape[-1], **own, eps=float(stage.layer.epsilon))
    ),
    "Dropout": lambda stage, x, mask=None: (
        x if mask is None else x * mask.reshape(x.shape) / (1 - float(stage.layer.rate))
    ),
    "Input": lambda stage, x, value: _further_input(stage, value),
    "Embedding": lambda stage, x, weight: weight[x.detach().long()],
    "Flatten": lambda stage, x: x.flatten(1),
    "Dense": lambda stage, x, weight, bias=None: F.linear(x, weight, bias),
    "Sigmoid": lambda stage, x: torch.sigmoid(x),
    "Tanh": lambda stage, x: torch.tanh(x),
    "ReLU": lambda stage, x: torch.relu(x),
    "LeakyReLU": lambda stage, x: F.leaky_relu(x, float(stage.layer.alpha)),
    "ELU": lambda stage, x: F.elu(x, float(stage.layer.alpha)),
    "Softplus": lambda stage, x: F.softplus(x, threshold=100),
    "SiLU": lambda stage, x: F.silu(x),
    "GELU": lambda stage, x: F.gelu(x, approximate=stage.layer.approximate),
    "Mish": lambda stage, x: F.mish(x),
    "Clip": lambda stage, x: F.hardtanh(x, float(stage.layer.low), float(stage.layer.high)),
    "ReLU6": lambda stage, x: F.relu6(x),
    # PyTorch's own derivative is 1/6 in float32, whatever the type of x.
    "HardSigmoid": lambda stage, x: F.relu6(x + 3) / 6,
    "HardSwish": lambda stage, x: F.hardswish(x),
    "PReLU": lambda stage, x, weight: _channels_last(F.prelu(_channels_first(x), weight)),
    "Softmax": lambda stage, x: F.softmax(x, _dim(stage.layer.axis)),
    "LogSoftmax": lambda stage, x: F.log_softmax(x, _dim(stage.layer.axis)),
    "Reshape": lambda stage, x: x.reshape(len(x), *stage.output.of_one_sample().shape),
    "Transpose": lambda stage, x: x.permute(
        0, *(n + 1 for n in stage.layer.permutation or range(x.ndim - 1)[::-1])
    ),
    "Pad": _pad,
    "Upsample2D": _upsample,
    "PixelShuffle": lambda stage, x: _channels_last(
        F.pixel_shuffle(_channels_first(x), stage.layer.factor)
    ),
    "ChannelShuffle": _channel_shuffle,
    "Slice": lambda stage, x: _slice(x, stage.layer),
    "ReduceSum": lambda stage, x: _reduced(torch.sum, stage, x),
    "ReduceMean": lambda stage, x: _reduced(torch.mean, stage, x),
    "ReduceMax": lambda stage, x: _reduced(
        torch.amax if stage.layer.ties == "split" else _first_largest, stage, x
    ),
    "ReduceProd": lambda stage, x: _reduced(_product, stage, x),
    "ReduceLogSumExp": lambda stage, x: _reduced(torch.logsumexp, stage, x),
    "Elementwise": lambda stage, *xs, **own: FORMULAS[stage.layer.expression](
        torch, *_aligned(xs), **own
    ),
    "Scale": lambda stage, x: float(stage.layer.factor) * x + float(stage.layer.offset),
    "AddParameter": lambda stage, x, bias: x + bias,
    "MultiplyParameter": lambda stage, x, weight: x * weight,
    "Add": lambda stage, *xs: sum(_aligned(xs)),
    "Subtract": lambda stage, *xs: torch.sub(*_aligned(xs)),
    "Multiply": lambda stage, *xs: reduce(torch.mul, _aligned(xs)),
    "Divide": lambda stage, *xs: torch.div(*_aligned(xs)),
    "MaxUnpool2D": _unpool,
    "MatMul": _matmul,
    "Gather": _gather,
    "ScatterAdd": _scatter_add,
    "CumSum": _cumulated,
    "Einsum": _einsum,
    "Attention": _attention,
    "Concatenate": lambda stage, *xs: torch.cat(xs, -1),
}


def _dice(y, t, smooth):
    overlap, total = ((t * y).sum(1, keepdim=True), (t + y).sum(1, keepdim=True))
    return 1 - (2 * overlap + smooth) / (total + smooth)


LOSSES = {
    "HalfSquaredError": lambda y, t: (t - y) ** 2 / 2,
    "SquaredError": lambda y, t: (t - y) ** 2,
    "MeanSquaredError": lambda y, t: (t - y) ** 2 / y[0].numel(),
    # PyTorch's own has a small number in its divisors.
    "BinaryCrossEntropy": lambda y, t: -t * torch.log(y) - (1 - t) * torch.log1p(-y),
    "CrossEntropy": lambda y, t: -t * torch.log(y),
    "SoftmaxCrossEntropy": lambda y, t: -t * F.log_softmax(y, -1),
    "Huber": lambda y, t, delta=1.0: F.huber_loss(y, t, reduction="none", delta=delta),
    "Hinge": lambda y, t: torch.relu(1 - t * y),
    "KLDivergence": lambda y, t: torch.xlogy(t, t) - t * torch.log(y),
    "Focal": lambda y, t, gamma=2.0, alpha=None: (
        -(1 if alpha is None else alpha) * t * (1 - y) ** gamma * torch.log(y)
        - (1 if alpha is None else 1 - alpha) * (1 - t) * y**gamma * torch.log1p(-y)
    ),
    "Dice": lambda y, t, smooth=1.0: _dice(y.flatten(1), t.flatten(1), smooth),
    "SumOfOutputs": lambda y, t: y,
    "Upstream": lambda y, t: t * y,
}
