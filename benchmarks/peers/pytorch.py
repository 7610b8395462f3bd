"""PyTorch, eager."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812

from benchmarks.specs import Conv, Dense, Pool, Spec

VERSION = f"PyTorch {torch.__version__}"


def step(spec, threads):
    """Return a function for loss and gradients."""
    torch.set_num_threads(threads)
    x, weights, target = spec.numbers()
    x = torch.tensor(x).movedim(-1, 1).contiguous()
    leaves = [torch.tensor(_turned(w)).requires_grad_() for w in weights]
    wanted = torch.tensor(target)
    classes = wanted.argmax(1)

    def evaluate():
        for leaf in leaves:
            leaf.grad = None
        output = _run(spec, x, iter(leaves))
        if spec.loss == "half_squared_error":
            loss = ((wanted - output) ** 2).sum() / 2
        else:
            loss = F.cross_entropy(output, classes)
        loss.backward()
        return loss.item(), [leaf.grad.numpy() for leaf in leaves]

    return evaluate


def _turned(weight):
    return weight.transpose(3, 2, 0, 1).copy() if weight.ndim == 4 else weight


def _run(spec: Spec, y, leaves):
    for layer in spec.layers:
        if isinstance(layer, Conv):
            y = F.conv2d(y, next(leaves), next(leaves) if layer.bias else None)
        elif isinstance(layer, Pool):
            y = F.max_pool2d(y, layer.window, layer.stride)
        elif isinstance(layer, Dense):
            # Rows, columns, channels, as everywhere else; a plain flatten would be as quick.
            y = y.movedim(1, -1).flatten(1) if y.ndim == 4 else y
            y = F.linear(y, next(leaves), next(leaves) if layer.bias else None)
        else:
            y = getattr(torch, layer)(y)
    return y
