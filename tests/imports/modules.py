"""Small modules of PyTorch, each with the shape of an input: what the table of operators knows."""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - its usual name

from tests.imports.linear import TABLE


class Called(nn.Module):
    """A function of the input, with parts that may be learned."""

    def __init__(self, function, *parts):
        super().__init__()
        self.parts = nn.ModuleList(p for p in parts if isinstance(p, nn.Module))
        own = [p for p in parts if not isinstance(p, nn.Module)]
        self.own = nn.ParameterList([nn.Parameter(torch.rand(shape)) for shape in own])
        self.function = function

    def forward(self, x):
        return self.function(x, *self.parts, *self.own)


IMAGE, SEQUENCE, VECTOR, VOLUME = (2, 4, 6, 5), (2, 4, 7), (3, 6), (2, 2, 3, 4, 3)


def flattened(module, size, units=3):
    """A dense layer behind what a module makes."""
    return nn.Sequential(module, nn.Flatten(), nn.Linear(size, units))


def unpooled(x, pooled):
    """Put other numbers where the maxima of a pool were."""
    most, places = pooled
    return x + F.max_unpool2d(most.exp(), places, (3, 2), output_size=x.shape)


def unit(name, shape=VECTOR, *arguments, **settings):
    return getattr(nn, name)(*arguments, **settings), shape


