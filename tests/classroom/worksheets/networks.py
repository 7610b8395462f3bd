"""Networks without numbers, as a teacher writes them, each of another kind."""

_RATE = "\n[training]\nlearning_rate = 0.1\n"

MAXIMA = """
title = "Convolution and pooling"
layers = [
    { type = "conv2d", filters = 2, kernel_size = 3, stride = 2, padding = 1 },
    { type = "relu" },
    { type = "max_pool2d", pool_size = 2, stride = 1 },
    { type = "flatten" },
    { type = "dense", units = 3 },
]
[input]
shape = [5, 5, 1]
[loss]
type = "softmax_cross_entropy"
"""

SIGNALS = """
title = "A batch of three signals"
layers = [
    { type = "conv1d", filters = 2, kernel_size = 3 },
    { type = "avg_pool1d", pool_size = 2 },
    { type = "tanh" },
    { type = "flatten" },
    { type = "dense", units = 1 },
]
[input]
shape = [6, 2]
batch = 3
[loss]
type = "squared_error"
"""

RESIDUAL = """
title = "A residual block"
layers = [
    { type = "conv2d", name = "conv1", filters = 2, kernel_size = 3, padding = 1, bias = false },
    { type = "batch_norm", name = "norm1" },
    { type = "relu", name = "relu1" },
    { type = "add", inputs = ["relu1", "x"] },
    { type = "global_avg_pool2d" },
    { type = "dense", units = 1 },
]
[input]
shape = [3, 3, 2]
batch = 2
[loss]
type = "squared_error"
"""

TRANSPOSED = """
title = "Transposed convolution"
layers = [
    { type = "conv_transpose2d", filters = 2, kernel_size = 3, stride = 2, padding = 1 },
    { type = "sigmoid" },
    { type = "flatten" },
    { type = "dense", units = 1 },
]
[input]
shape = [2, 2, 1]
[loss]
type = "squared_error"
"""

DEPTHWISE = """
title = "Depthwise and pointwise convolution"
layers = [
    { type = "conv2d", filters = 2, kernel_size = 3, groups = 2, bias = false },
    { type = "silu" },
    { type = "conv2d", filters = 3, kernel_size = 1 },
    { type = "silu" },
    { type = "global_avg_pool2d" },
    { type = "dense", units = 2 },
]
[input]
shape = [5, 5, 2]
[loss]
type = "softmax_cross_entropy"
"""

DILATED = """
title = "Dilated convolution"
layers = [
    { type = "conv2d", filters = 2, kernel_size = 3, dilation = 2 },
    { type = "leaky_relu", alpha = 0.1 },
    { type = "global_avg_pool2d" },
    { type = "dense", units = 1 },
    { type = "sigmoid" },
]
[input]
shape = [6, 6, 1]
[loss]
type = "binary_cross_entropy"
"""

SIX = {
    "maxima": MAXIMA + _RATE,
    "signals": SIGNALS + _RATE,
    "residual": RESIDUAL + _RATE,
    "transposed": TRANSPOSED + _RATE,
    "depthwise": DEPTHWISE + _RATE,
    "dilated": DILATED + _RATE,
}

SMALL = """
title = "Signals & <images>"
layers = [
    { type = "conv1d", filters = 2, kernel_size = 2 },
    { type = "relu" },
    { type = "flatten" },
    { type = "dense", units = 1, bias = false },
]
[input]
shape = [4, 1]
[loss]
type = "half_squared_error"
[training]
learning_rate = 0.5
"""
