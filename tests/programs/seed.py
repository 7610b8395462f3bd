"""The seed's network and its published numbers."""

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, MaxPool2D, Network, Sigmoid

NETWORK = Network(
    input_shape=(3, 1, 1),
    layers=[
        Conv2D(3, kernel_size=(2, 1), bias=False),
        MaxPool2D((2, 1), stride=1),
        Flatten(),
        Dense(1, bias=False),
        Sigmoid(),
    ],
    loss=HalfSquaredError(),
)

VALUES = {
    "x": [1, 0.4, 0.7],
    "conv1.weight": [0.2, 0.3, -0.1, 0.1, -0.1, 0.2],
    "dense1.weight": [0.1, 0.5, 0.6],
    "target": [0.8],
}

LOSS = 0.03043124508096392
OUTPUT = 0.5532967568881029
DELTA = -0.06097503928824672

CONV = [0.24, 0.26, -0.02, 0.15, 0.05, 0.10]
POOL = [0.24, 0.26, 0.10]

# Ten and eleven decimals are published; more follow from delta by one product each.
GRADIENTS = {
    "dense1.weight": [DELTA * 0.24, DELTA * 0.26, DELTA * 0.10],
    "pool1": [DELTA * 0.1, DELTA * 0.5, DELTA * 0.6],
    "conv1.weight": [
        *(DELTA * 0.1 * 1, DELTA * 0.5 * 1, DELTA * 0.6 * 0.4),
        *(DELTA * 0.1 * 0.4, DELTA * 0.5 * 0.4, DELTA * 0.6 * 0.7),
    ],
}
PUBLISHED = {
    "dense1.weight": [-0.01463400943, -0.01585351022, -0.00609750393],
    "pool1": [-0.00609750393, -0.03048751964, -0.03658502357],
    "conv1.weight": [
        *(-0.00609750393, -0.03048751964, -0.01463400943),
        *(-0.00243900157, -0.01219500786, -0.02560951650),
    ],
    "x": [-0.01036575668, 0.00609750393, -0.00731700471],
}
