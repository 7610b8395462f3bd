"""Networks without numbers, as a teacher writes them, each of another kind."""

_RATE = "\n[training]\nlearning_rate = 0.1\n"

MAXIMA = """
title = "Convolution and pooling"
[input]
shape = [5, 5, 1]
[[layers]]
type = "conv2d"
filters = 2
kernel_size = 3
stride = 2
padding = 1
[[layers]]
type = "relu"
[[layers]]
type = "max_pool2d"
pool_size = 2
stride = 1
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 3
[loss]
type = "softmax_cross_entropy"
"""

SIGNALS = """
title = "A batch of three signals"
[input]
shape = [6, 2]
batch = 3
[[layers]]
type = "conv1d"
filters = 2
kernel_size = 3
[[layers]]
type = "avg_pool1d"
pool_size = 2
[[layers]]
type = "tanh"
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 1
[loss]
type = "squared_error"
"""

RESIDUAL = """
title = "A residual block"
[input]
shape = [3, 3, 2]
batch = 2
[[layers]]
type = "conv2d"
name = "conv1"
filters = 2
kernel_size = 3
padding = 1
bias = false
[[layers]]
type = "batch_norm"
name = "norm1"
[[layers]]
type = "relu"
name = "relu1"
[[layers]]
type = "add"
inputs = ["relu1", "x"]
[[layers]]
type = "global_avg_pool2d"
[[layers]]
type = "dense"
units = 1
[loss]
type = "squared_error"
"""

TRANSPOSED = """
title = "Transposed convolution"
[input]
shape = [2, 2, 1]
[[layers]]
type = "conv_transpose2d"
filters = 2
kernel_size = 3
stride = 2
padding = 1
[[layers]]
type = "sigmoid"
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 1
[loss]
type = "squared_error"
"""

DEPTHWISE = """
title = "Depthwise and pointwise convolution"
[input]
shape = [5, 5, 2]
[[layers]]
type = "conv2d"
filters = 2
kernel_size = 3
groups = 2
bias = false
[[layers]]
type = "silu"
[[layers]]
type = "conv2d"
filters = 3
kernel_size = 1
[[layers]]
type = "silu"
[[layers]]
type = "global_avg_pool2d"
[[layers]]
type = "dense"
units = 2
[loss]
type = "softmax_cross_entropy"
"""

DILATED = """
title = "Dilated convolution"
[input]
shape = [6, 6, 1]
[[layers]]
type = "conv2d"
filters = 2
kernel_size = 3
dilation = 2
[[layers]]
type = "leaky_relu"
alpha = 0.1
[[layers]]
type = "global_avg_pool2d"
[[layers]]
type = "dense"
units = 1
[[layers]]
type = "sigmoid"
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
[input]
shape = [4, 1]
[[layers]]
type = "conv1d"
filters = 2
kernel_size = 2
[[layers]]
type = "relu"
[[layers]]
type = "flatten"
[[layers]]
type = "dense"
units = 1
bias = false
[loss]
type = "half_squared_error"
[training]
learning_rate = 0.5
"""
