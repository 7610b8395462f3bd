"""Weights of a dense layer behind a flattened image, for functions with channels first.

They have a column for each entry of the image, in its row-major order: height, width, channels
here, and channels, height, width in such a function.
"""

from __future__ import annotations

from symcnn.equations import Tensor
from symcnn.network.layers import Dense, Flatten
from symcnn.network.network import Network


def flattened(network: Network) -> dict[str, tuple[int, ...]]:
    """Return the weights that read an image row by row, by name, each with its shape."""
    images, found = dict[Tensor, tuple[int, ...]](), dict[str, tuple[int, ...]]()
    for stage in network.stages:
        shape = tuple(int(n) for n in stage.input.of_one_sample().shape)
        if isinstance(stage.layer, Flatten) and len(shape) == len(network.input_shape):
            images[stage.output] = shape
        elif isinstance(stage.layer, Dense) and stage.input in images:
            found[stage.parameters["weight"].name] = images[stage.input]
        elif stage.input in images and stage.output.shape == stage.input.shape:
            images[stage.output] = images[stage.input]
    return found
