"""The same networks in PyTorch, float64; layouts are turned where they differ.

PyTorch has images (samples, channels, height, width), kernels (filters, channels,
height, width), and flattens in that order.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from symcnn import Network


class Reference:
    """Outputs, loss and gradients in symcnn's layouts."""

    def __init__(self, network: Network, values: dict[str, np.ndarray]) -> None:
        self._batched = network.batch is not None
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
        kept = {"x": leaves["x"]}
        current = leaves["x"] if self._batched else leaves["x"][None]
        for stage in network.stages:
            parameters = {key: leaves[t.name] for key, t in stage.parameters.items()}
            current = RULES[type(stage.layer).__name__](stage, current, **parameters)
            current.retain_grad()
            kept[stage.output.name] = current
        self.loss = self._loss(network, current, leaves["target"])
        self.loss.backward()
        self.outputs = {n: self._numbers(t, t.shape) for n, t in kept.items() if n != "x"}
        self.gradients = {n: self._numbers(t.grad, t.shape) for n, t in kept.items() if n != "x"}
        given = [name for name in leaves if name != "target"]
        self.gradients |= {name: leaves[name].grad.numpy() for name in given}

    def _loss(self, network, output, target):
        target = target if self._batched else target[None]
        each = ((target - output) ** 2 / 2).flatten(1).sum(1)
        return each.mean() if network.loss.reduction == "mean" else each.sum()

    def _numbers(self, tensor, shape) -> np.ndarray:
        tensor = torch.zeros(shape) if tensor is None else tensor.detach()
        return (tensor if self._batched else tensor[0]).numpy()


def _channels_first(x):
    return x.permute(0, 3, 1, 2)


def _channels_last(x):
    return x.permute(0, 2, 3, 1)


def _padded(stage, x, value):
    rows, columns = stage.layer.windows(stage.input.of_one_sample().shape)
    pads = (columns.before, columns.after, rows.before, rows.after)
    x = F.pad(_channels_first(x), pads, value=value)
    # PyTorch drops the rows and columns behind the last window as symcnn does.
    return x, (rows.kernel, columns.kernel), (rows.stride, columns.stride)


def _conv(stage, x, weight, bias=None):
    x, _, stride = _padded(stage, x, 0.0)
    rows, columns = stage.layer.windows(stage.input.of_one_sample().shape)
    kernel = weight.permute(3, 2, 0, 1).contiguous()
    dilation = rows.dilation, columns.dilation
    return _channels_last(
        F.conv2d(x, kernel, bias, stride, dilation=dilation, groups=stage.layer.groups)
    )


def _max_pool(stage, x):
    return _channels_last(F.max_pool2d(*_padded(stage, x, -np.inf)))


def _avg_pool(stage, x):
    return _channels_last(F.avg_pool2d(*_padded(stage, x, 0.0)))


RULES = {
    "Conv2D": _conv,
    "MaxPool2D": _max_pool,
    "AvgPool2D": _avg_pool,
    "Flatten": lambda stage, x: x.flatten(1),
    "Dense": lambda stage, x, weight, bias=None: F.linear(x, weight, bias),
    "Sigmoid": lambda stage, x: torch.sigmoid(x),
    "Tanh": lambda stage, x: torch.tanh(x),
    "ReLU": lambda stage, x: torch.relu(x),
}
