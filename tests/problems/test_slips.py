"""What is given in place of a path, a problem file, data or one sample: a line with the remedy."""

import numpy as np
import pytest

import symcnn as sc

PROBLEM = sc.examples.cnn_by_hand()
IMPORT = "write one with symcnn import FILE -o my.toml"
IMAGE = "but an image (height, width, channels) is needed"


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: sc.load("my.onnx"), f"my.onnx: this is no problem file, which is TOML: {IMPORT}"),
        (
            lambda: sc.load("my.pth"),
            "my.pth: this is no problem file, which is TOML: it may hold a pickle, which is never "
            "read: use sc.from_torch(module, x)",
        ),
        (lambda: sc.load(PROBLEM), "the path is a Problem: give the path of a file, a text"),
        (
            lambda: sc.train(PROBLEM, 1, 0.1, (np.zeros(3), np.zeros(3))),
            'data is a tuple: give arrays by name, {"x": x, "y": y}, or the path of an .npz file',
        ),
        (
            lambda: sc.Network((1, 3, 6, 5), [sc.Conv2D(2, 3)], sc.SumOfOutputs()),
            f"layers[0] (Conv2D): the input has the shape (1, 3, 6, 5), {IMAGE}: leave out the "
            "axis of samples (batch = counts them)",
        ),
    ],
)
def test_a_slip(call, line):
    assert line_of(call) == line


def line_of(call):
    with pytest.raises(sc.SymcnnError) as caught:
        call()
    return str(caught.value)


NEEDED = "x has the shape {}, but {} is needed: the channels stand as in PyTorch: {} puts them last"


@pytest.mark.parametrize(
    ("batch", "shape", "line"),
    [
        (None, (3, 6, 5), NEEDED.format("3x6x5", "6x5x3", "np.moveaxis(x, 0, -1)")),
        (None, (1, 3, 6, 5), NEEDED.format("1x3x6x5", "6x5x3", "np.moveaxis(x[0], 0, -1)")),
        (4, (4, 3, 6, 5), NEEDED.format("4x3x6x5", "4x6x5x3", "np.moveaxis(x, 1, -1)")),
        (
            None,
            (1, 6, 5, 3),
            "x has the shape 1x6x5x3, but 6x5x3 is needed: a single sample has no axis for it: "
            "give x[0]",
        ),
    ],
)
def test_channels_in_front(batch, shape, line):
    network = sc.Network((6, 5, 3), [sc.Flatten(), sc.Dense(2)], sc.SumOfOutputs(), batch=batch)
    values = {t.name: np.zeros(t.shape) for t in network.given}
    assert line_of(lambda: sc.Problem(network, {**values, "x": np.zeros(shape)})) == line
    program = sc.lambdify(sc.derive(network))
    assert line_of(lambda: program({**values, "x": np.zeros(shape)})) == line


def test_samples_with_channels_in_front():
    network = sc.Network((6, 5, 3), [sc.Flatten(), sc.Dense(2)], sc.SoftmaxCrossEntropy())
    values = {t.name: np.zeros(t.shape) for t in network.given}
    problem = sc.Problem(network, {**values, "target": [0, 1]})
    data = {"x": np.zeros((8, 3, 6, 5)), "y": np.zeros(8, int)}
    assert line_of(lambda: sc.train(problem, 1, 0.1, data)) == NEEDED.format(
        "8x3x6x5", "samples x 6x5x3", "np.moveaxis(x, 1, -1)"
    )