CASES = {
    "conv2d": (nn.Conv2d(4, 3, (3, 2), stride=(2, 1), padding=(1, 0), bias=False), IMAGE),
    "conv2d in groups": (nn.Conv2d(4, 6, 3, padding=2, dilation=2, groups=2), IMAGE),
    "conv2d depthwise": (nn.Conv2d(4, 8, 3, groups=4), IMAGE),
    "conv2d same": (nn.Conv2d(4, 3, (4, 3), padding="same"), IMAGE),
    "conv2d valid": (nn.Conv2d(4, 3, 3, padding="valid"), IMAGE),
    "conv1d": (nn.Conv1d(4, 3, 3, stride=2, padding=1), SEQUENCE),
    "max_pool2d": (nn.MaxPool2d(3, 2, padding=1), IMAGE),
    "max_pool2d up": (nn.MaxPool2d((2, 3), 2, ceil_mode=True), IMAGE),
    "max_pool2d dilated": (nn.MaxPool2d(2, 1, dilation=2), IMAGE),
    "max_pool1d": (nn.MaxPool1d(3, 2), SEQUENCE),
    "max_unpool2d": (
        Called(lambda x: unpooled(x.tanh(), F.max_pool2d(x, (3, 2), return_indices=True))),
        IMAGE,
    ),
    "avg_pool2d": (nn.AvgPool2d(3, 2, padding=1), IMAGE),
    "avg_pool2d within": (nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), IMAGE),
    "avg_pool2d up": (nn.AvgPool2d(2, 2, ceil_mode=True), IMAGE),
    "avg_pool1d": (nn.AvgPool1d(2), SEQUENCE),
    "adaptive_avg_pool2d": (nn.AdaptiveAvgPool2d((4, 2)), IMAGE),
    "adaptive_avg_pool2d of one": (flattened(nn.AdaptiveAvgPool2d(1), 4), IMAGE),
    "adaptive_avg_pool2d as it is": (nn.AdaptiveAvgPool2d((None, 1)), IMAGE),
    "adaptive_max_pool2d": (Called(lambda x: F.adaptive_max_pool2d(x, (3, 1))), IMAGE),
    "linear": (nn.Linear(6, 4, bias=False), VECTOR),
    "linear of a sequence": (nn.Linear(7, 3), SEQUENCE),
    "linear of an image": (nn.Linear(5, 3), IMAGE),
    "flatten": (flattened(nn.Conv2d(4, 3, (3, 2)), 48), IMAGE),
    "flatten of a sequence": (flattened(nn.Conv1d(4, 3, 3), 15), SEQUENCE),
    "flatten, relu, dropout, dense": (
        nn.Sequential(nn.Flatten(), nn.ReLU(), nn.Dropout(), nn.Linear(120, 2)),
        IMAGE,
    ),
    "flatten, batch norm": (nn.Sequential(nn.Flatten(), nn.BatchNorm1d(120)), IMAGE),
    "flatten alone": (nn.Flatten(), IMAGE),
    "flatten the last": (nn.Flatten(2), IMAGE),
    "flatten, softmax": (nn.Sequential(nn.Flatten(), nn.Softmax(1)), IMAGE),
    "two flattened": (
        Called(lambda x: torch.cat([x.flatten(1), x.mean(3).flatten(1)], 1)),
        IMAGE,
    ),
    "filled": (
        Called(lambda x: x * torch.full_like(x, 3) + x.new_ones(6, 1) - torch.zeros_like(x)),
        IMAGE,
    ),
    "roll": (Called(lambda x: x.roll((-2, 1), (2, 3)) + x.roll(5, -2)), IMAGE),
    "expand": (Called(lambda x: x - x.mean(3, keepdim=True).expand(-1, 4, 6, 5)), IMAGE),
    "norms": (
        Called(lambda x: x.norm(dim=1, keepdim=True) + x.norm(1, (1, 3)).view(2, 1, 6, 1)),
        IMAGE,
    ),
    "reshaped as another": (
        Called(lambda x: x.flatten(1).view_as(x) * x.flatten(2).reshape_as(x)),
        IMAGE,
    ),
    "unflatten": (nn.Sequential(nn.Flatten(), nn.Unflatten(1, (5, 24))), IMAGE),
    "batch_norm2d": (nn.BatchNorm2d(4), IMAGE),
    "batch_norm1d": (nn.BatchNorm1d(4, eps=0.1, affine=False), SEQUENCE),
    "batch_norm without statistics": (nn.BatchNorm2d(4, track_running_stats=False), IMAGE),
    "group_norm": (nn.GroupNorm(2, 4), IMAGE),
    "instance_norm": (nn.InstanceNorm2d(4, affine=True), IMAGE),
    "layer_norm": (nn.LayerNorm(5), IMAGE),
    "layer_norm of images": (nn.LayerNorm((4, 6, 5)), IMAGE),
    "layer_norm without bias": (nn.LayerNorm(7, bias=False), SEQUENCE),
    "rms_norm": (nn.RMSNorm(7, eps=1e-5), SEQUENCE),
    **{
        name: unit(name)
        for name in (
            *("ReLU", "ReLU6", "Sigmoid", "Tanh", "SiLU", "Mish", "GELU", "Hardsigmoid"),
            *("Hardswish", "Hardtanh", "LeakyReLU", "ELU", "Softplus"),
        )
    },
    "gelu with tanh": unit("GELU", approximate="tanh"),
    "clamp": (Called(lambda x: x.clamp(-0.2, 0.7)), VECTOR),
    "prelu": (nn.PReLU(4), IMAGE),
    "prelu of one": (nn.PReLU(), IMAGE),
    "softmax of channels": (nn.Softmax2d(), IMAGE),
    "log_softmax": (nn.LogSoftmax(-1), SEQUENCE),
    "hard sigmoid behind weights": (nn.Sequential(nn.Linear(6, 4), nn.Hardsigmoid()), VECTOR),
    "hard sigmoid in place": (nn.Sequential(nn.Linear(6, 4), nn.Hardsigmoid(True)), VECTOR),
    "residual": (Called(lambda x, conv: x + conv(x), nn.Conv2d(4, 4, 3, padding=1)), IMAGE),
    "difference": (Called(lambda x: x - x.tanh()), IMAGE),
    "quotient": (Called(lambda x: x / (x.sigmoid() + 1)), IMAGE),
    "squeeze and excitation": (
        Called(lambda x, fc: x * fc(x.mean((2, 3)))[:, :, None, None].sigmoid(), nn.Linear(4, 4)),
        IMAGE,
    ),
    "addcmul": (
        Called(lambda x, a, g: torch.addcmul(a, x, g, value=0.5), (1, 4, 6, 5), (4, 1, 1)),
        IMAGE,
    ),
    "addcmul of a tensor": (
        Called(lambda x, g: torch.addcmul(x, x.tanh(), x, value=-2) * g, (4, 1, 1)),
        IMAGE,
    ),
    "addcmul of parameters": (
        Called(
            lambda x, g: (
                torch.addcmul(x, torch.ones(4, 1, 1), torch.full((5,), 0.3, dtype=x.dtype)) * g
            ),
            (5,),
        ),
        IMAGE,
    ),
    "sum with a factor": (Called(lambda x: torch.sub(x, x.tanh(), alpha=0.3)), IMAGE),
    "difference with a factor": (Called(lambda x: torch.sub(torch.ones(5), x, alpha=3)), IMAGE),
    "constants": (Called(lambda x: 1 - 2 * (x / 3 - 0.5) + 0.25), IMAGE),
    "layer scale": (Called(lambda x, gamma: x * gamma + 1, (4, 1, 1)), IMAGE),
    "position": (Called(lambda x, p: x + p, (1, 4, 7)), SEQUENCE),
    "normalised on both sides": (
        Called(lambda x, norm: norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), nn.LayerNorm(4)),
        IMAGE,
    ),
    "shuffle": (
        Called(lambda x, conv: conv(F.channel_shuffle(x, 2)), nn.Conv2d(4, 2, 2)),
        IMAGE,
    ),
    "shuffle by views": (
        Called(lambda x: x.view(2, 2, 2, 6, 5).transpose(1, 2).reshape(2, 4, 6, 5) * 2),
        IMAGE,
    ),
    "pixel shuffle": (nn.Sequential(nn.Conv2d(4, 8, 2), nn.PixelShuffle(2)), IMAGE),
    "pixel unshuffle": (
        nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(16, 2, 2)),
        (2, 4, 6, 8),
    ),
    "padded by zeros": (Called(lambda x: F.pad(x, (1, 2, 0, 3)).tanh()), IMAGE),
    "padded by ones": (nn.ConstantPad2d((1, 0, 2, 1), 1.0), IMAGE),
    "padded by reflection": (nn.ReflectionPad2d((1, 2, 3, 0)), IMAGE),
    "padded by replication": (nn.ReplicationPad2d(2), IMAGE),
    "padded in a circle": (nn.Conv2d(4, 2, 3, padding=1, padding_mode="circular"), IMAGE),
    "padded channels": (Called(lambda x: F.pad(x, (0, 0, 0, 0, 1, 1)) + 1), IMAGE),
    "cropped": (Called(lambda x: F.pad(x, (-1, 0, 1, -2)).tanh()), IMAGE),
    "upsampled": (nn.Upsample(scale_factor=2), IMAGE),
    "upsampled to a size": (nn.Upsample((7, 9)), IMAGE),
    "upsampled bilinearly": (nn.Upsample(scale_factor=2, mode="bilinear"), IMAGE),
    "upsampled by corners": (nn.Upsample((9, 7), mode="bilinear", align_corners=True), IMAGE),
    "conv_transpose2d": (nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1), IMAGE),
    "conv_transpose2d with all": (
        nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), 1, (1, 2), groups=2, dilation=2),
        IMAGE,
    ),
    "conv_transpose1d": (nn.ConvTranspose1d(4, 3, 3, stride=2, output_padding=1), SEQUENCE),
    "conv_transpose3d": (nn.ConvTranspose3d(2, 3, 2, groups=1), VOLUME),
    "conv3d": (flattened(nn.Conv3d(2, 3, (2, 1, 2), padding=(1, 0, 0)), 96), VOLUME),
    "pools of volumes": (nn.Sequential(nn.MaxPool3d(2, 1), nn.AvgPool3d((1, 2, 1))), VOLUME),
    "adaptive pool of volumes": (nn.AdaptiveAvgPool3d((1, 2, 1)), VOLUME),
    "batch_norm3d": (nn.BatchNorm3d(2), VOLUME),
    "linear of a volume": (nn.Linear(3, 2), VOLUME),
    "matmul": (Called(lambda x: x @ x.transpose(1, 2)), SEQUENCE),
    "matmul of images": (Called(lambda x: x @ (x.tanh().transpose(2, 3))), IMAGE),
    "matmul with weights": (Called(lambda x, w: w @ x @ w.transpose(0, 1), (7, 7)), (2, 7, 7)),
    "attention": (
        Called(
            lambda x, q, k, v: F.scaled_dot_product_attention(q(x), k(x), v(x)),
            nn.Linear(7, 3),
            nn.Linear(7, 3),
            nn.Linear(7, 2),
        ),
        SEQUENCE,
    ),
    "causal attention": (
        Called(lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True, scale=0.3)),
        SEQUENCE,
    ),
    "heads": (
        Called(
            lambda x, fc: (
                F.scaled_dot_product_attention(
                    *fc(x).reshape(2, 4, 3, 2, 3).permute(2, 0, 3, 1, 4).unbind(0)
                )
                .transpose(1, 2)
                .reshape(2, 4, 6)
            ),
            nn.Linear(7, 18),
        ),
        SEQUENCE,
    ),
    "token": (
        Called(lambda x, t: torch.cat([t.expand(2, -1, -1), x], 1).tanh(), (1, 1, 7)),
        SEQUENCE,
    ),
    "chunks": (Called(lambda x: torch.cat([c.relu() for c in x.chunk(2, 1)][::-1], 1)), IMAGE),
    "split": (Called(lambda x: x.split([1, 3], 1)[1].tanh()), IMAGE),
    "rows": (Called(lambda x: torch.cat([x[:, :, ::2], x[:, :, 1:3]], 2).relu()), IMAGE),
    "one channel": (Called(lambda x: torch.stack([x[:, 1], x[:, -1].tanh()], 2)), IMAGE),
    "means": (Called(lambda x, fc: fc(x.mean([2, 3])), nn.Linear(4, 2)), IMAGE),
    "kept means": (Called(lambda x: x - x.mean(1, keepdim=True)), IMAGE),
    "sums": (Called(lambda x: x.sum(2).relu()), IMAGE),
    "reshaped": (Called(lambda x, fc: fc(x.reshape(2, 8, 15)), nn.Linear(15, 2)), IMAGE),
    "mixed": (
        Called(lambda x, fc: fc(x.transpose(1, 3).reshape(2, 10, 12)), nn.Linear(12, 2)),
        IMAGE,
    ),
    "shared weights": (Called(lambda x, conv: conv(conv(x).relu()), nn.Conv2d(4, 4, 1)), IMAGE),
    "in place": (Called(lambda x: x.mul(2).add_(1).relu_() + 0), IMAGE),
    "tied in two layouts": (Called(lambda x, w: F.linear(F.linear(x, w), w.t()), (3, 6)), VECTOR),
    "embedding": (nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(12, 2)), (2, 4)),
}

CASES |= {name: (Called(made, *own), shape) for name, (made, shape, *own) in TABLE.items()}


def settled(module, seed=0):
    """Give every parameter and every running statistic random numbers."""
    random = torch.Generator().manual_seed(seed)
    for name, numbers in [*module.named_parameters(), *module.named_buffers()]:
        if numbers.is_floating_point():
            drawn = torch.rand(numbers.shape, generator=random) * 2 - 1
            numbers.data.copy_(drawn.abs() + 0.5 if "var" in name else drawn * 0.7)
    return module.eval()


def given(shape, seed=1):
    """Draw an input; of two axes with four columns, indices of an embedding."""
    random = torch.Generator().manual_seed(seed)
    if shape == (2, 4):
        return torch.randint(0, 5, shape, generator=random)
    return torch.rand(shape, generator=random, dtype=torch.float64) * 2 - 1
